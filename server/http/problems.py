"""Errors in one shape, whatever went wrong."""

from http import HTTPStatus
from typing import Any

from server.conference.rules import Refusal
from server.messages import Catalog
from server.protocol.errors import Error


class Problem(Exception):
    """An answer that is an error. `code` finds the text, `params` fill it."""

    def __init__(self, status: int, code: str, field: str | None = None, row: int | None = None, **params: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.field, self.row, self.params = status, code, field, row, params
        self.headers: dict[str, str] = {}


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a rule's refusal."""
    if refusal.code.startswith("forbidden"):
        return HTTPStatus.FORBIDDEN
    if refusal.code.endswith("_unknown"):
        return HTTPStatus.NOT_FOUND
    return HTTPStatus.INTERNAL_SERVER_ERROR if refusal.code == "internal" else HTTPStatus.CONFLICT


def of_refusal(refusal: Refusal) -> Problem:
    return Problem(status_of(refusal), refusal.code, refusal.field, None, **refusal.params)


def error_of(problem: Problem | Refusal, catalog: Catalog, lang: str, request_id: str | None = None) -> Error:
    message = catalog.text(problem.code, lang, problem.params)
    return Error(problem.code, message, problem.field, getattr(problem, "row", None), request_id)
