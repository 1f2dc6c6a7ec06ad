"""What walls see: everything once, then what changed; after a break what they missed; nobody waits for the slow."""

from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from server.client.http import Api, ApiError
from server.live import conductor, sockets
from server.live.conductor import now_ms
from tests.documents import files
from tests.servers.whole import QUICK, Body, Socket, Whole


class Picture:
    """What a wall knows: a snapshot with every frame after it laid over."""

    def __init__(self, snapshot: Body) -> None:
        self.epoch, self.seq, self.now = snapshot["epoch"], snapshot["seq"], snapshot["now"]
        self.conference, self.units = snapshot["conference"], snapshot["units"]
        self.documents = snapshot["documents"]
        self.rows = {row[0]: row for row in snapshot["rows"]}
        self.infos = {info["id"]: info for info in snapshot["infos"]}
        self.tallies = {tally[0]: tally for tally in snapshot["tallies"]}

    def take(self, frame: Body) -> None:
        self.seq, self.now = frame["seq"], frame["now"]
        for whole in ("conference", "units", "documents"):
            setattr(self, whole, frame.get(whole, getattr(self, whole)))
        self.rows |= {row[0]: row for row in frame.get("rows", [])}
        self.infos |= {info["id"]: info for info in frame.get("infos", [])}
        self.tallies |= {tally[0]: tally for tally in frame.get("tallies", [])}
        for gone in frame.get("removed", []):
            self.rows.pop(gone, None)
            self.infos.pop(gone, None)

    @property
    def place(self) -> Body:
        """Where to go on from. Clocks may differ by half a minute; here they do not."""
        return {"epoch": self.epoch, "seq": self.seq, "at": self.now + sockets.CLOCKS_MS}

    def known(self) -> dict[str, Any]:
        return {k: v for k, v in vars(self).items() if k != "now"}

    async def follow(self, socket: Socket, seq: int) -> None:
        """Takes frames until it knows of event `seq`."""
        while self.seq < seq:
            self.take(await socket.next("frame"))


async def fresh(house: Whole, token: str, **hello: Any) -> Picture:
    async with house.wall(token, **hello) as wall:
        return Picture(await wall.message())


async def seq_of(house: Whole) -> int:
    detail = await house.admin.call("GET", house.one, dict)
    return int(detail["seq"])


async def test_a_tap_becomes_one_frame_with_full_values(house: Whole) -> None:
    async with house.operator(await house.device(1)) as room, house.wall(await house.kiosk()) as wall:
        picture = Picture(await wall.message())
        await room.done("check_in", point=1)
        done = await room.done("report_headcount", point=1, in_room=72)
        await picture.follow(wall, done["seq"])
        assert picture.rows[1][1] == "ok"
        assert picture.rows[1][3] == 72
        assert picture.tallies[""][6] == 72, "the sum of all"
        assert picture.tallies["271"][6] == 72, "the sum of its district"
        assert picture.tallies["001"][6] == 0


async def test_many_taps_of_one_interval_are_one_frame(house: Whole) -> None:
    """Given a wall, when thirty commands come at once, then no two frames come within one interval."""
    async with house.wall(await house.token()) as desk, house.wall(await house.kiosk()) as wall:
        picture = Picture(await wall.message())
        await desk.message()
        for point in (1, 2, 3, 4):
            await house.command("check_in", point=point)
        ids = [await desk.do("report_headcount", point=1 + n % 4, in_room=n) for n in range(30)]
        for id in ids:
            assert (await desk.answer(id))["t"] == "done"
        sent_at: list[int] = []
        last = await seq_of(house)
        while picture.seq < last:
            frame = await wall.next("frame")
            assert len({row[0] for row in frame["rows"]}) == len(frame["rows"]), "a room stands once in a frame"
            picture.take(frame)
            sent_at.append(frame["now"])
        # By the server's own clock, so that a slow machine changes nothing; one millisecond is rounding.
        assert all(b - a >= QUICK.interval_ms - 1 for a, b in pairwise(sent_at))
        assert [picture.rows[p][3] for p in (1, 2, 3, 4)] == [28, 29, 26, 27]


async def test_frames_after_a_snapshot_lead_to_a_fresh_snapshot(house: Whole) -> None:
    kiosk = await house.kiosk()
    async with house.wall(kiosk) as wall:
        picture = Picture(await wall.message())
        for type, fields in (
            ("check_in", {"point": 1}),
            ("report_headcount", {"point": 1, "in_room": 70, "absent_excused": 2, "absent_unexcused": 0}),
            ("follow_tv", {"point": 2}),
            ("ask_help", {"point": 3, "category": "line", "note": "chập chờn"}),
            ("edit_points", {"edits": [{"point": 4, "seats": 99, "name": "Hội trường"}]}),
            ("edit_conference", {"title": "Hội nghị đã đổi tên"}),
            ("merge_points", {"into": 1, "points": [2]}),
            ("close_points", {"points": [4]}),
            ("leave", {"point": 1}),
        ):
            await house.command(type, **fields)
        await picture.follow(wall, await seq_of(house))
        assert picture.known() == (await fresh(house, kiosk)).known()


# --- coming back


async def test_who_comes_back_gets_what_was_missed(house: Whole) -> None:
    kiosk = await house.kiosk()
    before = await fresh(house, kiosk)
    await house.command("check_in", point=2)
    await house.command("close_points", points=[4])
    async with house.socket() as socket:
        await socket.hello(token=kiosk, resume=before.place)
        assert (await socket.message())["resumed"] is True
        missed = await socket.message()
    assert missed["t"] == "frame"
    assert [row[0] for row in missed["rows"]] == [2], "what did not change is not sent again"
    before.take(missed)
    assert before.known() == (await fresh(house, kiosk)).known()


async def test_who_missed_nothing_gets_an_empty_frame(house: Whole) -> None:
    kiosk = await house.kiosk()
    before = await fresh(house, kiosk)
    async with house.socket() as socket:
        await socket.hello(token=kiosk, resume=before.place)
        assert (await socket.message())["resumed"] is True
        missed = await socket.message()
    assert (missed["t"], missed.get("rows", []), missed.get("removed", [])) == ("frame", [], [])


@pytest.mark.parametrize("resume", [{"epoch": "another"}, {"seq": 1_000_000}], ids=["other journal", "the future"])
async def test_a_place_that_this_journal_does_not_know_gets_everything(house: Whole, resume: Body) -> None:
    kiosk = await house.kiosk()
    before = await fresh(house, kiosk)
    async with house.socket() as socket:
        await socket.hello(token=kiosk, resume={"epoch": before.epoch, "seq": before.seq, **resume})
        assert (await socket.message())["resumed"] is False
        assert (await socket.message())["t"] == "snapshot"


# --- a kiosk


async def upload(house: Whole, title: str, release_at: int | None = None, **query: Any) -> Body:
    path = f"{house.one}/documents?{urlencode({'title': title, **query})}"
    path += f"&release_at={release_at}" if release_at else ""
    name = {"X-File-Name": "de-cuong.txt"}
    return await house.admin.call("POST", path, dict, data=files.TEXT + title.encode(), **name)


async def test_a_kiosk_learns_of_a_document_when_everybody_does(house: Whole) -> None:
    """Given a kiosk and a guest's wall, when a document waits and is then released, then the guest sees it wait, and
    the kiosk gets nothing of it before: not at first, not by frames, not on coming back, not over HTTP."""
    kiosk, guest = await house.kiosk(), await house.token("viewer")
    await upload(house, "Đã công bố")
    await upload(house, "Riêng phòng 1", point=1)
    before = await fresh(house, kiosk)
    async with house.wall(kiosk) as wall, house.wall(guest) as inside:
        picture, other = Picture(await wall.message()), Picture(await inside.message())
        secret = await upload(house, "Bí mật đến phút chót", release_at=now_ms() + 3_600_000)
        for shown, socket in ((picture, wall), (other, inside)):
            await shown.follow(socket, await seq_of(house))
        assert [d["title"] for d in other.documents] == ["Đã công bố", "Riêng phòng 1", "Bí mật đến phút chót"]
        assert [d["title"] for d in picture.documents] == ["Đã công bố"]
        async with house.socket() as socket:
            await socket.hello(token=kiosk, resume=before.place)
            missed = [await socket.message(), await socket.message()]
        async with Api(house.base, token=kiosk) as screen:
            told = await screen.call("GET", house.one, dict)
        everything = msgspec.json.encode([picture.known(), missed, told, (await fresh(house, kiosk)).known()]).decode()
        assert secret["hash"] not in everything
        assert "Bí mật" not in everything
        assert told["conference"].get("code") is None

        await house.command("edit_document", document=secret["id"], release_at=None)
        await picture.follow(wall, await seq_of(house))
        assert [d["title"] for d in picture.documents] == ["Đã công bố", "Bí mật đến phút chót"]
        assert picture.known() == (await fresh(house, kiosk)).known()


async def test_an_address_given_before_ends_when_its_document_is_taken_back(house: Whole) -> None:
    """Given the address that a phone got for a file, when the document is withdrawn or its release put off, then the
    address opens nothing, and again when it is back."""
    document = await upload(house, "Thông báo")
    code = (await house.admin.call("GET", house.one, dict))["conference"]["code"]
    async with house.admin._open.get(f"{house.base}/D/{code}/{document['id']}", allow_redirects=False) as answer:
        address = answer.headers["Location"]

    async def status() -> int:
        async with house.admin._open.get(f"{house.base}{address}") as answer:
            return answer.status

    assert await status() == 200
    await house.command("withdraw_document", document=document["id"])
    assert await status() == 410
    await house.command("restore_document", document=document["id"])
    assert await status() == 200
    await house.command("edit_document", document=document["id"], release_at=now_ms() + 3_600_000)
    assert await status() == 410


# --- a subtree


async def test_an_organizer_of_a_subtree_is_shown_that_subtree_only(house: Whole) -> None:
    token = await house.token("organizer", "271")
    async with house.wall(token) as wall:
        snapshot = await wall.message()
        assert [row[0] for row in snapshot["rows"]] == [1, 2, 3]
        assert [unit["code"] for unit in snapshot["units"]] == ["271", "09619", "09622"]
        assert snapshot["tallies"][0][:2] == ["", 3]
        picture = Picture(snapshot)
        await house.command("edit_points", edits=[{"point": 4, "seats": 1}])
        await house.command("check_in", point=4)
        await house.command("check_in", point=1)
        await picture.follow(wall, await seq_of(house))
        assert sorted(picture.rows) == [1, 2, 3], "nothing of the others came by a frame"
        assert sorted(picture.infos) == [1, 2, 3]
        assert picture.tallies[""][2] == 1
        assert picture.known() == (await fresh(house, token)).known()


async def test_a_wall_may_be_narrowed(house: Whole) -> None:
    narrowed = await fresh(house, await house.token("viewer"), unit="001")
    assert sorted(narrowed.rows) == [4]
    screen = await fresh(house, await house.kiosk("001"))
    assert sorted(screen.rows) == [4]


async def test_a_subtree_that_is_no_unit_shows_nothing(house: Whole) -> None:
    picture = await fresh(house, await house.token("viewer"), unit="nowhere")
    assert picture.rows == {}
    assert picture.units == []


async def test_a_wall_is_told_when_nothing_can_be_written_and_when_it_can_again(
    house: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a journal that takes nothing, when rooms report, then walls that look and walls that come know that what
    they see stands still."""
    monkeypatch.setattr(conductor, "HELD_SECONDS", 0)
    monkeypatch.setattr(conductor, "PATIENCE_SECONDS", 0)
    turn = house.server.journal.turn

    def full(conference: str) -> None:
        raise OSError("disk full")

    async with house.wall(await house.token()) as wall:
        assert (await wall.next("snapshot")).get("held", False) is False
        monkeypatch.setattr(house.server.journal, "turn", full)
        with pytest.raises(ApiError):
            await house.command("check_in", point=1)
        while not (await wall.next("frame")).get("held"):
            pass
        async with house.wall(await house.token()) as late:
            assert (await late.next("snapshot"))["held"] is True
        monkeypatch.setattr(house.server.journal, "turn", turn)
        await house.command("check_in", point=1)
        while (await wall.next("frame")).get("held") is not False:
            pass
