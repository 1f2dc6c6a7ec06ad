import contextlib
import itertools
import os

import pytest
from cryptography.hazmat.primitives.ciphers import CipherContext
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st
from pylibsrtp import Error, Policy, Session

from bridge.wire import ciphers
from bridge.wire.ciphers import Cm, Gcm, Profile, SessionKeys
from bridge.wire.rtp import build
from bridge.wire.srtp import MAX_SOURCES, REPLAY_WINDOW, Frame, NonceSpent, Receiver, Sender, estimate

PEER_PROFILES = {
    Profile.GCM: Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    Profile.CM: Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
}
MASTER = {Profile.GCM: bytes(range(28)), Profile.CM: bytes(range(30))}
SSRC = 0xC0FFEE01
REPORT = bytes.fromhex("80c90001c0ffee01") + b"\x81\xcb\x00\x01\xc0\xff\xee\x01"  # an empty report and a goodbye
PACKET_AT = 12

profiles = pytest.mark.parametrize("profile", list(Profile))


def peer(profile: Profile, ssrc_type: int, master: bytes | None = None) -> Session:
    """libsrtp's end of the line."""
    return Session(Policy(master or MASTER[profile], ssrc_type, srtp_profile=PEER_PROFILES[profile]))


def packet(index: int, ssrc: int = SSRC, payload: bytes | None = None) -> bytes:
    body = b"packet %d" % index if payload is None else payload
    return build(96, index & 0xFFFF, index * 3000 & 0xFFFF_FFFF, ssrc, body, marker=True)


def sealed(sender: Sender, data: bytes) -> bytes:
    return sender.rtp(data[:PACKET_AT], data[PACKET_AT:])


def hexed(text: str) -> bytes:
    return bytes.fromhex(text.replace("\n", ""))


# The published vectors


def test_session_keys_are_those_of_rfc_3711_b3() -> None:
    keys = SessionKeys.derived(hexed("E1F97A0D3E018BE0D64FA32C06DE4139"), hexed("0EC675AD498AFEEBB6960B3AABE6"))

    assert keys.rtp_key == hexed("C61E7A93744F39EE10734AFE3FF7A087")
    assert keys.rtp_salt == hexed("30CBBC08863D8C85D49DB34A9AE1")
    assert keys.rtp_auth == hexed("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4")


def test_the_key_stream_is_that_of_rfc_3711_b2() -> None:
    key, salt = hexed("2B7E151628AED2A6ABF7158809CF4F3C"), hexed("F0F1F2F3F4F5F6F7F8F9FAFBFCFD")
    cipher = Cm(SessionKeys(key, bytes(20), salt, key, bytes(20), salt))

    assert cipher.seal(0, 0, b"", bytes(48))[:48] == hexed(
        "E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0"
    )


GCM_KEYS = SessionKeys(bytes(range(16)), b"", b"Quid pro quo", bytes(range(16)), b"", b"Quid pro quo")
GCM_HEADER = hexed("8040f17b8041f8d35501a0b2")
GCM_SEALED = hexed(
    "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce"
)
GCM_REPORT = hexed("81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61" + "deadbeef" * 5)
GCM_REPORT_SEALED = hexed(
    "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda"
    "4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4"
)


def test_a_packet_is_sealed_as_in_rfc_7714_16() -> None:
    cipher, text = Gcm(GCM_KEYS), b"Gallia est omnis divisa in partes tres"

    assert cipher.seal(0x5501A0B2, 0xF17B, GCM_HEADER, text) == GCM_SEALED
    assert cipher.open(0x5501A0B2, 0xF17B, GCM_HEADER, GCM_SEALED) == text


def test_a_report_is_sealed_as_in_rfc_7714_17() -> None:
    cipher = Gcm(GCM_KEYS)

    assert cipher.seal_rtcp(0x4D617273, 0x5D4, GCM_REPORT) == GCM_REPORT_SEALED
    assert cipher.open_rtcp(0x4D617273, 0x5D4, GCM_REPORT_SEALED) == GCM_REPORT


# Against libsrtp


def line(turns: int) -> list[int]:
    """Indexes that start low and go over the wrap `turns` times, most of them lost."""
    return list(range(3, turns << 16, 9_973))


@profiles
def test_what_we_seal_a_peer_opens_over_loss_and_wraps(profile: Profile) -> None:
    sender, receiver = Sender(profile, MASTER[profile]), peer(profile, Policy.SSRC_ANY_INBOUND)

    for index in line(turns=4):
        assert receiver.unprotect(sealed(sender, packet(index))) == packet(index)


@profiles
def test_what_a_peer_seals_we_open_over_loss_and_wraps(profile: Profile) -> None:
    sender, receiver = peer(profile, Policy.SSRC_ANY_OUTBOUND), Receiver(profile, MASTER[profile])

    for index in line(turns=4):
        assert receiver.rtp(sender.protect(packet(index))) == packet(index)


@profiles
def test_reordered_over_the_wrap_each_packet_is_taken_once(profile: Profile) -> None:
    """Given packets on both sides of a wrap, when they come in the wrong order and twice, each is opened once."""
    sender, receiver = peer(profile, Policy.SSRC_ANY_OUTBOUND), Receiver(profile, MASTER[profile])
    order = [65_530, 65_541, 65_532, 65_539, 65_531, 65_540, 65_530, 65_541, 65_538, 65_532]
    wire = {index: sender.protect(packet(index)) for index in sorted({20_000, 45_000, *order})}
    for index in (20_000, 45_000):
        assert receiver.rtp(wire[index]) == packet(index)

    opened = [receiver.rtp(wire[index]) for index in order]

    assert opened[:6] == [packet(index) for index in order[:6]]
    assert opened[6:] == [None, None, packet(65_538), None]


@profiles
def test_headers_with_sources_and_extensions_are_left_in_clear(profile: Profile) -> None:
    data = build(96, 7, 9, SSRC, b"payload", csrcs=(1, 2, 3), extensions={4: b"mid0", 10: b"h"})
    opened = Receiver(profile, MASTER[profile]).rtp(peer(profile, Policy.SSRC_ANY_OUTBOUND).protect(data))
    length = len(data) - len(b"payload")

    ours = Sender(profile, MASTER[profile]).rtp(data[:length], data[length:])

    assert opened == data
    assert peer(profile, Policy.SSRC_ANY_INBOUND).unprotect(ours) == data


@profiles
def test_reports_go_both_ways(profile: Profile) -> None:
    ours, theirs = Sender(profile, MASTER[profile]), peer(profile, Policy.SSRC_ANY_OUTBOUND)
    receiver, peers_receiver = Receiver(profile, MASTER[profile]), peer(profile, Policy.SSRC_ANY_INBOUND)

    for _ in range(5):
        protected = theirs.protect_rtcp(REPORT)
        assert peers_receiver.unprotect_rtcp(ours.rtcp(REPORT)) == REPORT
        assert receiver.rtcp(protected) == REPORT
        assert receiver.rtcp(protected) is None


# One frame, many viewers


def frame(buffer: memoryview, numbers: list[int], sender: Sender, source: int = 0) -> Frame:
    packets = [(number, packet(number)[:PACKET_AT], b"source %d packet %d" % (source, number)) for number in numbers]
    return Frame(buffer, packets, sender.tag_length)


def datagrams(buffer: memoryview, laid: Frame) -> list[bytes]:
    """What the buffer holds, cut where the frame's packets meet."""
    lengths = [len(slot.head) + len(slot.body) for slot in laid.slots]
    ends = list(itertools.accumulate(lengths))
    assert ends[-1] == laid.length
    return [bytes(buffer[end - length : end]) for end, length in zip(ends, lengths, strict=True)]


@profiles
def test_a_frame_is_laid_out_once_and_every_viewer_opens_his_own(profile: Profile) -> None:
    """Given one frame in one buffer, when it is sealed for two viewers who joined at different packets, each peer
    opens it with his own key, payload type and sequence numbers."""
    buffer = memoryview(bytearray(4096))
    viewers = [(Sender(profile, master), master) for master in (MASTER[profile], os.urandom(len(MASTER[profile])))]
    laid = frame(buffer, [70_000, 70_001, 70_003], viewers[0][0])

    for (sender, master), joined_at, payload_type in zip(viewers, (70_000, 69_990), (96, 109), strict=True):
        stream = sender.stream(SSRC)
        stream.start(joined_at, payload_type)
        stream.seal(laid)
        receiver = peer(profile, Policy.SSRC_ANY_INBOUND, master)
        for number, data in zip((70_000, 70_001, 70_003), datagrams(buffer, laid), strict=True):
            text = b"source 0 packet %d" % number
            expected = build(payload_type, number - joined_at, number * 3000, SSRC, text, marker=True)
            assert receiver.unprotect(data) == expected


@profiles
def test_a_repeated_packet_is_the_same_bytes(profile: Profile) -> None:
    buffer, sender = memoryview(bytearray(4096)), Sender(profile, MASTER[profile])
    stream = sender.stream(SSRC)
    stream.start(500, 96)
    laid = frame(buffer, [500, 501, 502], sender)
    stream.seal(laid)
    second = datagrams(buffer, laid)[1]

    number = stream.number(1)
    assert number == 501
    again = frame(buffer, [number], sender)
    stream.repeat(again)

    assert datagrams(buffer, again) == [second]


def test_a_changed_source_goes_on_where_the_last_one_ended() -> None:
    """Given a viewer of one source, when another takes its place, the numbers go on and the first is out of reach."""
    buffer, sender = memoryview(bytearray(4096)), Sender(Profile.GCM, MASTER[Profile.GCM])
    stream = sender.stream(SSRC)
    stream.start(500, 96)
    stream.seal(frame(buffer, [500, 501], sender))

    stream.start(9_000, 96)
    stream.seal(frame(buffer, [9_000], sender, source=1))

    assert (stream.sequence(9_000), stream.number(2), stream.number(1)) == (2, 9_000, None)
    with pytest.raises(NonceSpent):
        stream.repeat(frame(buffer, [8_999], sender, source=1))


@pytest.mark.parametrize("numbers", [[501], [499], [500, 502]])
def test_a_frame_that_is_not_newer_is_refused_and_nothing_is_written(numbers: list[int]) -> None:
    buffer, sender = memoryview(bytearray(4096)), Sender(Profile.GCM, MASTER[Profile.GCM])
    stream = sender.stream(SSRC)
    stream.start(500, 96)
    stream.seal(frame(buffer, [500, 501], sender))
    laid = frame(buffer, numbers, sender)
    before = bytes(buffer)

    with pytest.raises(NonceSpent):
        stream.seal(laid)

    assert bytes(buffer) == before


def test_what_was_not_sent_yet_is_no_repetition() -> None:
    buffer, sender = memoryview(bytearray(4096)), Sender(Profile.GCM, MASTER[Profile.GCM])
    stream = sender.stream(SSRC)
    stream.start(500, 96)
    stream.seal(frame(buffer, [500], sender))

    with pytest.raises(NonceSpent):
        stream.repeat(frame(buffer, [501], sender))


def test_numbers_of_a_frame_grow() -> None:
    sender = Sender(Profile.GCM, MASTER[Profile.GCM])
    with pytest.raises(ValueError, match="growing"):
        frame(memoryview(bytearray(4096)), [7, 7], sender)


# No key and nonce twice


class Spent:
    """Every key and nonce that was used, with what it was used for."""

    def __init__(self) -> None:
        self.uses: dict[tuple[object, bytes | int], set[tuple[bytes, bytes]]] = {}
        real, crypt = AESGCM, ciphers._crypt
        spent = self

        class Gcm:
            def __init__(self, key: bytes) -> None:
                self._key, self._real = key, real(key)

            def encrypt(self, nonce: bytes, data: bytes, header: bytes) -> bytes:
                spent.note((self._key, nonce), bytes(header), bytes(data))
                return self._real.encrypt(nonce, data, header)

            def encrypt_into(self, nonce: bytes, data: bytes, header: bytes, out: memoryview) -> int:
                spent.note((self._key, nonce), bytes(header), bytes(data))
                return self._real.encrypt_into(nonce, data, header, out)

        def counted(context: CipherContext, counter: int, data: bytes) -> bytes:
            if any(data):  # deriving keys encrypts zeros
                spent.note((context, counter), b"", data)
            return crypt(context, counter, data)

        self.gcm, self.crypt = Gcm, counted

    def note(self, key_and_nonce: tuple[object, bytes | int], header: bytes, data: bytes) -> None:
        self.uses.setdefault(key_and_nonce, set()).add((header, data))


@pytest.fixture(scope="module")
def spent() -> Spent:
    return Spent()


ahead = st.one_of(st.integers(-3, 3), st.integers(20_000, 40_000))
steps = st.one_of(
    st.tuples(st.just("seal"), ahead, st.integers(1, 3)),
    st.tuples(st.just("repeat"), st.integers(-6, 2), st.integers(1, 3)),
    st.tuples(st.just("start"), st.integers(0, 9), st.integers(1, 3)),
    st.tuples(st.just("repair"), ahead, st.just(0)),
    st.tuples(st.sampled_from(["report", "rejoin"]), st.just(0), st.just(0)),
)


@given(profile=st.sampled_from(list(Profile)), walk=st.lists(steps, max_size=40))
def test_no_key_and_nonce_serve_two_packets(spent: Spent, profile: Profile, walk: list[tuple[str, int, int]]) -> None:
    """Whatever is sent, repeated and switched over wraps and new handshakes, one nonce has one packet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ciphers, "AESGCM", spent.gcm)
        patch.setattr(ciphers, "_crypt", spent.crypt)
        spent.uses.clear()
        Walker(profile).walk(walk)

    assert all(len(uses) == 1 for uses in spent.uses.values())


class Walker:
    """One peer's life: its pictures come from one source after the other, and it may join anew."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.buffer = memoryview(bytearray(4096))
        self.source = self.newest = self.newest_repair = 0
        self.joins: list[Sender] = []  # kept: a cipher is known by its identity, which must not come again
        self.rejoin(0, 0)

    def walk(self, steps: list[tuple[str, int, int]]) -> None:
        for step, near, count in steps:
            with contextlib.suppress(NonceSpent):
                getattr(self, step)(near, count)

    def rejoin(self, near: int, count: int) -> None:
        self.joins.append(Sender(self.profile, os.urandom(len(MASTER[self.profile]))))

    def seal(self, near: int, count: int) -> None:
        laid = self._frame(near, count)
        self.joins[-1].stream(SSRC).seal(laid)
        self.newest = laid.last

    def repeat(self, near: int, count: int) -> None:
        self.joins[-1].stream(SSRC).repeat(self._frame(near, count))

    def start(self, near: int, count: int) -> None:
        self.source, self.newest = self.source + 1, near
        self.joins[-1].stream(SSRC).start(near, 95 + count)

    def repair(self, near: int, count: int) -> None:
        self.newest_repair = max(self.newest_repair + near, 0)
        sealed(self.joins[-1], packet(self.newest_repair, SSRC + 1, os.urandom(8)))

    def report(self, near: int, count: int) -> None:
        self.joins[-1].rtcp(REPORT + os.urandom(4))

    def _frame(self, near: int, count: int) -> Frame:
        first = max(self.newest + near, 0)
        return frame(self.buffer, list(range(first, first + count)), self.joins[-1], self.source)


# What strangers and storms can do


@profiles
@given(data=st.binary(max_size=200))
def test_any_bytes_are_refused_and_leave_no_trace(profile: Profile, data: bytes) -> None:
    receiver = Receiver(profile, MASTER[profile])

    assert receiver.rtp(data) is None
    assert receiver.rtp(b"\x80" + data) is None
    assert receiver.rtcp(data) is None
    assert receiver.rtcp(b"\x81" + data) is None
    assert not receiver._rtp
    assert not receiver._rtcp


@profiles
@given(data=st.data())
def test_one_changed_bit_is_refused(profile: Profile, data: st.DataObject) -> None:
    receiver, sender = Receiver(profile, MASTER[profile]), Sender(profile, MASTER[profile])
    wire = bytearray(sealed(sender, packet(5)) if (media := data.draw(st.booleans())) else sender.rtcp(REPORT))
    wire[data.draw(st.integers(0, len(wire) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    assert (receiver.rtp if media else receiver.rtcp)(bytes(wire)) is None


@profiles
def test_a_peer_has_so_many_sources_and_no_more(profile: Profile) -> None:
    """Given a peer who proved himself, when he opens one source too many, it is refused and the others go on."""
    sender, receiver = Sender(profile, MASTER[profile]), Receiver(profile, MASTER[profile])
    for ssrc in range(MAX_SOURCES):
        assert receiver.rtp(sealed(sender, packet(1, ssrc))) is not None

    assert receiver.rtp(sealed(sender, packet(1, MAX_SOURCES))) is None
    assert receiver.rtp(sealed(sender, packet(2, 0))) is not None


def test_a_report_in_clear_is_refused() -> None:
    """RFC 7714's own packet that is tagged but not encrypted: true, and not what was agreed."""
    receiver = Receiver(Profile.GCM, MASTER[Profile.GCM])
    receiver._cipher = Gcm(GCM_KEYS)

    assert receiver.rtcp(GCM_REPORT + hexed("841dd9683dd78ec92ae58790125f62b3000005d4")) is None


def test_what_is_older_than_the_window_is_refused() -> None:
    sender, receiver = Sender(Profile.GCM, MASTER[Profile.GCM]), Receiver(Profile.GCM, MASTER[Profile.GCM])
    wire = [sealed(sender, packet(index)) for index in range(REPLAY_WINDOW + 1)]

    assert receiver.rtp(wire[REPLAY_WINDOW]) is not None
    assert receiver.rtp(wire[1]) is not None
    assert receiver.rtp(wire[0]) is None


@given(order=st.permutations(range(12)), leap=st.sampled_from([1, 100, REPLAY_WINDOW // 11, 2_900]))
def test_the_window_takes_each_index_once_whatever_the_order(order: list[int], leap: int) -> None:
    sender, receiver = Sender(Profile.GCM, MASTER[Profile.GCM]), Receiver(Profile.GCM, MASTER[Profile.GCM])
    wire = [sealed(sender, packet(index * leap)) for index in range(12)]
    taken: set[int] = set()

    for index in order * 2:
        wanted = index not in taken and max(taken, default=0) * leap - index * leap < REPLAY_WINDOW
        assert receiver.rtp(wire[index]) == (packet(index * leap) if wanted else None)
        if wanted:
            taken.add(index)


@given(highest=st.integers(0, 1 << 40), step=st.integers(-32_767, 32_767))
def test_the_roll_over_counter_is_that_of_rfc_3711(highest: int, step: int) -> None:
    sequence = (highest + step) & 0xFFFF
    rollover, last = divmod(highest, 1 << 16)
    if last < 0x8000:
        rollover -= sequence - last > 0x8000
    else:
        rollover += last - 0x8000 > sequence

    assert estimate(highest, sequence) == rollover * 65_536 + sequence == highest + step


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="28 bytes"):
        Sender(Profile.GCM, bytes(30))


def test_libsrtp_refuses_what_another_key_sealed() -> None:
    """The peer of these tests can say no."""
    with pytest.raises(Error):
        peer(Profile.GCM, Policy.SSRC_ANY_INBOUND, os.urandom(28)).unprotect(
            sealed(Sender(Profile.GCM, MASTER[Profile.GCM]), packet(1))
        )
