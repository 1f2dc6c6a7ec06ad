"""Whose datagram it is: sessions by their number, by the address that has proven itself, and by the user fragment
that it proves itself with.

An address gets something from us only after it has proven the password of a session, and whoever has none costs a look
into a table. Who knows a password can write somebody else's address on what he sends: so a handshake begins, and what
plays goes elsewhere, only when the address has answered a check of ours.
"""

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bridge.orders import Admit, Fetch, Watch
from bridge.wire import stun

from .caller import Caller
from .port import Address, Port
from .publisher import Publisher
from .viewer import Viewer

MAX_PROVEN = 8  # addresses of one session: a phone has two lines, each with IPv4 and IPv6
ASK_SECONDS = 0.2  # between two checks of one address that is to be the next
_PRIORITY = 126 << 24 | 0xFFFF << 8 | 0xFF  # RFC 8445, 5.1.2: a host candidate


class Asked(NamedTuple):
    """A check of ours that is on its way since `at`."""

    transaction: bytes
    at: float


class Session:
    """`at`: where media goes; `is_there`: somebody answered from it; `proven`: who may talk in this session; `asked`:
    those of them that are to answer, as they want to be where media goes."""

    def __init__(self, admit: Admit, now: float) -> None:
        self.id, self.role = admit.session, admit.role
        self.take(admit)
        self.at: Address | None = None
        self.is_there = False
        self.asked: dict[Address, Asked] = {}
        self.proven: list[Address] = []
        self.heard_at = now
        self.viewer: Viewer | None = None
        self.publisher: Publisher | None = None
        self.caller: Caller | None = None

    def take(self, admit: Admit) -> None:
        self.ufrag, self.key = admit.ufrag, admit.pwd.encode()
        self.their_name, self.their_key = f"{admit.their_ufrag}:{admit.ufrag}", admit.their_pwd.encode()


class Sessions:
    """`reached` is told when somebody whom we call has answered."""

    def __init__(self, port: Port, reached: Callable[[Session], None]) -> None:
        self._port, self._reached = port, reached
        self._by_id: dict[int, Session] = {}
        self._inward: dict[int, Session] = {}  # those that bring media: looked at in every tick, few beside all others
        self._by_ufrag: dict[str, Session] = {}
        self._by_address: dict[Address, Session] = {}

    def get(self, id: int) -> Session | None:
        return self._by_id.get(id)

    def at(self, address: Address) -> Session | None:
        return self._by_address.get(address)

    def all(self) -> tuple[Session, ...]:
        return tuple(self._by_id.values())

    def calling(self) -> Iterator[tuple[Session, Caller]]:
        return ((one, one.caller) for one in tuple(self._inward.values()) if one.caller)

    def publishers(self) -> Iterator[tuple[Session, Publisher]]:
        return ((one, one.publisher) for one in tuple(self._inward.values()) if one.publisher)

    # --- coming and going

    def admit(self, admit: Admit, now: float) -> None:
        session = self._by_id.get(admit.session)
        if session is None:
            session = self._by_id[admit.session] = Session(admit, now)
            if not isinstance(admit.role, Watch):
                self._inward[session.id] = session
            if isinstance(admit.role, Fetch):
                named = [self._port.address(host, port) for host, port in admit.role.candidates]
                session.caller = Caller(admit.role, admit.ufrag, [a for a in named if a], self._port.send)
        else:  # an ICE restart: the new credentials alone count, the line stays where it is until they are proven
            self._by_ufrag.pop(session.ufrag, None)
            session.take(admit)
        self._by_ufrag[session.ufrag] = session

    def remove(self, session: Session) -> None:
        self._by_id.pop(session.id, None)
        self._inward.pop(session.id, None)
        if self._by_ufrag.get(session.ufrag) is session:
            del self._by_ufrag[session.ufrag]
        for address in tuple(session.proven):
            self._forget(session, address)

    def _forget(self, session: Session, address: Address) -> None:
        session.proven.remove(address)
        session.asked.pop(address, None)
        if self._by_address.get(address) is session:
            del self._by_address[address]

    # --- who proves himself

    def check(self, data: bytes, address: Address, now: float) -> None:
        """A connectivity check; who proves himself is answered, and followed when he says so (RFC 8445, 7.3)."""
        message = stun.parse(data)
        if message and message.kind == stun.SUCCESS:
            self._answered(message, address, now)
            return
        check = stun.check_of(message) if message else None
        session = self._by_ufrag.get(check.ours) if check else None
        if check is None or session is None or not stun.authentic(check.message, session.key):
            return
        session.heard_at = now
        self._prove(session, address)
        if session.caller is None:  # whom we call is where he answered us from
            self._place(session, address, check.use_candidate, now)
        self._port.send(stun.success(check, str(address[0]), address[1], session.key), address)

    def _place(self, session: Session, address: Address, nominated: bool, now: float) -> None:
        """Asked before he is answered, he answers before he begins his handshake."""
        if session.at is None:
            session.at = address
        if not session.is_there if session.at == address else nominated:
            self._ask(session, address, now)

    def _prove(self, session: Session, address: Address) -> None:
        if address not in session.proven:
            session.proven.append(address)
            self._by_address[address] = session
            for old in session.proven[:-MAX_PROVEN]:
                self._forget(session, old)

    def _ask(self, session: Session, address: Address, now: float) -> None:
        """Whether he is there who says so."""
        asked = session.asked.get(address)
        if asked and now - asked.at < ASK_SECONDS:
            return
        transaction = os.urandom(12)
        session.asked[address] = Asked(transaction, now)
        check = stun.request(
            transaction, session.their_name, session.their_key,
            priority=_PRIORITY, tie_breaker=int.from_bytes(os.urandom(8)), controlling=False,
        )  # fmt: skip
        self._port.send(check, address)

    def _answered(self, message: stun.Message, address: Address, now: float) -> None:
        """A check of ours."""
        session = self._by_address.get(address)
        asked = session.asked.get(address) if session else None
        if session and asked and asked.transaction == message.transaction:
            if stun.authentic(message, session.their_key):
                del session.asked[address]
                session.at, session.is_there = address, True
                if session.viewer:
                    session.viewer.moved(address)
            return
        for session, caller in self.calling():
            if caller.hears(message, address, now):
                session.heard_at = now
                self._prove(session, address)
                if session.at is None:
                    session.at, session.is_there = address, True
                    self._reached(session)
                return
