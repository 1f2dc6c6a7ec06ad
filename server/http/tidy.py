"""Texts of people, made clean where they come in: composed accents, nothing invisible, one line where one is meant.

A text type of `server.protocol.base` says in its `extra` whether it is a line or lines; every body, query and
socket message passes through here, so what the rules and the tables hold is clean. Files of rows are cleaned
cell by cell with the same two functions.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import inspect
from msgspec.structs import replace

from server.protocol.base import KEY, LINE, LINES
from server.tables.text import clean, one_line

Cleaner = Callable[[Any, str], Any]  # a value and its path give the value again, or its clean copy

_HOW = {LINE: one_line, LINES: clean}


def cleaner(kind: Any) -> Cleaner | None:
    """For values of the type `kind`; None where nothing in it is a text of people.

    Raises `msgspec.ValidationError` for a text that is too short or too long once it is clean.
    """
    return _of(inspect.type_info(kind))


def _of(kind: inspect.Type) -> Cleaner | None:
    if isinstance(kind, inspect.Metadata):
        how = (kind.extra or {}).get(KEY)
        return _text(kind.type, _HOW[how]) if how else _of(kind.type)
    if isinstance(kind, inspect.UnionType):
        return _union(kind)
    if isinstance(kind, inspect.StructType):
        return _struct(kind)
    if isinstance(kind, inspect.ListType):
        return _list(kind)
    return None


def _text(kind: inspect.Type, how: Callable[[str], str]) -> Cleaner:
    assert isinstance(kind, inspect.StrType), "only texts are lines"
    least, most = kind.min_length or 0, kind.max_length

    def tidy(value: str, path: str) -> str:
        text = how(value)
        if len(text) < least:
            raise msgspec.ValidationError(f"Expected `str` of length >= {least} - at `${path}`")
        if most is not None and len(text) > most:  # a few signs of the world are two when they are composed
            raise msgspec.ValidationError(f"Expected `str` of length <= {most} - at `${path}`")
        return text

    return tidy


def _struct(kind: inspect.StructType) -> Cleaner | None:
    fields = [(f.name, f.encode_name, c) for f in kind.fields if (c := _of(f.type)) is not None]

    def tidy(value: Any, path: str) -> Any:
        changed = {}
        for name, told, clean_field in fields:
            old = getattr(value, name)
            if old is not msgspec.UNSET and (new := clean_field(old, f"{path}.{told}")) is not old:
                changed[name] = new
        return replace(value, **changed) if changed else value

    return tidy if fields else None


def _list(kind: inspect.ListType) -> Cleaner | None:
    clean_item = _of(kind.item_type)
    if clean_item is None:
        return None

    def tidy(value: list[Any], path: str) -> list[Any]:
        return [clean_item(item, f"{path}[{i}]") for i, item in enumerate(value)]

    return tidy


def _union(kind: inspect.UnionType) -> Cleaner | None:
    """By what the value is: a union never holds two kinds of text, or two structs of one class."""
    by_class: dict[type, Cleaner] = {}
    for member in kind.types:
        if (found := _of(member)) is not None:
            by_class[_class_of(member)] = found

    def tidy(value: Any, path: str) -> Any:
        found = by_class.get(type(value))
        return value if found is None else found(value, path)

    return tidy if by_class else None


def _class_of(kind: inspect.Type) -> type:
    if isinstance(kind, inspect.Metadata):
        return _class_of(kind.type)
    if isinstance(kind, inspect.StructType):
        return kind.cls
    return str if isinstance(kind, inspect.StrType) else list
