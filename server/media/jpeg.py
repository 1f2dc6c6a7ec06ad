"""Whether bytes are a small JPEG. Only its markers are read, every length checked; nothing is decoded. Pure."""

_STARTS, _ENDS = b"\xff\xd8", b"\xff\xd9"
_SCAN = 0xDA
# Start of frame, in all its kinds but those that browsers do not show (lossless, hierarchical, arithmetic).
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None for what is no JPEG that browsers show, or is cut short."""
    if not (data.startswith(_STARTS) and data.endswith(_ENDS)):
        return None
    at, found = len(_STARTS), None
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        body = data[at + 4 : at + 2 + length]
        if length < 2 or len(body) != length - 2:
            return None
        if marker == _SCAN:
            return found
        if marker in _FRAMES:
            if found is not None or len(body) < 6 or body[0] != 8:
                return None
            height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
            found = (width, height) if width and height else None
        at += 2 + length
    return None
