"""Every sample of docs/protocol.md is a message that the types accept, and every kind of message has a sample."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from server.protocol.messages import ClientMessage, ServerMessage

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
TO_SERVER, TO_CLIENT = "→ ", "← "
Kinds = dict[str, object]


def samples(text: str) -> Iterator[tuple[str, str]]:
    """The arrow and the JSON of each line inside a fenced block that begins with an arrow."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith((TO_SERVER, TO_CLIENT)):
                yield line[:2], line[2:].strip()


def problems(text: str) -> list[str]:
    found = []
    for arrow, sample in samples(text):
        try:
            msgspec.json.decode(sample, type=ClientMessage if arrow == TO_SERVER else ServerMessage)
        except msgspec.DecodeError as error:
            found.append(f"{arrow}{sample}: {error}")
    return found


def untold(text: str) -> set[str]:
    """Kinds of messages without a sample."""
    kinds = {m.__struct_config__.tag for m in (*get_args(ClientMessage), *get_args(ServerMessage))}
    return kinds - {msgspec.json.decode(sample)["t"] for _, sample in samples(text)}


def test_every_sample_is_what_the_types_say() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert problems(text) == []
    assert untold(text) == set()


@pytest.mark.parametrize(
    "sample", ['→ {"t":"hello","v":1}', '← {"t":"beat"}', '→ {"t":"beat","more":1}', "→ {", '→ {"t":"pulse","now":1}']
)
def test_a_sample_that_is_wrong_would_be_found(sample: str) -> None:
    assert len(problems(f"text\n\n```json\n{sample}\n```\n")) == 1


def test_a_sample_that_is_right_is_accepted_wherever_it_stands() -> None:
    assert problems('```json\n→ {"t":"beat"}\n← {"t":"pulse","now":1}\n```\n') == []
