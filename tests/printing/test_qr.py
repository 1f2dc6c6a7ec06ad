"""QR codes: small, strong, exact, and read back by another library."""

import io
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from server.printing import qr
from server.printing.model import PrintingError
from tests.printing.paper import codes

URL = "HTTPS://HOST:8080/D/ABCDEFGHJKM"


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def read(png: bytes) -> zxingcpp.Barcode:
    found = zxingcpp.read_barcodes(picture(png))
    assert len(found) == 1
    return found[0]


# How many characters a version holds at level M, from the tables of ISO/IEC 18004: digits, capitals, bytes.
@pytest.mark.parametrize(
    ("version", "sign", "holds"),
    [
        (1, "7", 34), (1, "A", 20), (1, "a", 14),
        (2, "7", 63), (2, "A", 38), (2, "a", 26),
        (3, "7", 101), (3, "A", 61), (3, "a", 42),
        (5, "7", 202), (5, "A", 122), (5, "a", 84),
    ],
)  # fmt: skip
def test_every_mode_fills_its_version_to_the_last_character(version: int, sign: str, holds: int) -> None:
    assert qr.symbol(sign * holds).version == version
    assert qr.symbol(sign * (holds + 1)).version == version + 1


def test_an_upper_case_address_is_spelled_in_the_alphanumeric_mode() -> None:
    assert len(URL) > 26  # the bytes that version 2 holds at level M
    assert qr.symbol(URL).version == 2
    assert qr.symbol(URL.lower()).version == 3


def test_an_address_with_a_long_number_mixes_modes_when_that_makes_it_smaller() -> None:
    text = "https://nhipcau.example/o#" + "1" * 40
    assert qr.symbol(text).version < qr.symbol(text.replace("1", "x")).version


def test_the_strongest_level_that_costs_no_larger_symbol_is_taken() -> None:
    # Version 1 holds 10 capitals at H, 16 at Q, 20 at M.
    assert [qr.symbol("A" * count).level for count in (10, 11, 16, 17, 20)] == ["H", "Q", "Q", "M", "M"]
    assert {qr.symbol("A" * count).version for count in range(1, 21)} == {1}


@pytest.mark.parametrize("level", qr.LEVELS)
def test_a_level_that_is_asked_for_is_kept(level: qr.Level) -> None:
    symbol = qr.symbol(URL, level)
    assert qr.LEVELS.index(symbol.level) >= qr.LEVELS.index(level)
    assert read(qr.png(URL, level=level)).ec_level == symbol.level


@settings(max_examples=60)
@given(
    st.one_of(
        st.text("ABCDEFGHJKMNPQRSTVWXYZ0123456789:/.-", min_size=1, max_size=120),
        st.text("abcXYZ0189:/#?=_-.", min_size=1, max_size=qr.MAX_BYTES),
        st.text("ăâđêôơưẮặỘữ nhịp cầu 0123456789", min_size=1, max_size=90),
    )
)
def test_another_library_reads_what_was_written(text: str) -> None:
    code = read(qr.png(text, module_px=4))
    assert code.bytes == text.encode()
    assert code.ec_level in qr.LEVELS


@pytest.mark.parametrize("text", [URL, "x" * qr.MAX_BYTES, "1", "Nhịp Cầu"])
def test_the_svg_covers_exactly_the_dark_modules(text: str) -> None:
    # given a picture made of polygons
    svg = qr.svg(text)
    root = ET.fromstring(svg)
    rows = qr.symbol(text).rows
    side = len(rows) + 8
    assert root.attrib["viewBox"] == f"0 0 {side} {side}"
    assert root.attrib["shape-rendering"] == "crispEdges"
    # when each module's middle is tested against the polygons
    crossings = upright_edges(root[1].attrib["d"])
    painted = [
        [sum(turn for x, top, end, turn in crossings if x <= column and top <= line < end) for column in range(side)]
        for line in range(side)
    ]
    # then the dark ones are wound once, the light ones and the quiet zone not at all
    dark = [[0] * side for _ in range(side)]
    for line, row in enumerate(rows, start=4):
        dark[line][4:-4] = [int(module) for module in row]
    assert painted == dark


def upright_edges(path: str) -> list[tuple[int, int, int, int]]:
    """The upright edges of a path of M, h, v, z as (x, top, end, winding): up is 1, down is -1."""
    edges: list[tuple[int, int, int, int]] = []
    x = y = start_x = start_y = 0

    def down_to(line: int) -> None:
        edges.append((x, min(y, line), max(y, line), -1 if line > y else 1))

    for command, first, second in re.findall(r"([Mhvz])(-?\d+)?(?: (-?\d+))?", path):
        if command == "M":
            x = start_x = int(first)
            y = start_y = int(second)
        elif command == "h":
            x += int(first)
        elif command == "v":
            down_to(y + int(first))
            y += int(first)
        else:
            down_to(start_y)
            x, y = start_x, start_y
    return edges


def test_the_svg_is_compact() -> None:
    assert len(qr.svg(URL)) < 2_000


@pytest.mark.parametrize("module_px", [1, 3, 12])
def test_the_png_has_one_bit_a_pixel_and_a_quiet_zone_of_four(module_px: int) -> None:
    image = picture(qr.png(URL, module_px=module_px))
    assert image.mode == "1"
    assert image.size == (33 * module_px, 33 * module_px)
    inked = image.convert("L").point(lambda value: 255 - value).getbbox()
    assert inked == (4 * module_px, 4 * module_px, 29 * module_px, 29 * module_px)


def test_the_png_fills_the_size_that_is_hinted_with_whole_pixels() -> None:
    side = picture(qr.png(URL, fit_px=1000)).width
    assert side == 990  # 33 modules of 30 pixels
    assert codes(picture(qr.png(URL, fit_px=33)).resize((330, 330)))[0].text == URL


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"text": ""}, "0 bytes"),
        ({"text": "x" * (qr.MAX_BYTES + 1)}, f"{qr.MAX_BYTES + 1} bytes"),
        ({"text": "ế" * 101}, "303 bytes"),
        ({"text": "a\ud800"}, "half a character"),
        ({"text": URL, "quiet": 3}, "quiet"),
        ({"text": URL, "quiet": 17}, "quiet"),
        ({"text": URL, "module_px": 0}, "pixels"),
        ({"text": URL, "module_px": 65}, "pixels"),
        ({"text": URL, "fit_px": 32}, "pixels"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_reason(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(PrintingError, match=words):
        qr.png(**arguments)


def test_codes_are_kept_for_the_next_time() -> None:
    qr.svg.cache_clear()
    assert qr.svg(URL) is qr.svg(URL)
    assert qr.svg.cache_info().hits == 1
