"""The relay's figures are only worth something if a lost packet, a gap, a late picture and a leak would be seen."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from bench.relay import slope
from bench.relay_line import VIDEO, CannotJoin, Identity, Line, own_address, remote
from bench.relay_loss import Lossy
from bench.relay_programme import Programme, picture
from bench.relay_read import HEAD, LOT, Reader, listening_socket, overflown
from bench.relay_servers import bridge, publishing
from bench.relay_viewers import Audience, Frames, Stream, Viewer
from bridge.wire import rtp
from tests.waiting import until

SSRC = 7


@pytest.fixture
def sent_to() -> Iterator[tuple[socket.socket, Callable[[bytes], object]]]:
    """A socket of a viewer, and a way to it."""
    with listening_socket() as at, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        at.bind(("127.0.0.1", 0))
        yield at, lambda data: out.sendto(data, at.getsockname())


def packet(sequence: int, *, kind: int = VIDEO, timestamp: int = 0, size: int = 900) -> bytes:
    return rtp.build(kind, sequence & 0xFFFF, timestamp, SSRC, bytes(size), marker=True)


# --- reading


def test_one_call_brings_many_with_their_headers_and_the_moment_each_came(
    sent_to: tuple[socket.socket, Callable[[bytes], object]],
) -> None:
    at, send = sent_to
    before = time.time()
    for number in range(LOT + 3):
        send(packet(number, size=20 * number))
    reader = Reader()
    assert reader.read(at.fileno()) == LOT
    assert [row[2] for row in reader.headers(LOT)] == list(range(LOT))
    moments = [seconds + nanos / 1e9 for seconds, nanos in reader.moments(LOT)]
    assert before - 0.001 <= moments[0] <= moments[-1] <= time.time()
    assert reader.data(0) == packet(0, size=0)
    assert reader.data(LOT - 1) == packet(LOT - 1, size=20 * (LOT - 1))[:HEAD]
    assert reader.read(at.fileno()) == 3
    assert reader.read(at.fileno()) == 0


def test_what_the_load_itself_lost_is_told_apart(sent_to: tuple[socket.socket, Callable[[bytes], object]]) -> None:
    at, send = sent_to
    at.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    for number in range(20):
        send(packet(number))
    reader = Reader()
    kept = reader.read(at.fileno())
    assert kept < 20
    assert overflown(at) == 20 - kept


# --- counting


class Room:
    """An audience of one that is told what comes."""

    def __init__(self) -> None:
        self.audience = Audience(None, "127.0.0.1")  # type: ignore[arg-type] # nobody enters
        line = Line(Identity(), "127.0.0.1")
        self.viewer = Viewer(1, line, None, self.audience.frames)
        self.audience.viewers = [self.viewer]
        self._out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._reader = Reader()

    def get(self, *sequences: int, kind: int = VIDEO) -> None:
        for sequence in sequences:
            self._out.sendto(packet(sequence, kind=kind), self.viewer.line.socket.getsockname())
        self.viewer.read(self._reader)

    def close(self) -> None:
        self.viewer.line.close()
        self._out.close()


@pytest.fixture
async def room() -> Iterator[Room]:  # type: ignore[misc]
    made = Room()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("sequences", "lost", "disordered"),
    [
        ((10, 11, 12, 13), 0, 0),
        ((10, 11, 13), 1, 0),
        ((65_534, 65_535, 1, 2), 1, 0),
        ((10, 12, 11, 13), 0, 1),
        ((10, 11, 11, 13), 0, 1),  # one twice, one never: no loss by count, so order is judged too
    ],
)
def test_a_packet_that_never_comes_is_lost_over_every_wrap(
    room: Room, sequences: tuple[int, ...], lost: int, disordered: int
) -> None:
    room.get(sequences[0] - 1)
    now = time.time()
    for stream in room.viewer.streams.values():
        stream.restart(now)
    room.get(*sequences)
    stream = room.viewer.streams[SSRC]
    assert (stream.received, stream.lost, stream.disordered) == (len(sequences), lost, disordered)


def test_silence_that_lasts_is_a_gap(room: Room) -> None:
    room.get(1, 2)
    assert room.viewer.gap_until(time.time() + 3) == pytest.approx(3, abs=0.5)


def test_who_gets_sound_without_picture_is_not_whole(room: Room) -> None:
    room.get(1, kind=111)
    viewer = room.viewer
    assert viewer.playing_at is None
    assert [stream.video for stream in viewer.streams.values()] == [False]


def test_a_picture_is_as_late_as_its_last_viewer() -> None:
    frames = Frames()
    frames.sent = {1: 5.0, 2: 6.0}
    frames.arrived = {1: 5.25, 3: 9.0}
    assert frames.delays() == [250.0]


def test_who_sees_an_older_picture_is_behind(room: Room) -> None:
    room.get(1)
    (stream,) = room.viewer.streams.values()
    late = Viewer(2, room.viewer.line, None, Frames())
    late.streams = {SSRC: Stream(1, True, 0.0)}
    stream.timestamp, late.streams[SSRC].timestamp = 50_000, (1 << 32) - 1
    assert room.audience.behind([room.viewer, late]) == 1
    late.streams[SSRC].timestamp = 20_000
    assert room.audience.behind([room.viewer, late]) == 0


def test_one_step_is_no_growth_and_a_steady_one_is() -> None:
    assert slope([(n, 100.0 if n < 2 else 900.0) for n in range(10)]) == 0
    assert slope([(n, 100.0 + 3 * n) for n in range(10)]) == 3


# --- the programme


def test_the_programme_is_what_its_figures_say() -> None:
    sizes: list[int] = []
    programme = Programme(lambda _, data: sizes.append(len(data)))
    began = time.monotonic()
    programme.play(lambda until: until < began + 24)
    assert len(sizes) / 24 == pytest.approx(172, abs=1)
    assert 8 * sum(sizes) / 24 == pytest.approx(1.1e6, rel=0.02)


@pytest.mark.parametrize("key", [True, False])
def test_packets_of_a_picture_are_of_one_size_but_the_last(key: bool) -> None:
    *most, last = map(len, picture(3, key, bytes(8)))
    assert len(set(most)) == 1
    assert last < most[0]


# --- lines


def test_an_answer_without_an_address_is_named() -> None:
    with pytest.raises(CannotJoin, match="candidate"):
        remote("v=0\r\n")


async def test_a_bad_line_loses_its_share_both_ways() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here,
    ):
        for one in (there, here):
            one.bind(("127.0.0.1", 0))
            one.setblocking(False)
        line = Lossy(there.getsockname(), 0.25)
        for _ in range(200):
            here.sendto(b"forth", ("127.0.0.1", line.port))
            await asyncio.sleep(0)
        await until(lambda: line.passed + line.lost == 200, "all that was sent")
        came = [await asyncio.get_running_loop().sock_recvfrom(there, 100) for _ in range(line.passed)]
        there.sendto(b"back", came[0][1])
        await until(lambda: line.passed + line.lost == 201, "the way back")
        line.close()
    assert 25 <= line.lost <= 75


async def test_viewers_come_to_a_real_bridge_and_miss_nothing() -> None:
    async with bridge() as server, publishing(server) as programme, Audience(server, own_address()) as audience:
        came = await audience.join(3)
        assert await audience.playing(came, 10) == 3, audience.refused
        audience.begin(time.time())
        await until(lambda: len(audience.frames.delays()) >= 10, "ten pictures")
        seen = audience.seen(time.time())
        await audience.leave(came[1:])
    assert seen.received > 0
    assert (seen.lost, seen.unopened, seen.incomplete, seen.disordered) == (0, 0, 0, 0)
    assert programme.sent.packets > 0
    assert came[0].line.profile == "SRTP_AEAD_AES_128_GCM"
