"""TypeScript for what crosses the socket, read off `server.protocol`: the two sides cannot drift apart.

The types are those of the JSON itself: a field with a default may be left out, and a struct that travels as a
list is a labelled tuple, whose names also come as a constant.
"""

import inspect
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import msgspec.inspect as shapes

from server.protocol import base, commands, errors, messages, terms, views

HEAD = "/* Generated from server/protocol by `make openapi`; do not edit. */"

CONSTANTS = {
    name: getattr(base, name) for name in ("PROTOCOL_VERSION", "MAX_HEADCOUNT", "MAX_LABEL", "MAX_NOTE", "MAX_BATCH")
}
UNIONS = {
    "ClientMessage": messages.ClientMessage,
    "ServerMessage": messages.ServerMessage,
    "PublicCommand": commands.PublicCommand,
}
# Structs that HTTP alone sends, and that a page names.
BESIDE = (views.DeviceView, views.Summary, errors.ErrorBody)

TERMS = {name: get_args(value) for name, value in vars(terms).items() if get_origin(value) is Literal}
UNION_NAMES = {frozenset(get_args(union)): name for name, union in UNIONS.items()}
TERM_NAMES = {frozenset(values): name for name, values in TERMS.items()}


def render() -> str:
    """The whole file. Deterministic: the same protocol gives the same text."""
    return "\n\n".join([HEAD, *constants(), *vocabularies(), *structs(), *unions()]) + "\n"


def constants() -> Iterator[str]:
    yield "\n".join(f"export const {name} = {value};" for name, value in CONSTANTS.items())
    codes = "\n".join(f"  {close.name}: {close.value}," for close in errors.Close)
    yield f"/** Why a socket was closed. */\nexport const CLOSE = {{\n{codes}\n}} as const;"


def vocabularies() -> Iterator[str]:
    for name, values in TERMS.items():
        yield f"export type {name} = {' | '.join(quoted(value) for value in values)};"
    listed = ", ".join(quoted(status) for status in terms.STATUSES)
    yield f"/** In the order of every tally. */\nexport const STATUSES = [{listed}] as const;"


def structs() -> Iterator[str]:
    """Every struct that the unions reach, each after what it needs."""
    found: dict[str, shapes.StructType] = {}
    for root in (*UNIONS.values(), *BESIDE):
        collect(shapes.type_info(root), found)
    for name, struct in found.items():
        yield as_tuple(name, struct) if struct.array_like else as_interface(name, struct)


def unions() -> Iterator[str]:
    for name, union in UNIONS.items():
        members = "".join(f"\n  | {member.__name__}" for member in get_args(union))
        yield f"export type {name} ={members};"


def collect(shape: shapes.Type, found: dict[str, shapes.StructType]) -> None:
    match shape:
        case shapes.StructType():
            if shape.cls.__name__ not in found:
                for field in shape.fields:
                    collect(field.type, found)
                found[shape.cls.__name__] = shape
        case shapes.UnionType():
            for member in shape.types:
                collect(member, found)
        case shapes.ListType() | shapes.VarTupleType():
            collect(shape.item_type, found)
        case shapes.Metadata():
            collect(shape.type, found)


def as_interface(name: str, struct: shapes.StructType) -> str:
    lines = [f"  {struct.tag_field}: {quoted(struct.tag)};"] if struct.tag_field else []
    lines += [
        f"  {field.encode_name}{'' if field.required else '?'}: {written(field.type)};" for field in struct.fields
    ]
    return f"{comment(struct.cls)}export interface {name} {{\n" + "\n".join(lines) + "\n}"


def as_tuple(name: str, struct: shapes.StructType) -> str:
    items = "\n".join(
        f"  {field.encode_name}{'' if field.required else '?'}: {written(field.type)}," for field in struct.fields
    )
    names = "\n".join(f"  {quoted(field.encode_name)}," for field in struct.fields)
    return (
        f"{comment(struct.cls)}export type {name} = [\n{items}\n];\n\n"
        f"/** The names of what stands in a {name}, in order. */\n"
        f"export const {base.snake(name).upper()} = [\n{names}\n] as const;"
    )


def written(shape: shapes.Type) -> str:
    """A type as TypeScript writes it. Fails on a kind that no wire struct has used so far."""
    match shape:
        case shapes.StructType():
            return str(shape.cls.__name__)
        case shapes.UnionType():
            return UNION_NAMES.get(frozenset(classes_of(shape))) or " | ".join(members_of(shape))
        case shapes.ListType() | shapes.VarTupleType():
            item = written(shape.item_type)
            return f"({item})[]" if " | " in item else f"{item}[]"
        case shapes.LiteralType():
            return TERM_NAMES.get(frozenset(shape.values)) or " | ".join(quoted(value) for value in shape.values)
        case shapes.Metadata():
            return written(shape.type)
        case shapes.IntType() | shapes.FloatType():
            return "number"
        case shapes.StrType():
            return "string"
        case shapes.BoolType():
            return "boolean"
        case shapes.NoneType():
            return "null"
    raise TypeError(f"the wire has learnt a kind of type that TypeScript has not been taught: {shape}")


def classes_of(union: shapes.UnionType) -> Iterator[type]:
    return (member.cls for member in union.types if isinstance(member, shapes.StructType))


def members_of(union: shapes.UnionType) -> Iterator[str]:
    """Without raw bytes: they were encoded before and stand for the struct named beside them."""
    return (written(member) for member in union.types if not isinstance(member, shapes.RawType))


def comment(cls: type) -> str:
    text = inspect.getdoc(cls)
    # A struct without words of its own shows those of the class it comes from, which say nothing of it.
    if text is None or any(text == inspect.getdoc(parent) for parent in cls.__mro__[1:]):
        return ""
    lines = text.splitlines()
    if len(lines) == 1:
        return f"/** {text} */\n"
    return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in lines) + " */\n"


def quoted(value: Any) -> str:
    return f"'{value}'"
