"""How long a server takes from its start to a conference's first picture when the journal is a million events long."""

import asyncio
import secrets
from collections.abc import Iterator

import msgspec

from server.db import make_engine
from server.journal import Entry, Journal, Receipt
from server.live.conductor import SNAPSHOT_EVERY, now_ms
from server.protocol.events import CheckedIn, Event, EventBody, HeadcountReported

from . import ground as grounds
from .result import Limit, Result
from .rooms import Peer, connect

EVENTS, EVENTS_SHORT = 1_000_000, 250_000
POINTS = 766
TAIL = SNAPSHOT_EVERY - 1  # events since the last snapshot, at most: a kill leaves them to be read again
LOT = 10_000  # events in one commit while preparing
MOST_MS = 3_000


class Kind(msgspec.Struct):
    t: str


async def run(short: bool) -> list[Result]:
    events = EVENTS_SHORT if short else EVENTS
    ground = await grounds.make(POINTS, enrol=False)
    grounds.pin_load()
    try:
        await ground.server.stop()
        await _write(ground, events)
        figures = await _start(ground, "folding_all")
        figures |= await _start(ground, "after_stop")
        await _write(ground, TAIL)
        figures |= await _start(ground, "after_kill")
        limits = {f"{how}_picture_ms": Limit(most=MOST_MS) for how in ("after_stop", "after_kill")}
        return [Result("start", {"events": events, "points": POINTS, "tail": TAIL}, figures, limits)]
    finally:
        ground.server.remove()


async def _start(ground: grounds.Ground, how: str) -> dict[str, float]:
    """Milliseconds from the start of the process; then it is stopped, and keeps its snapshot."""
    await ground.server.start()
    try:
        ready = await ground.server.ready()
        await _picture(ground)
        shown, cpu = ground.server.age(), ground.server.cpu_seconds()
    finally:
        await ground.server.stop()
    return {f"{how}_ready_ms": ready * 1e3, f"{how}_picture_ms": shown * 1e3, f"{how}_cpu_ms": cpu * 1e3}


async def _picture(ground: grounds.Ground) -> None:
    """Returns when a wall has its snapshot."""
    shown = asyncio.Event()

    def take(_: Peer, payload: bytes) -> None:
        if msgspec.json.decode(payload, type=Kind).t == "snapshot":
            shown.set()

    await connect(ground.socket, {"conference": ground.conference, "token": ground.watcher}, take)
    await shown.wait()


async def _write(ground: grounds.Ground, events: int) -> None:
    """Appends as the server would, only faster: no rule is asked, and ten thousand commands share a commit."""
    engine = make_engine(f"sqlite+aiosqlite:///{ground.server.folder / 'nhipcau.db'}")
    try:
        journal = Journal(engine)
        head = await journal.head(ground.conference)
        assert head is not None, "the conference was made over the interface"
        bodies = _morning(head.seq)
        for first in range(head.seq + 1, head.seq + events + 1, LOT):
            last = min(first + LOT, head.seq + events + 1)
            async with journal.turn(ground.conference) as turn:
                await turn.append(first - 1, [_entry(n, next(bodies)) for n in range(first, last)])
    finally:
        await engine.dispose()


def _morning(seed: int) -> Iterator[EventBody]:
    """Every room checks in, then all report in turn."""
    yield from (CheckedIn(point) for point in range(1, POINTS + 1))
    while True:
        seed += 1
        yield from (HeadcountReported(point, (point + seed) % 90) for point in range(1, POINTS + 1))


def _entry(seq: int, body: EventBody) -> Entry:
    now, point = now_ms(), getattr(body, "point", 0)
    event = Event(seq, now, f"device:{point}.1", body, now, now)
    return Entry([event], Receipt(secrets.token_urlsafe(16), secrets.token_bytes(16), now, seq))
