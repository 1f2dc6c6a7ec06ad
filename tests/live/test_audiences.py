"""What a stranger's morning found: each stays found."""

from pathlib import Path

import pytest

from server.app import CannotStart, Server
from server.config import Config, Listen
from server.live.hub import Hub
from server.live.presence import Presence
from server.protocol.base import LATEST
from server.protocol.commands import AddDocument, CheckIn, Scope
from tests.conference.given import Conference, operator
from tests.conference.samples import FILE


def test_titles_of_documents_stay_inside_their_scope() -> None:
    c = Conference()
    for title, scope in (("all", Scope()), ("ba vi", Scope(unit="271")), ("room 1", Scope(point=1))):
        c.when(AddDocument(title, FILE, scope))
    hub = Hub(Presence(0))
    hub.begin(c.state, "e")

    def seen(root: str | None) -> list[str]:
        return [d.title for d in hub.documents(c.now, root)]

    assert seen(None) == ["all", "ba vi", "room 1"]
    assert seen("271") == ["all", "ba vi", "room 1"]
    assert seen("09622") == ["all", "ba vi"]
    assert seen("001") == ["all"]


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
