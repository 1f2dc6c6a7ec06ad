"""The conference itself: created, edited, from draft through rehearsal and live to closed."""

import msgspec
from msgspec import UNSET

from server.protocol.commands import CreateConference, EditConference, SetPhase
from server.protocol.events import ConferenceCreated, ConferenceEdited, Event, EventBody, PhaseSet
from server.protocol.terms import Phase

from .rules import ORGANIZERS, Actor, Moment, Refusal, applies, rule, whole
from .state import State

# A rehearsal may be repeated and a conference opened again by mistake or need; only a draft is left for good.
NEXT: dict[Phase, frozenset[Phase]] = {
    "draft": frozenset({"rehearsal", "live"}),
    "rehearsal": frozenset({"draft", "live"}),
    "live": frozenset({"rehearsal", "closed"}),
    "closed": frozenset({"live"}),
}


@rule(CreateConference, allow=ORGANIZERS, reach=whole)
def create(state: State, c: CreateConference, actor: Actor, moment: Moment) -> list[EventBody]:
    if state.seq:
        raise Refusal("conference_exists")
    if not c.title.strip():
        raise Refusal("empty", "title")
    return [ConferenceCreated(c.title.strip(), c.starts_at, c.place.strip(), c.code, c.help_phone.strip())]


@applies(ConferenceCreated)
def created(state: State, event: Event, body: ConferenceCreated) -> None:
    state.title, state.starts_at, state.place = body.title, body.starts_at, body.place
    state.code, state.help_phone, state.phase_at = body.code or None, body.help_phone, event.at


@rule(EditConference, allow=ORGANIZERS, reach=whole)
def edit(state: State, c: EditConference, actor: Actor, moment: Moment) -> list[EventBody]:
    if c.title is not UNSET and not c.title.strip():
        raise Refusal("empty", "title")
    changed = {f: v for f in c.__struct_fields__ if (v := getattr(c, f)) is not UNSET and v != getattr(state, f)}
    return [ConferenceEdited(**changed)] if changed else []


@applies(ConferenceEdited)
def edited(state: State, event: Event, body: ConferenceEdited) -> None:
    for name in body.__struct_fields__:
        if (value := getattr(body, name)) is not msgspec.UNSET:
            setattr(state, name, value)


@rule(SetPhase, allow=ORGANIZERS, reach=whole)
def set_phase(state: State, c: SetPhase, actor: Actor, moment: Moment) -> list[EventBody]:
    if c.phase == state.phase:
        return []
    if c.phase not in NEXT[state.phase]:
        raise Refusal("phase_order", "phase", now=state.phase, wanted=c.phase)
    return [PhaseSet(c.phase)]


@applies(PhaseSet)
def phase_set(state: State, event: Event, body: PhaseSet) -> None:
    state.phase, state.phase_at = body.phase, event.at
    if body.phase in ("draft", "closed"):
        for point in state.points.values():
            state.let_go(point)
