"""What operators write when they call for help, and what the organizers answer, by category."""

from server.protocol.terms import HelpCategory

HELP: dict[HelpCategory, tuple[str, ...]] = {
    "no_sound": (
        "Hội trường không có tiếng, đã thử đổi dây loa",
        "Tiếng rất nhỏ, cuối phòng không nghe rõ",
        "Âm thanh bị vọng, chưa tắt được mic phòng",
    ),
    "no_picture": (
        "Màn hình đen sau khi đổi nguồn",
        "Mất hình, vẫn còn tiếng",
        "Máy chiếu không nhận tín hiệu HDMI",
    ),
    "line": (
        "Đường truyền chập chờn, đang chuyển sang 4G dự phòng",
        "Mạng của UBND đang sửa, xin hướng dẫn theo dõi qua truyền hình",
        "Hình bị giật từng lúc",
    ),
    "documents": (
        "Thiếu 12 bản in dự thảo Nghị quyết",
        "Đại biểu lớn tuổi không quét được mã, cần thêm bản in",
    ),
    "other": (
        "Vừa mất điện, đang chạy máy phát",
        "Xin đổi người phụ trách điểm cầu",
    ),
}
ANSWERS: dict[HelpCategory, tuple[str, ...]] = {
    "no_sound": ("Đã chỉnh lại đầu ra âm thanh", "Đã đổi sang loa dự phòng"),
    "no_picture": ("Đã chọn lại nguồn vào trên máy chiếu", "Đã khởi động lại máy"),
    "line": ("Đã chuyển sang đường truyền dự phòng", "Đã nhờ viễn thông kiểm tra, đường truyền ổn định"),
    "documents": ("Đã gửi bản in từ phòng bên cạnh", "Đã hướng dẫn mở tài liệu trên màn hình"),
    "other": ("Đã có điện lưới", "Đã ghi nhận, liên hệ lại sau"),
}
