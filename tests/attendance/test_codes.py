"""Codes and their index, over both databases."""

import asyncio

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from server.attendance import codes as of
from server.attendance.codes import LENGTH, CodeStore, new_code, normal

CROCKFORD = set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_a_code_is_eleven_letters_of_crockford() -> None:
    made = {new_code() for _ in range(2_000)}
    assert len(made) == 2_000
    assert {len(code) for code in made} == {LENGTH}
    assert set("".join(made)) == CROCKFORD, "22,000 draws name every letter, and no other"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7K3M9Q2WABC", "7K3M9Q2WABC"),
        (" 7k3m-9q2w-abc\t", "7K3M9Q2WABC"),
        ("7K3M 9Q2W ABC", "7K3M9Q2WABC"),
        ("7K3M–9Q2W–ABC", "7K3M9Q2WABC"),
        ("oil-OIL-12345", "01101112345"),
        ("7K3M9Q2WAB", None),
        ("7K3M9Q2WABCD", None),
        ("7K3M9Q2WABU", None),
        ("7K3M9Q2WAB٣", None),
        ("7K3M9Q2WABß", None),
        ("", None),
        ("7" * 10_000, None),
    ],
)
def test_what_is_typed_is_forgiven(typed: str, code: str | None) -> None:
    assert normal(typed) == code


async def test_reserved_codes_are_found_by_another_server(engine: AsyncEngine) -> None:
    a, b = CodeStore(engine), CodeStore(engine)
    first, second = await a.reserve("hn1", 3), await b.reserve("hn2", 2)
    assert len({*first, *second}) == 5
    assert [await b.find(code) for code in first] == ["hn1"] * 3
    assert [await a.find(code) for code in second] == ["hn2"] * 2


async def test_none_reserved_is_none(engine: AsyncEngine) -> None:
    assert await CodeStore(engine).reserve("hn1", 0) == []


async def test_what_is_found_is_remembered_and_what_is_not_is_asked_again(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = CodeStore(engine)
    asked: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    (code,) = await CodeStore(engine).reserve("hn1", 1)
    asked.clear()
    for _ in range(3):
        assert await store.find(code) == "hn1"
    assert len(asked) == 1
    for _ in range(3):
        assert await store.find("00000000000") is None
    assert len(asked) == 4


async def test_the_memory_is_bounded(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "MAX_CACHED", 2)
    store = CodeStore(engine)
    made = await store.reserve("hn1", 4)
    for _ in range(2):
        assert [await store.find(code) for code in made] == ["hn1"] * 4
    assert len(store._found) == 2


async def test_a_code_twice_reserves_nothing(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "new_code", iter(["A" * 11, "B" * 11, "B" * 11]).__next__)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await CodeStore(engine).reserve("hn1", 3)
    assert await CodeStore(engine).find("A" * 11) is None


async def test_the_record_conference_gets_its_codes_while_others_are_served(engine: AsyncEngine) -> None:
    """40,000 at once, in lots: the others have their turn between them."""
    turns = 0
    async with asyncio.TaskGroup() as group:
        reserving = group.create_task(CodeStore(engine).reserve("hn1", 40_000))
        while not reserving.done():
            await asyncio.sleep(0)
            turns += 1
    assert len(set(reserving.result())) == 40_000
    assert turns > 40
