"""Texts of what can go wrong with a file: what is wrong, and what to do next."""

MESSAGES: dict[str, tuple[str, str]] = {
    "empty_file": ("Tệp này rỗng.", "This file is empty."),
    "cut_short": ("Tệp chưa tải lên hết, hãy thử lại.", "The file did not arrive whole, please try again."),
    "storage_full": (
        "Máy chủ hết chỗ lưu tệp. Hãy báo người quản trị.",
        "The server has no room left for files. Please tell the administrator.",
    ),
    "storage_away": (
        "Kho lưu tệp đang không trả lời, hãy thử lại sau giây lát.",
        "The store of files does not answer now, please try again shortly.",
    ),
    "file_name_missing": ("Thiếu tên tệp.", "The file's name is missing."),
    "type_unknown": (
        "Không nhận ra loại tệp này. Các loại được nhận: {types}.",
        "This kind of file is not accepted. Accepted: {types}.",
    ),
    "type_not_allowed": (
        "Máy chủ này không nhận tệp {type}. Các loại được nhận: {types}.",
        "This server does not accept {type} files. Accepted: {types}.",
    ),
    "type_mismatch": (
        "Tên tệp có đuôi .{ending} nhưng nội dung trông như {type}. Hãy kiểm tra đây có đúng là tệp cần gửi không.",
        "The file is named .{ending}, but its content looks like {type}. Please check that it is the file you mean.",
    ),
    "scope_twice": (
        "Chỉ chọn một đơn vị hoặc một điểm cầu.",
        "Choose one unit or one point, not both.",
    ),
    "version_missing": ("Tài liệu không có phiên bản này.", "The document has no such version."),
    "file_missing": ("Không tìm thấy tệp này.", "The file was not found."),
    "grant_expired": (
        "Đường dẫn tải tệp đã hết hạn. Hãy quét lại mã QR.",
        "This file's address has expired. Please scan the QR code again.",
    ),
    "range_unsatisfiable": ("Phần tệp được hỏi không có.", "The file has no such part."),
}
