"""What operators hold in their hands: cards to cut, and one sheet a point."""

import msgspec
import pytest

from server.printing import qr
from server.printing.messages import CARD, SHEET
from server.printing.model import CardPoint, Lang, PosterConference, PrintingError
from server.printing.sheets import operator_cards, operator_sheets
from server.printing.text import plain
from tests.printing.paper import A4, bookmarks, has_ink, opened, overlapping, squeezed

CARD_WIDTH, CARD_HEIGHT = 105.0, 74.25  # millimetres, an A7
LANGS: tuple[Lang, ...] = ("vi", "en")


@pytest.fixture(scope="module")
def cards(conference: PosterConference, card_points: list[CardPoint]) -> bytes:
    return operator_cards(conference, card_points)


@pytest.fixture(scope="module")
def sheets(conference: PosterConference, card_points: list[CardPoint]) -> bytes:
    return operator_sheets(conference, card_points)


def test_eight_cards_stand_on_an_a4_page(cards: bytes, card_points: list[CardPoint]) -> None:
    assert len(card_points) == 10
    with opened(cards) as pages:
        assert [page.size() for page in pages] == [A4, A4]
        found = [[code.text for code in page.codes()] for page in pages]
    assert found == [[point.url for point in card_points[:8]], [point.url for point in card_points[8:]]]
    assert bookmarks(cards) == [point.name for point in card_points]


def test_codes_on_cards_keep_level_and_quiet_zone(cards: bytes) -> None:
    with opened(cards) as pages:
        codes = [code for page in pages for code in page.codes(300)]
    assert len(codes) == 10
    assert {code.level for code in codes} <= set(qr.LEVELS)
    assert min(code.quiet() for code in codes) >= 3.9


def test_a_card_names_its_room_and_says_what_to_do(cards: bytes, card_points: list[CardPoint]) -> None:
    with opened(cards) as pages:
        text = pages[0].text()
    words = CARD["vi"]
    for point in card_points[:2]:
        assert all(part in text for part in (point.name, point.group, point.address))
        assert squeezed(point.url) in squeezed(text)  # and copied whole: nothing invisible stands in it
    assert "\u200b" not in text
    for line in (*words.steps, words.private, "Hỗ trợ 024 3825 1234"):
        assert text.count(line) == 8


def test_no_text_crosses_a_cut(cards: bytes) -> None:
    with opened(cards) as pages:
        for piece in (piece for page in pages for piece in page.pieces()):
            assert int(piece.left // CARD_WIDTH) == int(piece.right // CARD_WIDTH)
            assert int(piece.top // CARD_HEIGHT) == int(piece.bottom // CARD_HEIGHT)


def test_cuts_are_marked_at_the_edges_and_crossings_only(cards: bytes) -> None:
    def box(x: float, y: float, reach: float) -> tuple[int, int, int, int]:
        scale = 300 / 25.4
        return (
            round((x - reach) * scale),
            round((y - reach) * scale),
            round((x + reach) * scale),
            round((y + reach) * scale),
        )

    with opened(cards) as pages:
        picture = pages[0].picture(300)
    for row in (1, 2, 3):
        assert has_ink(picture, box(CARD_WIDTH, row * CARD_HEIGHT, 1))
        assert has_ink(picture, box(6, row * CARD_HEIGHT, 1))
        assert has_ink(picture, box(204, row * CARD_HEIGHT, 1))
        assert not has_ink(picture, box(CARD_WIDTH / 2, row * CARD_HEIGHT, 1))
    assert has_ink(picture, box(CARD_WIDTH, 6, 1))
    assert has_ink(picture, box(CARD_WIDTH, 291, 1))
    assert not has_ink(picture, box(CARD_WIDTH, 37, 1))


@pytest.mark.parametrize("lang", LANGS)
def test_cards_speak_both_languages(conference: PosterConference, card_points: list[CardPoint], lang: Lang) -> None:
    with opened(operator_cards(msgspec.structs.replace(conference, lang=lang), card_points[:1])) as pages:
        text = pages[0].text()
    assert all(words in text for words in (*CARD[lang].steps, CARD[lang].private, CARD[lang].help_desk))


def test_without_a_help_desk_its_line_is_left_out(conference: PosterConference, card_points: list[CardPoint]) -> None:
    alone = msgspec.structs.replace(conference, help_desk="")
    with opened(operator_cards(alone, card_points[:1])) as pages:
        assert CARD["vi"].help_desk not in pages[0].text()
    with opened(operator_sheets(alone, card_points[:1])) as pages:
        assert SHEET["vi"].help in pages[0].text()


def test_every_point_has_one_sheet(sheets: bytes, card_points: list[CardPoint]) -> None:
    with opened(sheets) as pages:
        assert [page.size() for page in pages] == [A4] * 10
        codes = [page.codes() for page in pages]
    assert [[code.text for code in found] for found in codes] == [[point.url] for point in card_points]
    assert min(found[0].quiet() for found in codes) >= 3.8
    assert {found[0].level for found in codes} <= set(qr.LEVELS)
    assert bookmarks(sheets) == [point.name for point in card_points]


@pytest.mark.parametrize("lang", LANGS)
def test_a_sheet_leads_from_an_hour_before_to_the_end(
    conference: PosterConference, card_points: list[CardPoint], lang: Lang
) -> None:
    point = card_points[1]
    with opened(operator_sheets(msgspec.structs.replace(conference, lang=lang), [point])) as pages:
        text = pages[0].text()
    words = SHEET[lang]
    for line in (point.name, point.group, point.address, point.note, conference.title, conference.when):
        assert line in text
    for line in (words.scan, words.page, words.private, words.leaked, words.help_how, words.note, "024 3825 1234"):
        assert line in text
    assert [stage.mark for stage in words.stages] == ["T−60", "T−15", "T−0"]
    places = [text.index(check) for stage in words.stages for check in stage.checks]
    assert places == sorted(places)
    assert squeezed(point.url) in squeezed(text)


@pytest.mark.parametrize("lang", LANGS)
def test_no_text_lies_on_another(conference: PosterConference, card_points: list[CardPoint], lang: Lang) -> None:
    spoken = msgspec.structs.replace(conference, lang=lang)
    for pdf in (operator_cards(spoken, card_points), operator_sheets(spoken, card_points[:3])):
        with opened(pdf) as pages:
            for page in pages:
                assert overlapping(page.pieces()) == []


def test_all_type_is_be_vietnam_pro_and_embedded(cards: bytes, sheets: bytes) -> None:
    for pdf in (cards, sheets):
        with opened(pdf) as pages:
            pieces = [piece for page in pages for piece in page.pieces()]
        assert len(pieces) > 80
        assert all("BeVietnamPro" in piece.font and piece.embedded for piece in pieces)


def test_hostile_texts_stay_text_on_their_card(hostile: str) -> None:
    conference = PosterConference(title=hostile, when=hostile, host="nhipcau.example", help_desk=hostile)
    url = "https://nhipcau.example/o#" + "x" * (qr.MAX_BYTES - 26)
    with opened(operator_cards(conference, [CardPoint(hostile, hostile, url, hostile)] * 8)) as pages:
        (page,) = pages
        text, pieces, codes = squeezed(page.text()), page.pieces(), page.codes(300)
    assert text.count(squeezed(plain(hostile, "name"))) >= 5 * 8  # title, name, group, address, help desk
    for piece in pieces:
        assert int(piece.left // CARD_WIDTH) == int(piece.right // CARD_WIDTH)
        assert int(piece.top // CARD_HEIGHT) == int(piece.bottom // CARD_HEIGHT)
    assert overlapping(pieces) == []
    assert [code.text for code in codes] == [url] * 8
    assert min(code.quiet() for code in codes) >= 3.8


def test_hostile_texts_stay_text_on_their_sheet(hostile: str) -> None:
    conference = PosterConference(title=hostile, when=hostile, host="nhipcau.example", help_desk=hostile)
    url = "https://nhipcau.example/o#" + "x" * (qr.MAX_BYTES - 26)
    with opened(operator_sheets(conference, [CardPoint(hostile, hostile, url, hostile, hostile)])) as pages:
        (page,) = pages
        text, pieces, codes = squeezed(page.text()), page.pieces(), page.codes()
    assert text.count(squeezed(plain(hostile, "name"))) >= 7  # as on a card, and the note and the hour
    assert all(piece.left >= 17 and piece.right <= 193 and piece.top >= 9 and piece.bottom <= 290 for piece in pieces)
    assert overlapping(pieces) == []
    assert [code.text for code in codes] == [url]
    assert codes[0].quiet() >= 3.8


def test_a_nameless_point_and_a_long_note_are_refused(conference: PosterConference) -> None:
    with pytest.raises(PrintingError, match=r"^points\[0\]\.name: empty"):
        operator_cards(conference, [CardPoint("", "", "https://nhipcau.example/o#x")])
    with pytest.raises(PrintingError, match=r"^points\[0\]\.note: 501"):
        operator_sheets(conference, [CardPoint("Xã", "", "https://nhipcau.example/o#x", note="x" * 501)])
