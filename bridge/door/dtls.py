"""The handshake that gives a session its keys: aiortc's, over a line that the worker's port carries."""

import asyncio
from collections.abc import Callable
from typing import Any, Literal

from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_AES128_CM_SHA1_80,
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    SRTPProtectionProfile,
    State,
)
from msgspec import Struct
from OpenSSL import SSL

from bridge.wire.sdp import Fingerprint

# AES_CM for peers without GCM: it costs the relay twice as much.
PROFILES = [SRTP_AEAD_AES_128_GCM, SRTP_AES128_CM_SHA1_80]
_EXPORTER = b"EXTRACTOR-dtls_srtp"  # RFC 5764, 4.2
_MAX_WAITING = 32  # datagrams of one handshake: a flight is four


class HandshakeFailed(Exception):
    """No keys: a certificate other than the offer's, no common cipher, or the peer gave up."""


class Exported(Struct, frozen=True):
    """Master key and salt of each direction, joined."""

    profile: str
    ours: bytes
    theirs: bytes


class Certificate(RTCCertificate):
    """One for all sessions, with one context: making one costs more than a handshake."""

    _context: SSL.Context | None = None

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:
        if self._context is None:
            self._context = super()._create_ssl_context(srtp_profiles)
            self._context.set_session_cache_mode(SSL.SESS_CACHE_OFF)  # nothing is kept of who has gone
            self._context.set_mode(SSL.MODE_RELEASE_BUFFERS)  # after the handshake little is said
        return self._context

    @property
    def fingerprint(self) -> str:
        return next(one.value for one in self.getFingerprints() if one.algorithm == "sha-256")


class Line:
    """What the handshake takes for its ICE transport: the worker has done ICE already."""

    role = "controlled"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._out = send
        self._in: asyncio.Queue[bytes] = asyncio.Queue(_MAX_WAITING)

    def arrived(self, data: bytes) -> None:
        """A datagram; one too many is lost, as on any line."""
        if data and not self._in.full():
            self._in.put_nowait(data)

    async def _recv(self) -> bytes:
        return await self._in.get()

    async def _send(self, data: bytes) -> None:
        self._out(data)


class Handshake(RTCDtlsTransport):
    """One handshake, which the peer begins, or we as the `client`; afterwards it repeats its last words when the peer
    missed them, and hears his goodbye."""

    def __init__(
        self,
        certificate: Certificate,
        send: Callable[[bytes], None],
        on_goodbye: Callable[[], None],
        role: Literal["server", "client"] = "server",
    ) -> None:
        self.line = Line(send)
        super().__init__(self.line, [certificate])  # type: ignore[arg-type] # three names are all it uses
        self._srtp_profiles = PROFILES
        self._exported: Exported | None = None
        self._on_goodbye = on_goodbye
        self._set_role(role)

    async def keys(self, fingerprints: tuple[Fingerprint, ...]) -> Exported:
        """Runs the handshake; as long as the peer likes. Raises `HandshakeFailed`."""
        theirs = [RTCDtlsFingerprint(one.algorithm, one.value) for one in fingerprints]
        await self.start(RTCDtlsParameters(theirs))
        if self._exported is None:
            raise HandshakeFailed
        return self._exported

    async def stop(self) -> None:
        """Lets go of everything: what the handshake holds is tens of kilobytes that no collector sees."""
        await super().stop()
        self._ssl, self._on_goodbye, self.line = None, lambda: None, Line(lambda _: None)

    def _setup_srtp(self) -> None:
        """Instead of making ciphers of the keys: they are the worker's."""
        connection: Any = self._ssl
        agreed = connection.get_selected_srtp_profile()
        profile = next((one for one in PROFILES if one.openssl_profile == agreed), None)
        if profile is None:
            self._set_state(State.FAILED)
            return
        material = connection.export_keying_material(_EXPORTER, 2 * (profile.key_length + profile.salt_length))
        sides = [profile.get_key_and_salt(material, side) for side in (0, 1)]  # the client's first
        ours, theirs = sides if self._role == "client" else reversed(sides)
        self._exported = Exported(profile.openssl_profile.decode(), ours, theirs)

    def _set_state(self, state: State) -> None:
        super()._set_state(state)
        if state == State.CLOSED:
            self._on_goodbye()
