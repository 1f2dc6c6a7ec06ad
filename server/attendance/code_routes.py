"""New codes for printed pictures that went astray."""

from collections.abc import Callable

from msgspec import Struct

from server.http.problems import of_refusal
from server.http.routing import Allow, Call, Route
from server.live.access import conference_of
from server.live.conferences import Conferences
from server.protocol.base import PointId
from server.protocol.commands import IssueCode

from .codes import CodeStore


class NewCode(Struct, frozen=True, forbid_unknown_fields=True):
    """`point` null: the conference's own code."""

    point: PointId | None = None


class Code(Struct, frozen=True):
    """`url` is what the QR picture holds. The code before it opens nothing any more."""

    code: str
    url: str
    point: int | None


class CodeRoutes:
    """`code_url(code)` gives the address behind a code."""

    def __init__(self, conferences: Conferences, codes: CodeStore, code_url: Callable[[str], str]) -> None:
        self._conferences, self._codes, self._code_url = conferences, codes, code_url

    def routes(self) -> list[Route]:
        return [
            Route(
                "POST", "/api/conferences/{conference}/codes", self.issue, Allow.ORGANIZER,
                "Replace a document code", body=NewCode, answer=Code, status=201, errors=("point_unknown",),
            )
        ]  # fmt: skip

    async def issue(self, call: Call) -> Code:
        live, _ = await conference_of(call, self._conferences)
        point = call.body.point
        code = (await self._codes.reserve(live.id, 1))[0]
        answer = await live.conductor.submit(IssueCode(code, point), call.principal.actor())
        if answer.refusal:
            raise of_refusal(answer.refusal)
        return Code(code, self._code_url(code), point)
