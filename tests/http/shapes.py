"""Values of declared types: one that fits, and for every constraint one that breaks just that."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import inspect

Broken = tuple[str, Any, str]  # path of the field, the whole value with it broken, the key of the words for it


def sample(kind: inspect.Type) -> Any:
    """A value that fits, with every field that there may be."""
    match kind:
        case inspect.Metadata():
            return sample(kind.type)
        case inspect.UnionType():
            return sample(next(t for t in kind.types if not isinstance(t, inspect.NoneType)))
        case inspect.StructType():
            fields = {f.encode_name: sample(f.type) for f in kind.fields}
            return {kind.tag_field: kind.tag, **fields} if kind.tag_field else fields
        case inspect.ListType():
            return [sample(kind.item_type)] * max(1, kind.min_length or 0)
        case inspect.DictType():
            return {}
        case inspect.LiteralType():
            return kind.values[0]
        case inspect.BoolType():
            return False
        case inspect.IntType() | inspect.FloatType():
            return max(kind.ge or 0, 0)
        case inspect.StrType():
            tries = (letter * max(1, kind.min_length or 0) for letter in "a1A")
            return next(t for t in tries if re.search(kind.pattern or "", t))
    raise AssertionError(f"no sample for {kind}: say here how one looks")


def breakages(kind: inspect.Type, path: str = "") -> Iterator[Broken]:
    match kind:
        case inspect.Metadata():
            yield from breakages(kind.type, path)
        case inspect.UnionType():
            yield from (broken for member in kind.types for broken in breakages(member, path))
        case inspect.StructType():
            yield from _of_struct(kind, path)
        case inspect.ListType():
            yield from _of_list(kind, path)
        case inspect.DictType():
            yield path, [], "value_type"
        case inspect.LiteralType():
            yield path, "nothing of that", "value_choice"
        case inspect.BoolType():
            yield path, 7, "value_type"
        case inspect.IntType() | inspect.FloatType():
            yield from _of_number(kind, path)
        case inspect.StrType():
            yield from _of_text(kind, path)


def _of_number(kind: inspect.IntType | inspect.FloatType, path: str) -> Iterator[Broken]:
    yield path, "seven", "value_type"
    if kind.ge is not None:
        yield path, kind.ge - 1, "value_low"
    if kind.le is not None:
        yield path, kind.le + 1, "value_high"


def _of_text(kind: inspect.StrType, path: str) -> Iterator[Broken]:
    yield path, 7, "value_type"
    if kind.min_length:
        yield path, "a" * (kind.min_length - 1), "value_empty" if kind.min_length == 1 else "value_short"
    if kind.max_length is not None:
        yield path, "a" * (kind.max_length + 1), "value_long"
    if kind.pattern:
        yield path, "\x00" * max(1, kind.min_length or 0), "value_pattern"


def _of_list(kind: inspect.ListType, path: str) -> Iterator[Broken]:
    yield path, {}, "value_type"
    item = sample(kind.item_type)
    if kind.min_length:
        yield path, [item] * (kind.min_length - 1), "value_empty" if kind.min_length == 1 else "value_few"
    if kind.max_length is not None:
        yield path, [item] * (kind.max_length + 1), "value_many"
    for at, value, words in breakages(kind.item_type, f"{path}[0]"):
        yield at, [value], words


def _of_struct(kind: inspect.StructType, path: str) -> Iterator[Broken]:
    whole = sample(kind)
    yield path, [], "value_type"
    if kind.forbid_unknown_fields:
        yield f"{path}.strange".lstrip("."), {**whole, "strange": 1}, "value_unknown"
    if kind.tag_field:
        yield f"{path}.{kind.tag_field}".lstrip("."), {**whole, kind.tag_field: "strange"}, "value_choice"
    for field in kind.fields:
        name = f"{path}.{field.encode_name}".lstrip(".")
        if field.required:
            yield name, {k: v for k, v in whole.items() if k != field.encode_name}, "value_missing"
        for at, value, words in breakages(field.type, name):
            yield at, {**whole, field.encode_name: value}, words
