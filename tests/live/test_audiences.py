"""What a stranger's morning found: each stays found."""

from pathlib import Path

import pytest

from server.app import CannotStart, Server
from server.conference import Actor
from server.config import Config, Listen
from server.live.audience import Sight
from server.live.hub import Hub
from server.live.presence import Presence
from server.live.wire import encode
from server.protocol.base import LATEST
from server.protocol.commands import (
    AddDocument,
    AddPoints,
    AnswerAir,
    AskAir,
    CheckIn,
    Command,
    EditConference,
    IssueCode,
    NewPoint,
    PutOnAir,
    Scope,
    SetCodeExpiry,
    UnitNode,
    WithdrawDocument,
)
from tests.conference.given import ADMIN, Conference, operator
from tests.conference.samples import FILE


def test_titles_of_documents_stay_inside_their_scope() -> None:
    c = Conference()
    for title, scope in (("all", Scope()), ("ba vi", Scope(unit="271")), ("room 1", Scope(point=1))):
        c.when(AddDocument(title, FILE, scope))
    hub = Hub(Presence(0))
    hub.begin(c.state, "e")

    def seen(root: str | None) -> list[str]:
        return [d.title for d in hub.documents(c.now, Sight(root))]

    assert seen(None) == ["all", "ba vi", "room 1"]
    assert seen("271") == ["all", "ba vi", "room 1"]
    assert seen("09622") == ["all", "ba vi"]
    assert seen("001") == ["all"]


class Screen:
    """Stands where a socket stands: keeps what was sent, as it was sent."""

    behind = None

    def is_full(self) -> bool:
        return False

    def __init__(self) -> None:
        self.heard: list[str] = []

    def send(self, frame: bytes) -> bool:
        self.heard.append(frame.decode(errors="replace"))
        return True


def test_the_public_is_shown_no_document_before_its_time() -> None:
    """Given a kiosk and an organizer's wall, when a document waits, is released and withdrawn, then the kiosk gets
    its title with the release and not a moment before, and loses it again."""
    c, kiosk, desk = Conference(), Screen(), Screen()
    hub = Hub(Presence(0))
    hub.begin(c.state, "e")
    release = c.now + 60_000
    public, inside = Sight(None, public=True), Sight(None)
    hub.join(kiosk, public)  # type: ignore[arg-type]
    hub.join(desk, inside)  # type: ignore[arg-type]

    def after(*commands: Command) -> str:
        """What the kiosk can know after the commands: frames, a fresh picture, and what was missed."""
        before = len(c.events)
        for command in commands:
            c.when(command)
        hub.publish(c.state, c.events[before:])
        kiosk.heard.clear()
        hub.tick(c.now)
        again = (hub.snapshot(public, c.now), hub.resume(public, 0, 0, c.now))
        return "".join(kiosk.heard) + encode(again[0]).decode() + encode(again[1]).decode()

    waiting = after(AddDocument("Chưa công bố", FILE, release_at=release))
    assert "Chưa công bố" not in waiting
    assert FILE.hash not in waiting
    assert "Chưa công bố" in "".join(desk.heard)
    c.now = release - 1
    assert "Chưa công bố" not in after()
    c.now = release
    assert after().count("Chưa công bố") == 3, "by a frame, in a fresh picture, and to who comes back"
    assert "Chưa công bố" not in after(WithdrawDocument(1))
    assert [d.state for d in hub.documents(c.now, inside)] == ["withdrawn"]


def test_the_public_is_shown_what_all_of_it_may_have() -> None:
    """A screen in a district's corridor names what the whole district gets, not what one room of it gets."""
    c = Conference()
    for title, scope in (("all", Scope()), ("ba vi", Scope(unit="271")), ("room 1", Scope(point=1))):
        c.when(AddDocument(title, FILE, scope))
    hub = Hub(Presence(0))
    hub.begin(c.state, "e")

    def seen(root: str | None) -> list[str]:
        return [d.title for d in hub.documents(c.now, Sight(root, public=True))]

    assert seen(None) == ["all"]
    assert seen("271") == ["all", "ba vi"]
    assert seen("09619") == ["all", "ba vi"]
    assert seen("001") == ["all"]


def test_the_public_gets_no_code() -> None:
    c, kiosk = Conference(), Screen()
    hub = Hub(Presence(0))
    hub.begin(c.state, "e")
    hub.join(kiosk, Sight("271", public=True))  # type: ignore[arg-type]
    for command in (IssueCode("ALL0CODE000"), SetCodeExpiry(c.now + 60_000), EditConference(title="Đã đổi tên")):
        c.when(command)
    hub.publish(c.state, c.events[-3:])
    hub.tick(c.now)
    assert "Đã đổi tên" in kiosk.heard[0]
    assert "ALL0CODE000" not in kiosk.heard[0]
    public = hub.snapshot(Sight("271", public=True), c.now).conference
    assert (public.code, public.code_expires_at) == (None, None)
    assert hub.snapshot(Sight("271"), c.now).conference.code == "ALL0CODE000"


def test_which_room_is_on_air_is_told_to_those_who_may_see_it() -> None:
    """Given walls of the whole, of the room's district and of another one, when the room goes on air and its
    commune later belongs to the other district, then each knows its number exactly while it may see the room."""
    c, roots = Conference(), (None, "271", "001")
    hub, screens = Hub(Presence(0)), {root: Screen() for root in roots}
    hub.begin(c.state, "e")
    for root, screen in screens.items():
        hub.join(screen, Sight(root))  # type: ignore[arg-type]

    def know(command: Command, actor: Actor = ADMIN) -> list[str | None]:
        before = len(c.events)
        c.when(command, actor)
        hub.publish(c.state, c.events[before:])
        for screen in screens.values():
            screen.heard.clear()
        hub.tick(c.now)
        fresh = [root for root in roots if hub.snapshot(Sight(root), c.now).conference.on_air == 1]
        missed = [root for root in roots if b'"on_air":1' in encode(hub.resume(Sight(root), 0, 0, c.now))]
        told = [root for root in roots if '"on_air":1' in "".join(screens[root].heard)]
        assert fresh == missed
        assert told in (fresh, [])
        return told

    know(CheckIn(1), operator(1))
    know(AskAir(1))
    know(AnswerAir(1), operator(1))
    assert know(PutOnAir(1)) == [None, "271"]
    moved = UnitNode("09619", "Xã Tản Lĩnh", "xã", "001", 2)
    assert know(AddPoints([moved], [NewPoint("00001", "CODE9")], first=5)) == [None, "001"]


def test_a_frame_that_all_may_see_is_made_once() -> None:
    """Two kiosks and two organizers' walls of the whole tree: the same bytes to all, unless they must differ."""
    c, screens = Conference(), [Screen() for _ in range(4)]
    hub = Hub(Presence(0))
    hub.begin(c.state, "e")
    for n, screen in enumerate(screens):
        hub.join(screen, Sight(None, public=n > 1))  # type: ignore[arg-type]
    c.when(CheckIn(1))
    hub.publish(c.state, c.events[-1:])
    assert hub.tick(c.now) == 4
    assert len({screen.heard[0] for screen in screens}) == 1
    c.when(AddDocument("Chưa công bố", FILE, release_at=c.now + 60_000))
    hub.publish(c.state, c.events[-1:])
    hub.tick(c.now)
    assert [screen.heard[1] for screen in screens[:2]] == [screens[0].heard[1]] * 2
    assert [screen.heard[1] for screen in screens[2:]] == [screens[2].heard[1]] * 2
    assert screens[0].heard[1] != screens[2].heard[1]


def test_a_clock_from_another_age_leaves_a_date_that_calendars_hold() -> None:
    c = Conference()
    c.when(CheckIn(1), operator(1), tapped_at=2**53 - 1, sent_at=2**53 - 1)
    assert (c.events[-1].tapped_at, c.events[-1].occurred_at) == (LATEST, c.now)


async def test_a_second_server_over_one_folder_does_not_start(tmp_path: Path) -> None:
    config = Config(data_dir=str(tmp_path), listen=Listen(port=0))
    first, second = Server(config), Server(config)
    await first.start()
    try:
        with pytest.raises(CannotStart, match="in use by another server"):
            await second.start()
    finally:
        await first.stop()
    third = Server(config)
    await third.start()
    await third.stop()


async def test_a_folder_that_cannot_be_used_is_named_by_its_key(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    server = Server(Config(data_dir=str(tmp_path / "file"), listen=Listen(port=0)))
    with pytest.raises(CannotStart, match=r"data_dir: .*cannot be used"):
        await server.start()


async def test_a_file_that_is_no_database_is_named_by_its_key(tmp_path: Path) -> None:
    (tmp_path / "nhipcau.db").write_bytes(b"this is no database" * 100)
    server = Server(Config(data_dir=str(tmp_path), listen=Listen(port=0)))
    with pytest.raises(CannotStart, match=r"database: .*not a database"):
        await server.start()
