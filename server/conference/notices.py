"""Notices: a few sentences from the organizers to the rooms' phones, to their operators, or to both."""

from collections.abc import Iterable
from typing import Literal

from server.protocol.commands import PostNotice, WithdrawNotice
from server.protocol.events import Event, EventBody, NoticePosted, NoticeWithdrawn

from .rules import ORGANIZERS, Actor, Moment, Refusal, Subtree, applies, known_scope, rule, scoped
from .state import Notice, Point, State

MAX_STANDING = 10  # for the same rooms: one screen of a phone; who has more to say takes the oldest back


def _posted_to(state: State, command: PostNotice) -> Iterable[Point | Subtree] | None:
    return scoped(state, command.scope)


def _stands_for(state: State, command: WithdrawNotice) -> Iterable[Point | Subtree] | None:
    """One that somebody else took back meanwhile touches nothing."""
    standing = state.notices.get(command.notice)
    return scoped(state, standing.scope) if standing else ()


@rule(PostNotice, allow=ORGANIZERS, reach=_posted_to)
def post(state: State, c: PostNotice, actor: Actor, moment: Moment) -> list[EventBody]:
    text = c.text.strip()
    if not text:
        raise Refusal("empty", "text")
    known_scope(state, c.scope)
    if sum(n.scope == c.scope for n in state.notices.values()) >= MAX_STANDING:
        raise Refusal("too_many_notices", limit=MAX_STANDING)
    return [NoticePosted(state.next_notice, text, c.to, c.scope)]


@applies(NoticePosted)
def posted(state: State, event: Event, body: NoticePosted) -> None:
    state.notices[body.notice] = Notice(body.notice, body.text, body.to, body.scope, event.at)
    state.next_notice = body.notice + 1


@rule(WithdrawNotice, allow=ORGANIZERS, reach=_stands_for)
def withdraw(state: State, c: WithdrawNotice, actor: Actor, moment: Moment) -> list[EventBody]:
    return [NoticeWithdrawn(c.notice)] if c.notice in state.notices else []


@applies(NoticeWithdrawn)
def withdrawn(state: State, event: Event, body: NoticeWithdrawn) -> None:
    del state.notices[body.notice]


def read_by(state: State, who: Literal["attendees", "operators"], point: int | None) -> list[Notice]:
    """What `who` at `point` (None: with the conference's own code) reads now, newest first."""
    to = ("all", who)
    return [n for n in reversed(state.notices.values()) if n.to in to and state.covers(n.scope, point)]
