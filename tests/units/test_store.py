"""Units in the database: what a plan gave is there whole, or not at all."""

import asyncio
from itertools import pairwise

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from server.units.model import Unit
from server.units.store import LOT, UnitsChanged, UnitStore

FULL = Unit("001", "Quận Ba Đình", "quận", "HN", ("B1", "Khu “Ba Đình”"), "1961-05-31", "2025-06-30", 2)
ROOT = Unit("HN", "Thành phố Hà Nội", order=1)


async def test_an_empty_database_holds_no_units(engine: AsyncEngine) -> None:
    now = await UnitStore(engine).current()

    assert (now.revision, list(now.tree.all())) == (0, [])


async def test_units_come_back_as_they_were_written_children_before_parents_too(engine: AsyncEngine) -> None:
    revision = await UnitStore(engine).apply([FULL, ROOT], 0)

    now = await UnitStore(engine).current()
    assert revision == now.revision == 1
    assert now.tree.units == {"001": FULL, "HN": ROOT}


async def test_a_second_write_replaces_whole_units_and_leaves_the_others(engine: AsyncEngine) -> None:
    store = UnitStore(engine)
    await store.apply([FULL, ROOT], 0)
    changed = replace(FULL, name="Phường Ba Đình", aliases=(), valid_to=None)

    await store.apply([changed], 1)

    assert (await store.current()).tree.units == {"001": changed, "HN": ROOT}


async def test_a_plan_made_from_an_older_state_is_not_applied(engine: AsyncEngine) -> None:
    store, other = UnitStore(engine), UnitStore(engine)
    await store.apply([ROOT], 0)
    await other.apply([FULL], 1)

    for old in (0, 1, 7):
        with pytest.raises(UnitsChanged):
            await store.apply([replace(ROOT, name="Khác")], old)

    now = await store.current()
    assert (now.revision, now.tree.units) == (2, {"001": FULL, "HN": ROOT})


async def test_of_writers_at_the_same_time_one_wins(engine: AsyncEngine) -> None:
    for revision in (0, 1):
        tries = [UnitStore(engine).apply([replace(ROOT, name=f"Bản {n}")], revision) for n in range(4)]
        done = await asyncio.gather(*tries, return_exceptions=True)

        assert sorted(type(d).__name__ for d in done) == ["UnitsChanged"] * 3 + ["int"]


async def test_a_unit_without_its_parent_leaves_nothing_behind(engine: AsyncEngine) -> None:
    store = UnitStore(engine)

    with pytest.raises(IntegrityError):
        await store.apply([Unit("1", "Xã A", parent="gone"), ROOT], 0)

    assert (await store.current()).revision == 0
    assert (await store.current()).tree.units == {}


async def test_a_store_sees_what_another_process_wrote_and_else_keeps_its_tree(engine: AsyncEngine) -> None:
    store = UnitStore(engine)
    await store.apply([ROOT], 0)
    first, same = await store.current(), await store.current()
    await UnitStore(engine).apply([FULL], 1)

    assert same is first
    assert (await store.current()).tree.units == {"001": FULL, "HN": ROOT}


async def test_many_units_are_written_in_lots_with_progress(engine: AsyncEngine) -> None:
    count = 2 * LOT + 5
    many = [Unit(f"{n:05}", f"Xã {n}", parent="00000" if n else None, order=n) for n in range(count)]
    told: list[tuple[int, int]] = []

    await UnitStore(engine).apply(list(reversed(many)), 0, lambda *p: told.append(p))

    assert list((await UnitStore(engine).current()).tree.all()) == many
    assert told[-1] == (count, count)
    assert all(before[0] < after[0] for before, after in pairwise(told))
