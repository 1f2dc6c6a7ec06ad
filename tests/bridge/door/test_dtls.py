"""Handshakes, with aiortc as the one who begins, over a line of two queues."""

import asyncio
from collections.abc import Iterator

import pytest
from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_AEAD_AES_256_GCM,
    SRTP_AES128_CM_SHA1_80,
    RTCCertificate,
    RTCDtlsTransport,
    SRTPProtectionProfile,
)

from bridge.door.dtls import Certificate, Exported, Handshake, HandshakeFailed, Line
from bridge.door.tasks import Tasks
from bridge.wire.sdp import Fingerprint
from tests.waiting import until

SECONDS = 10.0


class Pair:
    """Our side and the peer's."""

    def __init__(self, profiles: list[SRTPProtectionProfile]) -> None:
        self.goodbyes = 0
        self.flights: list[bytes] = []
        theirs = Line(lambda data: self.ours.line.arrived(data))
        self.ours = Handshake(Certificate.generateCertificate(), self._sent, self._goodbye)
        self.line, self.certificate = theirs, RTCCertificate.generateCertificate()
        self.peer = RTCDtlsTransport(theirs, [self.certificate])  # type: ignore[arg-type] # as our own side does
        self.peer._srtp_profiles = profiles
        self.peer._set_role("client")

    def _sent(self, data: bytes) -> None:
        self.flights.append(data)
        self.line.arrived(data)

    def _goodbye(self) -> None:
        self.goodbyes += 1

    async def shake(self, fingerprints: tuple[Fingerprint, ...] = ()) -> Exported:
        found = [Fingerprint(one.algorithm, one.value) for one in self.certificate.getFingerprints()]
        async with asyncio.timeout(SECONDS), Tasks() as tasks:
            started = tasks.start("peer", self.peer.start(self.ours.getLocalParameters()))
            keys = await self.ours.keys(fingerprints or tuple(found))
            await started
        return keys

    def peers_keys(self, profile: SRTPProtectionProfile) -> Iterator[bytes]:
        """The peer's own and ours, as the peer finds them."""
        length = 2 * (profile.key_length + profile.salt_length)
        assert self.peer._ssl is not None
        material = self.peer._ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", length)
        return (profile.get_key_and_salt(material, side) for side in (0, 1))

    async def close(self) -> None:
        await self.peer.stop()
        await self.ours.stop()


@pytest.mark.parametrize(
    ("offered", "agreed"),
    [
        ([SRTP_AEAD_AES_256_GCM, SRTP_AES128_CM_SHA1_80, SRTP_AEAD_AES_128_GCM], SRTP_AEAD_AES_128_GCM),
        ([SRTP_AES128_CM_SHA1_80], SRTP_AES128_CM_SHA1_80),
    ],
)
async def test_both_sides_export_the_same_keys_of_the_best_common_cipher(
    offered: list[SRTPProtectionProfile], agreed: SRTPProtectionProfile
) -> None:
    pair = Pair(offered)

    keys = await pair.shake()

    assert keys.profile.encode() == agreed.openssl_profile
    assert (keys.theirs, keys.ours) == tuple(pair.peers_keys(agreed))
    assert len(keys.ours) == len(keys.theirs) == agreed.key_length + agreed.salt_length
    assert max(map(len, pair.flights)) <= 1_200
    await pair.close()


async def test_no_common_cipher_is_no_keys() -> None:
    pair = Pair([SRTP_AEAD_AES_256_GCM])

    with pytest.raises(HandshakeFailed):
        await pair.shake()
    await pair.close()


async def test_another_certificate_than_the_offers_is_no_keys() -> None:
    pair = Pair([SRTP_AEAD_AES_128_GCM])
    other = Certificate.generateCertificate().fingerprint

    with pytest.raises(HandshakeFailed):
        await pair.shake((Fingerprint("sha-256", other),))
    await pair.close()


async def test_a_goodbye_is_heard() -> None:
    pair = Pair([SRTP_AEAD_AES_128_GCM])
    await pair.shake()

    await pair.peer.stop()
    await until(lambda: pair.goodbyes, "the goodbye")
    await pair.ours.stop()


async def test_garbage_is_no_end() -> None:
    """Given datagrams that only look like a handshake, when the real one comes, it is done."""
    pair = Pair([SRTP_AEAD_AES_128_GCM])
    for data in (b"", b"\x16", b"\x16\xfe\xff" + bytes(40), b"\x17" * 1_500, b"\x80" * 20, b"\xff"):
        pair.ours.line.arrived(data)

    assert (await pair.shake()).profile
    await pair.close()


def test_a_line_keeps_no_flood() -> None:
    line = Line(lambda data: None)
    for _ in range(1_000):
        line.arrived(b"\x16")
    assert line._in.qsize() < 100
