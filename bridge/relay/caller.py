"""The checks of a session that we begin: to all addresses that its other side named, then to the one that answered.

It is the other side's own answer that we asked for over HTTP: nobody else can have us send anything anywhere.
"""

import os
from collections.abc import Callable

from bridge.orders import Fetch
from bridge.wire import stun

from .port import Address

TRY_SECONDS = 0.1  # between two checks of each address, until one answers
LIVE_SECONDS = 0.5  # between two checks of that one (RFC 7675 asks for five at most)
LOST_SECONDS = 2.0  # without an answer: it is gone, and those who watch through us are to have another one soon
MAX_OPEN = 64  # checks without an answer that are remembered: eight addresses for most of a second
_PRIORITY = 110 << 24 | 0xFFFF << 8 | 0xFF  # RFC 8445, 5.1.2: as the other side sees us, peer-reflexive


class Caller:
    """`ours` is our user fragment."""

    def __init__(self, role: Fetch, ours: str, to: list[Address], send: Callable[[bytes, Address], None]) -> None:
        self._name, self._key = f"{role.ufrag}:{ours}", role.pwd.encode()
        self._to, self._send = to, send
        self._tie_breaker = int.from_bytes(os.urandom(8))
        self._open: dict[bytes, None] = {}
        self._asked_at = self._answered_at = float("-inf")
        self._reached = False

    def tick(self, now: float) -> None:
        if now - self._asked_at < (LIVE_SECONDS if self._reached else TRY_SECONDS):
            return
        self._asked_at = now
        for address in self._to:
            self._ask(address)

    def _ask(self, address: Address) -> None:
        transaction = os.urandom(12)
        self._open = dict.fromkeys([*self._open, transaction][-MAX_OPEN:])
        check = stun.request(
            transaction, self._name, self._key,
            priority=_PRIORITY, tie_breaker=self._tie_breaker, use_candidate=self._reached,
        )  # fmt: skip
        self._send(check, address)

    def hears(self, message: stun.Message, address: Address, now: float) -> bool:
        """Whether this is the answer to a check of ours. The first one decides where we talk to."""
        if message.transaction not in self._open or not stun.authentic(message, self._key):
            return False
        del self._open[message.transaction]
        if not self._reached:
            self._reached, self._to = True, [address]
            self._ask(address)  # nominated, at once
        self._answered_at = now
        return True

    def lost(self, now: float) -> bool:
        return self._reached and now - self._answered_at > LOST_SECONDS
