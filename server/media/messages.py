"""Texts of what concerns media."""

MESSAGES: dict[str, tuple[str, str]] = {
    "media_off": (
        "Hệ thống này không truyền hình ảnh, âm thanh. Người quản trị có thể bật trong cấu hình (media).",
        "This installation carries no picture and sound. An administrator can configure it (media).",
    ),
    "bad_pass": (
        "Khoá của cầu truyền hình không đúng hoặc đã hết hạn.",
        "The bridge's key is wrong or its time is over.",
    ),
    "bridge_unknown": ("Không có cầu truyền hình tên “{name}”.", "There is no bridge named “{name}”."),
    "no_bridge": (
        "Hiện không có cầu truyền hình nào hoạt động. Sẽ tự thử lại.",
        "No bridge works at the moment. Try again.",
    ),
    "bridges_full": (
        "Các cầu truyền hình đều đã đầy. Hãy thử lại sau.",
        "All bridges are full. Try again later.",
    ),
    "stream_unknown": ("Không có luồng “{stream}”.", "There is no stream “{stream}”."),
    "not_asked": (
        "Ban tổ chức chưa mời, hoặc điểm cầu chưa đồng ý phát biểu.",
        "The room was not asked to speak, or has not agreed.",
    ),
    "programme_closed": (
        "Màn hình này không được chiếu chương trình. Ban tổ chức cho phép khi tạo đường dẫn.",
        "This screen may not show the programme. Organizers allow it when they make its link.",
    ),
    "pictures_not_let": (
        "Điểm cầu chưa cho phép hiện ảnh nhỏ của phòng.",
        "The room has not let its small picture be shown.",
    ),
    "picture_bad": (
        "Ảnh phải là JPEG, không lớn hơn {width} × {height} điểm ảnh.",
        "The picture must be a JPEG of at most {width} × {height} pixels.",
    ),
    "pictures_full": (
        "Máy chủ đang giữ quá nhiều ảnh. Hãy thử lại sau.",
        "The server keeps too many pictures. Try again later.",
    ),
    "picture_none": ("Điểm cầu này không có ảnh nhỏ.", "This room shows no small picture."),
}
