"""What a phone shows behind a code."""

import base64
import hashlib
import re

from server.attendance.gate import WRONG_BURST
from server.protocol.commands import (
    AddVersion,
    ClosePoints,
    EditConference,
    EditDocument,
    IssueCode,
    RestoreDocument,
    RevokeCode,
    Scope,
    SetCodeExpiry,
    WithdrawDocument,
)
from tests.attendance.place import CONFERENCE, HOUR, Place, file, page, words
from tests.conference.given import T0

LARGEST_FIRST_VISIT = 30_000  # bytes with headers: two round trips of a fresh connection


async def test_a_room_sees_where_it_is_and_what_opens(place: Place) -> None:
    await place.add("Toàn văn Nghị quyết")
    await place.add("Chuyên đề 1", name="chuyen-de.pptx", size=45_300, pages=None)
    text = words(await page(await place.phone().get(f"/D/{place.rooms[1]}")))
    assert "Thứ Tư, 15/11/2023 · 05:13 Hội nghị &lt;quán triệt&gt;" in text
    assert "Xã Tản Lĩnh · Phòng 2 Huyện Ba Vì" in text
    assert "Tài liệu 2 tệp, 1,2 MB" in text
    assert "Toàn văn Nghị quyết PDF · 1,2 MB · 24 trang Bản ngày 15/11/2023 Mở Chuyên đề 1 PPTX · 45 kB Bản" in text
    assert "Cần hỗ trợ? Gọi 024 3825 1234" in text
    assert "Chỉ đếm lượt mở theo điểm cầu, không lưu danh tính" in text


async def test_english_by_the_browser_or_by_choice(place: Place) -> None:
    await place.add("Toàn văn Nghị quyết")
    path = f"/D/{place.rooms[0]}"
    by_browser = words(await page(await place.phone(Accept_Language="en-GB,en").get(path)))
    assert "Wednesday, 15 November 2023 · 05:13" in by_browser
    assert "Documents 1 file, 1.2 MB" in by_browser
    assert "24 pages Version of 15 Nov 2023 Open" in by_browser
    assert words(await page(await place.phone().get(path + "?lang=en"))) == by_browser
    assert "Tài liệu" in words(await page(await place.phone(Accept_Language="en").get(path + "?lang=vi")))


async def test_the_conferences_own_code_shows_the_main_hall(place: Place) -> None:
    text = words(await page(await place.phone().get(f"/D/{place.own}")))
    assert "Hội trường lớn" in text
    assert "Xã" not in text


async def test_codes_are_forgiving_and_small_letters_work(place: Place) -> None:
    code = place.rooms[0].lower()
    for path in (f"/d/{code}", f"/D/{code[:4]}-{code[4:8]}-{code[8:]}", f"/D/{code[:4]}%20{code[4:]}"):
        assert "Xã Tản Lĩnh" in await page(await place.phone().get(path))


async def test_each_room_sees_its_own_documents_only(place: Place) -> None:
    await place.add("Cho tất cả")
    await place.add("Cho huyện Ba Vì", Scope(unit="271"))
    await place.add("Cho phòng 2", Scope(point=2))
    seen = {}
    for name, code in zip(("own", 1, 2, 3, 4), (place.own, *place.rooms), strict=True):
        text = await page(await place.phone().get(f"/D/{code}"))
        seen[name] = re.findall(r"<b>(Cho [^<]+)</b>", text)
    assert seen == {
        "own": ["Cho tất cả"],
        1: ["Cho tất cả", "Cho huyện Ba Vì"],
        2: ["Cho tất cả", "Cho huyện Ba Vì", "Cho phòng 2"],
        3: ["Cho tất cả", "Cho huyện Ba Vì"],
        4: ["Cho tất cả"],
    }


async def test_before_its_time_a_document_is_an_hour_without_a_name(place: Place) -> None:
    await place.add("Mật tới giờ", release_at=T0 + HOUR)
    await place.add("Cũng thế", release_at=T0 + HOUR)
    await place.add("Ngày mai", release_at=T0 + 24 * HOUR)
    await place.add("Chỉ Phúc Xá", Scope(point=4), T0 + HOUR)
    path = f"/D/{place.rooms[0]}"
    before = await page(await place.phone().get(path))
    assert "2 tài liệu sẽ mở lúc 06:13" in before
    assert "1 tài liệu sẽ mở lúc 05:13 ngày 16/11" in before
    assert not re.search("Mật|Cũng thế|Ngày mai|Phúc Xá|Chưa có", before)
    place.clock.now = T0 + HOUR - 1
    assert "Mật tới giờ" not in await page(await place.phone().get(path))
    place.clock.now = T0 + HOUR
    after = words(await page(await place.phone().get(path)))
    assert "Mật tới giờ" in after
    assert "Cũng thế" in after
    assert "1 tài liệu nữa sẽ mở lúc 05:13 ngày 16/11" in after
    place.clock.now = T0 + 19 * HOUR  # past midnight: the hour alone says enough
    assert "1 tài liệu nữa sẽ mở lúc 05:13" in await page(await place.phone().get(path))
    assert "ngày 16/11" not in await page(await place.phone().get(path))


async def test_times_of_another_year_tell_the_year(place: Place) -> None:
    await place.add("Năm sau", release_at=T0 + 60 * 24 * HOUR)
    await place.add("Năm nay", release_at=T0 + 30 * 24 * HOUR)
    await place.do(SetCodeExpiry(T0 + 90 * 24 * HOUR))
    path = f"/D/{place.rooms[0]}"
    vietnamese = words(await page(await place.phone().get(path)))
    assert "1 tài liệu sẽ mở lúc 05:13 ngày 14/01/2024" in vietnamese
    assert "1 tài liệu sẽ mở lúc 05:13 ngày 15/12 " in vietnamese
    assert "dùng được đến 05:13 ngày 13/02/2024" in vietnamese
    english = words(await page(await place.phone(Accept_Language="en").get(path)))
    assert "1 document opens at 05:13 on 14 January 2024" in english
    assert "1 document opens at 05:13 on 15 December " in english
    assert "works until 05:13 on 13 February 2024" in english


async def test_the_end_of_a_code_is_told_by_the_day_that_it_is(place: Place) -> None:
    path = f"/D/{place.rooms[0]}"
    assert "dùng được" not in await page(await place.phone().get(path))
    await place.do(SetCodeExpiry(T0 + 24 * HOUR))
    assert "dùng được đến 05:13 ngày 16/11<" in await page(await place.phone().get(path))
    place.clock.now = T0 + 20 * HOUR  # past midnight: the hour alone says enough
    assert "dùng được đến 05:13<" in await page(await place.phone().get(path))


async def test_a_document_tells_the_day_of_its_version(place: Place) -> None:
    """Given a document, when a newer version comes, then who holds the old one sees number, hour and day."""
    await place.add("Đề cương")
    path = f"/D/{place.rooms[0]}"
    assert "Bản ngày 15/11/2023" in words(await page(await place.phone().get(path)))
    place.clock.now = T0 + 24 * HOUR
    await place.do(AddVersion(1, file(hash="b" * 64)))
    assert "Bản thứ 2, 05:13 ngày 16/11/2023" in words(await page(await place.phone().get(path)))
    english = words(await page(await place.phone(Accept_Language="en").get(path)))
    assert "Version 2, 05:13 on 16 Nov 2023" in english


async def test_changes_are_seen_at_once(place: Place) -> None:
    phone, path = place.phone(), f"/D/{place.rooms[0]}"
    assert "Chưa có tài liệu nào" in await page(await phone.get(path))
    await place.add("Đề cương")
    assert "Đề cương" in await page(await phone.get(path))
    await place.do(EditDocument(1, title="Đề cương mới"))
    assert "Đề cương mới" in await page(await phone.get(path))
    await place.do(WithdrawDocument(1))
    assert "Chưa có tài liệu nào" in await page(await phone.get(path))
    await place.do(RestoreDocument(1))
    assert "Đề cương mới" in await page(await phone.get(path))
    await place.do(EditConference(help_phone="", title="Tên khác"))
    text = await page(await phone.get(path))
    assert "Tên khác" in text
    assert "tel:" not in text


async def test_a_code_ends_with_its_time_its_room_and_its_successor(place: Place) -> None:
    phone = place.phone()
    room, closed, revoked = (f"/D/{code}" for code in place.rooms[:3])
    for path in (room, closed, revoked):
        await page(await phone.get(path))
    await place.do(ClosePoints([2]))
    await place.do(RevokeCode(3))
    (fresh,) = await place.codes.reserve(CONFERENCE, 1)
    assert "Mã này không mở" in await page(await phone.get(f"/D/{fresh}"), 404)
    await place.do(IssueCode(fresh, 1))
    await page(await phone.get(f"/D/{fresh}"))
    for path in (room, closed, revoked):
        text = await page(await phone.get(path), 404)
        assert "Mã này không mở được tài liệu nào" in text
        assert '<form class="card" action="/D" method="get">' in text
    await place.do(SetCodeExpiry(T0 + HOUR))
    place.clock.now = T0 + HOUR - 1
    await page(await phone.get(f"/D/{fresh}"))
    place.clock.now = T0 + HOUR
    await page(await phone.get(f"/D/{fresh}"), 404)
    await page(await phone.get(f"/D/{place.own}"), 404)


async def test_a_typed_code_leads_to_its_page(place: Place) -> None:
    phone, code = place.phone(), place.rooms[0]
    assert "Nhập mã tài liệu" in await page(await phone.get("/D"))
    assert "Type a document code" in await page(await phone.get("/d?lang=en"))
    sent = await phone.get("/D", params={"code": f" {code.lower()} "}, allow_redirects=False)
    assert (sent.status, sent.headers["Location"]) == (303, f"/D/{code}")
    english = await phone.get("/D", params={"code": code, "lang": "en"}, allow_redirects=False)
    assert english.headers["Location"] == f"/D/{code}?lang=en"
    wrong = await page(await phone.get("/D", params={"code": '"><b>'}), 404)
    assert "Mã chưa đúng" in wrong
    assert 'value="&#34;&gt;&lt;b&gt;"' in wrong


async def test_only_codes_that_were_never_given_out_are_limited(place: Place) -> None:
    guesser = place.phone(address="10.0.0.9")
    tried = 0
    while (answer := await guesser.get(f"/D/0000000{tried:04}")).status == 404:
        tried += 1
        assert tried < 2 * WRONG_BURST, "somebody guesses without end"
    assert tried >= WRONG_BURST
    assert "Quá nhiều lần thử" in await page(answer, 429)
    assert int(answer.headers["Retry-After"]) >= 1
    await place.do(RevokeCode(2))
    assert (await guesser.get(f"/D/{place.rooms[0]}")).status == 200, "a hall shares the guesser's address"
    assert (await guesser.get(f"/D/{place.rooms[1]}")).status == 404, "a code that has ended is no guess"
    assert (await guesser.get("/D/short")).status == 404, "what cannot be a code opens nothing"
    assert (await place.phone(address="10.0.0.8").get("/D/00000000000")).status == 404


async def test_guesses_from_everywhere_are_limited_together(place: Place) -> None:
    gate = place.attendance._gate
    gate._wrong_all = place.tries.limit("few guesses", 1, 20)
    answers = [await place.phone(address=f"10.9.0.{n}").get("/D/00000000000") for n in range(40)]
    statuses = [answer.status for answer in answers]
    assert 429 in statuses
    assert (await place.phone(address="10.9.0.1").get(f"/D/{place.rooms[0]}")).status == 200


async def test_the_page_is_light_and_needs_nothing_more(place: Place) -> None:
    for n in range(60):
        await place.add(f"Chuyên đề {n}: một bài trình bày với tên dài vừa phải")
    answer = await place.phone().get(f"/D/{place.rooms[0]}")
    text = await page(answer)
    size = len(text.encode()) + sum(len(k) + len(v) + 4 for k, v in answer.headers.items())
    assert size <= LARGEST_FIRST_VISIT
    assert not re.search(r"javascript:|\son\w+=|https?://", text)
    (script,) = re.findall(r"<script[^>]*>[^<]*", text)
    assert re.fullmatch(r'<script src="/live\.js\?v=[0-9a-f]{12}" defer>', script)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'")
    assert policy.endswith("; script-src 'self'; connect-src 'self'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert 'style="' not in text, "the policy would not let it"


async def test_a_journal_that_is_away_is_an_apology_not_a_fault(place: Place) -> None:
    await place.conferences.stop()  # and no conference may start any more
    answer = await place.phone().get(f"/D/{place.rooms[0]}")
    assert "Máy chủ đang bận" in await page(answer, 503)
    assert answer.headers["Refresh"] == "5"
