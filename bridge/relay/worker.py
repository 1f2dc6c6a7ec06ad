"""The process that owns a port: what comes there and from the door, and the loop that everything here runs in.

The door starts `python -m bridge.relay.worker PLACE`, with a `Place` as JSON.
"""

import contextlib
import gc
import selectors
import socket
import sys
import time
from collections import deque
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

from .fetched import Fetched
from .mirrors import Mirrors
from .output import Output
from .port import Port, readable
from .publisher import Publisher
from .sessions import Session, Sessions
from .source import Source
from .viewer import Viewer

TICK_SECONDS = 0.01
REPORT_SECONDS = 1.0
CLOCK_TICKS = 200  # two seconds between two sender reports to one viewer
CATCH_UP_PACKETS = 1_000  # a tick, over all who are coming: joins must not hold up those who watch
SILENT_SECONDS = 30.0  # without a check of his line (RFC 7675); before the first one as well
HANDSHAKE = range(20, 64)  # first byte of DTLS (RFC 7983)
MEDIA = range(128, 192)


class Worker:
    """All sessions of one port. `orders`: the end of the door's socket pair, non-blocking."""

    def __init__(self, port: Port, orders: socket.socket, path: str) -> None:
        self.port = port
        self._orders = orders
        self._mirrors = Mirrors(path, self._appear, self._withdraw)
        self._sessions = Sessions(port, lambda session: self._say(Reached(session.id)))
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
                if session := self._sessions.at(address):
                    self._media(session, data, now)
            elif stun.is_stun(data):
                self._sessions.check(data, address, now)
            elif first in HANDSHAKE and (session := self._sessions.at(address)) and session.is_there:
                self._say(Asking(session.id, readable(address), data))

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
                self._sessions.admit(order, now)
            case Answering(id, data):
                if (session := self._sessions.get(id)) and session.at:
                    self.port.send(data, session.at)
            case Keys():
                self._open(order, now)
            case Drop(id):
                if session := self._sessions.get(id):
                    self._remove(session)
            case Follow():
                self._follow(order, now)
            case Relay():
                self._relay(order, now)
            case Choose(id, quality):
                if (session := self._sessions.get(id)) and session.viewer:
                    session.viewer.choose(quality, now)

    def _follow(self, order: Follow, now: float) -> None:
        output = self._outputs.setdefault(order.output, Output(order.output, self.port, now))
        output.wanted, output.stand_in = order.source or "", order.stand_in
        self._feed(output, now)
        self._forget_output(output)

    def _relay(self, order: Relay, now: float) -> None:
        for session, publisher in self._sessions.publishers():
            if publisher.source.name == order.source:
                self._mirrors.share(session.id, publisher.source, order.to, now)

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
            if source.name in (output.wanted, output.stand_in):
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

    def _feed(self, output: Output, now: float) -> None:
        if source := self._sources.get(output.wanted):
            output.follow(source, self._sources.get(output.stand_in), now)

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
        self._sessions.remove(session)
        if session.publisher:
            name = session.publisher.source.name
            self._withdraw(session.publisher.source)
            if name not in self._sources:
                self._mirrors.withhold(name)
                self._alive.discard(name)
        if viewer := session.viewer:
            viewer.leave()
            self._forget_output(viewer.output)

    def _forget_output(self, output: Output) -> None:
        """One that nobody watches and that follows nothing but its own name, or nothing at all."""
        if not output.watchers and output.wanted in (output.name, "") and output.name in self._outputs:
            del self._outputs[output.name]
            output.close()

    # --- time

    def tick(self, now: float) -> None:
        """To be called every `TICK_SECONDS` or so."""
        if now - self._ticked_at < TICK_SECONDS:
            return
        self._ticked_at = now
        self._ticks += 1
        for output in self._outputs.values():
            output.tick(now)
        for _, publisher in self._sessions.publishers():
            publisher.tick(now)
            self._feel(publisher.source, now)
        for _, caller in self._sessions.calling():
            caller.tick(now)
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

    def _bring_on(self, now: float) -> None:
        """Those who come get parts of the group that they begin with, the first ones until they are there: each that
        comes costs more than one that sits, and if all took turns nobody might ever arrive."""
        budget, unfinished = 0 if self.port.behind else CATCH_UP_PACKETS, []
        while self._coming and budget > 0:
            viewer = self._coming.popleft()
            budget -= viewer.catches_up(now)
            if viewer.is_coming:
                unfinished.append(viewer)
        self._coming.extendleft(reversed(unfinished))

    def _tell_clocks(self, now: float) -> None:
        """A part of the viewers at each tick."""
        turn = self._ticks % CLOCK_TICKS
        for session in self._sessions.all():
            mine = session.id % CLOCK_TICKS == turn and session.viewer
            if mine and session.at and (report := mine.report(now)):
                self.port.send(report, session.at)

    def _look_after(self, now: float) -> None:
        for session in self._sessions.all():
            if now - session.heard_at > SILENT_SECONDS or (session.caller and session.caller.lost(now)):
                self._end(session, "silent")
            elif session.publisher and not session.publisher.report(now):
                self._end(session, "too_much")

    def _report(self, now: float) -> None:
        spent = time.process_time()
        busy = (spent - self._busy_before) / (now - self._reported_at)
        self._busy_before, self._reported_at = spent, now
        port = self.port
        viewers = tuple(session.viewer.viewing() for session in self._sessions.all() if session.viewer)
        publishers = tuple(publisher.feeding(now) for _, publisher in self._sessions.publishers())
        following = {name: output.showing for name, output in self._outputs.items()}
        self._say(Report(busy, port.sent, port.dropped, port.shed, viewers, publishers, following))

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
