"""What the TypeScript writer makes of each shape that a wire struct can have."""

import msgspec
import pytest

from scripts import wire_types
from server.protocol.base import Wire
from server.protocol.terms import Stage


class Room(Wire, frozen=True):
    """A place.

    `seats` may be left out.
    """

    stage: Stage
    names: list[str | None]
    seats: int = 0


class Pair(Wire, frozen=True, array_like=True):
    id: int
    room: Room | msgspec.Raw | msgspec.UnsetType


class Odd(Wire, frozen=True):
    any: dict[str, int]


def shape_of(struct: type[Wire]) -> msgspec.inspect.StructType:
    shape = msgspec.inspect.type_info(struct)
    assert isinstance(shape, msgspec.inspect.StructType)
    return shape


def test_a_struct_is_an_interface_whose_defaults_may_be_missing() -> None:
    assert wire_types.as_interface("Room", shape_of(Room)).splitlines() == [
        "/**",
        " * A place.",
        " *",
        " * `seats` may be left out.",
        " */",
        "export interface Room {",
        "  stage: Stage;",
        "  names: (string | null)[];",
        "  seats?: number;",
        "}",
    ]


def test_a_struct_that_travels_as_a_list_is_a_labelled_tuple_with_its_names() -> None:
    assert wire_types.as_tuple("Pair", shape_of(Pair)).splitlines() == [
        "export type Pair = [",
        "  id: number,",
        "  room: Room,",
        "];",
        "",
        "/** The names of what stands in a Pair, in order. */",
        "export const PAIR = [",
        "  'id',",
        "  'room',",
        "] as const;",
    ]


def test_a_kind_of_type_nobody_taught_it_stops_the_writer() -> None:
    with pytest.raises(TypeError, match="has not been taught"):
        wire_types.as_interface("Odd", shape_of(Odd))


def test_every_message_and_command_is_written_once() -> None:
    text = wire_types.render()

    for union in wire_types.UNIONS.values():
        for member in union.__args__:
            assert text.count(f"export interface {member.__name__} {{") == 1
