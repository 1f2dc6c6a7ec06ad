"""Who is connected now and how well. In memory, never journalled: the latest value is all that counts."""

from collections.abc import Iterable

from msgspec import Struct, field

from server.protocol.messages import MediaFigures
from server.protocol.terms import Quality

from . import players
from .players import Played, Seen

WEAK_RTT = 1_500  # ms: above it a question over the line is answered noticeably late
QUIET_BEATS = 3  # beats that may be missed before a line counts as silent


# 2,000 a second: coming back costs a server a third of a millisecond, and other work must go on meanwhile.
RETURN_PER_LINE_MS = 0.5


def returning_ms(lines: int) -> int:
    """Over how long so many lines are spread when they come back at once."""
    return int(1_000 + lines * RETURN_PER_LINE_MS)


class Connection(Struct):
    device: int
    rtt: int | None = None
    figures: MediaFigures | None = None
    played: Played | None = None


class Elsewhere(Struct, frozen=True):
    """A point's devices at another server; its rounds and its players are summed up there."""

    devices: tuple[int, ...]
    quality: Quality
    played: Played | None = None


class Room(Struct):
    connections: dict[int, Connection] = field(default_factory=dict)
    elsewhere: dict[str, Elsewhere] = field(default_factory=dict)  # by server
    gone_since: int = 0
    picture: int = 0  # the version of its small picture, 0: none
    played: Played | None = None  # all its players, wherever
    media: Seen | None = None  # what of both is seen


class Presence:
    """Connections by point. Times in ms. A connection is named by a number of this process."""

    def __init__(self, started_at: int) -> None:
        self._started_at = started_at
        self._awaited_until = 0  # before, nobody is late
        self._rooms: dict[int, Room] = {}
        self._held: set[int] = set()  # points with a device connected anywhere: every sweep asks for the others
        self._changed: set[int] = set()  # what other servers have not been told

    def await_lines(self, lines: int, now: int) -> None:
        """So many come back at once, from a start or from a server that is gone: nobody is late before all had their
        turn, and as long again, which a busy machine needs to take them in."""
        self._awaited_until = max(self._awaited_until, now + 2 * returning_ms(lines))

    def connect(self, point: int, connection: int, device: int) -> None:
        self._rooms.setdefault(point, Room()).connections[connection] = Connection(device)
        self._held.add(point)
        self._changed.add(point)

    def disconnect(self, point: int, connection: int, now: int) -> None:
        room = self._rooms.get(point)
        if room and room.connections.pop(connection, None):
            self._changed.add(point)
            if room.played:
                _sum_up(room)
            self._part(point, room, now)

    def _part(self, point: int, room: Room, now: int) -> None:
        if not room.connections and not room.elsewhere:
            room.gone_since = now
            self._held.discard(point)

    def beat(self, point: int, connection: int, rtt: int | None) -> bool:
        """Whether the point's quality changed."""
        room = self._rooms.get(point)
        c = room.connections.get(connection) if room else None
        if room is None or c is None or _weight(c.rtt) == _weight(rtt):
            return False
        self._changed.add(point)
        if len(room.connections) == 1 and not room.elsewhere:  # nearly every room
            c.rtt = rtt
            return True
        before = _quality(room)
        c.rtt = rtt
        return _quality(room) != before

    def play(self, point: int, connection: int, figures: MediaFigures) -> bool:
        """Whether what is told of the room's players changed."""
        room = self._rooms.get(point)
        c = room.connections.get(connection) if room else None
        if room is None or c is None:
            return False
        before, c.played = c.played, players.played(figures, c.figures, c.played)
        c.figures = figures
        if before == c.played:
            return False
        self._changed.add(point)
        return _sum_up(room)

    def show_picture(self, point: int, version: int) -> bool:
        """The version of the room's small picture from now on, 0 for none. Whether anybody sees the difference."""
        room = self._rooms.setdefault(point, Room(gone_since=self._started_at))
        room.picture = version
        return _sum_up(room)

    def picture(self, point: int) -> int:
        """The version of the small picture that is seen; 0: none."""
        room = self._rooms.get(point)
        return room.media.picture if room and room.media else 0

    def lets_be_shown(self, point: int) -> bool:
        """Whether a device of the room, that is there, said that a small picture may be shown."""
        room = self._rooms.get(point)
        return room is not None and _lets(room)

    def seen(self, point: int) -> tuple[int, Quality, Seen | None]:
        """Devices connected, two tabs of one phone being one, the best of their lines: one good one is enough; and
        their players."""
        room = self._rooms.get(point)
        if room is None:
            return 0, "unknown", None
        if len(room.connections) == 1 and not room.elsewhere:  # nearly every room
            (alone,) = room.connections.values()
            return 1, _weight(alone.rtt), room.media
        return len(_devices(room)), _quality(room), room.media

    def connected(self, point: int) -> set[int]:
        room = self._rooms.get(point)
        return _devices(room) if room else set()

    def gone_since(self, point: int) -> int | None:
        """Since when no device of the point is connected anywhere; None while one is. Before any: since the start."""
        room = self._rooms.get(point)
        if room is None:
            return self._started_at
        return None if room.connections or room.elsewhere else room.gone_since

    def away(self, points: set[int]) -> set[int]:
        """Those of them that have no device connected anywhere."""
        return points - self._held

    def overdue(self, since: int, deadline: int) -> bool:
        """Whether a line that is gone `since` then should have been back by `deadline`."""
        return max(since, self._awaited_until) <= deadline

    # --- what servers tell each other

    def is_here(self, point: int) -> bool:
        room = self._rooms.get(point)
        return room is not None and bool(room.connections)

    def here(self) -> set[int]:
        """Points with a connection at this server."""
        return {p for p, room in self._rooms.items() if room.connections}

    def held(self, point: int) -> Elsewhere:
        """A point's connections at this server, as the others are told."""
        connections = self._rooms[point].connections.values() if point in self._rooms else ()
        played = players.together(c.played for c in connections)
        return Elsewhere(tuple({c.device for c in connections}), _best(c.rtt for c in connections), played)

    def take_changed(self) -> set[int]:
        changed, self._changed = self._changed, set()
        return changed

    def held_by(self, server: str) -> set[int]:
        return {p for p, room in self._rooms.items() if server in room.elsewhere}

    def hear(self, server: str, point: int, held: Elsewhere, now: int) -> bool:
        """What another server holds of a point. Whether that changed anything."""
        if not held.devices:
            return self._leave(server, point, now)
        room = self._rooms.setdefault(point, Room())
        self._held.add(point)
        before, room.elsewhere[server] = room.elsewhere.get(server), held
        if room.played or held.played:
            _sum_up(room)
        return before != held

    def forget(self, server: str, at: int) -> set[int]:
        """A server is gone, and with it what it held. The points this concerns."""
        gone = {p for p in self.held_by(server) if self._leave(server, p, at)}
        if gone:
            self.await_lines(len(gone), at)
        return gone

    def _leave(self, server: str, point: int, at: int) -> bool:
        room = self._rooms.get(point)
        if room is None or room.elsewhere.pop(server, None) is None:
            return False
        if room.played:
            _sum_up(room)
        self._part(point, room, at)
        return True


def _devices(room: Room) -> set[int]:
    found = {c.device for c in room.connections.values()}
    for held in room.elsewhere.values():
        found.update(held.devices)
    return found


def _lets(room: Room) -> bool:
    return room.played is not None and room.played.pictures


def _sum_up(room: Room) -> bool:
    """Whether what is seen of its players changed."""
    here, elsewhere = room.connections.values(), room.elsewhere.values()
    let, room.played = _lets(room), players.together([*(c.played for c in here), *(e.played for e in elsewhere)])
    if let and not _lets(room):
        room.picture = 0  # a later yes is for what comes after it
    before, room.media = room.media, players.seen(room.played, room.picture)
    return before != room.media


def _weight(rtt: int | None) -> Quality:
    if rtt is None:
        return "unknown"
    return "weak" if rtt > WEAK_RTT else "good"


def _best(rtts: Iterable[int | None]) -> Quality:
    known = [r for r in rtts if r is not None]
    return _weight(min(known)) if known else "unknown"


def _quality(room: Room) -> Quality:
    best = _best(c.rtt for c in room.connections.values())
    for held in room.elsewhere.values():
        if held.quality == "good" or best == "unknown":
            best = held.quality
    return best
