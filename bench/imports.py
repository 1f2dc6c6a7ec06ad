"""An import of 40,000 rooms, and reading them all again, while the beats and taps of others go on."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable

import aiohttp
import msgspec

from server.client.http import Api
from server.tasks import Tasks

from . import ground as grounds
from .result import Limit, Result
from .rooms import Peer, connect, now

ROOMS, ROOMS_SHORT = 40_000, 10_000
A_UNIT = 4  # rooms of one unit: a country has ten thousand of them
BEATING, TAPPING = 8, 8  # rooms that are there before; one connection may say 20 things a second
PACE = 1 / 15  # seconds from one answer to the next question of the same connection
MOST_IMPORT_S, MOST_READ_S = 10.0, 5.0
MOST_STALL_MS = 100.0  # what a beat may wait: a person does not notice it
MOST_TAP_MS = 1_000.0  # what a tap may wait: it shares the journal with the import
PATIENCE = 120  # seconds; who lost his connection would wait for ever
NAME = {"X-File-Name": "rooms.csv"}
READ = (
    ("list", "points?limit=40000"),
    ("search", "points?limit=40000&q=phuong+so"),
    ("subtree", "points?limit=40000&unit=ROOT"),
    ("page", "points?limit=200&after=5000"),
    ("detail", "points/5000"),
    ("links", "links"),
    ("contacts", "contacts"),
    ("csv", "points.csv"),
    ("xlsx", "points.xlsx"),
)


class Asking:
    """One connection that asks, waits for the answer and asks again. `waits`: seconds from question to answer."""

    def __init__(self, question: Callable[[], bytes], answer: bytes) -> None:
        self._question, self._answer = question, answer
        self._came = asyncio.Event()
        self._heard = asyncio.Condition()
        self.waits: list[float] = []

    async def run(self, ground: grounds.Ground, device: str) -> None:
        hello: dict[str, object] = {"conference": ground.conference, "token": device}
        peer = await connect(ground.socket, hello, self._take)
        try:
            while True:
                await self._ask(peer)
                await asyncio.sleep(PACE)
        finally:
            if peer.transport:
                peer.transport.abort()

    async def _ask(self, peer: Peer) -> None:
        self._came.clear()
        asked = now()
        peer.send(self._question())
        await self._came.wait()
        self.waits.append(now() - asked)
        async with self._heard:
            self._heard.notify_all()

    async def answered(self) -> None:
        """Returns with the next answer."""
        async with self._heard:
            await self._heard.wait()

    def _take(self, _: Peer, payload: bytes) -> None:
        if payload.startswith(self._answer):
            self._came.set()


class Watch:
    """How long beats wait (for the server's loop alone) and taps (for the disk too)."""

    def __init__(self, ground: grounds.Ground) -> None:
        self._ground, self._ids, self._tasks = ground, itertools.count(), Tasks()
        self.beats = [Asking(lambda: b'{"t":"beat"}', b'{"t":"pulse"') for _ in range(BEATING)]
        self.taps = [Asking(self._tap(point), b'{"t":"done"') for point in ground.points[BEATING:]]

    def start(self) -> None:
        asking = zip([*self.beats, *self.taps], self._ground.devices, strict=True)
        for n, (one, device) in enumerate(asking):
            self._tasks.start(f"asking {n}", one.run(self._ground, device))

    async def stop(self) -> None:
        await self._tasks.stop()

    def _tap(self, point: int) -> Callable[[], bytes]:
        def tap() -> bytes:
            n = next(self._ids)
            command = {"type": "report_headcount", "point": point, "in_room": n % 90}
            return msgspec.json.encode({"t": "do", "id": f"{time.time_ns()}{n:06d}", "command": command})

        return tap

    async def during(self, work: Awaitable[object]) -> dict[str, float]:
        """Seconds that `work` took, and the longest waits meanwhile in milliseconds."""
        async with asyncio.timeout(PATIENCE):
            await self._answered()
            for one in (*self.beats, *self.taps):
                one.waits.clear()
            began = now()
            await work
            took = now() - began
            await self._answered()
        stall, tap = (max(w for one in kind for w in one.waits) * 1e3 for kind in (self.beats, self.taps))
        return {"s": took, "stall_ms": stall, "tap_ms": tap}

    async def _answered(self) -> None:
        """Whoever waits has his answer, which counts."""
        await asyncio.gather(*(one.answered() for one in (*self.beats, *self.taps)))


async def run(short: bool) -> list[Result]:
    rooms = ROOMS_SHORT if short else ROOMS
    ground = await grounds.make(BEATING + TAPPING)
    grounds.pin_load()
    try:
        async with Api(ground.server.base) as api:
            await ground.server.sign_in(api)
            return await _measure(api, ground, rooms)
    finally:
        await ground.server.stop()
        ground.server.remove()


async def _measure(api: Api, ground: grounds.Ground, rooms: int) -> list[Result]:
    units = grounds.as_csv(["Mã", "Tên", "Loại", "Mã cha"], grounds.unit_rows(rooms // A_UNIT))
    await api.call("POST", "/api/units/import?dry_run=false", msgspec.Raw, data=units, **NAME)
    path = f"/api/conferences/{ground.conference}/points/import?dry_run="
    wall = await connect(ground.socket, {"conference": ground.conference, "token": ground.watcher}, lambda *_: None)
    for point in ground.points:
        await grounds.command(api, ground, {"type": "check_in", "point": point})
    watch = Watch(ground)
    watch.start()

    def post(rows: bytes, dry_run: str) -> Awaitable[object]:
        return api.call("POST", path + dry_run, msgspec.Raw, data=rows, **NAME)

    new, changed = _rows(rooms, 70), _rows(rooms, 71)
    params: dict[str, object] = {"rooms": rooms, "beating": BEATING, "tapping": TAPPING}
    results = [
        _result("import preview", params, await watch.during(post(new, "true")), MOST_IMPORT_S),
        _result("import added", params, await watch.during(post(new, "false")), MOST_IMPORT_S),
        _result("import changed", params, await watch.during(post(changed, "false")), MOST_IMPORT_S),
        _result("import unchanged", params, await watch.during(post(changed, "false")), MOST_IMPORT_S),
    ]
    assert not wall.closed, "the wall saw it all"
    for name, what in READ:
        results.append(_result(f"points {name}", params, await watch.during(_get(api, ground, what)), MOST_READ_S))
    await watch.stop()
    return results


async def _get(api: Api, ground: grounds.Ground, what: str) -> None:
    """The answer as bytes: what it holds is not this bench's question."""
    url = f"{api.base}/api/conferences/{ground.conference}/{what}"
    async with aiohttp.request("GET", url, headers=api.identity(), raise_for_status=True) as answer:
        await answer.read()


def _result(name: str, params: dict[str, object], figures: dict[str, float], seconds: float) -> Result:
    rooms = params["rooms"]
    assert isinstance(rooms, int)
    limits = {"s": Limit(most=seconds), "stall_ms": Limit(most=MOST_STALL_MS), "tap_ms": Limit(most=MOST_TAP_MS)}
    return Result(name, params, figures | {"rooms_per_s": rooms / figures["s"]}, limits)


def _rows(rooms: int, expected: int) -> bytes:
    """Every room in full, with somebody to call."""
    heading = ["Mã đơn vị", "Tên phòng", "Chỗ ngồi", "Triệu tập", "Người phụ trách", "Điện thoại", "Địa chỉ", "Tọa độ"]
    rows = []
    for n in range(rooms):
        room = [f"U{n // A_UNIT}", f"Phòng {n % A_UNIT}", "90", str(expected)]
        rows.append([*room, f"Nguyễn Văn {n}", f"09{n:08d}", f"Số {n} đường Lê Lợi", "21.03, 105.85"])
    return grounds.as_csv(heading, rows)
