"""The whole way: HTTP, handshake, worker, and frames that the other side decodes. The peer is aiortc."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bridge.door import streams
from bridge.door.carrier import Carrier
from tests.bridge.door.house import House, Peer, a_pass, come, opened
from tests.waiting import until

SECONDS = 20.0  # for what takes two at most


@asynccontextmanager
async def soon() -> AsyncIterator[None]:
    async with asyncio.timeout(SECONDS):
        yield


def shows(house: House, source: str) -> bool:
    reports = [worker.report for worker in house.door.workers]
    return any(report.following.get("c1/programme") == source for report in reports if report)


async def test_what_one_publishes_the_other_sees_and_hears() -> None:
    async with opened() as house, come(house, "main", "publish"), come(house, "main", "watch") as viewer, soon():
        assert len(await viewer.frames(10)) == 10
        assert len(await viewer.frames(10, "audio")) == 10


async def test_who_came_before_the_publisher_sees_him_begin() -> None:
    async with (
        opened() as house,
        come(house, "programme", "watch") as viewer,
        come(house, "main", "publish"),
        soon(),
    ):
        assert len(await viewer.frames(5)) == 5


async def test_the_programme_goes_over_to_the_spare_within_a_second_and_back_when_main_is_stable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given main and spare, when main's line goes dead without a word, the viewer sees the spare; when main comes back,
    the programme goes back to it once it has been there for a while."""
    monkeypatch.setattr(streams, "STABLE_SECONDS", 0.3)
    monkeypatch.setattr("bridge.door.engine.COME_AGAIN_SECONDS", 0.0)
    async with (
        opened() as house,
        come(house, "spare", "publish") as _,
        come(house, "main", "publish") as main,
        come(house, "programme", "watch") as viewer,
        soon(),
    ):
        await until(lambda: shows(house, "c1/main"), "main on the programme")
        await viewer.frames(3)

        await fall_silent(main)
        stage = house.door.reception.stage
        await until(lambda: stage.programme("c1") == "spare", "the spare chosen")
        await until(lambda: shows(house, "c1/spare"), "the spare on the programme")
        await viewer.frames(3)

        async with come(house, "main", "publish"):
            await until(lambda: shows(house, "c1/main"), "main on the programme again")
            await viewer.frames(3)


async def fall_silent(publisher: Peer) -> None:
    """As when a cable is pulled: no goodbye."""
    for sender in publisher.connection.getSenders():
        await sender.stop()


async def test_viewers_at_another_worker_see_the_same() -> None:
    async with (
        opened(workers=2) as house,
        come(house, "main", "publish"),
        come(house, "programme", "watch", "a") as one,
        come(house, "programme", "watch", "b") as two,
        soon(),
    ):
        assert worker_of(house, one) is not worker_of(house, two)
        assert len(await one.frames(3)) == len(await two.frames(3)) == 3


def worker_of(house: House, peer: Peer) -> Carrier:
    return house.door.reception.sessions[id_of(peer)].worker


async def test_a_worker_that_dies_comes_again_and_so_do_its_sessions() -> None:
    """Given a publisher and a viewer, when their worker is killed, their sessions are no more, and who comes again to
    the worker that was started in its place sees the picture."""
    async with opened() as house:
        async with come(house, "main", "publish") as publisher, come(house, "main", "watch") as viewer, soon():
            await viewer.frames(1)
            (worker,) = house.door.workers
            assert worker.process is not None
            worker.process.kill()
            await until(lambda: not house.door.reception.sessions, "its sessions forgotten")
            again = await house.ask("DELETE", publisher.location, a_pass(who="main"))
            assert (again.status, again.code) == (404, "session_unknown")
        await until(lambda: worker.ready, "a worker in its place")
        async with come(house, "main", "publish"), come(house, "main", "watch") as viewer, soon():
            await viewer.frames(1)


async def test_a_session_that_is_deleted_is_over_for_its_player_too() -> None:
    async with opened() as house, come(house, "main", "publish"), come(house, "main", "watch") as viewer, soon():
        await viewer.frames(1)

        assert (await house.ask("DELETE", viewer.location, a_pass("main", "watch", "main"))).status == 200

        await until(lambda: viewer.connection.connectionState == "closed", "the player told of it")


async def test_a_player_that_goes_is_forgotten() -> None:
    async with opened() as house, come(house, "main", "publish"), soon():
        async with come(house, "main", "watch") as viewer:
            await viewer.frames(1)
            assert len(house.door.reception.sessions) == 2
        await until(lambda: len(house.door.reception.sessions) == 1, "the viewer forgotten")


async def test_two_encoders_with_one_key_do_not_take_it_from_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a publisher whose packets come, when a second one comes with the same key, he is refused, and may come once
    the first is silent: his page was loaded again, or his line broke."""
    monkeypatch.setattr("bridge.door.engine.COME_AGAIN_SECONDS", 0.1)
    async with (
        opened() as house,
        come(house, "main", "publish") as before,
        come(house, "main", "watch") as viewer,
        soon(),
    ):
        await viewer.frames(1)
        sessions = house.door.reception.sessions
        first = sessions[id_of(before)]
        await until(lambda: first.alive, "the first one heard")
        refused = await house.publish(who="main")
        assert (refused.status, refused.code) == (409, "stream_taken")
        assert first.state == "connected"

        await fall_silent(before)
        await until(lambda: first.silent_for() > 0.1, "the first one silent")
        async with come(house, "main", "publish") as after:
            assert id_of(before) not in sessions
            await until(lambda: sessions[id_of(after)].alive, "the new one heard")
            await viewer.frames(3)


def id_of(peer: Peer) -> str:
    return peer.location.removeprefix("/session/")


async def test_metrics_count_sessions_and_workers() -> None:
    async with opened() as house, come(house, "main", "publish"), soon():
        await until(lambda: house.door.workers[0].report, "a report")
        await until(lambda: [one.state for one in house.door.reception.sessions.values()] == ["connected"], "keys")
        measured = (await house.ask("GET", "/metrics")).text
        assert 'nhipcau_bridge_sessions{act="publish",state="connected"} 1.0' in measured
        assert 'nhipcau_bridge_worker_up{worker="0"} 1.0' in measured
        assert 'nhipcau_bridge_worker_shed_total{worker="0"}' in measured
