"""Beside servers of a newer version: what this one does not know it neither guesses nor leaves out."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from server.client.http import ApiError
from server.journal import DIALECT
from server.live.conferences import News
from server.protocol.events import ConferenceEdited, Event
from tests.servers.whole import Whole, whole

pack = msgspec.msgpack.encode


@pytest.mark.parametrize(("dialect", "taken"), [(DIALECT, 1), ("another", 0)])
async def test_news_in_another_dialect_is_read_from_the_journal(
    pair: tuple[Whole, Whole], dialect: str, taken: int
) -> None:
    _, two = pair
    live = await two.server.conferences.get(two.conference)
    assert live
    seq, epoch = live.hub.seq, live.conductor.epoch
    event = Event(seq + 1, 1, "system", ConferenceEdited(title="Không có trong sổ"), 1, None)
    news = News(two.conference, epoch, seq + 1, dialect, msgspec.Raw(pack([event])))
    two.server.conferences._hear("a server", pack(news))
    await live.conductor.look()
    assert live.hub.seq == seq + taken


async def test_a_conference_that_a_newer_version_wrote_is_left_to_servers_that_can_read_it(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    async with whole(tmp_path, **settings) as one:
        async with one.server.engine.begin() as db:
            await db.execute(text("UPDATE events SET version = 2 WHERE seq = 2"))
        async with whole(tmp_path, again=one, **settings) as two:
            assert (await two.admin.call("GET", "/readyz", dict))["ready"]
            with pytest.raises(ApiError) as refused:
                await two.admin.call("GET", two.one, dict)
            assert refused.value.error.code == "busy"
            with pytest.raises(ApiError) as unfit:
                await two.admin.call("GET", "/readyz", dict)
            assert unfit.value.error.code == "not_ready"
            assert await two.admin.call("GET", "/api/conferences", list)
