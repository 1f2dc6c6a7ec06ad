"""A whole conference on paper: 766 rooms, each code read back, within the time that is promised."""

import time
from collections.abc import Callable
from functools import partial

import pytest

from server.printing import qr
from server.printing.model import CardPoint, PosterConference, PosterPoint
from server.printing.sheets import operator_cards, operator_sheets, posters
from tests.printing.paper import Sheet, opened

ROOMS = 766
PROMISED = 60  # seconds of one core for all pages of one kind
COARSE = 45  # dots an inch: far below any printer, so that what is read here is read on paper
NAMES = (
    "Xã Tản Lĩnh",
    "Phường Trúc Bạch",
    "Thị trấn Đại Nghĩa",
    "Phường Nguyễn Trung Trực",
    "Sở Nông nghiệp và Phát triển nông thôn",
)


@pytest.fixture(scope="module")
def rooms() -> list[PosterPoint]:
    return [
        PosterPoint(
            name=f"{NAMES[number % len(NAMES)]}, phòng {number}",
            group="Huyện Ba Vì",
            address="Hội trường UBND",
            code=f"K7Q4TLXM{number:03d}",
            url=f"HTTPS://NHIPCAU.EXAMPLE/D/K7Q4TLXM{number:03d}",
        )
        for number in range(ROOMS)
    ]


@pytest.fixture(scope="module")
def operators(rooms: list[PosterPoint]) -> list[CardPoint]:
    return [
        CardPoint(room.name, room.group, f"https://nhipcau.example/o#{number:043d}", room.address)
        for number, room in enumerate(rooms)
    ]


def timed(work: Callable[[], bytes], limit: float) -> bytes:
    """What `work` made, from cold caches and in less than `limit` seconds of processor time."""
    qr.symbol.cache_clear()
    qr.svg.cache_clear()
    started = time.process_time()
    pdf = work()
    assert time.process_time() - started < limit
    return pdf


def read(pages: list[Sheet], dpi: int) -> list[str]:
    return [code.text for page in pages for code in page.codes(dpi)]


def test_766_posters(conference: PosterConference, rooms: list[PosterPoint]) -> None:
    with opened(timed(partial(posters, conference, rooms), PROMISED)) as pages:
        assert len(pages) == ROOMS
        assert read(pages, COARSE) == [room.url for room in rooms]
        assert all(room.name in page.text() for page, room in zip(pages[::25], rooms[::25], strict=True))


def test_a_tenth_of_the_cards_and_sheets_takes_a_tenth_of_the_time(
    conference: PosterConference, operators: list[CardPoint]
) -> None:
    some = operators[::10]
    for make in (operator_cards, operator_sheets):
        with opened(timed(partial(make, conference, some), PROMISED / 10)) as pages:
            assert read(pages, 2 * COARSE) == [point.url for point in some]
