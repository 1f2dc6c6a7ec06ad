"""The process that owns a port: whose datagram it is, and the loop that everything here runs in.

An address gets something from us only after it has proven the password of a session, and whoever has none costs a
look into a table. The door starts `python -m bridge.relay.worker PLACE`, with a `Place` as JSON.
"""

import contextlib
import gc
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from typing import Literal

import msgspec

from bridge.orders import (
    MAX_ORDER,
    SILENCE,
    Admit,
    Answering,
    AnyOrder,
    AnySaid,
    Asking,
    Choose,
    Drop,
    Fetch,
    Follow,
    Gone,
    Keys,
    Place,
    Publish,
    Pulse,
    Reached,
    Ready,
    Relay,
    Report,
    Watch,
    pack,
    unpack_order,
)
from bridge.wire import rtcp, stun
from bridge.wire.ciphers import Profile
from bridge.wire.srtp import Receiver, Sender

from .caller import Caller
from .fetched import Fetched
from .mirrors import Mirrors
from .output import Output
from .port import Address, Port
from .publisher import Publisher
from .source import Source
from .viewer import Viewer

TICK_SECONDS = 0.01
REPORT_SECONDS = 1.0
CLOCK_TICKS = 200  # two seconds between two sender reports to one viewer
CATCH_UP_PACKETS = 1_000  # a tick, over all who are coming: joins must not hold up those who watch
SILENT_SECONDS = 30.0  # without a check of his line (RFC 7675); before the first one as well
MAX_PROVEN = 8  # addresses of one session: a phone has two lines, each with IPv4 and IPv6
HANDSHAKE = range(20, 64)  # first byte of DTLS (RFC 7983)
MEDIA = range(128, 192)


class Session:
    """`at`: where media goes; `proven`: whoever may talk in this session."""

    def __init__(self, admit: Admit, now: float) -> None:
        self.id, self.role = admit.session, admit.role
        self.ufrag, self.key = admit.ufrag, admit.pwd.encode()
        self.at: Address | None = None
        self.proven: list[Address] = []
        self.heard_at = now
        self.viewer: Viewer | None = None
        self.publisher: Publisher | None = None
        self.caller: Caller | None = None


class Worker:
    """All sessions of one port. `orders`: the end of the door's socket pair, non-blocking."""

    def __init__(self, port: Port, orders: socket.socket, path: str) -> None:
        self.port = port
        self._orders = orders
        self._mirrors = Mirrors(path, self._appear, self._withdraw)
        self._sessions: dict[int, Session] = {}
        self._inward: dict[int, Session] = {}  # those that bring media: looked at in every tick, few beside all others
        self._by_ufrag: dict[str, Session] = {}
        self._by_address: dict[Address, Session] = {}
        self._sources: dict[str, Source] = {}
        self._outputs: dict[str, Output] = {}
        self._coming: deque[Viewer] = deque()
        self._ticks = 0
        self.now = self._reported_at = self._ticked_at = time.monotonic()
        self._busy_before = time.process_time()
        self._alive: set[str] = set()  # sources published here whose packets come
        self._say(Ready(port.number))

    # --- datagrams

    def receive(self, now: float) -> None:
        for data, address in self.port.receive():
            first = data[0] if data else 0
            if first in MEDIA:
                session = self._by_address.get(address)
                if session is not None:
                    self._media(session, data, now)
            elif stun.is_stun(data):
                self._check(data, address, now)
            elif first in HANDSHAKE:
                session = self._by_address.get(address)
                if session is not None:
                    self._say(Asking(session.id, _readable(address), data))

    def _check(self, data: bytes, address: Address, now: float) -> None:
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
        self._proven(session, address)
        if session.at is None or (check.use_candidate and session.at != address):
            session.at = address
            if session.viewer:
                session.viewer.moved(address)
        self.port.send(stun.success(check, str(address[0]), address[1], session.key), address)

    def _proven(self, session: Session, address: Address) -> None:
        if address not in session.proven:
            session.proven.append(address)
            self._by_address[address] = session
            for old in session.proven[:-MAX_PROVEN]:
                self._forget_address(session, old)

    def _answered(self, message: stun.Message, address: Address, now: float) -> None:
        """A check of ours."""
        for session in self._calling():
            if session.caller and session.caller.hears(message, address, now):
                session.heard_at = now
                self._proven(session, address)
                if session.at is None:
                    session.at = address
                    self._say(Reached(session.id))
                return

    def _media(self, session: Session, data: bytes, now: float) -> None:
        stays = True
        if session.publisher:
            if rtcp.is_rtcp(data):
                stays = session.publisher.hear(data, now)
            else:
                session.publisher.take(data, now)
        elif session.viewer and rtcp.is_rtcp(data):
            clear = session.viewer.receiver.rtcp(data)
            packets = rtcp.parse(clear) if clear is not None else None
            stays = session.viewer.hear(packets, now) if packets else True
        if not stays:
            self._end(session, "goodbye")

    def hear_others(self, now: float) -> None:
        self._mirrors.receive(now)

    # --- orders

    def obey(self, order: AnyOrder, now: float) -> None:
        match order:
            case Admit():
                self._admit(order, now)
            case Answering(id, data):
                if (session := self._sessions.get(id)) and session.at:
                    self.port.send(data, session.at)
            case Keys():
                self._open(order, now)
            case Drop(id):
                if session := self._sessions.get(id):
                    self._remove(session)
            case Follow(name, source):
                output = self._outputs.setdefault(name, Output(name, self.port, now))
                output.wanted = source or ""
                self._feed(output, now)
                self._forget_output(output)
            case Relay(name, to):
                if (session := self._publishing(name)) and session.publisher:
                    self._mirrors.share(session.id, session.publisher.source, to, now)
            case Choose(id, quality):
                if (session := self._sessions.get(id)) and session.viewer:
                    session.viewer.choose(quality, now)

    def _admit(self, admit: Admit, now: float) -> None:
        session = self._sessions.get(admit.session)
        if session is None:
            session = self._sessions[admit.session] = Session(admit, now)
            if not isinstance(admit.role, Watch):
                self._inward[session.id] = session
            if isinstance(admit.role, Fetch):
                named = [self.port.address(host, port) for host, port in admit.role.candidates]
                session.caller = Caller(admit.role, admit.ufrag, [a for a in named if a], self.port.send)
        else:  # an ICE restart: the new credentials alone count, the line stays where it is until they are proven
            self._by_ufrag.pop(session.ufrag, None)
            session.ufrag, session.key = admit.ufrag, admit.pwd.encode()
        self._by_ufrag[session.ufrag] = session

    def _open(self, keys: Keys, now: float) -> None:
        """Media may pass. A session that was opened before stays as it is: a second handshake changes no keys."""
        session = self._sessions.get(keys.session)
        if session is None or session.at is None or session.viewer or session.publisher:
            return
        profile = Profile(keys.profile)
        sender, receiver = Sender(profile, keys.ours), Receiver(profile, keys.theirs)
        match session.role:
            case Publish() | Fetch() as role:
                self._publish(session, role, sender, receiver)
            case Watch() as role:
                self._watch(session, role, sender, receiver, now)

    def _publish(self, session: Session, role: Publish | Fetch, sender: Sender, receiver: Receiver) -> None:
        def send(data: bytes) -> None:
            if session.at:
                self.port.send(data, session.at)

        if isinstance(role, Fetch):
            session.publisher = Fetched(session.id, role, sender, receiver, send, self._turn)
        else:
            session.publisher = Publisher(session.id, role, sender, receiver, send)
        self._appear(session.publisher.source)

    def _appear(self, source: Source) -> None:
        if before := self._sources.get(source.name):
            self._withdraw(before)
        self._sources[source.name] = source
        for output in self._outputs.values():
            if output.wanted == source.name:
                self._feed(output, self._ticked_at)

    def _turn(self, source: Source) -> None:
        """It goes on as this one."""
        self._appear(source)
        self._mirrors.share_again(source.name, source, self._ticked_at)

    def _watch(self, session: Session, role: Watch, sender: Sender, receiver: Receiver, now: float) -> None:
        assert session.at is not None
        output = self._outputs.setdefault(role.output, Output(role.output, self.port, now))
        ssrcs = {line.kind: line.ssrc for line in role.lines}
        output.prepare(ssrcs.get("audio"), ssrcs.get("video"))
        self._feed(output, now)
        session.viewer = Viewer(session.id, role, output, sender, receiver, session.at, self._coming.append)
        session.viewer.join(now)
        output.watched_by += 1

    def _feed(self, output: Output, now: float) -> None:
        if source := self._sources.get(output.wanted):
            output.follow(source, now)

    # --- endings

    def _withdraw(self, source: Source) -> None:
        if self._sources.get(source.name) is source:
            del self._sources[source.name]
        for output in self._outputs.values():
            output.leave(source)

    def _end(self, session: Session, why: Literal["silent", "goodbye", "too_much"]) -> None:
        self._remove(session)
        self._say(Gone(session.id, why))

    def _remove(self, session: Session) -> None:
        self._sessions.pop(session.id, None)
        self._inward.pop(session.id, None)
        if self._by_ufrag.get(session.ufrag) is session:
            del self._by_ufrag[session.ufrag]
        for address in tuple(session.proven):
            self._forget_address(session, address)
        if session.publisher:
            name = session.publisher.source.name
            self._withdraw(session.publisher.source)
            if name not in self._sources:
                self._mirrors.withhold(name)
                self._alive.discard(name)
        if viewer := session.viewer:
            viewer.leave()
            viewer.output.watched_by -= 1
            self._forget_output(viewer.output)

    def _forget_output(self, output: Output) -> None:
        """One that nobody watches and that follows nothing but its own name, or nothing at all."""
        if not output.watched_by and output.wanted in (output.name, "") and output.name in self._outputs:
            del self._outputs[output.name]
            output.close()

    def _forget_address(self, session: Session, address: Address) -> None:
        session.proven.remove(address)
        if self._by_address.get(address) is session:
            del self._by_address[address]

    # --- time

    def tick(self, now: float) -> None:
        """To be called every `TICK_SECONDS` or so."""
        if now - self._ticked_at < TICK_SECONDS:
            return
        self._ticked_at = now
        self._ticks += 1
        for output in self._outputs.values():
            output.tick(now)
        for session in self._publishers():
            assert session.publisher is not None
            session.publisher.tick(now)
            self._feel(session.publisher.source, now)
        for session in self._calling():
            assert session.caller is not None
            session.caller.tick(now)
        self._mirrors.tick(now)
        self._bring_on(now)
        self._tell_clocks(now)
        if now - self._reported_at >= REPORT_SECONDS:
            self._look_after(now)
            self._report(now)

    def _feel(self, source: Source, now: float) -> None:
        """Tells at once when a source falls silent or is heard."""
        alive = now - source.heard_at() < SILENCE
        if alive != (source.name in self._alive):
            (self._alive.add if alive else self._alive.discard)(source.name)
            self._say(Pulse(source.name, alive))

    def _publishing(self, name: str) -> Session | None:
        return next((s for s in self._publishers() if s.publisher and s.publisher.source.name == name), None)

    def _calling(self) -> Iterator[Session]:
        return (s for s in tuple(self._inward.values()) if s.caller)

    def _publishers(self) -> Iterator[Session]:
        return (s for s in tuple(self._inward.values()) if s.publisher)

    def _bring_on(self, now: float) -> None:
        """Those who come get parts of the group that they begin with, the first ones until they are there: each that
        comes costs more than one that sits, and if all took turns nobody might ever arrive."""
        budget, unfinished = CATCH_UP_PACKETS, []
        while self._coming and budget > 0:
            viewer = self._coming.popleft()
            budget -= viewer.catches_up(now)
            if viewer.is_coming:
                unfinished.append(viewer)
        self._coming.extendleft(reversed(unfinished))

    def _tell_clocks(self, now: float) -> None:
        """A part of the viewers at each tick."""
        turn = self._ticks % CLOCK_TICKS
        for id, session in tuple(self._sessions.items()):
            mine = id % CLOCK_TICKS == turn and session.viewer
            if mine and session.at and (report := mine.report(now)):
                self.port.send(report, session.at)

    def _look_after(self, now: float) -> None:
        for session in tuple(self._sessions.values()):
            if now - session.heard_at > SILENT_SECONDS or (session.caller and session.caller.lost(now)):
                self._end(session, "silent")
            elif session.publisher and not session.publisher.report(now):
                self._end(session, "too_much")

    def _report(self, now: float) -> None:
        spent = time.process_time()
        busy = (spent - self._busy_before) / (now - self._reported_at)
        self._busy_before, self._reported_at = spent, now
        viewers = tuple(s.viewer.viewing() for s in self._sessions.values() if s.viewer)
        publishers = tuple(s.publisher.feeding(now) for s in self._publishers() if s.publisher)
        following = {name: output.showing for name, output in self._outputs.items()}
        self._say(Report(busy, self.port.sent, self.port.dropped, viewers, publishers, following))

    # --- the door

    def close(self) -> None:
        self._orders.close()
        self._mirrors.close()

    def _say(self, what: AnySaid) -> None:
        """The door reads fast; what it does not take (a flood of handshakes) is lost as on the line. Without a door the
        loop ends soon."""
        with contextlib.suppress(OSError):
            self._orders.send(pack(what))

    def run(self) -> None:
        """Until the door is gone."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.port, selectors.EVENT_READ)
            selector.register(self._orders, selectors.EVENT_READ)
            selector.register(self._mirrors.socket, selectors.EVENT_READ)
            while True:
                ready = selector.select(TICK_SECONDS)
                now = time.monotonic()
                for key, _ in ready:
                    if key.fileobj is self.port:
                        self.receive(now)
                    elif key.fileobj is self._mirrors.socket:
                        self.hear_others(now)
                    elif not self.take_orders(now):
                        return
                self.tick(now)

    def take_orders(self, now: float) -> bool:
        """False when the door has gone."""
        while True:
            try:
                data = self._orders.recv(MAX_ORDER)
            except BlockingIOError:
                return True
            except ConnectionError:
                return False
            if not data:
                return False
            self.obey(unpack_order(data), now)


def _readable(address: Address) -> str:
    host = str(address[0]).removeprefix("::ffff:")
    return f"[{host}]:{address[1]}" if ":" in host else f"{host}:{address[1]}"


def main(place: Place) -> None:
    """Runs a worker until the door closes its end."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 1_000)  # packets leave no cycles behind, and a collection is a gap in the picture
    orders = socket.socket(fileno=place.fd)
    orders.setblocking(False)
    worker = Worker(Port(place.address, place.port), orders, place.path)
    try:
        worker.run()
    finally:
        worker.close()


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Place))
