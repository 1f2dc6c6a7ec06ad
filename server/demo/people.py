"""Invented people for invented rooms: names made of common parts, numbers from a range nobody owns."""

from random import Random

_SURNAMES = (
    "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ",
    "Ngô", "Dương", "Đinh", "Phan", "Trịnh", "Đào", "Tạ", "Phùng", "Chu", "Khuất", "Kiều", "Cấn", "Nghiêm",
)  # fmt: skip
_WOMEN = (
    "Thị Hằng", "Thị Thu Hà", "Thanh Huyền", "Thị Ngọc Lan", "Phương Thảo", "Thị Minh Nguyệt", "Thu Trang",
    "Thị Hồng Vân", "Thúy Nga", "Thị Kim Oanh", "Hải Yến", "Thị Bích Liên", "Mai Hương", "Thị Tuyết", "Thị Xuân",
)  # fmt: skip
_MEN = (
    "Văn Tuấn", "Đức Mạnh", "Quang Huy", "Hữu Thắng", "Văn Hải", "Minh Đức", "Xuân Trường", "Ngọc Sơn", "Văn Khánh",
    "Trung Kiên", "Thế Anh", "Văn Lợi", "Đình Phúc", "Mạnh Cường", "Tiến Dũng", "Công Thành", "Văn Hòa", "Duy Hưng",
)  # fmt: skip

PHONES = 1_000  # numbers of the range 0900 000 000 to 0900 000 999, which no operator has ever given out
HELP_PHONE = "0900 000 999"


def name(chance: Random) -> str:
    return f"{chance.choice(_SURNAMES)} {chance.choice(_WOMEN if chance.random() < 0.5 else _MEN)}"


def phone(number: int) -> str:
    """A number of the range. The last is the help desk's; beyond that they begin again."""
    return f"0900 000 {number % (PHONES - 1):03d}"
