"""The one WebSocket endpoint: walls look, operators act. Decoding, admission, presence; no rules here."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
import structlog
from aiohttp import WSMessage, WSMsgType, web
from msgspec import UNSET, Struct
from prometheus_client import Counter as CounterMetric

from server.conference.rules import Actor, Refusal
from server.http.assembly import Assembly
from server.http.metrics import Metrics
from server.http.problems import Problem, error_of
from server.http.routing import ADDRESS, Allow, Call, Principal, Route
from server.http.validation import unreadable
from server.messages import language
from server.protocol.base import PROTOCOL_VERSION
from server.protocol.commands import LineSeen
from server.protocol.errors import Busy, Close
from server.protocol.messages import (
    MAX_MESSAGE_BYTES,
    BeatMessage,
    ClientMessage,
    DoMessage,
    DoneMessage,
    HeldMessage,
    HelloMessage,
    MediaFigures,
    Message,
    PulseMessage,
    RefusedMessage,
    Retry,
    StatusMessage,
    WelcomeMessage,
)

from .access import sight_of
from .audience import Sight
from .conductor import Answer
from .conferences import SYSTEM, Conferences, Live
from .inbox import Socket
from .outlet import Outlet, pong_frame, text_frame
from .presence import QUIET_BEATS, returning_ms
from .wire import decode, encode

log = structlog.get_logger()

HELLO_SECONDS = 10.0  # who does not say who he is by then holds a place for nothing
MAX_SOCKETS = 60_000  # of one process; memory for 40 KiB each
MAX_PER_ADDRESS = 20_000  # a whole province may stand behind one address translation
MESSAGE_RATE, MESSAGE_BURST = 20.0, 60.0  # a second: a phone that empties its outbox stays below
MAX_BAD = 20  # messages that cannot be read before a client is thought broken
CLOSE_OK = 1000
CLOCKS_MS = 30_000  # by how much the clocks of two servers may differ: so much more is told to who comes back
RETRY_BASE_MS = 500


class Seat(Struct):
    """Where a socket sits after its hello. Times in seconds of the monotonic clock."""

    live: Live
    who: Principal
    actor: Actor
    sight: Sight  # what a wall shows; the unit may be narrower than the reader's own
    lang: str
    number: int
    outlet: Outlet
    heard: float
    tokens: float = MESSAGE_BURST
    bad: int = 0

    def hears(self, now: float) -> bool:
        """Takes note of a message; False when too many came too fast."""
        tokens = self.tokens + (now - self.heard) * MESSAGE_RATE
        self.heard = now
        allowed = tokens >= 1
        self.tokens = (tokens if tokens < MESSAGE_BURST else MESSAGE_BURST) - allowed
        return allowed


Authenticate = Callable[[web.Request, str | None], Awaitable[Principal | None]]


class Sockets:
    """Accepts sockets. `stop` says "come back" to everybody, for a planned stop."""

    def __init__(
        self, conferences: Conferences, authenticate: Authenticate, assembly: Assembly, metrics: Metrics
    ) -> None:
        self._conferences, self._authenticate = conferences, authenticate
        self._assembly, self._metrics = assembly, metrics
        self._catalog = assembly.catalog
        self._numbers = itertools.count(1)
        self._open: dict[int, Outlet] = {}
        self._seats: dict[int, Seat] = {}
        self._by_address: Counter[str] = Counter()
        self._counted: dict[tuple[str, str], CounterMetric] = {}
        self._stopping = asyncio.Event()

    def routes(self) -> list[Route]:
        """The hello says who it is, so the upgrade itself needs no right."""
        summary = "The WebSocket: walls look, operators act"
        return [Route("GET", "/ws", self._upgrade, Allow.LINK, summary, produces="application/json")]

    async def _upgrade(self, call: Call) -> web.StreamResponse:
        return await self.serve(call.request)

    def count(self) -> int:
        return len(self._open)

    def retry(self) -> Retry:
        """The more sockets there are, the wider they spread when they come back."""
        return Retry(RETRY_BASE_MS, returning_ms(len(self._open)))

    def stop(self) -> None:
        """Says "come back" to everybody, also to who comes from now on: nothing that he says is heard any more."""
        self._stopping.set()
        self.close_all()

    def close_all(self) -> None:
        retry = self.retry()
        for outlet in tuple(self._open.values()):
            outlet.end(Close.RESTART, retry)

    def close_where(self, test: Callable[[Principal], bool]) -> None:
        """Sends away the sockets of a session, a token, a kiosk that was taken back."""
        for seat in tuple(self._seats.values()):
            if test(seat.who):
                seat.outlet.end(Close.REVOKED)

    def held(self) -> set[Principal]:
        """Who has sockets open by a key that is in no journal: not the operators' devices."""
        return {seat.who for seat in self._seats.values() if seat.who.point is None}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The aiohttp handler of `/ws`."""
        address = str(request.get(ADDRESS) or request.remote)
        if not self._assembly.same_origin(request):
            raise Problem(403, "forbidden_origin")
        if len(self._open) >= MAX_SOCKETS or self._by_address[address] >= MAX_PER_ADDRESS:
            raise Problem(503, "too_many_connections")
        if self._stopping.is_set():
            raise Problem(503, "busy")
        socket = Socket(max_msg_size=MAX_MESSAGE_BYTES, compress=False)
        transport = request.transport
        if transport is None:
            raise ConnectionResetError("left before the handshake")
        await socket.prepare(request)
        number, outlet = next(self._numbers), Outlet(transport)
        self._open[number] = outlet
        self._by_address[address] += 1
        try:
            if self._stopping.is_set():  # since he was let in
                outlet.end(Close.RESTART, self.retry())
                return socket
            await self._talk(request, socket, number, outlet)
        except Exception as error:
            # No HTTP answer can be given after the handshake, and none would close the line: who is there comes back.
            log.error("socket_failed", exc_info=error)
            outlet.end(Close.BUSY, self.retry())
        finally:
            del self._open[number]
            self._seats.pop(number, None)
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]
            if outlet.ended is not None:
                self._metrics.closes.labels(str(int(outlet.ended))).inc()
        return socket

    # --- hello

    async def _talk(self, request: web.Request, socket: Socket, number: int, outlet: Outlet) -> None:
        lang = language(request.headers.get("Accept-Language"))
        try:
            said = await _first_word(socket)
            if said is None:
                outlet.end(Close.SILENT, self.retry())
                return
            hello = decode(said)
            if not isinstance(hello, HelloMessage):
                raise Problem(400, "hello_expected")
            lang = language(hello.lang)
            seat = await self._admit(request, hello, number, outlet)
        except Problem as problem:
            self._refuse(outlet, problem, lang)
            outlet.end(_close_code(problem), self.retry() if problem.code == "busy" else None)
            return
        except Busy:
            outlet.end(Close.BUSY, self.retry())
            return
        except msgspec.DecodeError as e:
            self._refuse(outlet, unreadable(e), lang)
            outlet.end(Close.BAD_MESSAGE)
            return
        self._seats[number] = seat
        if seat.who.point is None:
            await self._watch(socket, seat, hello)
        else:
            await self._operate(socket, seat, hello)

    async def _admit(self, request: web.Request, hello: HelloMessage, number: int, outlet: Outlet) -> Seat:
        if hello.v != PROTOCOL_VERSION:
            raise Problem(400, "version_unknown")
        who = await self._authenticate(request, hello.token)
        if who is None:
            raise Problem(401, "unauthenticated")
        named = hello.conference or who.conference or ""
        if who.conference is not None and who.conference != named:
            raise Problem(403, "forbidden_scope")
        live = await self._conferences.get(named)
        if live is None:
            raise Problem(404, "conference_unknown")
        # The conference may have been started meanwhile, which takes time: a right taken back then must count.
        who = await self._authenticate(request, hello.token)
        if who is None:
            raise Problem(401, "unauthenticated")
        if not live.hub.tree.knows(who.unit):
            raise Problem(404, "conference_unknown")
        sight = sight_of(who, hello.unit)
        if who.point is None and not live.hub.tree.within(sight.root or "", who.unit):
            raise Problem(403, "forbidden_scope", "unit")
        return Seat(live, who, who.actor(), sight, language(hello.lang), number, outlet, time.monotonic())

    # --- walls

    async def _watch(self, socket: Socket, seat: Seat, hello: HelloMessage) -> None:
        hub, now, root = seat.live.hub, seat.live.clock(), seat.sight.root
        if hello.resume and hello.resume.epoch == hub.epoch and hello.resume.seq > hub.seq:
            # It comes from a server that was ahead: no wall may be thrown back in time.
            await seat.live.conductor.look()
        hub.join(seat.outlet, seat.sight)
        gauge = self._metrics.sockets.labels("wall")
        gauge.inc()
        try:
            # No await from the join to the first picture: nothing can fall between them.
            resume = hello.resume
            known = resume is not None and resume.epoch == hub.epoch and resume.seq <= hub.seq
            self._welcome(seat, "all" if root is None else f"unit:{root}", resumed=known)
            if known and resume is not None:
                self._send(seat, hub.resume(seat.sight, resume.seq, resume.at - CLOCKS_MS, now))
            else:
                seat.outlet.send(hub.first_frame(seat.sight, now))
            await self._listen(socket, seat)
        finally:
            gauge.dec()
            hub.leave(seat.outlet, seat.sight)

    # --- operators

    async def _operate(self, socket: Socket, seat: Seat, hello: HelloMessage) -> None:
        live, who = seat.live, seat.who
        point, device = who.point or 0, who.device or 0
        live.hub.enter(seat.outlet, point, device)
        live.presence.connect(point, seat.number, device)
        live.hub.presence_changed(point)
        gauge = self._metrics.sockets.labels("point")
        gauge.inc()
        try:
            self._welcome(seat, f"point:{point}", resumed=False)
            self._say_held(seat)
            self._send(seat, await live.conductor.at_rest(lambda state: live.point_message(state, point)))
            if point in live.hub.line_missing:
                await live.conductor.submit(LineSeen(point), SYSTEM)
            await self._listen(socket, seat)
        except Busy:
            seat.outlet.end(Close.BUSY, self.retry())
        finally:
            gauge.dec()
            live.hub.exit(seat.outlet, point, device)
            live.presence.disconnect(point, seat.number, live.clock())
            live.hub.presence_changed(point)

    # --- the conversation

    async def _listen(self, socket: Socket, seat: Seat) -> None:
        fault = await socket.hear(partial(self._hear, seat))
        if fault is not None:
            seat.outlet.close(fault)

    def _hear(self, seat: Seat, message: WSMessage) -> None:
        """Never raises: what goes wrong with one message is told to its sender."""
        outlet = seat.outlet
        if outlet.ended is not None:
            return
        if not seat.hears(time.monotonic()):
            self._refuse(outlet, Problem(429, "rate_limited", seconds=3), seat.lang)
            outlet.end(Close.BUSY, self.retry())
            return
        kind = message.type
        if kind is WSMsgType.TEXT or kind is WSMsgType.BINARY:
            try:
                self._take(seat, _text(message.data))
            except msgspec.DecodeError as e:
                self._bad(seat, unreadable(e), message.data)
            except Exception as error:
                # Nobody must be left waiting for an answer: who is there comes back.
                log.error("message_failed", exc_info=error)
                outlet.end(Close.BUSY, self.retry())
        elif kind is WSMsgType.PING:
            outlet.send(pong_frame(message.data))
        elif kind is WSMsgType.CLOSE:
            outlet.close(CLOSE_OK)

    def _bad(self, seat: Seat, problem: Problem, data: object) -> None:
        seat.bad += 1
        self._refuse(seat.outlet, problem, seat.lang, _id_of(data))
        if seat.bad >= MAX_BAD:
            seat.outlet.end(Close.BAD_MESSAGE)

    async def sweep(self) -> None:
        """To be called every few seconds: lines that have been silent for too long are thought dead and closed, and
        those whose key's time is over.

        Who was told goodbye and did not read it keeps his seat no longer than until here. One look at all
        sockets costs less than a timer for each message of each of them."""
        now = time.monotonic()
        for seat in tuple(self._seats.values()):
            if seat.outlet.ended is not None:
                seat.outlet.abort(Close(seat.outlet.ended))
            elif seat.who.expires_at is not None and seat.who.expires_at <= seat.live.clock():
                seat.outlet.end(Close.REVOKED)
            elif now - seat.heard > seat.live.settings.beat_ms * QUIET_BEATS / 1000:
                seat.outlet.end(Close.SILENT, self.retry())

    def _take(self, seat: Seat, data: str) -> None:
        message: ClientMessage = decode(data)
        if isinstance(message, StatusMessage):
            self._note(seat, message.rtt)
            if message.media is not None:
                self._play(seat, message.media)
        elif isinstance(message, DoMessage):
            self._do(seat, message)
        elif isinstance(message, BeatMessage):
            self._send(seat, PulseMessage(seat.live.clock()))
            self._note(seat, message.rtt)
        else:
            self._refuse(seat.outlet, Problem(400, "hello_expected"), seat.lang)

    def _note(self, seat: Seat, rtt: int | None) -> None:
        point = seat.who.point
        if point is not None and seat.live.presence.beat(point, seat.number, rtt):
            seat.live.hub.presence_changed(point)

    def _play(self, seat: Seat, figures: MediaFigures) -> None:
        point = seat.who.point
        if point is not None and seat.live.presence.play(point, seat.number, figures):
            seat.live.hub.presence_changed(point)

    def _do(self, seat: Seat, message: DoMessage) -> None:
        if seat.who.kind == "kiosk":
            self._refuse(seat.outlet, Problem(403, "watch_only"), seat.lang, message.id)
            return
        try:
            answer = seat.live.conductor.offer(
                message.command,
                seat.actor,
                id=message.id,
                tapped_at=message.tapped_at,
                sent_at=message.sent_at,
                retry=message.retry,
            )
        except Busy:
            self._busy(seat, message)
            return
        answer.add_done_callback(lambda done: self._answer(seat, message, done))
        self._say_held(seat)

    def _say_held(self, seat: Seat) -> None:
        """An operator hears at once that his taps wait, and that his line is well."""
        if seat.who.point is not None and seat.live.hub.held:
            self._send(seat, HeldMessage(True))

    def _busy(self, seat: Seat, message: DoMessage) -> None:
        """The command stays in the client's outbox and is sent again: nothing was done."""
        self._count(_kind(message), "busy")
        seat.outlet.end(Close.BUSY, self.retry())

    def _answer(self, seat: Seat, message: DoMessage, done: asyncio.Future[Answer]) -> None:
        kind = _kind(message)
        if done.cancelled() or done.exception() is not None:
            self._busy(seat, message)
            return
        answer = done.result()
        if answer.refusal:
            self._count(kind, "refused")
            log.info("command_refused", command_id=message.id, type=kind, by=seat.actor.by, why=answer.refusal.code)
            self._refuse(seat.outlet, answer.refusal, seat.lang, message.id)
            return
        self._count(kind, "done")
        log.debug("command", command_id=message.id, type=kind, by=seat.actor.by, seq=answer.seq, again=answer.again)
        point = seat.who.point
        if point is None:
            self._send(seat, DoneMessage(message.id, answer.seq, answer.at, answer.again))
            return
        # The answer carries the point's state after it, so this device needs no message of its own.
        hub = seat.live.hub
        seat.outlet.seen = hub.told(point)
        self._send(seat, DoneMessage(message.id, answer.seq, answer.at, answer.again, hub.views.get(point, UNSET)))

    def _count(self, kind: str, outcome: str) -> None:
        """Labels are looked up once a pair: it is counted for every command."""
        counter = self._counted.get((kind, outcome))
        if counter is None:
            counter = self._counted[kind, outcome] = self._metrics.commands.labels(kind, outcome)
        counter.inc()

    # --- sending

    def _welcome(self, seat: Seat, audience: str, resumed: bool) -> None:
        hub, settings = seat.live.hub, seat.live.settings
        self._send(
            seat,
            WelcomeMessage(
                PROTOCOL_VERSION,
                seat.live.id,
                hub.epoch,
                hub.seq,
                seat.live.clock(),
                settings.beat_ms,
                settings.interval_ms,
                audience,
                resumed,
                self.retry(),
                settings.media,
            ),
        )

    def _send(self, seat: Seat, message: Message) -> None:
        seat.outlet.send(text_frame(encode(message)))

    def _refuse(self, outlet: Outlet, problem: Problem | Refusal, lang: str, id: str | None = None) -> None:
        self._metrics.problem(problem.code)
        outlet.send(text_frame(encode(RefusedMessage(error_of(problem, self._catalog, lang), id))))


def _kind(message: DoMessage) -> str:
    return str(message.command.__struct_config__.tag)


def _close_code(problem: Problem) -> Close:
    codes = {401: Close.UNAUTHENTICATED, 403: Close.FORBIDDEN, 404: Close.NOT_FOUND}
    named = {"version_unknown": Close.VERSION, "device_removed": Close.REVOKED}
    return named.get(problem.code) or codes.get(problem.status, Close.BAD_MESSAGE)


async def _first_word(socket: Socket) -> str | None:
    """None: none came in time, on a line that may be bad, or the server began to stop; neither is the client's fault.
    Raises `DecodeError`."""
    try:
        said = await asyncio.wait_for(socket.receive(), HELLO_SECONDS)
    except TimeoutError:
        return None
    return None if said.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED) else _text(said.data)


def _text(data: object) -> str:
    """Binary frames are not part of the protocol."""
    if not isinstance(data, str):
        raise msgspec.DecodeError("binary")
    return data


class _Id(msgspec.Struct):
    id: str | None = None


def _id_of(data: object) -> str | None:
    """The id of a message that could not be read as a whole, so that the client knows which one it was."""
    try:
        found = msgspec.json.decode(data, type=_Id).id if isinstance(data, str) else None
    except (msgspec.DecodeError, RecursionError):
        return None
    return found if found is None or len(found) <= 40 else None
