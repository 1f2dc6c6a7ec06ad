"""Who is connected now and how well. In memory, never journalled: the latest value is all that counts."""

from msgspec import Struct, field

from server.protocol.terms import Quality

WEAK_RTT = 1_500  # ms: above it a question over the line is answered noticeably late
QUIET_BEATS = 3  # beats that may be missed before a line counts as silent


class Connection(Struct):
    device: int
    rtt: int | None = None


class Room(Struct):
    connections: dict[int, Connection] = field(default_factory=dict)
    gone_since: int = 0


class Presence:
    """Connections by point. Times in ms. A connection is named by a number of this process."""

    def __init__(self, started_at: int) -> None:
        self._started_at = started_at
        self._rooms: dict[int, Room] = {}

    def connect(self, point: int, connection: int, device: int) -> None:
        self._rooms.setdefault(point, Room()).connections[connection] = Connection(device)

    def disconnect(self, point: int, connection: int, now: int) -> None:
        room = self._rooms.get(point)
        if room and room.connections.pop(connection, None) and not room.connections:
            room.gone_since = now

    def beat(self, point: int, connection: int, rtt: int | None) -> bool:
        """Whether the point's quality changed."""
        before = self.quality(point)
        room = self._rooms.get(point)
        if room and (c := room.connections.get(connection)):
            c.rtt = rtt
        return self.quality(point) != before

    def devices(self, point: int) -> int:
        """Devices connected; two tabs of one phone are one device."""
        room = self._rooms.get(point)
        return len({c.device for c in room.connections.values()}) if room else 0

    def connected(self, point: int) -> set[int]:
        room = self._rooms.get(point)
        return {c.device for c in room.connections.values()} if room else set()

    def quality(self, point: int) -> Quality:
        """The best of the point's devices: one good line is enough for the room."""
        room = self._rooms.get(point)
        rtts = [c.rtt for c in room.connections.values() if c.rtt is not None] if room else []
        if not rtts:
            return "unknown"
        return "weak" if min(rtts) > WEAK_RTT else "good"

    def gone_since(self, point: int) -> int | None:
        """Since when no device of the point is connected; None while one is. Before any: since the start."""
        room = self._rooms.get(point)
        if room is None:
            return self._started_at
        return None if room.connections else room.gone_since
