"""WHEP as a client: a draft, so that all that we know of it as one is here."""

import contextlib
from urllib.parse import urljoin

import aiohttp

from bridge.wire.answers import Ours
from bridge.wire.calls import Agreed, agreed, call
from bridge.wire.sdp import MAX_BYTES, BadOffer

SDP = "application/sdp"
ASK_SECONDS = 3.0  # for an answer over a slow line; who takes longer does not live


class NoAnswer(Exception):
    """The other bridge does not give the programme; the text says why, in English."""


class Whep:
    """`location` is the session's there, once it was agreed on."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        self._http, self._url = http, url
        self._headers = {"Authorization": f"Bearer {token}"}
        self.location = ""

    async def ask(self, ours: Ours) -> Agreed:
        """Raises `NoAnswer`."""
        headers = {**self._headers, "Content-Type": SDP}
        try:
            async with self._http.post(
                self._url, data=call(ours), headers=headers, allow_redirects=False, timeout=_within()
            ) as answer:
                body = await answer.content.read(MAX_BYTES)
                if answer.status != 201 or answer.content_type != SDP:
                    raise NoAnswer(f"status {answer.status}")
                self.location = urljoin(self._url, answer.headers.get("Location", ""))
                return agreed(body)
        except BadOffer as fault:
            raise NoAnswer(fault.detail) from fault
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise NoAnswer(str(error) or type(error).__name__) from error

    async def end(self) -> None:
        """Tells the other side; it would notice by itself."""
        if self.location:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError, ValueError):
                async with self._http.delete(self.location, headers=self._headers, timeout=_within()):
                    pass


def _within() -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=ASK_SECONDS)
