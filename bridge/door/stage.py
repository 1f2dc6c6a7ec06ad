"""Who publishes and watches what, and what workers need to know of it: which source the programme shows, and which
worker another one's source goes to."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import structlog

from bridge.orders import Follow, Relay
from bridge.wire.sdp import Codec
from server.protocol.bridges import MAIN, PROGRAMME, SPARE

from .carrier import Carrier
from .sessions import Session
from .streams import SLATE, shown

log = structlog.get_logger()


class Conference:
    """`viewers`: how many a stream has at each worker. `on_air`: the stream that the organizers chose; whether it
    `fell`: was shown, and fell silent."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.publishers: dict[str, Session] = {}
        self.viewers: Counter[tuple[str, Carrier]] = Counter()
        self.on_air: str | None = None
        self.fell = False
        self.shown = SLATE

    def watched(self) -> bool:
        """Whether somebody watches the programme."""
        return any(n for (stream, _), n in self.viewers.items() if stream == PROGRAMME)

    def full_name(self, stream: str) -> str:
        return SLATE if stream == SLATE else f"{self.name}/{stream}"

    def decide(self, now: float) -> None:
        alive = {stream: one.changed_at for stream, one in self.publishers.items() if one.alive}
        before, self.shown = self.shown, shown(self.shown, self.on_air, alive, now, self.fell)
        self.fell = self.fell or (before == self.on_air and self.on_air not in alive)
        if self.shown != before:
            log.info("programme_goes_over", conference=self.name, to=self.shown, before=before)

    def relays(self) -> Iterator[tuple[Carrier, Relay]]:
        """Each source that viewers at other workers see now, or would see in the next moment."""
        for stream, session in self.publishers.items():
            if session.state != "connected":
                continue
            seen = {stream}
            if stream in (PROGRAMME, MAIN, SPARE, self.on_air):
                seen.add(PROGRAMME)
            others = {worker for (watched, worker), n in self.viewers.items() if n and watched in seen}
            paths = sorted(worker.path for worker in others - {session.worker})
            yield session.worker, Relay(session.name, tuple(paths))


class Stage:
    """Workers are told what changed, and all of it when they come up. `listeners` are called when anything may have."""

    def __init__(self, workers: Sequence[Carrier]) -> None:
        self.listeners: list[Callable[[], None]] = []
        self._workers = workers
        self._on_air: Mapping[str, str | None] = {}
        self._conferences: dict[str, Conference] = {}
        self._told: dict[tuple[Carrier, str, str], Follow | Relay] = {}

    def publisher(self, conference: str, stream: str) -> Session | None:
        found = self._conferences.get(conference)
        return found.publishers.get(stream) if found else None

    def ingest(self, conference: str) -> Carrier | None:
        """The worker of all its publishers."""
        found = self._conferences.get(conference)
        return next((session.worker for session in found.publishers.values()), None) if found else None

    def playing(self, conference: str, stream: str) -> dict[str, Codec]:
        """By kind, of what a stream shows now; nothing of nothing."""
        found = self._conferences.get(conference)
        if found is None:
            return {}
        source = found.publishers.get(found.shown if stream == PROGRAMME else stream)
        return source.codecs if source else {}

    def programme(self, conference: str) -> str:
        """The stream that the programme of a conference shows, or is going over to."""
        found = self._conferences.get(conference)
        return found.shown if found else SLATE

    def showing(self) -> dict[str, str | None]:
        """For each conference that is here, what its programme shows; None: the slate."""
        return {name: None if one.shown == SLATE else one.shown for name, one in self._conferences.items()}

    def watched(self) -> list[str]:
        """The conferences whose programme somebody watches here."""
        return [name for name, one in self._conferences.items() if one.watched()]

    def put_on_air(self, conference: str, stream: str | None) -> None:
        """As the organizers chose; None: the hall's own."""
        self.all_on_air({**self._on_air, conference: stream})

    def all_on_air(self, chosen: Mapping[str, str | None]) -> None:
        """The same for all conferences."""
        self._on_air = chosen
        for conference in tuple(self._conferences.values()):
            self._choose(conference)
            self._refresh(conference)
        self._tell_listeners()

    def _choose(self, conference: Conference) -> None:
        if conference.on_air != (chosen := self._on_air.get(conference.name)):
            conference.on_air, conference.fell = chosen, False

    def enter(self, session: Session) -> None:
        name, stream = session.allowed.conference, session.allowed.stream
        conference = self._conferences.setdefault(name, Conference(name))
        self._choose(conference)
        if session.publishes:
            conference.publishers[stream] = session
        else:
            conference.viewers[stream, session.worker] += 1
        self._refresh(conference)
        self._tell_listeners()

    def leave(self, session: Session) -> None:
        conference, stream = self._conferences[session.allowed.conference], session.allowed.stream
        if session.publishes:
            del conference.publishers[stream]
            self._told.pop((session.worker, "relay", session.name), None)
        else:
            conference.viewers[stream, session.worker] -= 1
        self._refresh(conference)
        self._tell_listeners()

    def changed(self, session: Session) -> None:
        """Its keys are there, or its packets come, or do not come any more."""
        self._refresh(self._conferences[session.allowed.conference])
        self._tell_listeners()

    def tick(self) -> None:
        """What is back becomes what is stable by nothing but time: to be called every second."""
        for conference in tuple(self._conferences.values()):
            self._refresh(conference)
        self._tell_listeners()

    def up(self, worker: Carrier) -> None:
        self._told = {key: order for key, order in self._told.items() if key[0] is not worker}
        self.tick()

    def _tell_listeners(self) -> None:
        for listener in self.listeners:
            listener()

    def _refresh(self, conference: Conference) -> None:
        conference.decide(time.monotonic())
        over = not conference.publishers and not conference.viewers.total()
        if over:
            del self._conferences[conference.name]
        programme = conference.full_name(PROGRAMME)
        source = None if over else conference.full_name(conference.shown)
        for worker in self._workers:
            self._tell(worker, "follow", programme, Follow(programme, source, SLATE))
            if over:
                self._told.pop((worker, "follow", programme), None)
        for worker, relay in conference.relays():
            self._tell(worker, "relay", relay.source, relay)

    def _tell(self, worker: Carrier, what: str, name: str, order: Follow | Relay) -> None:
        key = (worker, what, name)
        silent = isinstance(order, Relay) and not order.to and key not in self._told
        if worker.ready and not silent and self._told.get(key) != order:
            self._told[key] = order
            worker.say(order)
