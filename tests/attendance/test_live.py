"""What phones are told while they look at a page, and what they are not."""

import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from server.attendance import channel as of
from server.attendance.channel import Channel
from server.live.conductor import Conductor
from server.protocol.commands import (
    ClosePoints,
    IssueCode,
    PostNotice,
    RestoreDocument,
    RevokeCode,
    Scope,
    SetCodeExpiry,
    WithdrawDocument,
    WithdrawNotice,
)
from server.protocol.errors import Busy
from tests.attendance import phones
from tests.attendance.phones import Listener
from tests.attendance.place import CONFERENCE, HOUR, Place, page, words
from tests.conference.given import T0
from tests.waiting import until

Listen = Callable[..., Awaitable[Listener]]


@pytest.fixture
async def listen(place: Place) -> AsyncIterator[Listen]:
    """A phone that listens; it hangs up when the test is over."""
    lines: list[Listener] = []

    async def listen(code: str, **headers: str) -> Listener:
        lines.append(await phones.listen(place, code, **headers))
        return lines[-1]

    yield listen
    for line in lines:
        await line.hang_up()


async def seen_on_page(place: Place, code: str) -> str:
    found = re.search(r'data-seen="([^"]+)"', await page(await place.phone().get(f"/D/{code}")))
    assert found is not None
    return found[1]


def texts(data: list[dict[str, object]]) -> list[object]:
    return [notice["text"] for notice in data]


async def test_a_page_shows_the_notices_to_its_room_without_any_script(place: Place) -> None:
    room, elsewhere = place.rooms[0], place.rooms[3]
    assert 'hidden>\n<div class="head"><h2 id="said">' in await page(await place.phone().get(f"/D/{room}"))
    await place.do(PostNotice("Giải lao <15 phút>\nVào lại lúc 9:30"))
    await place.do(PostNotice("Cho huyện Ba Vì", "attendees", Scope(unit="271")))
    await place.do(PostNotice("Chỉ cho cán bộ", "operators"))
    text = await page(await place.phone().get(f"/D/{room}"))
    assert "Thông báo 05:13, 15/11 Cho huyện Ba Vì 05:13, 15/11 Giải lao &lt;15 phút&gt; Vào lại lúc 9:30" in words(
        text
    )
    assert "Chỉ cho cán bộ" not in text
    assert "Ba Vì" not in await page(await place.phone().get(f"/D/{elsewhere}"))
    assert "Notices" in await page(await place.phone(Accept_Language="en").get(f"/D/{room}"))
    await place.do(WithdrawNotice(2))
    assert "Cho huyện Ba Vì" not in await page(await place.phone().get(f"/D/{room}"))


async def test_who_has_the_page_is_told_nothing_but_what_comes(place: Place, listen: Listen) -> None:
    await place.do(PostNotice("Đã có trên trang"))
    await place.add("Đã có trên trang")
    code = place.rooms[0]
    line = await listen(f"{code}?seen={await seen_on_page(place, code)}")
    assert line.head.startswith("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream")
    assert "X-Accel-Buffering: no" in line.head
    assert "X-Content-Type-Options: nosniff" in line.head
    assert line.retry >= of.RETRY_MS
    await place.do(PostNotice("Vào phòng"))
    heard = await line.next()
    assert heard.name == "notices"
    assert texts(heard.data) == ["Vào phòng", "Đã có trên trang"]
    assert heard.data[0] == {"id": 2, "text": "Vào phòng", "at": T0, "when": "05:13, 15/11"}
    assert heard.id == await seen_on_page(place, code), "a page that is loaded now shows what was told"
    await place.do(WithdrawNotice(1))
    assert texts((await line.next()).data) == ["Vào phòng"]


async def test_each_room_hears_what_concerns_it(place: Place, listen: Listen) -> None:
    codes = [place.own, *place.rooms]
    lines = [await listen(f"{code}?seen={await seen_on_page(place, code)}") for code in codes]
    await place.do(PostNotice("Cho huyện Ba Vì", "attendees", Scope(unit="271")))
    await place.do(PostNotice("Cho phòng 2", "all", Scope(point=2)))
    await place.do(PostNotice("Cho cán bộ", "operators"))
    await place.do(PostNotice("Cho tất cả"))
    heard = [[] for _ in codes]  # type: list[list[object]]
    for line, all_of_it in zip(lines, heard, strict=True):
        while not all_of_it or all_of_it[0] != "Cho tất cả":
            all_of_it[:] = texts((await line.next()).data)
    assert heard == [
        ["Cho tất cả"],
        ["Cho tất cả", "Cho huyện Ba Vì"],
        ["Cho tất cả", "Cho phòng 2", "Cho huyện Ba Vì"],
        ["Cho tất cả", "Cho huyện Ba Vì"],
        ["Cho tất cả"],
    ]


async def test_who_comes_back_is_told_what_he_missed_and_only_that(place: Place, listen: Listen) -> None:
    code = place.rooms[0]
    line = await listen(f"{code}?seen={await seen_on_page(place, code)}")
    line.leave()
    await place.add("Đề cương")
    back = await listen(f"{code}?seen=old.page", Last_Event_ID=line.id)
    heard = await back.next()
    assert (heard.name, heard.data) == ("documents", {"open": 1})
    await place.do(PostNotice("Sau đó"))
    assert (await back.next()).name == "notices", "no notice was missed, so none was told before"


async def test_who_knows_nothing_is_told_everything(place: Place, listen: Listen) -> None:
    await place.do(PostNotice("Vào phòng"))
    for query in ("", "?seen=", "?seen=nonsense", f"?seen={'x' * 3_000}"):
        line = await listen(place.rooms[0] + query)
        assert [(await line.next()).name, (await line.next()).name] == ["notices", "documents"]


async def test_documents_that_open_close_or_come_back_are_told(place: Place, listen: Listen) -> None:
    await place.add("Đề cương")
    code = place.rooms[0]
    first = await seen_on_page(place, code)
    line = await listen(f"{code}?seen={first}")
    await place.do(WithdrawDocument(1))
    gone = await line.next()
    assert (gone.name, gone.data) == ("documents", {"open": 0})
    assert gone.id != first
    await place.do(RestoreDocument(1))
    assert (await line.next()).id == first, "the page shows the truth again and may take its offer back"
    await place.add("Riêng phòng 4", Scope(point=4))
    await place.add("Cho tất cả")
    assert (await line.next()).data == {"open": 2}, "another room's document is no news here"


async def test_a_release_by_the_clock_is_told(place: Place, listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "BEAT_SECONDS", 0.01)
    await place.add("Mật tới giờ", release_at=T0 + HOUR)
    code = place.rooms[0]
    line = await listen(f"{code}?seen={await seen_on_page(place, code)}")
    place.clock.now = T0 + HOUR
    assert (await line.next()).data == {"open": 1}


@pytest.mark.parametrize("ending", [RevokeCode(1), ClosePoints([1]), IssueCode("00000000001", 1)])
async def test_a_code_that_ends_ends_its_streams_and_no_others(
    place: Place, listen: Listen, ending: RevokeCode
) -> None:
    code, other = place.rooms[0], place.rooms[2]
    line = await listen(f"{code}?seen={await seen_on_page(place, code)}")
    beside = await listen(f"{other}?seen={await seen_on_page(place, other)}")
    await place.do(ending)
    assert [heard.name for heard in await line.rest()] == ["end"]
    assert (await listen(code)).head.startswith("HTTP/1.1 404")
    await place.do(PostNotice("Vẫn nghe"))
    assert texts((await beside.next()).data) == ["Vẫn nghe"]


async def test_codes_that_expire_end_all_streams(place: Place, listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "BEAT_SECONDS", 0.01)
    await place.do(SetCodeExpiry(T0 + HOUR))
    line = await listen(f"{place.own}?seen={await seen_on_page(place, place.own)}")
    place.clock.now = T0 + HOUR
    assert [heard.name for heard in await line.rest()] == ["end"]


async def test_what_opens_nothing_is_refused_in_the_one_shape(place: Place) -> None:
    for code in ("00000000000", "short"):
        answer = await place.phone().get(f"/D/{code}/live")
        assert answer.status == 404
        assert (await answer.json())["error"]["code"] == "code_unknown"


async def test_nobody_takes_all_places(place: Place, listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "MAX_PER_ADDRESS", 2)
    first, _ = [await listen(place.rooms[0], address="10.0.0.7") for _ in range(2)]
    answer = await place.phone(address="10.0.0.7").get(f"/D/{place.rooms[0]}/live")
    assert answer.status == 503
    assert (await answer.json())["error"]["code"] == "too_many_connections"
    await listen(place.rooms[0], address="10.0.0.8")
    first.leave()
    await settled(place.attendance._channel, 2)
    await listen(place.rooms[0], address="10.0.0.7")


async def settled(channel: Channel, phones: int) -> None:
    """Returns when that many phones listen."""
    await until(lambda: channel._count == phones, f"{phones} phones that listen")


async def test_who_left_leaves_nothing_behind(place: Place, listen: Listen) -> None:
    lines = [await listen(code) for code in place.rooms]
    channel = place.attendance._channel
    assert channel._count == 4
    for line in lines:
        line.leave()
    await settled(channel, 0)
    assert not channel._by_address
    assert not any(channel._wheel)
    assert not any(hall.rooms for hall in channel._halls.values())


async def test_lines_are_kept_open_by_comments(place: Place, listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "BEAT_SECONDS", 0.001)
    code = place.rooms[0]
    path = f"{code}?seen={await seen_on_page(place, code)}"
    lines = [await listen(path) for _ in range(of.KEEP_SECONDS + 1)]  # every place of the wheel
    for line in lines:
        while not line.comments:
            await line.block()


async def test_who_does_not_read_is_cut_and_the_others_hear(place: Place, listen: Listen) -> None:
    channel, code = place.attendance._channel, place.rooms[0]
    asleep = await listen(code)
    asleep.writer.transport.pause_reading()  # type: ignore[attr-defined]
    (stream,) = channel._halls[next(iter(channel._halls))].rooms[code].streams
    awake = await listen(f"{code}?seen={await seen_on_page(place, code)}")
    written = 0
    while not stream.ended:
        stream.write(b":" + b"x" * 10_000 + b"\n\n")
        written += 10_000
        assert written < 100_000_000, "its buffer grows without end"
    await settled(channel, 1)
    await place.do(PostNotice("Vẫn nghe"))
    assert texts((await awake.next()).data) == ["Vẫn nghe"]
    assert 'nhipcau_stream_closes_total{why="slow"} 1.0' in place.metrics.text().decode()


async def test_who_talks_is_cut(place: Place, listen: Listen) -> None:
    line = await listen(place.rooms[0])
    line.writer.write(b"GET / HTTP/1.1\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        await line.rest()
    await settled(place.attendance._channel, 0)
    assert 'nhipcau_stream_closes_total{why="talks"} 1.0' in place.metrics.text().decode()


async def test_a_planned_stop_says_when_to_come_back(place: Place, listen: Listen) -> None:
    lines = [await listen(place.rooms[0]) for _ in range(8)]
    place.attendance.send_away(for_good=True)
    told = set()
    for line in lines:
        await line.rest()
        told.add(line.retry)
        assert of.RETRY_MS <= line.retry <= 3 * of.RETRY_MS
    assert len(told) > 1, "they would all come back at once"
    assert (await place.phone().get(f"/D/{place.rooms[0]}/live")).status == 503


async def test_who_is_sent_to_another_server_may_come_back(place: Place, listen: Listen) -> None:
    """As from one that cannot reach its database now, and will again."""
    line = await listen(place.rooms[0])
    place.attendance.send_away()
    await line.rest()
    await listen(place.rooms[0])
    await settled(place.attendance._channel, 1)


async def test_while_the_journal_is_away_nothing_is_told_and_then_all_of_it(
    place: Place, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of, "BUSY_SECONDS", 0.001)
    code = place.rooms[0]
    line = await listen(f"{code}?seen={await seen_on_page(place, code)}")
    real, refused = Conductor.at_rest, []

    async def away(conductor: Conductor, read: object) -> object:
        refused.append(read)
        if len(refused) < 3:
            raise Busy
        return await real(conductor, read)  # type: ignore[arg-type]

    monkeypatch.setattr(Conductor, "at_rest", away)
    await place.do(PostNotice("Vào phòng"))
    assert texts((await line.next()).data) == ["Vào phòng"]
    assert len(refused) >= 3


async def test_the_script_is_kept_for_good_under_a_name_that_follows_it(place: Place) -> None:
    address = re.search(r'<script src="([^"]+)"', await page(await place.phone().get(f"/D/{place.rooms[0]}")))
    assert address is not None
    answer = await place.phone().get(address[1])
    assert answer.status == 200
    assert answer.content_type == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    assert CONFERENCE not in await answer.text()
