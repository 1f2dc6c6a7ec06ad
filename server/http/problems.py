"""Errors in one shape, whatever went wrong."""

from http import HTTPStatus
from typing import Any

from server.conference.rules import Refusal
from server.messages import Catalog, Term
from server.protocol.errors import Error


class Problem(Exception):
    """An answer that is an error. `code` finds the text, `params` fill it."""

    def __init__(self, status: int, code: str, field: str | None = None, row: int | None = None, **params: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.field, self.row, self.params = status, code, field, row, params
        self.text = code
        self.headers: dict[str, str] = {}


class BadValue(Problem):
    """A field that is not as it was declared. Programs know it by one code; `reason` finds the words."""

    def __init__(self, reason: str, field: str | None, **params: Any) -> None:
        where = Term("where_field", {"field": field}) if field else Term("where_all")
        super().__init__(400, "bad_value", field, where=where, **params)
        self.params["field"] = field
        self.text = reason


class NotNow(Problem):
    """Later perhaps. Programs know it by one code, as for whoever is busy; `reason` finds the words."""

    def __init__(self, reason: str) -> None:
        super().__init__(503, "busy")
        self.text = reason


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
    words = problem.text if isinstance(problem, Problem) else problem.code
    message = catalog.text(words, lang, problem.params)
    return Error(problem.code, message, problem.field, getattr(problem, "row", None), request_id)
