"""The attendees' poster, looked at page by page as printed."""

from pathlib import Path

import msgspec
import pytest

from server.printing import qr
from server.printing.messages import POSTER
from server.printing.model import Lang, PosterConference, PosterPoint, PrintingError
from server.printing.sheets import MAX_POINTS, conference_poster, posters
from server.printing.text import plain
from tests.printing.paper import A4, DPI, bookmarks, opened, overlapping, squeezed


@pytest.fixture(scope="module")
def pdf(conference: PosterConference, poster_points: list[PosterPoint]) -> bytes:
    return posters(conference, poster_points)


def test_every_point_has_one_a4_page_in_order(pdf: bytes, poster_points: list[PosterPoint]) -> None:
    with opened(pdf) as pages:
        assert [page.size() for page in pages] == [A4] * len(poster_points)
    assert bookmarks(pdf) == [point.name for point in poster_points]


def test_every_code_is_read_from_the_paper_at_level_m_or_better(pdf: bytes, poster_points: list[PosterPoint]) -> None:
    with opened(pdf) as pages:
        found = [page.codes() for page in pages]
    assert [[code.text for code in codes] for codes in found] == [[point.url] for point in poster_points]
    assert {codes[0].level for codes in found} <= set(qr.LEVELS)


def test_the_code_is_large_and_keeps_its_quiet_zone(pdf: bytes) -> None:
    with opened(pdf) as pages:
        for page in pages:
            (code,) = page.codes()
            side = (code.box[2] - code.box[0]) / DPI * 25.4
            assert side >= 100  # millimetres of dark modules
            assert code.quiet() >= 3.9


def test_a_plain_poster_gives_the_code_its_full_148_millimetres(pdf: bytes) -> None:
    with opened(pdf) as pages:
        (code,) = pages[0].codes()
        modules = len(qr.symbol(code.text).rows)
        side = (code.box[2] - code.box[0]) / DPI * 25.4
    assert side / modules * (modules + 8) == pytest.approx(148, abs=1)


def test_the_page_says_everything_in_vietnamese(pdf: bytes, conference: PosterConference) -> None:
    with opened(pdf) as pages:
        text = pages[0].text()
    for words in (
        conference.title,
        conference.when,
        "Quét để xem tài liệu",
        "Không quét được? Vào nhipcau.example/d",
        "và gõ mã K7Q4-TLXM-9AB",
        "Xã Tản Lĩnh",
        "Huyện Ba Vì · Hội trường UBND xã",
        "Nhịp Cầu",
        "Chỉ đếm lượt mở, không lưu danh tính",
    ):
        assert words in text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_both_languages_promise_documents_only(
    conference: PosterConference, poster_points: list[PosterPoint], lang: Lang
) -> None:
    with opened(posters(msgspec.structs.replace(conference, lang=lang), poster_points[:1])) as pages:
        text = pages[0].text()
    assert POSTER[lang].headline in text
    assert all(step.title in text and step.text in text for step in POSTER[lang].steps)
    assert not any(word in text.lower() for word in ("hỏi", "trắc nghiệm", "question", "quiz"))


def test_long_names_are_printed_whole(pdf: bytes, poster_points: list[PosterPoint]) -> None:
    with opened(pdf) as pages:
        text = pages[1].text()
    for words in (poster_points[1].name, poster_points[1].group, poster_points[1].address):
        assert words in text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_text_lies_on_another(conference: PosterConference, poster_points: list[PosterPoint], lang: Lang) -> None:
    with opened(posters(msgspec.structs.replace(conference, lang=lang), poster_points)) as pages:
        for page in pages:
            assert overlapping(page.pieces()) == []


def test_all_type_is_be_vietnam_pro_and_embedded(pdf: bytes) -> None:
    with opened(pdf) as pages:
        pieces = [piece for page in pages for piece in page.pieces()]
    assert len(pieces) > 40
    assert all("BeVietnamPro" in piece.font and piece.embedded for piece in pieces)


def test_one_poster_serves_the_whole_conference(conference: PosterConference) -> None:
    url = "HTTPS://NHIPCAU.EXAMPLE/D/K7Q4TLXM9AB"
    with opened(conference_poster(conference, "K7Q4TLXM9AB", url)) as pages:
        (page,) = pages
        text = page.text()
        assert [code.text for code in page.codes()] == [url]
    assert "Mọi điểm cầu" in text
    assert "Mã chung của hội nghị" in text
    assert "Mã của riêng phòng này" not in text


def test_hostile_texts_stay_text_on_one_page(hostile: str, poster_points: list[PosterPoint]) -> None:
    # given the same text in every field
    title, name, place = (plain(hostile, field) for field in ("title", "name", "place"))
    conference = PosterConference(title=hostile, when=hostile, host=hostile[:200])
    point = msgspec.structs.replace(poster_points[0], name=hostile, group=hostile, address=hostile)
    # when it is printed
    with opened(posters(conference, [point])) as pages:
        (page,) = pages
        text, pieces, codes = squeezed(page.text()), page.pieces(), page.codes()
    # then it stands there as typed, inside the margins, and the code can still be scanned
    for words, times in ((title, 2), (name, 2), (place, 2)):
        assert text.count(squeezed(words)) >= times
    assert all(piece.left >= 17 and piece.right <= 193 and piece.top >= 9 and piece.bottom <= 288 for piece in pieces)
    assert [code.text for code in codes] == [point.url]
    assert codes[0].quiet() >= 3.9
    assert overlapping(pieces) == []


def test_signs_without_a_glyph_do_not_stop_the_printing(
    conference: PosterConference, poster_points: list[PosterPoint]
) -> None:
    point = msgspec.structs.replace(poster_points[0], name="Ngọc Hồi 会场 🎉 \ufffd phòng 2")
    with opened(posters(conference, [point])) as pages:
        (page,) = pages
        assert "Ngọc Hồi" in page.text()
        assert "phòng 2" in page.text()


def test_the_same_values_give_the_same_bytes(
    pdf: bytes, conference: PosterConference, poster_points: list[PosterPoint]
) -> None:
    assert posters(conference, poster_points) == pdf


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "x" * 501}, r"points\[1\]\.name: 501"),
        ({"name": "\u200b \n"}, r"points\[1\]\.name: empty"),
        ({"group": "x" * 501}, r"points\[1\]\.group"),
        ({"address": "x" * 501}, r"points\[1\]\.address"),
        ({"code": ""}, r"points\[1\]\.code: empty"),
        ({"url": ""}, r"points\[1\]\.url: .*0 bytes"),
        ({"url": "x" * 301}, r"points\[1\]\.url: .*301 bytes"),
    ],
)
def test_what_cannot_be_printed_is_named(
    conference: PosterConference, poster_points: list[PosterPoint], change: dict[str, str], words: str
) -> None:
    points = [poster_points[0], msgspec.structs.replace(poster_points[1], **change)]
    with pytest.raises(PrintingError, match=f"^{words}"):
        posters(conference, points)


@pytest.mark.parametrize("count", [0, MAX_POINTS + 1])
def test_none_and_too_many_points_are_refused(
    conference: PosterConference, poster_points: list[PosterPoint], count: int
) -> None:
    with pytest.raises(PrintingError, match=f"^points: {count} "):
        posters(conference, [poster_points[0]] * count)


def test_a_folder_without_the_font_is_refused(
    conference: PosterConference, poster_points: list[PosterPoint], tmp_path: Path
) -> None:
    with pytest.raises(PrintingError, match=r"^fonts: no Be Vietnam Pro"):
        posters(conference, poster_points, fonts=tmp_path)
