"""Texts of what can go wrong with a link."""

MESSAGES: dict[str, tuple[str, str]] = {
    "link_unknown": (
        "Đường dẫn này không đúng hoặc đã hết hiệu lực. Hãy hỏi ban tổ chức đường dẫn mới.",
        "This link is wrong or no longer valid. Ask the organizers for a new one.",
    ),
    "device_removed": (
        "Ban tổ chức đã thu hồi thiết bị này hoặc đổi đường dẫn.",
        "The organizers took this device off the list, or renewed its link.",
    ),
    "code_none": ("Điểm cầu này chưa có mã tài liệu.", "This point has no document code."),
}
