"""What a person reads when a file cannot be used: code -> (Vietnamese, English)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "file_empty": (
        "Tệp không có dữ liệu.",
        "The file is empty.",
    ),
    "file_too_large": (
        "Tệp quá lớn: tối đa {limit_mb} MB.",
        "The file is too large: {limit_mb} MB at most.",
    ),
    "file_type_unknown": (
        "Không nhận ra loại tệp. Hãy dùng tệp .xlsx, .ods, .csv hoặc .txt.",
        "This kind of file is not known. Use .xlsx, .ods, .csv or .txt.",
    ),
    "file_type_old": (
        "Tệp .xls đời cũ không đọc được. Hãy mở trong Excel rồi lưu thành .xlsx.",
        "Old .xls files cannot be read. Open it in Excel and save it as .xlsx.",
    ),
    "file_corrupt": (
        "Tệp bị hỏng hoặc chưa tải lên hết. Hãy mở và lưu lại tệp rồi thử lần nữa.",
        "The file is damaged or incomplete. Open it, save it again and retry.",
    ),
    "sheet_protected": (
        "Tệp được bảo vệ bằng mật khẩu. Hãy gỡ mật khẩu rồi thử lại.",
        "The file is protected by a password. Remove the password and retry.",
    ),
    "sheet_too_large": (
        "Trang tính trải quá rộng, có thể do ô lạc ở rất xa. Hãy chép riêng phần dữ liệu sang tệp mới.",
        "The sheet reaches too far, perhaps because of a stray cell. Copy just the data into a new file.",
    ),
    "zip_bomb": (
        "Tệp phình to quá {limit_mb} MB khi mở ra nên bị từ chối.",
        "The file swells beyond {limit_mb} MB when opened and is refused.",
    ),
    "encoding_unknown": (
        "Không nhận ra bảng mã chữ. Hãy lưu tệp theo UTF-8 (trong Excel: CSV UTF-8) hoặc dùng .xlsx.",
        "The text encoding is not known. Save the file as UTF-8 (in Excel: CSV UTF-8) or use .xlsx.",
    ),
    "quote_open": (
        "Có dấu ngoặc kép mở mà không đóng.",
        "A quotation mark is opened and never closed.",
    ),
    "heading_missing": (
        "Thiếu cột “{heading}”. Các cột tìm thấy: {found}.",
        "The column “{heading}” is missing. Columns found: {found}.",
    ),
    "heading_twice": (
        "Hai cột cùng mang một nội dung: “{first}” và “{second}”. Hãy bỏ bớt một cột.",
        "Two columns mean the same: “{first}” and “{second}”. Remove one of them.",
    ),
    "no_rows": (
        "Dưới dòng tiêu đề không có dòng dữ liệu nào.",
        "There are no rows below the headings.",
    ),
    "too_many_rows": (
        "Tệp có quá nhiều dòng: tối đa {limit} dòng.",
        "The file has too many rows: {limit} at most.",
    ),
    "cell_too_long": (
        "Ô chứa quá nhiều chữ: tối đa {limit} ký tự.",
        "A cell holds too much text: {limit} characters at most.",
    ),
}
