"""One end of a media line, as cheap as it can be: a socket, connectivity checks, a DTLS handshake as its client."""

import asyncio
import re
import secrets
import socket
from typing import Any

from aiortc.rtcdtlstransport import RTCCertificate
from msgspec import Struct
from OpenSSL import SSL
from pylibsrtp import Policy, Session

from bridge.door.dtls import PROFILES
from bridge.wire import stun

from .relay_read import WHOLE, listening_socket

SETUP_SECONDS = 30.0
CHECK_SECONDS = 0.25  # between two checks that nobody answered
MTU = 1_200
AUDIO, VIDEO = 111, 96  # payload types, as browsers have them
_EXPORTER = b"EXTRACTOR-dtls_srtp"  # RFC 5764, 4.2
_PROFILES = {
    b"SRTP_AEAD_AES_128_GCM": Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    b"SRTP_AES128_CM_SHA1_80": Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
}
_CODECS = {"audio": f"{AUDIO} opus/48000/2", "video": f"{VIDEO} VP8/90000"}
_HANDSHAKE = range(20, 64)


class CannotJoin(Exception):
    """A line that came to nothing; the text says where it ended."""


class Remote(Struct, frozen=True):
    """What the other side's session description says of its end."""

    address: tuple[str, int]
    ufrag: str
    pwd: str
    fingerprint: str


def remote(sdp: str) -> Remote:
    """Its first candidate over UDP and IPv4. Raises `CannotJoin`."""

    def of(pattern: str) -> str:
        found = re.search(pattern, sdp, re.MULTILINE | re.IGNORECASE)
        if found is None:
            raise CannotJoin(f"no {pattern} in the session description:\n{sdp}")
        return found[1].strip()

    host, _, port = of(r"^a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+ \d+) typ host").partition(" ")
    pwd, ufrag = of(r"^a=ice-pwd:(.*)$"), of(r"^a=ice-ufrag:(.*)$")
    return Remote((host, int(port)), ufrag, pwd, of(r"^a=fingerprint:sha-256 (.*)$").upper())


class Identity:
    """A certificate for all lines of a process: who comes is told apart by his pass."""

    def __init__(self) -> None:
        certificate = RTCCertificate.generateCertificate()
        self.context = certificate._create_ssl_context(PROFILES)
        self.fingerprint = next(one.value for one in certificate.getFingerprints() if one.algorithm == "sha-256")


class Line:
    """`connect` makes it ready: then `inbound` opens what comes, `outbound` seals what goes."""

    def __init__(self, identity: Identity, host: str) -> None:
        self.socket = listening_socket()
        self.socket.bind((host, 0))
        self.ufrag, self.pwd = secrets.token_hex(4), secrets.token_hex(16)
        self._identity = identity
        self._dtls = SSL.Connection(identity.context, None)
        self._dtls.set_connect_state()
        self._dtls.set_ciphertext_mtu(MTU)
        self._proven = self._done = False
        self._moved = asyncio.Event()
        self.inbound: Session
        self.outbound: Session
        self.check = b""
        self.profile = ""

    # --- what is said of it

    def description(self, act: str, mids: dict[str, str] | None = None, setup: str = "actpass") -> str:
        """An offer of sound and picture, or the answer to one: `mids` are its names by kind, in its order."""
        named = mids or {"audio": "0", "video": "1"}
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {' '.join(named.values())}"]
        for kind, mid in named.items():
            lines += self._section(kind, mid, act, setup)
        return "".join(f"{line}\r\n" for line in lines)

    def _section(self, kind: str, mid: str, act: str, setup: str) -> list[str]:
        host, port = self.socket.getsockname()
        number = _CODECS[kind].split()[0]
        lines = [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {number}", "c=IN IP4 0.0.0.0", f"a=mid:{mid}", f"a={act}", "a=rtcp-mux",
            f"a=ice-ufrag:{self.ufrag}", f"a=ice-pwd:{self.pwd}", f"a=setup:{setup}",
            f"a=fingerprint:sha-256 {self._identity.fingerprint}", f"a=rtpmap:{_CODECS[kind]}",
        ]  # fmt: skip
        if kind == "video":
            lines += [f"a=rtcp-fb:{number} nack", f"a=rtcp-fb:{number} nack pli"]
        return [*lines, f"a=candidate:1 1 udp 2130706431 {host} {port} typ host", "a=end-of-candidates"]

    # --- how it comes to be

    async def connect(self, to: Remote) -> None:
        """Raises `CannotJoin`. Media that comes with the last words of the handshake stays in the socket."""
        self.socket.connect(to.address)
        self.check = stun.request(
            secrets.token_bytes(12), f"{to.ufrag}:{self.ufrag}", to.pwd.encode(),
            priority=1, tie_breaker=1, use_candidate=True,
        )  # fmt: skip
        loop = asyncio.get_running_loop()
        loop.add_reader(self.socket.fileno(), self._readable)
        try:
            async with asyncio.timeout(SETUP_SECONDS):
                while not self._done:
                    self._urge()
                    await self._moving()
        except TimeoutError as error:
            raise CannotJoin("no handshake" if self._proven else "no answer to a check") from error
        finally:
            loop.remove_reader(self.socket.fileno())
        self._open(to)

    def _urge(self) -> None:
        """Says again what may have been lost."""
        if not self._proven:
            self.send(self.check)
        else:
            self._dtls.DTLSv1_handle_timeout()
            self._speak()

    async def _moving(self) -> None:
        wait = self._dtls.DTLSv1_get_timeout() if self._proven else None
        self._moved.clear()
        try:
            await asyncio.wait_for(self._moved.wait(), CHECK_SECONDS if wait is None else wait + 0.01)
        except TimeoutError:
            return

    def _readable(self) -> None:
        while not self._done:
            try:
                data = self.socket.recv(WHOLE)
            except (BlockingIOError, ConnectionError):
                return
            if stun.is_stun(data):
                self.hear_check(data)
            elif data[0] in _HANDSHAKE:
                self._dtls.bio_write(data)
                self._step()

    def hear_check(self, data: bytes) -> None:
        """Answers a check of the other side; its answer to ours begins the handshake."""
        message = stun.parse(data)
        if message and (check := stun.check_of(message)):
            host, port = self.socket.getpeername()
            self.send(stun.success(check, host, port, self.pwd.encode()))
        elif message and message.kind == stun.SUCCESS and not self._proven:
            self._proven = True
            self._step()

    def _step(self) -> None:
        try:
            self._dtls.do_handshake()
            self._done = True
        except SSL.WantReadError:
            pass
        except SSL.Error:
            return  # a damaged datagram; the handshake's own patience ends what never comes right
        self._speak()
        self._moved.set()

    def _speak(self) -> None:
        while True:
            try:
                self.send(self._dtls.bio_read(WHOLE))
            except SSL.WantReadError:
                return

    def _open(self, to: Remote) -> None:
        theirs: Any = self._dtls.get_peer_certificate()
        if theirs is None or theirs.digest("sha256").decode().upper() != to.fingerprint:
            raise CannotJoin("another certificate than the session description names")
        agreed = self._dtls.get_selected_srtp_profile()
        profile = next(one for one in PROFILES if one.openssl_profile == agreed)
        material = self._dtls.export_keying_material(_EXPORTER, 2 * (profile.key_length + profile.salt_length))
        ours, back = (profile.get_key_and_salt(material, side) for side in (0, 1))
        self.profile = agreed.decode()
        self.inbound = _session(back, Policy.SSRC_ANY_INBOUND, agreed)
        self.outbound = _session(ours, Policy.SSRC_ANY_OUTBOUND, agreed)

    def send(self, data: bytes) -> None:
        try:
            self.socket.send(data)
        except (BlockingIOError, ConnectionError):
            return  # lost, as on any line

    def close(self) -> None:
        self.socket.close()


def _session(key: bytes, direction: int, agreed: bytes) -> Session:
    return Session(Policy(key=key, ssrc_type=direction, srtp_profile=_PROFILES[agreed]))


def own_address() -> str:
    """Of this machine, not of its loopback: the peers take no other. Nothing is sent for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address of documentation: any route will do
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
