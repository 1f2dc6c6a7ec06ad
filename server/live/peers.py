"""The other servers: which of them are alive, and whose lines they hold."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import msgspec
import structlog
from msgspec import Struct

from server.tasks import Tasks

from .bus import Bus
from .presence import Elsewhere, Presence

log = structlog.get_logger()

SHARE_SECONDS = 0.25  # between two tellings of what changed
ALIVE_SECONDS = 1.0
SILENT_SECONDS = 5.0  # without a word: asked of the register whether it lives
ANSWER_SECONDS = 2.0  # what the database may take for a sign of life
FRESH_SECONDS = 2.0  # after a sign of life it is said that the database answers: well below what others wait for it
LOT = 10_000  # points in one message, below the bus's largest


class Alive(Struct, frozen=True):
    """`told` counts the presence messages so far, so that a lost one is noticed. `able`: the database answers."""

    told: int
    able: bool


class Shares(Struct, frozen=True):
    """What changed; or everything, from the part that is `first` to the one that is `last`: what is not named
    in between is not held."""

    number: int
    conference: str
    held: list[tuple[int, Elsewhere]]  # no devices: the last one left
    first: bool = False
    last: bool = False


class Who(Struct, frozen=True):
    """Asks one server, or all, to tell everything."""

    server: str | None = None


class Peer(Struct):
    """`heard`: monotonic seconds; `heard_at`: the same moment in ms of the clock."""

    heard: float
    heard_at: int
    told: int = -1
    able: bool = True
    able_since: float = 0.0  # monotonic
    unnamed: dict[str, set[int]] = {}  # conference -> points it held before it began to tell everything


class Local(Struct, frozen=True):
    """A conference of this process: its presence, and whom to tell that a point's changed."""

    presence: Presence
    changed: Callable[[int], None]


Register = Callable[[], Awaitable[set[str]]]
NOBODY = Elsewhere((), "unknown")
_pack = msgspec.msgpack.Encoder().encode
_alive = msgspec.msgpack.Decoder(Alive).decode
_shares = msgspec.msgpack.Decoder(Shares).decode
_who = msgspec.msgpack.Decoder(Who).decode


class Peers:
    """Shares presence over the bus. `register` writes that this server lives and tells who else does, by the
    database: who is cut off from the bus alone must not be taken for dead. `fit`: whether the journals can be read."""

    def __init__(self, bus: Bus, clock: Callable[[], int], register: Register, fit: Callable[[], bool]) -> None:
        self._bus, self._clock, self._register, self._fit = bus, clock, register, fit
        self._local: dict[str, Local] = {}
        self._peers: dict[str, Peer] = {}
        self._told = 0
        self._unheard: dict[str, int] = {}  # who lives by the register -> looks in which nothing was heard of him
        self._registered: set[str] = set()
        self.able = True
        self._able_at = time.monotonic()
        self._tasks = Tasks()
        bus.hear("alive", self._hear_alive)
        bus.hear("presence", self._hear_presence)
        bus.hear("who", self._hear_who)
        bus.hear("leaving", self._hear_leaving)

    async def start(self) -> None:
        self._tasks.start("peers presence", self._share())
        self._tasks.start("peers told", self._say())
        self._tasks.start("peers alive", self._live())

    async def stop(self) -> None:
        """The others need not wait for silence: what was held here is free from now on."""
        await self._tasks.stop()
        self._bus.tell("leaving", b"")

    def ask(self) -> None:
        """Everybody tells everything: after a start or a return of the bus, when anything may have been missed."""
        self._bus.tell("who", _pack(Who()))
        for conference in self._local:
            self._tell_whole(conference)

    def add(self, conference: str, local: Local) -> None:
        self._local[conference] = local
        self._bus.tell("who", _pack(Who()))

    def remove(self, conference: str) -> None:
        self._local.pop(conference, None)

    def unheard(self) -> bool:
        """Whether a server lives, by the register, of which nothing is heard: it has no bus, another one, or speaks
        otherwise. One that starts or leaves has a look's time to say so."""
        return any(looks > 1 for looks in self._unheard.values())

    def cut_off(self, patience: float) -> bool:
        """Whether the database or a journal has not answered for so many seconds, and another server may reach it: one
        has said so for as long, or none can be heard. Where all are without it, people wait where they are, also when
        it comes back to one a moment sooner than to another."""
        now = time.monotonic()
        if self.able or now - self._able_at < patience:
            return False
        return not self._bus.steady() or any(p.able and now - p.able_since >= patience for p in self._peers.values())

    # --- what is told

    async def _share(self) -> None:
        while True:
            await asyncio.sleep(SHARE_SECONDS)
            for conference, local in tuple(self._local.items()):
                changed = local.presence.take_changed()
                for lot in _lots(changed):
                    self._tell(Shares(self._next(), conference, [(p, local.presence.held(p)) for p in lot]))

    def _tell_whole(self, conference: str) -> None:
        presence = self._local[conference].presence
        lots = _lots(presence.here()) or [[]]
        for n, lot in enumerate(lots):
            held = [(p, presence.held(p)) for p in lot]
            self._tell(Shares(self._next(), conference, held, first=n == 0, last=n == len(lots) - 1))

    def _tell(self, shares: Shares) -> None:
        self._bus.tell("presence", _pack(shares))

    def _next(self) -> int:
        self._told += 1
        return self._told

    async def _say(self) -> None:
        """On its own: a database that hangs keeps nobody from hearing that it does."""
        while True:
            fresh = time.monotonic() - self._able_at < FRESH_SECONDS
            self._bus.tell("alive", _pack(Alive(self._told, self.able and fresh)))
            await asyncio.sleep(ALIVE_SECONDS)

    async def _live(self) -> None:
        while True:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    self._registered = await self._register()
                unheard = self._registered - {self._bus.name} - self._peers.keys()
                self._unheard = {name: self._unheard.get(name, 0) + 1 for name in unheard}
                self.able = self._fit()
                self._able_at = time.monotonic() if self.able else self._able_at
            except Exception as error:  # noqa: BLE001 - whatever it is, the database did not answer
                if self.able:
                    log.warning("database_away", error=repr(error))
                self.able = False
            if self._bus.steady():
                self._bury()
            await asyncio.sleep(ALIVE_SECONDS)

    def _bury(self) -> None:
        """Who is silent on the bus and not in the register is gone, since it was last heard."""
        now = time.monotonic()
        for name, peer in tuple(self._peers.items()):
            if now - peer.heard > SILENT_SECONDS and self.able and name not in self._registered:
                log.warning("server_gone", server=name)
                self._forget(name, peer.heard_at)

    def _forget(self, name: str, at: int) -> None:
        self._peers.pop(name, None)
        for local in self._local.values():
            for point in local.presence.forget(name, at):
                local.changed(point)

    # --- what is heard

    def _hear_alive(self, sender: str, payload: bytes) -> None:
        alive = _alive(payload)
        peer = self._peer(sender)
        if alive.able and not peer.able:
            peer.able_since = peer.heard
        peer.able = alive.able
        if alive.told != peer.told:
            self._bus.tell("who", _pack(Who(sender)))

    def _hear_presence(self, sender: str, payload: bytes) -> None:
        shares, peer = _shares(payload), self._peer(sender)
        if shares.number != peer.told + 1 and not shares.first:
            self._bus.tell("who", _pack(Who(sender)))
        peer.told = shares.number
        local = self._local.get(shares.conference)
        if local is None:
            return
        if shares.first:
            peer.unnamed[shares.conference] = local.presence.held_by(sender)
        unnamed = peer.unnamed.get(shares.conference, set())
        unnamed.difference_update(p for p, _ in shares.held)
        self._note(sender, local, shares.held)
        if shares.last:
            self._note(sender, local, [(p, NOBODY) for p in unnamed])
            peer.unnamed.pop(shares.conference, None)

    def _note(self, sender: str, local: Local, held: list[tuple[int, Elsewhere]]) -> None:
        now = self._clock()
        for point, there in held:
            if local.presence.hear(sender, point, there, now):
                local.changed(point)

    def _hear_who(self, sender: str, payload: bytes) -> None:
        self._peer(sender)
        if _who(payload).server in (None, self._bus.name):
            for conference in self._local:
                self._tell_whole(conference)

    def _hear_leaving(self, sender: str, payload: bytes) -> None:
        self._forget(sender, self._clock())

    def _peer(self, name: str) -> Peer:
        peer = self._peers.get(name)
        if peer is None:
            peer = self._peers[name] = Peer(0, 0, able_since=time.monotonic())
        peer.heard, peer.heard_at = time.monotonic(), self._clock()
        return peer


async def nobody() -> set[str]:
    """The register of a server whose database serves no others."""
    return set()


def _lots(points: set[int]) -> list[list[int]]:
    all = sorted(points)
    return [all[i : i + LOT] for i in range(0, len(all), LOT)]
