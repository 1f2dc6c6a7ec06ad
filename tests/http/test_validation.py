"""What is wrong with a value is told in whole sentences of the reader's language, with the field, whatever it is."""

import re
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, inspect

from server.http.messages import MESSAGES
from server.http.problems import Problem, error_of
from server.http.validation import Reader, invalid, unreadable
from server.messages import Catalog
from server.protocol.base import Wire
from server.protocol.errors import Error
from server.protocol.messages import ClientMessage
from tests.http.shapes import breakages, sample
from tests.servers.whole import Whole

CATALOG = Catalog(MESSAGES)
THEIRS = re.compile(r"`|Expected|Object |Invalid|\bgot\b|regex|array|\bint\b|\bstr\b")


def told(problem: Problem) -> tuple[Error, Error]:
    return error_of(problem, CATALOG, "vi"), error_of(problem, CATALOG, "en")


def said_of(reader: Reader, raw: bytes) -> Problem | None:
    try:
        reader.json(raw)
    except msgspec.DecodeError as error:
        return unreadable(error)
    return None


def check_sentences(problem: Problem) -> None:
    vietnamese, english = told(problem)
    assert (vietnamese.code, vietnamese.field) == (english.code, english.field)
    assert vietnamese.message != english.message
    for message in (vietnamese.message, english.message):
        assert message.endswith("."), message
        assert message[0].isupper(), message
        assert "…" not in message, "every parameter is given"
        assert not THEIRS.search(message.replace("(null)", "")), message
    if vietnamese.field:
        assert f"“{vietnamese.field}”" in vietnamese.message
        assert f"“{english.field}”" in english.message


def wrong(kind: Any) -> list[str]:
    """Constraints of the type that are not told as what they are."""
    info, reader, found = inspect.type_info(kind), Reader(kind), []
    assert said_of(reader, msgspec.json.encode(sample(info))) is None, "the sample fits"
    for path, value, words in breakages(info):
        problem = said_of(reader, msgspec.json.encode(value))
        if problem is None or (problem.field or "", problem.text) != (path, words):
            got = problem and (problem.field, problem.text)
            found.append(f"{kind}: {words} at {path!r} was told as {got}")
        else:
            check_sentences(problem)
    return found


@pytest.mark.parametrize("message", get_args(ClientMessage), ids=lambda m: m.__name__)
def test_every_constraint_of_a_socket_message_is_told_as_what_it_is(message: type[Struct]) -> None:
    assert wrong(message) == []


@pytest.mark.asyncio(loop_scope="module")
async def test_every_constraint_of_a_body_or_query_is_told_as_what_it_is(shared: Whole) -> None:
    kinds = {repr(k): k for r in shared.server.assembly.routes for k in (r.body, r.query) if k is not None}
    assert len(kinds) > 20
    assert [fault for kind in kinds.values() for fault in wrong(kind)] == []


class Odd(Wire, frozen=True):
    """Kinds that no body of ours uses yet, and some that cannot be generated."""

    ratio: float = 0.0
    step: "int" = 0
    either: int | bool | None = None
    pair: tuple[int, str] = (0, "")
    table: dict[str, int] = msgspec.field(default_factory=dict)


@pytest.mark.parametrize(
    ("sent", "words", "field", "english"),
    [
        (b'{"ratio":1e999}', "value_size", "ratio", "The field “ratio” is a number too large to be read."),
        (b'{"step":' + b"9" * 5_000 + b"}", "value_size", "step", "The field “step” is a number too large to be read."),
        (
            b'{"either":"x"}', "value_type", "either",
            "The field “either” must be true or false or a whole number or nothing (null).",
        ),
        (b'{"pair":[1]}', "value_exactly", "pair", "The field “pair” must have exactly 2 items."),
        (b'{"pair":[1,2]}', "value_type", "pair[1]", "The field “pair[1]” must be text."),
        (b'{"table":{"a":"x"}}', "value_type", "table[...]", "The field “table[...]” must be a whole number."),
        (b"[]", "value_type", None, "What was sent must be an object."),
        (b"7", "value_type", None, "What was sent must be an object."),
        ('{"\u202e`x` - at `$.pair`":1}'.encode(), "value_unknown", "…`x", "There is no field “…`x” here."),
    ],
)  # fmt: skip
def test_what_else_a_decoder_may_say(sent: bytes, words: str, field: str | None, english: str) -> None:
    problem = said_of(Reader(Odd), sent)
    assert problem is not None
    assert (problem.status, problem.code, problem.text) == (400, "bad_value", words)
    if field is None or "`" not in field:
        assert problem.field == field
        assert told(problem)[1].message == english


@pytest.mark.parametrize("words", ["Something new", "", "Expected `thing`, got `str`", "Expected `str` on Sundays"])
@pytest.mark.parametrize(("path", "field"), [(" - at `$.a.b`", "a.b"), ("", None), (" - at `key` in `$.d`", "d")])
def test_words_that_nobody_knows_become_a_general_sentence(words: str, path: str, field: str | None) -> None:
    problem = invalid(msgspec.ValidationError(words + path))
    assert (problem.code, problem.text, problem.field) == ("bad_value", "bad_value", field)
    check_sentences(problem)


def test_a_field_with_an_endless_name_is_not_told_back_whole() -> None:
    problem = said_of(Reader(Odd), msgspec.json.encode({"x" * 100_000: 1}))
    assert problem is not None
    assert len(problem.field or "") == 200


names = st.sampled_from(["t", "type", "v", "id", "command", "conference", "point", "note"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(names, inner),
    max_leaves=8,
)


@given(anything)
def test_whatever_is_sent_is_read_or_told_in_our_words(value: Any) -> None:
    problem = said_of(Reader(ClientMessage), msgspec.json.encode(value))
    if problem is not None:
        check_sentences(problem)


@pytest.mark.parametrize(
    "raw",
    [b'{"x":' + b"[" * 100_000, b'{"t":"do","x":' + b'{"a":' * 50_000, b"[" * 8_000, b'"\xff"', b"{", b"", b"nul"],
    ids=["deep", "deep objects", "array", "no UTF-8", "half", "nothing", "letters"],
)
def test_what_is_no_json_or_nests_without_end_is_refused(raw: bytes) -> None:
    problem = said_of(Reader(ClientMessage), raw)
    assert problem is not None
    assert (problem.status, problem.code) in ((400, "bad_json"), (400, "bad_value"))
    check_sentences(problem)


class Query(Struct, frozen=True):
    limit: "int" = 1
    all: bool = False
    day: str = ""


def test_texts_stand_for_themselves_in_a_query() -> None:
    assert Reader(Query).texts({"limit": "5", "all": "true", "day": "5"}) == Query(5, True, "5")
    with pytest.raises(msgspec.ValidationError) as refused:
        Reader(Query).texts({"limit": "five"})
    problem = invalid(refused.value)
    assert (problem.field, problem.text) == ("limit", "value_type")
    assert told(problem)[0].message == "Mục “limit” phải là số nguyên."


def test_of_a_name_that_is_given_twice_the_last_counts_everywhere() -> None:
    """One reading only: nothing that was checked can differ from what is done."""
    assert Reader(Query).json(b'{"limit":1,"limit":2}') == Query(2)
    with pytest.raises(msgspec.ValidationError):
        Reader(Query).json(b'{"limit":"x","limit":2}')
