"""What is a small JPEG, told by its markers alone, whatever the bytes."""

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from server.media.jpeg import size_of

from .jpegs import jpeg

WHOLE = jpeg(64, 36)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (480, 270), (270, 480), (481, 270), (4_000, 16)])
@pytest.mark.parametrize("progressive", [False, True])
def test_its_size_is_what_was_drawn(width: int, height: int, progressive: bool) -> None:
    assert size_of(jpeg(width, height, progressive=progressive)) == (width, height)


def test_what_cameras_add_does_not_matter() -> None:
    assert size_of(jpeg(64, 36, exif=b"Exif\0\0" + b"x" * 500, comment=b"by hand")) == (64, 36)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_other_pictures_are_none(kind: str) -> None:
    held = io.BytesIO()
    Image.new("RGB", (8, 8)).save(held, kind)
    assert size_of(held.getvalue()) is None


def test_a_picture_that_is_cut_short_is_none() -> None:
    """Anywhere, also where an end was put behind what is left of it before the picture itself."""
    scan = WHOLE.index(b"\xff\xda")
    assert [end for end in range(len(WHOLE)) if size_of(WHOLE[:end])] == []
    assert [end for end in range(scan) if size_of(WHOLE[:end] + b"\xff\xd9")] == []


def test_a_second_frame_and_a_frame_without_size_are_none() -> None:
    at = WHOLE.index(b"\xff\xc0")
    frame = WHOLE[at : at + 2 + int.from_bytes(WHOLE[at + 2 : at + 4])]
    assert size_of(WHOLE[:at] + frame + WHOLE[at:]) is None
    flat = frame[:5] + b"\0\0" + frame[7:]
    assert size_of(WHOLE.replace(frame, flat)) is None
    lossless = b"\xff\xc3" + frame[2:]
    assert size_of(WHOLE.replace(frame, lossless)) is None


@given(st.binary(max_size=200))
@example(b"\xff\xd8\xff\xd9")
@example(b"\xff\xd8\xff\xc0\x00\x00\xff\xd9")
def test_no_bytes_make_it_fail(data: bytes) -> None:
    size_of(data)
    size_of(WHOLE[: len(data)] + data + WHOLE[len(data) :])
