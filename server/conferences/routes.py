"""Conferences over HTTP. Whatever changes one is a command, by the same rules as over the socket."""

import secrets
from collections.abc import Awaitable, Callable

import structlog
from msgspec import Struct

from server.conference import view
from server.http.problems import BadValue, Problem, of_refusal
from server.http.routing import Allow, Call, Principal, Route
from server.journal import Journal
from server.live.access import conference_of, sight_of
from server.live.conferences import Conferences, Live
from server.protocol.base import CommandId, Label, Millis, PhoneMillis, Text
from server.protocol.commands import CreateConference, PublicCommand
from server.protocol.events import EVENT_TYPES
from server.protocol.views import ConferenceView, DocumentView, NoticeView, Summary, Tally, UnitView

from .trail import JournalPage, JournalQuery, Trail

log = structlog.get_logger()


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
    notices: list[NoticeView]


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
        self._new_id, self._new_codes = new_id, new_codes
        self._trail = Trail(journal, name_of)

    def routes(self) -> list[Route]:
        one = "/api/conferences/{conference}"
        return [
            Route(
                "GET", "/api/conferences", self.list_all, Allow.VIEWER, "Every conference that has the reader's unit",
                answer=list[Summary],
            ),
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
        return await self._journal.conferences(call.principal.unit)

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
        s = live.hub.snapshot(sight_of(call.principal), live.clock())
        return ConferenceDetail(s.conference, s.seq, s.units, s.tallies, s.documents, s.notices)

    async def command(self, call: Call) -> CommandDone:
        live, _ = await conference_of(call, self._conferences)
        wanted: CommandRequest = call.body
        answer = await live.conductor.offer(
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
        live, _ = await conference_of(call, self._conferences)
        q: JournalQuery = call.query
        types = [t for t in q.type.split(",") if t]
        if any(t not in EVENT_TYPES for t in types):
            raise BadValue("value_choice", "type")
        return await self._trail.page(live, call.principal, q, types, call.lang)
