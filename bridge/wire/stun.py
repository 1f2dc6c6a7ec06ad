"""What ICE-lite needs of STUN (RFC 8489): connectivity checks (RFC 8445 section 7) and their answers.

Nobody can make us send more than was sent to us. `check_of` gives a `Check` only for a request that holds USERNAME,
PRIORITY, MESSAGE-INTEGRITY and FINGERPRINT: 76 bytes at least, and that is the largest answer there is (`success` to an
IPv6 address). Whoever answers asks `authentic` first; a request that fails it is best left without an answer.
"""

import hmac
from ipaddress import IPv4Address, IPv6Address, ip_address
from struct import Struct
from zlib import crc32

from msgspec import Struct as Record

REQUEST = 0x0001
INDICATION = 0x0011
SUCCESS = 0x0101
ERROR = 0x0111

BAD_REQUEST = 400
UNAUTHENTICATED = 401
ROLE_CONFLICT = 487

HEADER = 20
MAX_MESSAGE = 1_280  # RFC 8489 section 6.1: what no path has to fragment; checks are near 100 bytes
MAX_ATTRIBUTES = 24  # browsers send ten
MIN_FRAGMENT = 4  # of a user name (RFC 8445 section 5.3): ours, a colon, theirs
MAX_USERNAME = 513  # RFC 8445 section 5.3 allows 256 each side

_COOKIE = 0x2112A442
_COOKIE_BYTES = _COOKIE.to_bytes(4, "big")
_FINGERPRINT_XOR = 0x5354554E
_KINDS = frozenset((REQUEST, INDICATION, SUCCESS, ERROR))

_USERNAME = 0x0006
_INTEGRITY = 0x0008
_ERROR_CODE = 0x0009
_XOR_MAPPED_ADDRESS = 0x0020
_PRIORITY = 0x0024
_USE_CANDIDATE = 0x0025
_FINGERPRINT = 0x8028
_CONTROLLED = 0x8029
_CONTROLLING = 0x802A

_OPTIONAL = 0x8000  # from here on an attribute that we do not know may be passed over
_KNOWN = frozenset((_USERNAME, _PRIORITY, _USE_CANDIDATE))
_INTEGRITY_SIZE = 24  # with its own header
_FINGERPRINT_SIZE = 8

_HEAD = Struct("!HHI12s")
_ATTRIBUTE = Struct("!HH")


class Message(Record, frozen=True):
    """A binding message whose fingerprint is right. `signed` counts the bytes before MESSAGE-INTEGRITY, 0 without
    one; `attributes` are those before it, first of its kind only, and proven by nothing until `authentic` says so."""

    kind: int
    transaction: bytes
    attributes: dict[int, bytes]
    signed: int
    data: bytes


class Check(Record, frozen=True):
    """A connectivity check. `ours` and `theirs` are the user fragments; `controlling` is the role that the sender
    claims, with the number that decides when both claim the same."""

    message: Message
    ours: str
    theirs: str
    priority: int
    use_candidate: bool
    controlling: bool
    tie_breaker: int


def is_stun(data: bytes) -> bool:
    """Whether a datagram is STUN and neither DTLS nor media (RFC 7983 section 7, RFC 8489 section 5)."""
    return len(data) >= HEADER and data[0] < 4 and data[4:8] == _COOKIE_BYTES


def parse(data: bytes) -> Message | None:
    """Reads a binding message; None unless all lengths are right, it is no larger than `MAX_MESSAGE` bytes and
    `MAX_ATTRIBUTES`, and it ends with the right FINGERPRINT, which ICE demands (RFC 8445 section 7)."""
    size = len(data)
    if not HEADER <= size <= MAX_MESSAGE or size % 4:
        return None
    kind, length, cookie, transaction = _HEAD.unpack_from(data)
    if kind not in _KINDS or length != size - HEADER or cookie != _COOKIE:
        return None
    attributes: dict[int, bytes] = {}
    signed = 0
    at = HEADER
    for _ in range(MAX_ATTRIBUTES):
        if at >= size:  # the end without a fingerprint, or an attribute that reaches beyond it
            return None
        name, length = _ATTRIBUTE.unpack_from(data, at)
        start = at + 4
        after = start + (length + 3 & ~3)
        if name == _FINGERPRINT:
            right = length == 4 and data[start:] == _fingerprint(data[:at])
            return Message(kind, transaction, attributes, signed, data) if right else None
        if name == _INTEGRITY and not signed:
            if length != _INTEGRITY_SIZE - 4:
                return None
            signed = at
        elif not signed:  # what follows the signature is nobody's word (RFC 8489 section 14.5)
            attributes.setdefault(name, data[start : start + length])
        at = after
    return None


def authentic(message: Message, key: bytes) -> bool:
    """Whether MESSAGE-INTEGRITY was made with `key`, the ICE password (RFC 8489 sections 9.1.3 and 14.5). Compared
    in constant time."""
    if not message.signed:
        return False
    start = message.signed + 4
    given = message.data[start : start + _INTEGRITY_SIZE - 4]
    return hmac.compare_digest(given, _integrity(message.data[: message.signed], key))


def check_of(message: Message) -> Check | None:
    """The connectivity check in a request (RFC 8445 sections 7.1 and 7.3). None when something that ICE demands is
    missing or malformed, or when it demands something that we do not know."""
    attributes = message.attributes
    if message.kind != REQUEST or not message.signed:
        return None
    if any(name < _OPTIONAL and name not in _KNOWN for name in attributes):
        return None
    fragments = _fragments(attributes.get(_USERNAME, b""))
    priority = attributes.get(_PRIORITY, b"")
    controlling = _CONTROLLING in attributes
    tie_breaker = attributes.get(_CONTROLLING if controlling else _CONTROLLED, b"")
    if fragments is None or len(priority) != 4 or len(tie_breaker) != 8:
        return None
    return Check(
        message,
        *fragments,
        int.from_bytes(priority, "big"),
        _USE_CANDIDATE in attributes,
        controlling,
        int.from_bytes(tie_breaker, "big"),
    )


def _fragments(username: bytes) -> tuple[str, str] | None:
    """RFC 8445 section 7.2.2: first the fragment of who receives, then that of who sends."""
    if len(username) > MAX_USERNAME or not username.isascii():
        return None
    ours, _, theirs = username.decode("ascii").partition(":")
    return (ours, theirs) if len(ours) >= MIN_FRAGMENT and len(theirs) >= MIN_FRAGMENT else None


def mapped_address(message: Message) -> tuple[str, int] | None:
    """Where the other side saw our check come from (XOR-MAPPED-ADDRESS, RFC 8489 section 14.2)."""
    value = message.attributes.get(_XOR_MAPPED_ADDRESS, b"")
    family = value[1] if len(value) > 1 else 0
    if (family, len(value)) not in ((1, 8), (2, 20)):
        return None
    mask = _mask(message.transaction, len(value) - 4)
    packed = int.from_bytes(value[4:], "big") ^ mask
    port = (value[2] << 8 | value[3]) ^ (_COOKIE >> 16)
    return str(IPv4Address(packed) if family == 1 else IPv6Address(packed)), port


# --- building


def success(check: Check, host: str, port: int, key: bytes) -> bytes:
    """The answer to a check that came from `host` and `port` (RFC 8445 section 7.3.1): 64 bytes over IPv4, 76 over
    IPv6. An IPv4 address as an IPv6 socket sees it (::ffff:…) is given back as IPv4. `host` is what the socket said."""
    transaction = check.message.transaction
    return _message(SUCCESS, transaction, _attribute(_XOR_MAPPED_ADDRESS, _xor_address(host, port, transaction)), key)


def refuse(check: Check, code: int, key: bytes = b"") -> bytes:
    """The error answer 400, 401 or 487 (RFC 8489 section 14.8), at most 60 bytes. Signed when a `key` is given: an
    answer to a check that was not authentic has none (RFC 8489 section 9.1.3)."""
    value = bytes((0, 0, code // 100, code % 100))
    return _message(ERROR, check.message.transaction, _attribute(_ERROR_CODE, value), key)


def request(
    transaction: bytes,
    username: str,
    key: bytes,
    *,
    priority: int,
    tie_breaker: int,
    controlling: bool = True,
    use_candidate: bool = False,
) -> bytes:
    """A check of our own. `username` is "theirs:ours", `key` their password, `transaction` 12 bytes of chance."""
    body = (
        _attribute(_USERNAME, username.encode("ascii"))
        + _attribute(_PRIORITY, priority.to_bytes(4, "big"))
        + _attribute(_CONTROLLING if controlling else _CONTROLLED, tie_breaker.to_bytes(8, "big"))
        + (_attribute(_USE_CANDIDATE, b"") if use_candidate else b"")
    )
    return _message(REQUEST, transaction, body, key)


def _message(kind: int, transaction: bytes, body: bytes, key: bytes) -> bytes:
    data = _HEAD.pack(kind, len(body), _COOKIE, transaction) + body
    if key:
        data += _attribute(_INTEGRITY, _integrity(data, key))
    data = _with_length(data, _FINGERPRINT_SIZE)
    return data + _attribute(_FINGERPRINT, _fingerprint(data))


def _attribute(name: int, value: bytes) -> bytes:
    return _ATTRIBUTE.pack(name, len(value)) + value + bytes(-len(value) % 4)


def _integrity(before: bytes, key: bytes) -> bytes:
    """RFC 8489 section 14.5: the length that is signed ends with the attribute itself."""
    return hmac.digest(key, _with_length(before, _INTEGRITY_SIZE), "sha1")


def _fingerprint(before: bytes) -> bytes:
    """RFC 8489 section 14.7, over a message whose length already counts this attribute."""
    return (crc32(before) ^ _FINGERPRINT_XOR).to_bytes(4, "big")


def _with_length(data: bytes, more: int) -> bytes:
    return data[:2] + (len(data) - HEADER + more).to_bytes(2, "big") + data[4:]


def _xor_address(host: str, port: int, transaction: bytes) -> bytes:
    address = ip_address(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    size = len(address.packed)
    packed = (int(address) ^ _mask(transaction, size)).to_bytes(size, "big")
    return bytes((0, 1 if size == 4 else 2)) + (port ^ (_COOKIE >> 16)).to_bytes(2, "big") + packed


def _mask(transaction: bytes, size: int) -> int:
    """What addresses are hidden with from meddling routers: the cookie, for IPv6 the transaction after it."""
    return _COOKIE if size == 4 else int.from_bytes(_COOKIE_BYTES + transaction, "big")
