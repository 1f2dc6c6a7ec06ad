"""Conferences over HTTP. Whatever changes one is a command, by the same rules as over the socket."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated

import structlog
from msgspec import UNSET, Meta, Struct, UnsetType

from server.conference import view
from server.conference.state import State
from server.http.problems import BadValue, Problem, of_refusal
from server.http.routing import Allow, Call, Principal, Route
from server.journal import Journal
from server.live.access import conference_of, sight_of
from server.live.conferences import Conferences, Live
from server.protocol.base import CommandId, Label, Millis, PhoneMillis, PointId, Text
from server.protocol.commands import CreateConference, PublicCommand
from server.protocol.events import EVENT_TYPES, Event
from server.protocol.views import ConferenceView, DocumentView, Summary, Tally, UnitView

from .actors import actor_name

log = structlog.get_logger()

MAX_PAGE = 1_000  # events in one page of the audit trail


class NewConference(Struct, frozen=True, forbid_unknown_fields=True):
    title: Label
    starts_at: Millis
    place: Text = ""
    help_phone: Text = ""


class ConferenceDetail(Struct, frozen=True):
    """`tallies`: the whole of what the reader may see ("") and every group below it."""

    conference: ConferenceView
    seq: int
    units: list[UnitView]
    tallies: list[Tally]
    documents: list[DocumentView]


class CommandRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """`id` makes a repetition harmless: the same id gets the same answer."""

    id: CommandId
    command: PublicCommand
    tapped_at: PhoneMillis | None = None
    sent_at: PhoneMillis | None = None


class CommandDone(Struct, frozen=True):
    id: str
    seq: int
    at: int
    again: bool = False


class JournalQuery(Struct, frozen=True):
    """`before`: only events with a smaller number; newest first. `type`: names, separated by commas."""

    before: int | None = None
    point: PointId | None = None
    type: str = ""
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 100


class JournalEntry(Struct, frozen=True):
    """`title` names the point, `who` the actor as people know him."""

    event: Event
    who: str
    title: str | UnsetType = UNSET


class JournalPage(Struct, frozen=True):
    entries: list[JournalEntry]
    next_before: int | None


NewCodes = Callable[[str, int], Awaitable[list[str]]]
NameOf = Callable[[str], Awaitable[str]]


class ConferenceRoutes:
    """`new_codes` reserves document codes for a conference, `name_of` tells who `account:7` is."""

    def __init__(
        self,
        conferences: Conferences,
        journal: Journal,
        new_id: Callable[[bytes], str],
        new_codes: NewCodes,
        name_of: NameOf,
    ) -> None:
        self._conferences, self._journal = conferences, journal
        self._new_id, self._new_codes, self._name_of = new_id, new_codes, name_of

    def routes(self) -> list[Route]:
        one = "/api/conferences/{conference}"
        return [
            Route("GET", "/api/conferences", self.list_all, Allow.VIEWER, "Every conference", answer=list[Summary]),
            Route(
                "POST", "/api/conferences", self.create, Allow.ORGANIZER, "Create a conference",
                body=NewConference, answer=ConferenceView, status=201,
            ),
            Route("GET", one, self.detail, Allow.WATCH, "One conference with its sums", answer=ConferenceDetail),
            Route(
                "POST", f"{one}/commands", self.command, Allow.ORGANIZER, "Give a command",
                body=CommandRequest, answer=CommandDone,
            ),
            Route(
                "GET", f"{one}/journal", self.journal, Allow.VIEWER, "The audit trail, newest first",
                query=JournalQuery, answer=JournalPage,
            ),
        ]  # fmt: skip

    async def list_all(self, call: Call) -> list[Summary]:
        return await self._journal.conferences()

    async def create(self, call: Call) -> ConferenceView:
        if call.principal.unit is not None:
            raise Problem(403, "forbidden_scope")
        live = await self.make(call.body, call.principal)
        return await live.conductor.at_rest(view.conference)

    async def make(self, new: NewConference, who: Principal) -> Live:
        """A conference with its journal begun."""
        id = self._new_id(secrets.token_bytes(5))
        code = (await self._new_codes(id, 1))[0]
        await self._journal.create(id, secrets.token_hex(8))
        live = await self._conferences.get(id)
        assert live is not None, "its journal was just created"
        command = CreateConference(new.title, new.starts_at, new.place, code, new.help_phone)
        answer = await live.conductor.submit(command, who.actor())
        if answer.refusal:
            raise of_refusal(answer.refusal)
        return live

    async def detail(self, call: Call) -> ConferenceDetail:
        live, _ = await conference_of(call, self._conferences)
        snapshot = live.hub.snapshot(sight_of(call.principal), live.clock())
        return ConferenceDetail(snapshot.conference, snapshot.seq, snapshot.units, snapshot.tallies, snapshot.documents)

    async def command(self, call: Call) -> CommandDone:
        live, _ = await conference_of(call, self._conferences)
        wanted: CommandRequest = call.body
        answer = await live.conductor.submit(
            wanted.command,
            call.principal.actor(),
            id=wanted.id,
            tapped_at=wanted.tapped_at,
            sent_at=wanted.sent_at,
            retry=True,
        )
        kind = wanted.command.__struct_config__.tag
        if answer.refusal:
            why = answer.refusal.code
            log.info("command_refused", request_id=call.request_id, command_id=wanted.id, type=kind, why=why)
            raise of_refusal(answer.refusal)
        log.debug("command", request_id=call.request_id, command_id=wanted.id, type=kind, seq=answer.seq)
        return CommandDone(wanted.id, answer.seq, answer.at, answer.again)

    async def journal(self, call: Call) -> JournalPage:
        live, root = await conference_of(call, self._conferences)
        q: JournalQuery = call.query
        types = [t for t in q.type.split(",") if t]
        if any(t not in EVENT_TYPES for t in types):
            raise BadValue("value_choice", "type")
        found = await self._journal.page(live.id, point=q.point, types=types, before=q.before, limit=q.limit)
        names = {by: await self._who(by, call.lang) for by in {e.by for e in found}}
        titles = await live.conductor.at_rest(lambda s: _titles(s, found, root))
        entries = [
            JournalEntry(e, names[e.by], titles.get(e.seq, UNSET)) for e in found if root is None or e.seq in titles
        ]
        return JournalPage(entries, found[-1].seq if len(found) == q.limit else None)

    async def _who(self, by: str, lang: str) -> str:
        name = await self._name_of(by)
        return actor_name(by, lang) if name == by else name


def _titles(state: State, events: list[Event], root: str | None) -> dict[int, str]:
    """Titles of the points that events speak of, inside the reader's subtree, by the event's number."""
    found: dict[int, str] = {}
    for event in events:
        point = state.points.get(getattr(event.body, "point", None) or 0)
        if point and state.within(point.unit, root):
            found[event.seq] = view.point(state, point).title
    return found
