"""A picture in YUV planes, drawn with rectangles alone. Pure."""

from typing import NamedTuple

# Seven-segment figures: segments in the order top, top left, top right, middle, bottom left, bottom right, bottom.
SEGMENTS = (
    (1, 1, 1, 0, 1, 1, 1), (0, 0, 1, 0, 0, 1, 0), (1, 0, 1, 1, 1, 0, 1), (1, 0, 1, 1, 0, 1, 1), (0, 1, 1, 1, 0, 1, 0),
    (1, 1, 0, 1, 0, 1, 1), (1, 1, 0, 1, 1, 1, 1), (1, 0, 1, 0, 0, 1, 0), (1, 1, 1, 1, 1, 1, 1), (1, 1, 1, 1, 0, 1, 1),
)  # fmt: skip


class Colour(NamedTuple):
    y: int
    u: int
    v: int


class Box(NamedTuple):
    """In pixels, all even: a colour is shared by two by two of them."""

    x: int
    y: int
    width: int
    height: int


def colour(rgb: str) -> Colour:
    """Of `#rrggbb`, as BT.601 with limited range has it: what players assume of a picture that says nothing."""
    r, g, b = bytes.fromhex(rgb.removeprefix("#"))
    return Colour(
        round(16 + 0.257 * r + 0.504 * g + 0.098 * b),
        round(128 - 0.148 * r - 0.291 * g + 0.439 * b),
        round(128 + 0.439 * r - 0.368 * g - 0.071 * b),
    )


class Canvas:
    """`planes`: Y, and U and V of half the width and height."""

    def __init__(self, width: int, height: int, ground: Colour) -> None:
        self.width, self.height = width, height
        whole, quarter = width * height, width * height // 4
        self.planes = tuple(bytearray((of,)) * n for of, n in zip(ground, (whole, quarter, quarter), strict=True))

    def fill(self, box: Box, with_: Colour) -> None:
        for plane, value, scale in zip(self.planes, with_, (1, 2, 2), strict=True):
            x, y, width, height = (edge // scale for edge in box)
            row, stride = bytes((value,)) * width, self.width // scale
            for at in range(y * stride + x, (y + height) * stride + x, stride):
                plane[at : at + width] = row

    def figure(self, number: int, box: Box, ink: Colour, ground: Colour, stroke: int) -> None:
        """0 to 9, its strokes so many pixels wide."""
        self.fill(box, ground)
        for lit, segment in zip(SEGMENTS[number], _segments(box, stroke), strict=True):
            if lit:
                self.fill(segment, ink)


def _segments(box: Box, stroke: int) -> list[Box]:
    x, y, width, height = box
    right, bottom = x + width - stroke, y + height - stroke
    middle = y + (height - stroke) // 4 * 2
    upper, lower = middle + stroke - y, y + height - middle
    return [
        Box(x, y, width, stroke),
        Box(x, y, stroke, upper),
        Box(right, y, stroke, upper),
        Box(x, middle, width, stroke),
        Box(x, middle, stroke, lower),
        Box(right, middle, stroke, lower),
        Box(x, bottom, width, stroke),
    ]
