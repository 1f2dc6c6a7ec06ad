"""OBS: what its sources say that it offers, takes and does, done by aiortc in its place."""

import re

import pytest

from tests.bridge.door.house import SDP, Peer, a_pass, come, opened
from tests.bridge.door.test_media import id_of, soon
from tests.bridge.wire.offers import offer
from tests.waiting import until

OBS = {"User_Agent": "Mozilla/5.0 (OBS-Studio/32.0.1; Linux x86_64; vi-VN)"}


class Obs(Peer):
    """H.264 and Opus under its own numbers, no candidates, no format for repeats, no word of the line's rate."""

    shape = "obs-bare-publish"

    def offer(self) -> str:
        made, text = super().offer(), offer(self.shape)
        for name in ("ice-ufrag:", "ice-pwd:", "fingerprint:sha-256 "):
            own = re.search(rf"a={name}(.+)\r", made)
            assert own is not None
            text = re.sub(rf"(?m)^a={name}[^\r]+", f"a={name}{own[1]}", text)
        return text


class OldObs(Obs):
    """30.0, which gathers candidates before it asks."""

    shape = "obs-publish"


@pytest.mark.parametrize("of", [Obs, OldObs])
async def test_obs_publishes_and_ends_with_delete(of: type[Obs]) -> None:
    async with opened() as house, come(house, "main", "publish", of=of) as obs, come(house, "main", "watch") as viewer:
        async with soon():
            assert len(await viewer.frames(5)) == 5
            assert len(await viewer.frames(5, "audio")) == 5
        sending = house.door.reception.sessions[id_of(obs)].codecs["video"]
        assert (sending.name, sending.payload_type, sending.parameters["packetization-mode"]) == ("H264", 96, "1")

        # It closes its line first. That is a goodbye; what it says over HTTP then is 200 or, a moment later, 404.
        await obs.connection.close()
        answer = await house.ask("DELETE", obs.location, a_pass(who="main"), **OBS)
        assert answer.status in (200, 404)
        await until(lambda: id_of(obs) not in house.door.reception.sessions, "its session over")
        assert id_of(viewer) in house.door.reception.sessions


async def test_obs_is_told_what_it_looks_for() -> None:
    """201 and nothing else, an address for DELETE that begins with a slash, helpers in lines it can read, and as many
    layers as it offered: of fewer it makes an error."""
    async with opened() as house:
        text = offer("obs-simulcast-publish")
        answer = await house.ask("POST", "/whip/c1/main", a_pass(), text, SDP, **OBS)

        assert answer.status == 201
        assert answer.text.startswith("v=0\r\n")
        assert answer.session.startswith("/session/")
        for link in answer.headers.getall("Link"):
            parts = [part.strip() for part in link.split(";")]
            assert re.fullmatch("<(?:stun|turn):[^>]+>", parts[0])
            assert all(re.fullmatch('[a-z-]+="[^"]*"', part) for part in parts[1:])
            assert "," not in link
        assert "a=simulcast:recv 0;1;2\r\n" in answer.text
