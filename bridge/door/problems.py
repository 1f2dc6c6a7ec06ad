"""What is refused, in the product's one shape of errors."""

from typing import Any

import msgspec
from aiohttp import web

from bridge.wire.sdp import BadOffer, Fault
from server.protocol.errors import Error, ErrorBody

from .texts import text

# RFC 9725 leaves the choice: what is no offer at all is 400, one that we understand and do not serve 422.
_STATUS_OF_FAULT = {Fault.MALFORMED: 400, Fault.TOO_LARGE: 413}
UNPROCESSABLE = 422


class Problem(Exception):
    """An answer that is an error. `code` finds the text, `params` fill it."""

    def __init__(
        self, status: int, code: str, field: str | None = None, headers: dict[str, str] | None = None, **params: Any
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.field, self.params = status, code, field, params
        self.headers = headers or {}


def of_offer(fault: BadOffer) -> Problem:
    return Problem(_STATUS_OF_FAULT.get(fault.code, UNPROCESSABLE), fault.code, detail=fault.detail)


def response_of(problem: Problem, lang: str) -> web.Response:
    error = Error(problem.code, text(problem.code, lang, problem.params), problem.field)
    body = msgspec.json.encode(ErrorBody(error))
    return web.Response(
        status=problem.status, body=body, content_type="application/json", charset="utf-8", headers=problem.headers
    )
