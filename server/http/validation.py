"""What comes in, decoded and clean; what the decoder says of a bad value, in our own words and with its path."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from server.messages import Term

from .problems import BadValue, Problem
from .tidy import cleaner

MAX_PATH = 200  # characters of a field's path that are told back: an unknown field may be called anything

# The path stands at the end; what stands before it may hold anything that was sent.
_SAID = re.compile(r"(?P<what>.*?)(?: - at (?P<key>`key` in )?`\$(?P<path>[^`]*)`)?", re.DOTALL)
_BOUND = r"(?P<limit>-?[\d.]+)"

Params = dict[str, Any]
Reading = Callable[["re.Match[str]"], tuple[str, Params]]


class Reader:
    """Reads values of one declared type. Raises `msgspec.ValidationError` (which field is wrong) or
    `msgspec.DecodeError` (no JSON), nothing else."""

    def __init__(self, kind: Any) -> None:
        self._kind, self._clean = kind, cleaner(kind)
        self._decoder = msgspec.json.Decoder(kind)

    def json(self, raw: bytes | str) -> Any:
        try:
            found = self._decoder.decode(raw)
        except (UnicodeDecodeError, RecursionError) as error:  # no UTF-8; nesting without end
            raise msgspec.DecodeError("unreadable") from error
        return found if self._clean is None else self._clean(found, "")

    def texts(self, values: Mapping[str, str]) -> Any:
        """Of texts that stand for themselves: `"5"` is 5 where a number is declared."""
        found = msgspec.convert(values, self._kind, strict=False)
        return found if self._clean is None else self._clean(found, "")


def unreadable(error: msgspec.DecodeError) -> Problem:
    """What a `Reader` raised, as an answer: 400 `bad_value` with the field, or 400 `bad_json`."""
    return invalid(error) if isinstance(error, msgspec.ValidationError) else Problem(400, "bad_json")


def invalid(error: msgspec.ValidationError) -> Problem:
    """Never the decoder's own words: what is not recognised gets a general sentence."""
    said = _SAID.fullmatch(str(error))
    assert said is not None, "the path is optional, and before it anything goes"
    path = (said["path"] or "").removeprefix(".")
    for pattern, reading in _READINGS:
        if found := pattern.fullmatch(said["what"]):
            reason, params = reading(found)
            return BadValue(reason, _named(path, params.pop("name", "")), **params)
    return BadValue("bad_value", _named(path, ""))


def _named(path: str, name: str) -> str | None:
    shown = "".join(c if c.isprintable() else "…" for c in f"{path}.{name}".strip("."))
    return shown[:MAX_PATH] or None


# --- what is said, and how we say it

_KINDS = {
    "int": "kind_int", "float": "kind_float", "str": "kind_str", "bool": "kind_bool",
    "array": "kind_array", "object": "kind_object", "null": "kind_null",
}  # fmt: skip
_LENGTHS = {
    ("str", ">="): "value_short", ("str", "<="): "value_long",
    ("array", ">="): "value_few", ("array", "<="): "value_many",
    ("object", ">="): "value_few", ("object", "<="): "value_many",
}  # fmt: skip


def _type(found: "re.Match[str]") -> tuple[str, Params]:
    kinds = [_KINDS.get(kind) for kind in found["kinds"].split(" | ")]
    if None in kinds:
        return "bad_value", {}
    return "value_type", {"expected": tuple(Term(str(kind)) for kind in kinds)}


def _length(found: "re.Match[str]") -> tuple[str, Params]:
    if found["sign"] == ">=" and found["limit"] == "1":
        return "value_empty", {}
    return _LENGTHS[found["kind"], found["sign"]], {"limit": found["limit"]}


def _range(found: "re.Match[str]") -> tuple[str, Params]:
    return "value_low" if found["sign"] == ">=" else "value_high", {"limit": found["limit"].removesuffix(".0")}


def _items(found: "re.Match[str]") -> tuple[str, Params]:
    how = {"at least ": "value_few", "at most ": "value_many", "": "value_exactly"}
    return how[found["how"]], {"limit": found["limit"]}


_READINGS: tuple[tuple["re.Pattern[str]", Reading], ...] = tuple(
    (re.compile(pattern, re.DOTALL), reading)
    for pattern, reading in (
        (r"Expected `(?P<kinds>[a-z |]+)`(?:, got `[a-z]+`)?", _type),
        (rf"Expected `(?P<kind>str|array|object)` of length (?P<sign>[<>]=) {_BOUND}", _length),
        (rf"Expected `(?:int|float)` (?P<sign>[<>]=) {_BOUND}", _range),
        (rf"Expected `int` that's a multiple of {_BOUND}", lambda m: ("value_step", {"limit": m["limit"]})),
        (rf"Expected `array` of (?P<how>at least |at most |)length {_BOUND}(?:, got \d+)?", _items),
        (r"Expected `str` matching regex '.+'", lambda m: ("value_pattern", {})),
        (r"Object missing required field `(?P<name>.*)`", lambda m: ("value_missing", {"name": m["name"]})),
        (r"Object contains unknown field `(?P<name>.*)`", lambda m: ("value_unknown", {"name": m["name"]})),
        (r"Invalid (?:enum )?value .*", lambda m: ("value_choice", {})),
        (r"(?:Integer value|Number) out of range", lambda m: ("value_size", {})),
    )
)
