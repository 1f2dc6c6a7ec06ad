"""Texts of what can go wrong with printing."""

MESSAGES: dict[str, tuple[str, str]] = {
    "print_nothing": (
        "Không có điểm cầu nào để in.",
        "There is no point to print.",
    ),
    "print_missing": (
        "Không in được {count} điểm cầu đã chọn vì mã hoặc đường dẫn đã bị thu hồi, hoặc phòng đã đóng: {points}.",
        "{count} of the chosen points cannot be printed, their code or link was revoked or the room closed: {points}.",
    ),
    "print_refused": (
        "Có nội dung không in được: {detail}",
        "A value cannot be printed: {detail}",
    ),
    "print_failed": (
        "Không in được. Hãy thử lại, hoặc in từng nhóm nhỏ hơn.",
        "Printing failed. Try again, or print a smaller group.",
    ),
}
