"""What the bench of imports would notice: a single answer that is late is found among many that are not."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from bench.ground import Ground
from bench.imports import BEATING, TAPPING, Watch
from bench.process import ServerProcess

LATE = 0.3  # seconds
NEVER = 10**9


class Slow:
    """Answers every question at once, but of one kind the given one late."""

    def __init__(self) -> None:
        self.asked = 0
        self.late_kind, self.late_one = "", NEVER
        self.was_late = asyncio.Event()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            assert message.type is WSMsgType.TEXT
            kind = message.json()["t"]
            answer = {"hello": '{"t":"welcome"}', "beat": '{"t":"pulse"}', "do": '{"t":"done"}'}[kind]
            self.asked += 1
            if kind == self.late_kind and self.asked > self.late_one:
                self.late_one = NEVER
                asyncio.get_running_loop().call_later(LATE, self.was_late.set)
                await self.was_late.wait()
            await socket.send_str(answer)
        return socket


@pytest.fixture
async def slow() -> AsyncIterator[tuple[Slow, Watch]]:
    server, process = Slow(), ServerProcess()
    process.remove()  # it is never started: the server runs in this process
    app = web.Application()
    app.router.add_get("/ws", server.serve)
    async with TestServer(app) as listening:
        process.base = str(listening.make_url("")).rstrip("/")
        points = list(range(1, BEATING + TAPPING + 1))
        watch = Watch(Ground("c", points, ["token"] * len(points), server=process))
        watch.start()
        yield server, watch
        await watch.stop()


@pytest.mark.parametrize(("kind", "late", "prompt"), [("beat", "stall_ms", "tap_ms"), ("do", "tap_ms", "stall_ms")])
async def test_one_late_answer_is_the_longest_wait_of_its_kind(
    slow: tuple[Slow, Watch], kind: str, late: str, prompt: str
) -> None:
    server, watch = slow
    server.late_kind = kind

    async def work() -> None:
        server.late_one = server.asked
        await server.was_late.wait()

    figures = await watch.during(work())

    assert figures[late] >= LATE * 1e3
    assert figures[prompt] < LATE * 1e3
