"""A load process of phones: what it counts as listening, and when it says that somebody has heard."""

import asyncio
import time

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from bench import listeners as of
from bench.attendees import shares
from bench.listeners import Listeners

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


async def listening(handler: Handler) -> tuple[web.AppRunner, int]:
    app = web.Application()
    app.router.add_get("/D/{code}/live", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


class Stage:
    """Streams whose bytes a test decides; each gets `greeting` at once."""

    def __init__(self, greeting: bytes = b"retry: 1\n\n") -> None:
        self._greeting = greeting
        self.codes: list[str] = []
        self.streams: list[asyncio.Transport] = []
        self._over = asyncio.Event()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        self.codes.append(request.match_info["code"])
        assert request.transport is not None
        request.transport.write(HEAD + self._greeting)
        self.streams.append(request.transport)
        await self._over.wait()
        raise ConnectionResetError

    def end(self) -> None:
        self._over.set()


async def test_phones_share_the_codes_and_each_says_when_it_heard() -> None:
    stage = Stage()
    runner, port = await listening(stage.stream)
    load = Listeners(port, "127.0.0.9", ["A", "B"])
    connected = await asyncio.to_thread(load.connect, 100)
    assert (connected.listening, connected.failed) == (100, 0)
    assert sorted(stage.codes) == ["A"] * 50 + ["B"] * 50
    assert {stream.get_extra_info("peername")[0] for stream in stage.streams} == {"127.0.0.9"}

    began = time.monotonic()
    hearing = asyncio.get_running_loop().run_in_executor(None, load.hear, b"notice-1")
    for part in (b":\n\nevent: notices\ndata: noti", b"ce-1\n\n"):  # what the line cuts is one block all the same
        for stream in stage.streams:
            stream.write(part)
    heard = sorted((await hearing).times)
    stage.end()
    await runner.cleanup()
    load.close()

    assert len(heard) == 100
    assert began <= heard[0] <= heard[-1] <= time.monotonic()


async def test_who_is_refused_or_cut_does_not_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "PATIENCE", 0.2)
    stage = Stage()

    async def choosy(request: web.Request) -> web.StreamResponse:
        if request.match_info["code"] == "no":
            return web.Response(status=503, text="busy\n\n")
        return await stage.stream(request)

    runner, port = await listening(choosy)
    load = Listeners(port, "127.0.0.1", ["yes", "no"])
    connected = await asyncio.to_thread(load.connect, 10)
    assert (connected.listening, connected.failed) == (5, 5)

    stage.streams[0].close()
    for stream in stage.streams[1:4]:
        stream.write(b"data: word\n\n")
    heard = await asyncio.to_thread(load.hear, b"word")
    stage.end()
    await runner.cleanup()
    load.close()

    assert len(heard.times) == 3, "one was cut, one was told nothing"
    assert load.failed == 6


def test_phones_are_shared_out_whole() -> None:
    assert shares(52_000, 3) == [17_334, 17_333, 17_333]
    assert shares(5, 1) == [5]
