"""What the bench of paper would notice: a code that is missing, another one, one that stands there twice."""

from bench.posters import DOTS, read_back
from server.printing.model import CardPoint, PosterConference
from server.printing.sheets import operator_cards

ADDRESSES = [f"HTTPS://CAU.EXAMPLE/O/{number:026d}" for number in range(10)]


def cards(addresses: list[str]) -> bytes:
    points = [CardPoint(f"Phường số {number}", "Quận 1", url) for number, url in enumerate(addresses)]
    return operator_cards(PosterConference("Hội nghị", "07:30", "cau.example"), points)


def test_paper_that_is_right_is_read_whole() -> None:
    assert read_back(cards(ADDRESSES), DOTS["cards"], ADDRESSES) == (10, 0)


def test_a_code_too_few_too_many_or_wrong_is_told() -> None:
    other = "HTTPS://CAU.EXAMPLE/O/ANOTHER"
    assert read_back(cards(ADDRESSES[:9]), DOTS["cards"], ADDRESSES) == (9, 0)
    assert read_back(cards([*ADDRESSES[:9], other]), DOTS["cards"], ADDRESSES) == (9, 1)
    assert read_back(cards([*ADDRESSES, ADDRESSES[0]]), DOTS["cards"], ADDRESSES) == (9, 2)
