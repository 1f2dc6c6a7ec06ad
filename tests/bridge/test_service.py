"""Bridges and the coordination service, both real: who reports, what is obeyed, where rooms go when a bridge dies."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from socket import create_server
from typing import Any

import aiohttp
import msgspec
import pytest

from bridge.config import Service
from bridge.door.tasks import Tasks
from bridge.testcard.publisher import publish
from server.client.http import Api
from server.config import MediaConfig
from server.protocol.bridges import BridgeView, MediaPass, MediaState
from tests.bridge.door.house import KEY, SDP, WATCHING, House, Peer, a_pass, come, opened
from tests.servers.whole import Whole, whole
from tests.waiting import until, until_async

SECONDS = 60.0  # for what takes ten at most, on a machine that does other things as well


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Whole]:
    async with whole(tmp_path, media=MediaConfig(KEY)) as house, asyncio.timeout(SECONDS):
        yield house


def free_port() -> int:
    with create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@asynccontextmanager
async def bridge(service: Whole, name: str, unit: str = "", **more: Any) -> AsyncIterator[House]:
    """One that the service knows."""
    port = free_port()
    knows = Service(service.base, name, f"http://127.0.0.1:{port}", unit)
    async with opened(listen_port=port, service=knows, **more) as house:
        house.conference = service.conference
        await until_async(lambda: alive(service, name), f"{name} in the register")
        yield house


async def alive(service: Whole, name: str) -> bool:
    return name in [one.name for one in await listed(service) if one.alive]


async def listed(service: Whole) -> list[BridgeView]:
    return await service.admin.call("GET", "/api/bridges", list[BridgeView])


async def drain(service: Whole, name: str) -> None:
    await service.admin.call("POST", f"/api/bridges/{name}/drain", object, {"on": True})


def shown(house: House) -> str:
    return house.door.reception.stage.programme(house.conference)


def watching(house: House) -> int:
    return sum(not one.publishes for one in house.door.reception.sessions.values())


@asynccontextmanager
async def hall(house: House, stream: str = "main", generation: int = 1) -> AsyncIterator[Peer]:
    async with come(house, stream, "publish", generation=generation) as peer:
        yield peer


# --- in the register


async def test_a_bridge_is_seen_with_what_it_carries(service: Whole) -> None:
    async with bridge(service, "ha-noi", "271") as house, hall(house), come(house, "programme", "watch"):
        await until_async(lambda: fares(service, viewers=1), "its viewer told")
        (found,) = await listed(service)
        assert (found.name, found.unit, found.capacity, found.upstream) == ("ha-noi", "271", 700, False)
        expected = ("ha-noi", "main", ["main"])
        await until_async(lambda: media(service, expected), "what it carries and shows")


async def media(service: Whole, expected: tuple[str, str, list[str]]) -> bool:
    state = await service.admin.call("GET", f"{service.one}/media", MediaState)
    return (state.bridge, state.showing, [p.stream for p in state.publishers]) == expected


async def fares(service: Whole, viewers: int) -> bool:
    return [one.viewers for one in await listed(service)] == [viewers]


async def test_without_the_service_everybody_sees_on(service: Whole) -> None:
    """Given a bridge whose service stops, then its viewer's picture goes on and new ones come in."""
    async with bridge(service, "a") as house, hall(house), come(house, "programme", "watch", "one") as room:
        await room.frames(3)
        await service.server.stop()
        async with come(house, "programme", "watch", "two") as other:
            assert len(await room.frames(30)) == len(await other.frames(3, "audio")) * 10


# --- what is obeyed


async def agrees(service: Whole) -> None:
    """The first room is asked to speak, and says yes."""
    token = await service.device(1)
    await service.command("check_in", point=1)
    await service.command("ask_air", point=1)
    async with service.operator(token) as room:
        assert (await room.done("answer_air", point=1))["t"] == "done"


async def test_the_room_that_organizers_put_on_air_is_shown_and_taken_back(service: Whole) -> None:
    await agrees(service)
    async with (
        bridge(service, "a") as house,
        hall(house),
        hall(house, "point/1"),
        come(house, "programme", "watch") as other,
    ):
        await until(lambda: shown(house) == "main", "the hall")
        await service.command("put_on_air", point=1)
        await until(lambda: shown(house) == "point/1", "the room")
        await other.frames(3)
        await service.command("put_on_air", point=None)
        await until(lambda: shown(house) == "main", "the hall again")


async def test_keys_that_were_renewed_end_what_the_old_ones_opened(service: Whole) -> None:
    async with bridge(service, "a") as house, hall(house), come(house, "main", "watch") as viewer:
        await viewer.frames(1)
        await service.command("renew_media_keys")
        await until(lambda: not house.door.reception.stage.publisher(house.conference, "main"), "the encoder gone")
        again = await house.publish(generation=1)
        assert (again.status, again.code) == (401, "pass_renewed")
        assert (await house.publish(generation=2)).status == 201
        assert watching(house) == 1


# --- when a bridge goes


async def test_from_a_drained_bridge_all_go_to_the_other(service: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given two bridges, an encoder and viewers at one, when it is drained, then the encoder is led to the other at
    once, and everybody who watches has left."""
    monkeypatch.setattr("bridge.service.LEAVE_SECONDS", 1.0)
    monkeypatch.setattr("bridge.uplink.uplinks.LINGER_SECONDS", 0.1)
    async with AsyncExitStack() as stack:
        first, second = [await stack.enter_async_context(bridge(service, name)) for name in ("a", "b")]
        await stack.enter_async_context(hall(first))
        for who in ("one", "two", "three"):
            await stack.enter_async_context(come(first, "programme", "watch", who))
        await until_async(lambda: home_is(service, "a"), "the encoder told")

        await drain(service, "a")

        await until(lambda: not first.door.reception.sessions, "everybody gone, and what was fetched for them")
        told = first.door.directions.orders = msgspec.structs.replace(first.door.directions.orders, mark="")
        await until(lambda: first.door.directions.orders is not told, "the next orders, to a bridge that is empty")
        assert (await first.watch()).code == "draining"
        led = await first.publish(generation=1)
        assert (led.status, led.code) == (307, "published_elsewhere")
        assert led.headers["Location"] == f"http://127.0.0.1:{second.door.port}/whip/{service.conference}/main"
        assert (await second.publish(generation=1)).status == 201


async def test_an_encoder_with_the_address_of_a_drained_bridge_is_led_on_whoever_publishes(
    service: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a bridge that was drained and carries nothing, when an encoder comes to it, time and again, then it is led
    to the new home before anybody publishes there; the test card goes along, and later ones are led as well."""
    monkeypatch.setattr("bridge.testcard.publisher.RETRY_SECONDS", (0.1,))
    async with bridge(service, "a") as first, bridge(service, "b") as second, Tasks() as tasks:
        await drain(service, "a")
        await until(lambda: first.door.reception.draining, "the order")
        assert (await first.publish(generation=1)).code == "draining"

        main = f"http://127.0.0.1:{first.door.port}/whip/{service.conference}/main"
        tasks.start("card", publish(main, a_pass(conference=service.conference, generation=1)))

        await until(lambda: shown(second) == "main", "the test card at the new home")
        assert not first.door.reception.sessions
        for stream in ("spare", "point/1"):
            assert (await first.publish(stream=stream, generation=1)).code == "published_elsewhere"


async def home_is(service: Whole, name: str) -> bool:
    return await media(service, (name, "main", ["main"]))


async def test_the_bridge_of_a_unit_takes_the_programme_from_the_home(service: Whole) -> None:
    async with bridge(service, "trung-tam") as home, bridge(service, "ba-vi", "271") as near, hall(home):
        async with come(near, "programme", "watch") as room:
            assert len(await room.frames(5)) == 5
            assert watching(home) == 1
        led = await near.watch(stream="point/1")
        assert (led.status, led.code) == (307, "published_elsewhere")


async def started(service: Whole, folder: Path, name: str) -> Process:
    """A bridge as operators start it, in a process of its own."""
    port = free_port()
    given = {
        "KEY": KEY, "LISTEN__PORT": port, "MEDIA__PORT": 0, "WORKERS": 1, "SERVICE__URL": service.base,
        "SERVICE__NAME": name, "SERVICE__OWN_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    environment = {**os.environ, **{f"NHIPCAU_BRIDGE__{key}": str(value) for key, value in given.items()}}
    with (folder / f"{name}.log").open("wb") as log:
        command = (sys.executable, "-m", "server.cli", "bridge")
        return await asyncio.create_subprocess_exec(*command, env=environment, stderr=log)


async def test_when_a_bridge_dies_a_room_has_another_one(service: Whole, tmp_path: Path) -> None:
    processes = {name: await started(service, tmp_path, name) for name in ("a", "b")}
    try:
        for name in processes:
            await until_async(lambda name=name: alive(service, name), f"{name} in the register", SECONDS)  # type: ignore[misc]
        async with Api(service.base, await service.device(1)) as room, aiohttp.ClientSession() as http:
            first = await let_in(room, http, "")
            assert first in processes

            processes[first].send_signal(signal.SIGKILL)

            second = await until_async(lambda: let_in(room, http, first), "another one")
            assert second != first
    finally:
        for process in processes.values():
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def let_in(room: Api, http: aiohttp.ClientSession, failed: str) -> str:
    """As a page does: the bridge that let it in, empty when none did."""
    wanted = {"stream": "programme", "act": "watch", "failed": failed}
    given = await room.call("POST", "/api/point/media", MediaPass, wanted)
    headers = {"Authorization": f"Bearer {given.token}", "Content-Type": SDP}
    try:
        async with http.post(given.url, data=WATCHING, headers=headers) as answer:
            return given.bridge if answer.status == 201 else ""
    except aiohttp.ClientConnectionError:
        return ""
