"""Texts of people are clean wherever they come in: composed, nothing invisible, one line where one is meant."""

import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Meta, Struct, UnsetType, inspect

from server.http.validation import Reader, invalid
from server.protocol.base import KEY, MAX_LABEL, MAX_NOTE, Label, Note, Text
from server.protocol.messages import ClientMessage
from tests.http.shapes import sample
from tests.servers.whole import Whole

# What hides, what turns the direction, what ends a line, what is composed of pieces, and plain letters between.
TRICKS = (
    "\u200b\u2060\ufeff\u00ad\u034f\u061c\u115f\u180e\u2800\u3164\ufe0f\U000e0041\u202a\u202e\u2066\u2069\x00\x1b\x85"
)
ENDS = "\n\r\x0b\x0c\u2028\u2029"
PIECES = "ê\u0301\u0323\u0344 \t\u00a0ộ"
texts = st.text(st.sampled_from(TRICKS + ENDS + PIECES + "aÂ1") | st.characters(exclude_categories=["Cs"]))


class Inner(Struct, frozen=True):
    name: Label = "x"


class Form(Struct, frozen=True):
    """Every way in which a text of people stands in a body."""

    title: Label = "x"
    room: Text = ""
    note: Note = ""
    changed: Label | UnsetType = UNSET
    or_none: Label | None = None
    words: Annotated[list[Text], Meta(max_length=9)] = []
    inner: Inner = Inner()
    many: list[Inner] = []
    code: str = ""


READER = Reader(Form)


def lines(form: Form) -> Iterator[tuple[str, bool]]:
    """Every text with whether it may have several lines."""
    yield form.title, False
    yield form.room, False
    yield form.note, True
    yield from ((text, False) for text in (form.changed, form.or_none) if isinstance(text, str))
    yield from ((text, False) for text in form.words)
    yield from ((inner.name, False) for inner in (form.inner, *form.many))


def check_clean(text: str, several_lines: bool, limit: int) -> None:
    assert len(text) <= limit
    assert text == text.strip()
    assert unicodedata.is_normalized("NFC", text)
    assert not set(text) & set(TRICKS)
    assert not set(text) & set(ENDS if not several_lines else ENDS.replace("\n", ""))
    assert all(unicodedata.category(c) not in ("Cc", "Cs") for c in text.replace("\n", ""))
    assert "\n\n\n" not in text
    assert "  " not in text


inners = st.builds(Inner, texts)
forms = st.builds(
    Form, texts, texts, texts, texts, st.none() | texts, st.lists(texts, max_size=3), inners,
    st.lists(inners, max_size=2), texts,
)  # fmt: skip


@given(forms)
def test_what_is_read_is_clean_or_refused_with_its_field(sent: Form) -> None:
    try:
        read: Form = READER.json(msgspec.json.encode(sent))
    except msgspec.ValidationError as error:
        problem = invalid(error)
        assert problem.text in ("value_empty", "value_long")
        assert problem.field
        return
    for text, several_lines in lines(read):
        check_clean(text, several_lines, MAX_NOTE if several_lines else MAX_LABEL)
    assert all(text for text in (read.title, read.inner.name, *(i.name for i in read.many)))
    assert read.code == sent.code, "what is not a text of people stays as it is"
    assert READER.json(msgspec.json.encode(read)) == read, "what is clean stays"


@pytest.mark.parametrize(
    "blank", ["\u200b", "\u2060\ufeff", "\u00ad", "\u202e\u202c", " \u3164 ", "\u2800", "\x00", "\n\t", "\ufe0f"]
)
@pytest.mark.parametrize(("at", "body"), [
    ("title", {"title": "?"}), ("changed", {"changed": "?"}), ("or_none", {"or_none": "?"}),
    ("inner.name", {"inner": {"name": "?"}}), ("many[1].name", {"many": [{"name": "a"}, {"name": "?"}]}),
])  # fmt: skip
def test_a_title_that_nobody_can_see_is_no_title(blank: str, at: str, body: Any) -> None:
    raw = msgspec.json.encode(body).decode().replace('"?"', msgspec.json.encode(blank).decode())
    with pytest.raises(msgspec.ValidationError) as refused:
        READER.json(raw)
    problem = invalid(refused.value)
    assert (problem.code, problem.text, problem.field) == ("bad_value", "value_empty", at)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Quán\u200b triệt\u00ad", "Quán triệt"),
        ("Hội nghị \u202egnôht", "Hội nghị gnôht"),
        ("Dòng một\r\nDòng hai", "Dòng một Dòng hai"),
        (unicodedata.normalize("NFD", "Nghị quyết số 57"), "Nghị quyết số 57"),
        ("  hai   dấu \u00a0 cách ", "hai dấu cách"),
        ("Phòng\tA", "Phòng A"),
    ],
)
def test_a_line_is_one_line_of_what_is_seen(written: str, kept: str) -> None:
    assert READER.json(msgspec.json.encode({"title": written})).title == kept
    assert READER.texts({"title": written}).title == kept


def test_a_note_keeps_its_lines() -> None:
    read = READER.json(msgspec.json.encode({"note": "\r\nMất tiếng.\r\n\r\n\r\n\r\n  Gọi  lại \u202enhé\n"}))
    assert read.note == "Mất tiếng.\n\nGọi lại nhé"


def test_a_text_that_grows_when_it_is_composed_is_held_to_its_length() -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        READER.json(msgspec.json.encode({"title": "\u0344" * MAX_LABEL}))
    assert invalid(refused.value).text == "value_long"


# --- no text of people is forgotten

# Texts that are keys, codes, addresses and words of machines, or are cleaned by the rules of what they are.
# A row here is a decision.
NOT_OF_PEOPLE = {
    "aliases[]", "at", "conference", "current", "epoch", "failed", "id", "lang", "link", "login", "mark", "parent",
    "password", "phone", "points", "q", "status", "stream", "token", "type", "unit", "units[]", "url", "valid_from",
    "valid_to",
}  # fmt: skip


def unmarked(kind: inspect.Type, name: str = "") -> Iterator[str]:
    """Texts whose type does not say what of them may stay."""
    match kind:
        case inspect.Metadata():
            if not (kind.extra or {}).get(KEY):
                yield from unmarked(kind.type, name)
        case inspect.UnionType():
            for member in kind.types:
                yield from unmarked(member, name)
        case inspect.StructType():
            for field in kind.fields:
                yield from unmarked(field.type, field.encode_name)
        case inspect.ListType():
            yield from unmarked(kind.item_type, f"{name}[]")
        case inspect.StrType():
            yield name


@pytest.mark.asyncio(loop_scope="module")
async def test_every_text_that_comes_in_says_what_it_is(shared: Whole) -> None:
    kinds = [k for r in shared.server.assembly.routes for k in (r.body, r.query) if k is not None]
    found = {name for kind in [*kinds, *get_args(ClientMessage)] for name in unmarked(inspect.type_info(kind))}
    assert found == NOT_OF_PEOPLE


@pytest.mark.asyncio(loop_scope="module")
async def test_every_place_where_names_are_written_keeps_them_clean(shared: Whole) -> None:
    """Given names full of tricks, when they come by body, query, socket and spreadsheet, then all are clean."""
    tricky, seen = "Tên \u202ephòng\u200b\nmột\u2060", "Tên phòng một"
    call, one = shared.admin.call, shared.one
    made = await call("POST", "/api/conferences", dict, {"title": tricky, "starts_at": 1, "place": tricky})
    found = await call("GET", f"/api/conferences/{made['id']}", dict)
    assert (found["conference"]["title"], found["conference"]["place"]) == (seen, seen)
    await shared.command("edit_points", edits=[{"point": 2, "name": tricky, "address": tricky}])
    info = (await call("GET", f"{one}/points/2", dict))["info"]
    assert (info["room"], info["address"]) == (seen, seen)
    kiosk = await call("POST", f"{one}/kiosks", dict, {"name": tricky})
    token = await call("POST", "/api/tokens", dict, {"name": tricky, "role": "viewer"})
    assert (kiosk["name"], token["name"]) == (seen, seen)
    rows = f'Mã;Tên;Mã cha\nT1;"{tricky}";HN\n'.encode()
    await call("POST", "/api/units/import?dry_run=false", dict, data=rows, **{"X-File-Name": "u.csv"})
    units = await call("GET", "/api/units?q=T1", dict)
    assert [u["name"] for u in units["units"]] == [seen]


def test_a_sample_of_every_socket_message_passes() -> None:
    for message in get_args(ClientMessage):
        assert Reader(message).json(msgspec.json.encode(sample(inspect.type_info(message))))
