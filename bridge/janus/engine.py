"""The engine: what the door lets in, Janus carries."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TypeVarTuple, cast

import aiohttp
import structlog

from bridge.config import Config
from bridge.door.engine import Engine, Quality, later
from bridge.door.ice import Credentials, credentials
from bridge.door.limits import Limits
from bridge.door.media import name_of, sendable
from bridge.door.problems import UNPROCESSABLE, Problem, of_offer
from bridge.door.sessions import Session
from bridge.door.tasks import Tasks
from bridge.orders import AnyOrder, Follow, Kind
from bridge.wire.answers import Ours, Sent, Taken, answer_publish, answer_watch
from bridge.wire.sdp import BadOffer, Offer, parse_answer, parse_offer
from server.protocol.bridges import PROGRAMME
from server.protocol.passes import Pass

from .api import Api, Event, JanusError, JanusGone, connected
from .descriptions import in_order, publishing, restricted, ssrcs, watching, whereabouts
from .mountpoints import Mountpoint, Mountpoints
from .plugins import Feed, Plugins, Types
from .slate import Slate

log = structlog.get_logger()
Of = TypeVarTuple("Of")

CAPACITY = 300  # rooms of 1.1 Mbit/s, of a Janus on one core
TICK_SECONDS = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0  # between two tries to reach Janus, doubled each time
_NOBODY = Ours(0, "none", "n" * 22, "", (("0.0.0.0", 9),))  # noqa: S104 - of an answer that nobody gets


class Carrier:
    """Janus, as the door's one carrier. It is told what its workers are told, and needs to know of less."""

    number, report, path = 0, None, ""

    def __init__(self, engine: "JanusEngine") -> None:
        self._engine = engine
        self.ready = False

    def say(self, order: AnyOrder) -> None:
        if isinstance(order, Follow):
            self._engine.follow(order.output, order.source)


class Held(Session):
    """A session at Janus: its handle, and what it holds there."""

    at: Plugins | None = None  # of which life of Janus it is
    agreed = False  # it has its answer
    handle, room = 0, 0
    feed: Feed | None = None
    mountpoint: Mountpoint | None = None
    receiving: frozenset[str] = frozenset()  # the lines of a publisher that packets come on


class JanusEngine(Engine):
    fetches = False

    def __init__(self, config: Config, limits: Limits, tasks: Tasks) -> None:
        self._carrier = Carrier(self)
        super().__init__((self._carrier,), limits, tasks)
        self._config, self._janus = config, config.janus
        self._numbers = count(1)
        self._held: dict[int, Held] = {}
        self._by_handle: dict[int, Held] = {}
        self._plugins: Plugins | None = None
        self._shows: dict[str, str] = {}
        self._mountpoints = Mountpoints(self._feed_of)
        self._slate = Slate(self._janus.rtp_address, self._janus.codec, self._slated)

    @property
    def capacity(self) -> int:
        return CAPACITY * self._carrier.ready

    async def keep(self, http: aiohttp.ClientSession) -> None:
        """Reaches Janus, again and again, until cancelled."""
        pause = 0.0
        while True:
            try:
                async with connected(http, self._janus.url, self._janus.secret, self._on_event) as api:
                    await self._serve(api)
            except (JanusGone, JanusError) as error:
                pause = 0.0 if self._carrier.ready else pause  # one that served until now
                if not pause:
                    log.error("janus_away", url=self._janus.url, why=str(error))
            finally:
                self._lost()
            pause = min(LONGEST_PAUSE, 2 * pause or FIRST_PAUSE)
            await asyncio.sleep(pause)

    async def _serve(self, api: Api) -> None:
        self._plugins = await Plugins.at(api, self._config)
        self._carrier.ready = True
        self.stage.up(self._carrier)
        log.info("janus_reached", url=self._janus.url)
        await api.closed.wait()
        raise JanusGone("the line is closed")

    def _lost(self) -> None:
        """Its sessions are over; players come back by themselves, when it does."""
        self._plugins, self._carrier.ready = None, False
        self._mountpoints.forget()
        for session in tuple(self._held.values()):
            self._bring_to_end(session, "janus_gone")

    async def tick(self) -> None:
        """What nothing but time brings about, until cancelled."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self.stage.tick()
            for session in tuple(self._held.values()):
                if session.state == "setting_up" and session.silent_for() > self._limits.setup_seconds:
                    self._bring_to_end(session, "no_handshake")

    async def slate(self) -> None:
        try:
            await self._slate.keep()
        finally:
            self._slate.close()

    # --- who comes and goes

    async def open(self, offer: Offer, allowed: Pass, token: str) -> tuple[Session, str]:
        await self._make_room()
        plugins = self._plugins_for(allowed)
        taken = self._taken(offer, allowed)
        while (before := self._replaced_by(allowed)) is not None:
            await self.close(before, "replaced")
        session = Held(next(self._numbers), self._carrier, allowed, token, credentials().etag)
        session.their_ufrag = offer.transport.ufrag
        session.codecs = {one.section.kind: one.codecs[0] for one in taken} if session.publishes else {}
        self._held[session.number] = session
        self._enter(session)
        try:
            return session, await self._agree(plugins, session, offer, taken)
        except (JanusError, JanusGone, BadOffer) as error:
            log.warning("janus_refuses", session=session.number, why=str(error))
            raise (later("media_away") if isinstance(error, JanusGone) else Problem(502, "media_refused")) from error
        finally:
            if not session.agreed:
                await self.close(session, "refused")
                await self._let_go(session)  # what came to it after it was over

    def _plugins_for(self, allowed: Pass) -> Plugins:
        """Raises `Problem`: there is no Janus now, or no room."""
        if self._plugins is None:
            raise later("media_away")
        publishers = sum(one.publishes for one in self._held.values())
        crowded = allowed.act == "publish" and publishers >= self._limits.publishers
        if crowded or len(self._held) >= self._limits.sessions:
            raise later("full")
        return self._plugins

    def _taken(self, offer: Offer, allowed: Pass) -> tuple[Taken, ...]:
        """What we carry of it; Janus has no other say. Raises `Problem`."""
        try:
            if allowed.act == "publish":
                return answer_publish(self._restricted(offer), _NOBODY).taken
            return in_order(answer_watch(offer, _NOBODY, self._sent(allowed)).taken)
        except BadOffer as fault:
            raise of_offer(fault) from fault

    def _restricted(self, offer: Offer) -> Offer:
        """Raises `Problem` when there are pictures and none of them in our codec."""
        found = restricted(offer, self._janus.codec)
        for before, after in zip(offer.sections, found.sections, strict=True):
            if before.codecs and all(one.name.lower() == "rtx" for one in after.codecs):
                raise Problem(UNPROCESSABLE, "codec_not_carried", codec=self._janus.codec)
        return found

    def _sent(self, allowed: Pass) -> tuple[Sent, ...]:
        playing = self.stage.playing(allowed.conference, allowed.stream)
        sent = []
        for one in sendable(playing):
            codec = next(codec for codec in one.codecs if name_of(codec) in ("opus", self._janus.codec))
            sent.append(Sent(one.kind, (codec,), one.ssrc))
        return tuple(sent)

    async def _agree(self, plugins: Plugins, session: Held, offer: Offer, taken: tuple[Taken, ...]) -> str:
        """Our answer."""
        session.at = plugins
        session.handle = await plugins.api.attach("videoroom" if session.publishes else "streaming")
        self._by_handle[session.handle] = session
        answer = await (self._publish if session.publishes else self._watch)(plugins, session, offer, taken)
        if session.state == "over":
            raise JanusGone("the session is over")
        session.agreed = True
        return answer

    async def _publish(self, plugins: Plugins, session: Held, offer: Offer, taken: tuple[Taken, ...]) -> str:
        session.room = await plugins.room()
        mids = {one.section.kind: one.section.mid or "" for one in taken}
        offered = publishing(taken, offer.transport)
        session.feed, said = await plugins.publish(session.handle, session.room, offered, mids)
        ours = whereabouts(parse_answer(said.encode()), said.encode(), session.number)
        return answer_publish(self._restricted(offer), ours).text

    async def _watch(self, plugins: Plugins, session: Held, offer: Offer, taken: tuple[Taken, ...]) -> str:
        types: Types = tuple(
            (cast(Kind, one.section.kind), name_of(one.codecs[0]), one.codecs[0].payload_type) for one in taken
        )
        mountpoint = session.mountpoint = self._mountpoints.take(session.name, types)
        if mountpoint is None:
            raise later("full")
        await mountpoint.settle(plugins)
        said = await plugins.watch(session.handle, mountpoint.number)
        janus = parse_offer(said.encode())
        await plugins.start(session.handle, watching(taken, offer.transport))
        ours, under = whereabouts(janus, said.encode(), session.number), ssrcs(janus)
        # What was taken, whatever plays by now.
        sent = tuple(Sent(one.section.kind, one.codecs, under[one.section.kind]) for one in taken)
        return answer_watch(offer, ours, sent).text

    def restart(self, session: Session, ufrag: str, pwd: str) -> tuple[Credentials, tuple[tuple[str, int], ...]]:
        raise Problem(UNPROCESSABLE, "restart_not_served")

    def choose(self, session: Session, quality: Quality) -> None:
        """With a picture or without: there is one quality of it."""
        if self._plugins is not None:
            self._ask(self._show_picture, self._plugins, self._held[session.number], quality != "sound")

    async def _show_picture(self, plugins: Plugins, session: Held, on: bool) -> None:
        await plugins.show_picture(session.handle, on)
        if on and (feed := self._feed_of(session.name)):
            await plugins.want_key_frame(feed)

    async def _end(self, session: Session) -> None:
        one = self._held.pop(session.number)
        self._by_handle.pop(one.handle, None)
        self._settle(one.name)
        await self._let_go(one)

    async def _let_go(self, one: Held) -> None:
        """Of what it holds at Janus, if that still lives."""
        handle, room, mountpoint = one.handle, one.room, one.mountpoint
        one.handle, one.room, one.feed, one.mountpoint = 0, 0, None, None
        plugins = one.at
        if plugins is None or plugins is not self._plugins:
            return
        with contextlib.suppress(JanusError, JanusGone):
            if handle:
                await plugins.api.detach(handle)
        with contextlib.suppress(JanusError, JanusGone):
            if room:
                await plugins.remove_room(room)
        with contextlib.suppress(JanusError, JanusGone):
            if mountpoint:
                await self._mountpoints.release(mountpoint, plugins)

    # --- what Janus says

    def _on_event(self, event: Event) -> None:
        session = self._by_handle.get(event.sender)
        if session is None:
            return
        match event.janus:
            case "webrtcup":
                self._connected(session)
            case "media" if session.publishes:
                self._hear(session, event)
            case "hangup" | "detached":
                self._bring_to_end(session, "goodbye")

    def _connected(self, session: Held) -> None:
        session.state, session.opened = "connected", True
        self.stage.changed(session)
        self._settle(session.name)
        log.info("session_connected", session=session.number, stream=session.name)

    def _hear(self, session: Held, event: Event) -> None:
        before = session.receiving
        session.receiving = before | {event.mid} if event.receiving else before - {event.mid}
        if bool(before) != bool(session.receiving):
            session.pulse(bool(session.receiving))
            self.stage.changed(session)

    # --- what is shown

    def follow(self, output: str, source: str | None) -> None:
        """An output goes over to a source, or to nothing."""
        if source is None:
            self._shows.pop(output, None)
        else:
            self._shows[output] = source
        self._settle(output)

    def _feed_of(self, output: str) -> Feed | None:
        conference, _, stream = self._shows.get(output, output).partition("/")
        publisher = self.stage.publisher(conference, stream)
        return publisher.feed if isinstance(publisher, Held) and publisher.state == "connected" else None

    def _settle(self, output: str) -> None:
        for one in self._mountpoints:
            if one.output == output and self._plugins is not None:
                self._ask(self._shown, one, self._plugins)

    async def _shown(self, one: Mountpoint, plugins: Plugins) -> None:
        await one.settle(plugins)
        if one in self._slated():
            self._slate.show(one)

    def _slated(self) -> list[Mountpoint]:
        return [one for one in self._mountpoints if one.idle and one.output.endswith(f"/{PROGRAMME}")]

    def _ask(self, request: Callable[[*Of], Awaitable[None]], *of: *Of) -> None:
        self._tasks.start("ask janus", _tried(request, *of))


async def _tried(request: Callable[[*Of], Awaitable[None]], *of: *Of) -> None:
    try:
        await request(*of)
    except (JanusError, JanusGone) as error:  # who asked has gone meanwhile, or Janus
        log.warning("janus_refuses", why=str(error))
