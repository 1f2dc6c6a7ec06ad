"""The ciphers of SRTP that all peers agree on: AEAD_AES_128_GCM (RFC 7714), AES_CM_128_HMAC_SHA1_80 (RFC 3711).

A cipher turns one packet with a known index into its protected form and back. It remembers no index: which index a
packet has, and that none is used twice, is the business of `srtp`.
"""

import hmac
from abc import ABC, abstractmethod
from enum import StrEnum
from struct import Struct
from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher as Aes
from cryptography.hazmat.primitives.ciphers import CipherContext, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_LENGTH: Final = 16
_AUTH_KEY_LENGTH: Final = 20
RTCP_HEADER: Final = 8
RTCP_WORD: Final = 4  # the E flag and the 31-bit index that follow every protected RTCP packet
ENCRYPTED: Final = 1 << 31
_RTP_START: Final = Struct(">HHQ")  # flags with the payload type, sequence number, timestamp with the SSRC


class Profile(StrEnum):
    """The names by which DTLS agrees on them (RFC 5764, RFC 7714)."""

    GCM = "SRTP_AEAD_AES_128_GCM"
    CM = "SRTP_AES128_CM_SHA1_80"


class SessionKeys(NamedTuple):
    """What one direction is protected with. GCM needs no authentication keys and leaves them aside."""

    rtp_key: bytes
    rtp_auth: bytes
    rtp_salt: bytes
    rtcp_key: bytes
    rtcp_auth: bytes
    rtcp_salt: bytes

    @classmethod
    def derived(cls, key: bytes, salt: bytes) -> Self:
        """RFC 3711, 4.3: counter mode under the master key; a salt of 12 bytes is filled up to 14 (RFC 7714, 11)."""
        context, start = _counter_mode(key), int.from_bytes(salt.ljust(14, b"\0"))
        lengths = (KEY_LENGTH, _AUTH_KEY_LENGTH, len(salt)) * 2
        return cls(*(_crypt(context, (start ^ label << 48) << 16, bytes(n)) for label, n in enumerate(lengths)))


class Slot(NamedTuple):
    """One packet of a source, laid out once for all viewers: what differs between them is written into the views."""

    number: int  # the packet's place in its source, never wrapping
    first: int  # the header's first two bytes, payload type 0
    tail: int  # timestamp and SSRC, as one number
    payload: bytes
    head: memoryview  # of the outgoing buffer: the header
    body: memoryview  # of the outgoing buffer, right after it: ciphertext and tag


class Cipher(ABC):
    """The session keys of one direction. `seal` and `open` take the header, in clear, and what is encrypted apart."""

    salt_length: int
    tag_length: int
    word_from_end: int  # where a protected RTCP packet carries its E flag and index

    @abstractmethod
    def seal(self, ssrc: int, index: int, header: bytes, payload: bytes) -> bytes:
        """Ciphertext and tag, without the header."""

    @abstractmethod
    def open(self, ssrc: int, index: int, header: bytes, sealed: bytes) -> bytes | None:
        """The payload, or None if the tag is not ours."""

    @abstractmethod
    def write(self, ssrc: int, payload_type: int, offset: int, slots: list[Slot]) -> None:
        """Every slot's packet as one viewer gets it: index `number - offset`. The inner loop of the relay."""

    @abstractmethod
    def seal_rtcp(self, ssrc: int, index: int, packet: bytes) -> bytes:
        """The whole protected compound."""

    @abstractmethod
    def open_rtcp(self, ssrc: int, index: int, data: bytes) -> bytes | None:
        """The whole compound in clear, or None if the tag is not ours. `data` holds header, tag and word at least."""


class Gcm(Cipher):
    salt_length = 12
    tag_length = 16
    word_from_end = RTCP_WORD

    def __init__(self, keys: SessionKeys) -> None:
        self._rtp = AESGCM(keys.rtp_key)
        self._rtp_salt = int.from_bytes(keys.rtp_salt)
        self._rtcp = AESGCM(keys.rtcp_key)
        self._rtcp_salt = int.from_bytes(keys.rtcp_salt)

    def seal(self, ssrc: int, index: int, header: bytes, payload: bytes) -> bytes:
        return self._rtp.encrypt(self._nonce(ssrc, index), payload, header)

    def open(self, ssrc: int, index: int, header: bytes, sealed: bytes) -> bytes | None:
        try:
            return self._rtp.decrypt(self._nonce(ssrc, index), sealed, header)
        except InvalidTag:
            return None

    def write(self, ssrc: int, payload_type: int, offset: int, slots: list[Slot]) -> None:
        base = self._rtp_salt ^ ssrc << 48
        encrypt = self._rtp.encrypt_into
        start = _RTP_START.pack_into
        for number, first, tail, payload, head, body in slots:
            index = number - offset
            start(head, 0, first | payload_type, index & 0xFFFF, tail)
            encrypt((base ^ index).to_bytes(12), payload, head, body)

    def seal_rtcp(self, ssrc: int, index: int, packet: bytes) -> bytes:
        header, word = packet[:RTCP_HEADER], (ENCRYPTED | index).to_bytes(RTCP_WORD)
        sealed = self._rtcp.encrypt(self._rtcp_nonce(ssrc, index), packet[RTCP_HEADER:], header + word)
        return header + sealed + word

    def open_rtcp(self, ssrc: int, index: int, data: bytes) -> bytes | None:
        header, word = data[:RTCP_HEADER], data[-RTCP_WORD:]
        try:
            nonce = self._rtcp_nonce(ssrc, index)
            return header + self._rtcp.decrypt(nonce, data[RTCP_HEADER:-RTCP_WORD], header + word)
        except InvalidTag:
            return None

    def _nonce(self, ssrc: int, index: int) -> bytes:
        return (self._rtp_salt ^ ssrc << 48 ^ index).to_bytes(12)

    def _rtcp_nonce(self, ssrc: int, index: int) -> bytes:
        return (self._rtcp_salt ^ ssrc << 48 ^ index).to_bytes(12)


class Cm(Cipher):
    salt_length = 14
    tag_length = 10
    word_from_end = RTCP_WORD + tag_length

    def __init__(self, keys: SessionKeys) -> None:
        self._rtp = _counter_mode(keys.rtp_key)
        self._rtp_mac = hmac.new(keys.rtp_auth, digestmod="sha1")
        self._rtp_salt = int.from_bytes(keys.rtp_salt) << 16
        self._rtcp = _counter_mode(keys.rtcp_key)
        self._rtcp_mac = hmac.new(keys.rtcp_auth, digestmod="sha1")
        self._rtcp_salt = int.from_bytes(keys.rtcp_salt) << 16

    def seal(self, ssrc: int, index: int, header: bytes | memoryview, payload: bytes) -> bytes:
        sealed = self._crypt(ssrc, index, payload)
        return sealed + self._tag(index, header, sealed)

    def open(self, ssrc: int, index: int, header: bytes, sealed: bytes) -> bytes | None:
        ciphertext, tag = sealed[: -self.tag_length], sealed[-self.tag_length :]
        if not hmac.compare_digest(tag, self._tag(index, header, ciphertext)):
            return None
        return self._crypt(ssrc, index, ciphertext)

    def write(self, ssrc: int, payload_type: int, offset: int, slots: list[Slot]) -> None:
        for number, first, tail, payload, head, body in slots:
            index = number - offset
            _RTP_START.pack_into(head, 0, first | payload_type, index & 0xFFFF, tail)
            body[:] = self.seal(ssrc, index, head, payload)

    def seal_rtcp(self, ssrc: int, index: int, packet: bytes) -> bytes:
        sealed = _crypt(self._rtcp, self._rtcp_salt ^ ssrc << 64 ^ index << 16, packet[RTCP_HEADER:])
        protected = packet[:RTCP_HEADER] + sealed + (ENCRYPTED | index).to_bytes(RTCP_WORD)
        return protected + self._rtcp_tag(protected)

    def open_rtcp(self, ssrc: int, index: int, data: bytes) -> bytes | None:
        protected, tag = data[: -self.tag_length], data[-self.tag_length :]
        if not hmac.compare_digest(tag, self._rtcp_tag(protected)):
            return None
        sealed = protected[RTCP_HEADER:-RTCP_WORD]
        return protected[:RTCP_HEADER] + _crypt(self._rtcp, self._rtcp_salt ^ ssrc << 64 ^ index << 16, sealed)

    def _crypt(self, ssrc: int, index: int, payload: bytes) -> bytes:
        return _crypt(self._rtp, self._rtp_salt ^ ssrc << 64 ^ index << 16, payload)

    def _tag(self, index: int, header: bytes | memoryview, sealed: bytes) -> bytes:
        mac = self._rtp_mac.copy()
        mac.update(header)
        mac.update(sealed)
        mac.update((index >> 16).to_bytes(4))
        return mac.digest()[: self.tag_length]

    def _rtcp_tag(self, protected: bytes) -> bytes:
        mac = self._rtcp_mac.copy()
        mac.update(protected)
        return mac.digest()[: self.tag_length]


_CIPHERS: Final[dict[Profile, type[Gcm] | type[Cm]]] = {Profile.GCM: Gcm, Profile.CM: Cm}


def cipher_of(profile: Profile, master: bytes) -> Cipher:
    """The cipher under a master key with its salt behind; ValueError if they are not as long as the profile needs."""
    kind = _CIPHERS[profile]
    if len(master) != KEY_LENGTH + kind.salt_length:
        raise ValueError(f"{profile} needs {KEY_LENGTH + kind.salt_length} bytes of key and salt, not {len(master)}")
    return kind(SessionKeys.derived(master[:KEY_LENGTH], master[KEY_LENGTH:]))


def _counter_mode(key: bytes) -> CipherContext:
    return Aes(algorithms.AES(key), modes.CTR(bytes(16))).encryptor()


def _crypt(context: CipherContext, counter: int, data: bytes) -> bytes:
    context.reset_nonce(counter.to_bytes(16))  # an eighth of what a new context costs
    return context.update(data)
