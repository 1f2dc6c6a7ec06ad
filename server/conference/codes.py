"""The short codes in the QR pictures: one for the conference, one for each point."""

from collections.abc import Iterable

from server.protocol.commands import IssueCode, RevokeCode, SetCodeExpiry
from server.protocol.events import CodeExpirySet, CodeIssued, CodeRevoked, Event, EventBody

from .rules import ORGANIZERS, Actor, Moment, Refusal, applies, find, rule, whole
from .state import Point, State


def _maybe_point(state: State, command: IssueCode | RevokeCode) -> Iterable[Point] | None:
    return None if command.point is None else (find(state, command.point),)


@rule(IssueCode, allow=ORGANIZERS, reach=_maybe_point)
def issue(state: State, c: IssueCode, actor: Actor, moment: Moment) -> list[EventBody]:
    return [CodeIssued(c.code, c.point)]


@applies(CodeIssued)
def issued(state: State, event: Event, body: CodeIssued) -> None:
    _holder(state, body.point).code = body.code


@rule(RevokeCode, allow=ORGANIZERS, reach=_maybe_point)
def revoke(state: State, c: RevokeCode, actor: Actor, moment: Moment) -> list[EventBody]:
    return [CodeRevoked(c.point)] if _holder(state, c.point).code else []


@applies(CodeRevoked)
def revoked(state: State, event: Event, body: CodeRevoked) -> None:
    _holder(state, body.point).code = None


@rule(SetCodeExpiry, allow=ORGANIZERS, reach=whole)
def set_expiry(state: State, c: SetCodeExpiry, actor: Actor, moment: Moment) -> list[EventBody]:
    return [] if c.expires_at == state.code_expires_at else [CodeExpirySet(c.expires_at)]


@applies(CodeExpirySet)
def expiry_set(state: State, event: Event, body: CodeExpirySet) -> None:
    state.code_expires_at = body.expires_at


def admits(state: State, code: str, point: int | None, now: int) -> bool:
    """Whether a scanned code still opens anything: it is current, not expired, the point not closed."""
    if state.code_expires_at is not None and now >= state.code_expires_at:
        return False
    if point is not None and (point not in state.points or state.points[point].closed):
        return False
    try:
        return _holder(state, point).code == code
    except Refusal:
        return False


def _holder(state: State, point: int | None) -> State | Point:
    return state if point is None else find(state, point)
