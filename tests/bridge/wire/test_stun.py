"""ICE's checks as we read and answer them, against RFC 5769, aioice, Chromium and whatever else may arrive."""

from ipaddress import ip_address
from zlib import crc32

import pytest
from aioice import stun as peer
from hypothesis import given
from hypothesis import strategies as st

from bridge.wire import stun
from bridge.wire.codecs import Codec
from tests.bridge.wire.captured import CODECS, captured
from tests.bridge.wire.damage import damaged

# RFC 5769 sections 2.1 to 2.3
RFC_PASSWORD = b"VOkJxbRl1RmTxUk/WvJxBt"
RFC_REQUEST = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b1"
    "51263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
)
RFC_RESPONSE_V4 = bytes.fromhex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643000800142b91f599"
    "fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96"
)
RFC_RESPONSE_V6 = bytes.fromhex(
    "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5"
    "bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c"
)
TRANSACTION = bytes(range(12))
KEY = b"the password of the session"
GOOD = stun.request(TRANSACTION, "ours:them", KEY, priority=7, tie_breaker=9, use_candidate=True)
hosts = st.ip_addresses().map(str)
ports = st.integers(0, 65_535)
fragments = st.text("abcXYZ019+/", min_size=4, max_size=20)


def message(data: bytes) -> stun.Message:
    read = stun.parse(data)
    assert read is not None
    return read


def check(data: bytes = GOOD) -> stun.Check:
    read = stun.check_of(message(data))
    assert read is not None
    return read


def framed(*attributes: tuple[int, bytes], kind: int = stun.REQUEST) -> bytes:
    """A message with these attributes and the right fingerprint, whatever they are worth."""
    body = b"".join(
        name.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value + bytes(-len(value) % 4)
        for name, value in attributes
    )
    head = kind.to_bytes(2, "big") + (len(body) + 8).to_bytes(2, "big") + bytes.fromhex("2112a442") + TRANSACTION
    return head + body + bytes.fromhex("80280004") + (crc32(head + body) ^ 0x5354554E).to_bytes(4, "big")


def test_the_request_of_rfc_5769() -> None:
    read = check(RFC_REQUEST)
    assert (read.ours, read.theirs, read.priority) == ("evtj", "h6vY", 0x6E0001FF)
    assert (read.controlling, read.tie_breaker, read.use_candidate) == (False, 0x932FF9B151263B36, False)
    assert stun.authentic(read.message, RFC_PASSWORD)
    assert not stun.authentic(read.message, RFC_PASSWORD + b"x")


@pytest.mark.parametrize(
    ("data", "host"), [(RFC_RESPONSE_V4, "192.0.2.1"), (RFC_RESPONSE_V6, "2001:db8:1234:5678:11:2233:4455:6677")]
)
def test_the_responses_of_rfc_5769(data: bytes, host: str) -> None:
    assert stun.mapped_address(message(data)) == (host, 32_853)
    assert stun.authentic(message(data), RFC_PASSWORD)
    ours = stun.success(check(RFC_REQUEST), host, 32_853, RFC_PASSWORD)
    assert message(ours).attributes[0x0020] == message(data).attributes[0x0020]


@given(fragments, fragments, st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1), st.booleans(), st.booleans())
def test_what_is_asked_is_read(
    ours: str, theirs: str, priority: int, tie_breaker: int, controlling: bool, use_candidate: bool
) -> None:
    data = stun.request(
        TRANSACTION,
        f"{ours}:{theirs}",
        KEY,
        priority=priority,
        tie_breaker=tie_breaker,
        controlling=controlling,
        use_candidate=use_candidate,
    )
    read = check(data)
    assert stun.is_stun(data)
    assert stun.authentic(read.message, KEY)
    assert (read.ours, read.theirs, read.priority, read.tie_breaker) == (ours, theirs, priority, tie_breaker)
    assert (read.controlling, read.use_candidate) == (controlling, use_candidate)
    theirs_of_it = peer.parse_message(data)
    assert theirs_of_it.attributes["USERNAME"] == f"{ours}:{theirs}"
    assert ("ICE-CONTROLLING" in theirs_of_it.attributes) == controlling
    assert theirs_of_it.check_message_integrity(KEY)


@given(hosts, ports)
def test_aioice_reads_our_answers(host: str, port: int) -> None:
    data = stun.success(check(), host, port, KEY)
    theirs = peer.parse_message(data)
    mapped = getattr(ip_address(host), "ipv4_mapped", None)
    assert theirs.attributes["XOR-MAPPED-ADDRESS"] == (str(mapped or host), port)
    assert theirs.message_class == peer.Class.RESPONSE
    assert theirs.transaction_id == TRANSACTION
    assert theirs.check_message_integrity(KEY)
    assert stun.mapped_address(message(data)) == (str(mapped or host), port)


def test_an_address_that_an_ipv6_socket_sees_is_given_back_as_ipv4() -> None:
    data = stun.success(check(), "::ffff:192.0.2.7", 40_000, KEY)
    assert stun.mapped_address(message(data)) == ("192.0.2.7", 40_000)


@pytest.mark.parametrize("code", [stun.BAD_REQUEST, stun.UNAUTHENTICATED, stun.ROLE_CONFLICT])
def test_aioice_reads_our_refusals(code: int) -> None:
    signed, unsigned = (
        peer.parse_message(stun.refuse(check(), code, KEY)),
        peer.parse_message(stun.refuse(check(), code)),
    )
    assert signed.error_code == unsigned.error_code == code
    assert signed.message_class == peer.Class.ERROR
    assert signed.check_message_integrity(KEY)
    assert "MESSAGE-INTEGRITY" not in unsigned.attributes


@given(st.sets(st.sampled_from(["SOFTWARE", "USE-CANDIDATE"])), st.booleans(), hosts, ports)
def test_requests_of_aioice_are_read(more: set[str], controlling: bool, host: str, port: int) -> None:
    asked = peer.Message(peer.Method.BINDING, peer.Class.REQUEST, TRANSACTION)
    asked.attributes |= {"USERNAME": "ours:them", "PRIORITY": 7}
    asked.attributes["ICE-CONTROLLING" if controlling else "ICE-CONTROLLED"] = 9
    asked.attributes |= {name: "tester" if name == "SOFTWARE" else None for name in more}
    asked.add_message_integrity(KEY)
    read = check(bytes(asked))
    assert stun.authentic(read.message, KEY)
    assert (read.ours, read.theirs, read.controlling, read.tie_breaker) == ("ours", "them", controlling, 9)
    assert read.use_candidate == ("USE-CANDIDATE" in more)
    assert len(stun.success(read, host, port, KEY)) <= len(bytes(asked))


def test_no_answer_is_larger_than_the_smallest_request_that_gets_one() -> None:
    """Given the least that is read as a check, then the largest answer of each kind is no larger."""
    smallest = framed((0x0006, b"ours:them"), (0x0024, bytes(4)), (0x8029, bytes(8)), (0x0008, bytes(20)))
    read = check(smallest)
    answers = [stun.success(read, "2001:db8::1", 1, KEY), stun.refuse(read, 487, KEY), stun.refuse(read, 401)]
    assert [len(answer) for answer in answers] == [76, 60, 36]
    assert max(map(len, answers)) <= len(smallest)


@given(damaged(GOOD, RFC_REQUEST, RFC_RESPONSE_V6))
def test_nothing_that_arrives_raises(data: bytes) -> None:
    read = stun.parse(data)
    if read is not None:
        assert stun.is_stun(data)
        stun.check_of(read), stun.mapped_address(read), stun.authentic(read, KEY)


@given(st.binary(max_size=64))
def test_no_body_raises_behind_a_right_header(body: bytes) -> None:
    assert stun.parse(headed(body)) is None


def headed(body: bytes) -> bytes:
    return b"\x00\x01" + len(body).to_bytes(2, "big") + bytes.fromhex("2112a442") + TRANSACTION + body


LEAST = [(0x0006, b"ours:them"), (0x0024, bytes(4)), (0x802A, bytes(8))]


@pytest.mark.parametrize(
    "data",
    [
        headed(framed(*LEAST)[20:-8]),  # no fingerprint
        headed(framed(*LEAST)[20:] + bytes.fromhex("c0000000")),  # something behind it
        headed(framed((0xC000, bytes(4)))[20:-8] + bytes.fromhex("c0000400")),  # an attribute beyond the end
        framed(*LEAST, (0x0008, bytes(16))),  # a signature too short
        framed(*LEAST, (0x0008, bytes(24))),
        headed(framed(*LEAST)[20:] + b"\x00"),
        GOOD + bytes(4),
        b"\x00\x03" + GOOD[2:],  # another method
    ],
)
def test_malformed_is_none(data: bytes) -> None:
    assert stun.parse(data) is None


names = st.sampled_from([0x0006, 0x0008, 0x0020, 0x0024, 0x0025, 0x8029, 0x802A]) | st.integers(0, 0xFFFF)
kinds = st.sampled_from([stun.REQUEST, stun.SUCCESS, stun.ERROR, stun.INDICATION])


@given(st.lists(st.tuples(names, st.binary(max_size=24)), max_size=8), kinds)
def test_no_attribute_raises_however_it_is_filled(attributes: list[tuple[int, bytes]], kind: int) -> None:
    read = stun.parse(framed(*attributes, kind=kind))
    if read is not None:
        stun.mapped_address(read), stun.authentic(read, KEY)
        found = stun.check_of(read)
        assert found is None or len(stun.success(found, "2001:db8::1", 1, KEY)) <= len(read.data)


@pytest.mark.parametrize("change", [0x01, 0x04, 0x80])
def test_no_byte_may_change_on_the_way(change: int) -> None:
    for at, byte in enumerate(GOOD):
        assert stun.parse(GOOD[:at] + bytes((byte ^ change,)) + GOOD[at + 1 :]) is None


@given(st.integers(20, len(GOOD) - 33), st.integers(1, 255))
def test_who_changes_a_byte_and_mends_the_fingerprint_is_not_believed(at: int, change: int) -> None:
    forged = GOOD[:at] + bytes((GOOD[at] ^ change,)) + GOOD[at + 1 : -8]
    mended = forged + GOOD[-8:-4] + (crc32(forged) ^ 0x5354554E).to_bytes(4, "big")
    read = stun.parse(mended)
    assert read is None or not stun.authentic(read, KEY)


@pytest.mark.parametrize(
    "attributes",
    [
        [(0x0024, bytes(4)), (0x802A, bytes(8))],  # without a user
        [(0x0006, b"ours:them"), (0x802A, bytes(8))],  # without a priority
        [(0x0006, b"ours:them"), (0x0024, bytes(4))],  # without a role
        [(0x0006, b"our:them"), (0x0024, bytes(4)), (0x802A, bytes(8))],
        [(0x0006, b"oursthem"), (0x0024, bytes(4)), (0x802A, bytes(8))],
        [(0x0006, b"ours:th\xff\xff"), (0x0024, bytes(4)), (0x802A, bytes(8))],
        [(0x0006, b"ours:them"), (0x0024, bytes(5)), (0x802A, bytes(8))],
        [(0x0006, b"ours:them"), (0x0024, bytes(4)), (0x802A, bytes(7))],
        [(0x0006, b"o" * 600 + b":them"), (0x0024, bytes(4)), (0x802A, bytes(8))],
        [(0x0006, b"ours:them"), (0x0024, bytes(4)), (0x802A, bytes(8)), (0x0014, b"a realm is demanded")],
    ],
)
def test_what_ice_demands_is_demanded(attributes: list[tuple[int, bytes]]) -> None:
    assert stun.check_of(message(framed(*attributes, (0x0008, bytes(20))))) is None


def test_the_fingerprint_is_the_last() -> None:
    """Given a fingerprint that is right for a message with four more bytes, then those bytes are refused."""
    body = framed(*LEAST)[20:-8]
    head = headed(body + bytes(12))[:20]
    fingerprint = (crc32(head + body) ^ 0x5354554E).to_bytes(4, "big")
    assert stun.parse(head + body + bytes.fromhex("80280004") + fingerprint + bytes.fromhex("c0000000")) is None


def test_what_follows_the_signature_does_not_count() -> None:
    assert stun.check_of(message(framed(*LEAST))) is None
    assert not stun.authentic(message(framed(*LEAST)), KEY)
    assert not check(framed(*LEAST, (0x0008, bytes(20)), (0x0025, b""))).use_candidate
    assert check(framed(*LEAST, (0x0025, b""), (0x0008, bytes(20)))).use_candidate


def test_the_first_attribute_of_its_kind_counts() -> None:
    twice = framed(
        (0x0006, b"ours:them"), (0x0006, b"evil:them"), (0x0024, bytes(4)), (0x802A, bytes(8)), (8, bytes(20))
    )
    assert check(twice).ours == "ours"


def test_messages_are_bounded() -> None:
    assert stun.parse(framed(*[(0xC000, b"")] * (stun.MAX_ATTRIBUTES - 1))) is not None
    assert stun.parse(framed(*[(0xC000, b"")] * stun.MAX_ATTRIBUTES)) is None
    assert stun.parse(framed((0xC000, bytes(stun.MAX_MESSAGE - 32)))) is not None
    assert stun.parse(framed((0xC000, bytes(stun.MAX_MESSAGE - 28)))) is None


@pytest.mark.parametrize("data", [b"", bytes(20), b"\x16\xfe\xfd" + bytes(30), captured("VP8").rtp[0], GOOD[:19]])
def test_other_datagrams_are_not_stun(data: bytes) -> None:
    assert not stun.is_stun(data)
    assert stun.parse(data) is None


@pytest.mark.parametrize("codec", CODECS)
def test_the_checks_of_chromium_are_authentic(codec: Codec) -> None:
    session = captured(codec)
    nominated = []
    for data in session.stun:
        read = check(data)
        assert stun.authentic(read.message, session.password)
        assert read.controlling
        assert read.ours == peer.parse_message(data).attributes["USERNAME"].split(":")[0]
        assert len(stun.success(read, "2001:db8::1", 40_000, session.password)) <= len(data)
        nominated.append(read.use_candidate)
    assert True in nominated
