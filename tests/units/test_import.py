"""What an import of units would do, row by row."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.tables.model import MAX_ROWS, Row
from server.tables.parse import parse
from server.tables.writer import write_csv, write_xlsx
from server.units.messages import MESSAGES
from server.units.model import Unit
from server.units.rules import ImportPlan, plan_import
from server.units.tree import UnitTree
from server.units.unit_file import COLUMNS, EXPORT_COLUMNS, records
from server.units.verdicts import PROGRESS_EVERY, Change, Problem

TODAY = date(2025, 8, 1)
DATA = {
    "hanoi": Path("server/demo/data/hanoi-units-2022.csv"),
    "vietnam": Path("tests/data/vietnam-units-2025.csv"),
}
ROOT = Path(__file__).parents[2]


def rows(*values: Mapping[str, str]) -> list[Row]:
    return [Row(n, dict(v)) for n, v in enumerate(values, 2)]


def row(code: str, name: str = "Tên", **more: str) -> dict[str, str]:
    return {"code": code, "name": name, **more}


def plan(existing: Mapping[str, Unit], *values: Mapping[str, str]) -> ImportPlan:
    return plan_import(existing, rows(*values), TODAY)


def applied(existing: Mapping[str, Unit], made: ImportPlan) -> dict[str, Unit]:
    return {**existing, **{u.code: u for u in made.units}}


def outcomes(made: ImportPlan) -> list[str]:
    return [v.outcome for v in made.verdicts]


def problems(made: ImportPlan) -> list[tuple[int, str, str | None]]:
    return [(v.row, p.code, p.field) for v in made.verdicts for p in v.problems]


def unit(code: str, **more: object) -> Unit:
    return Unit(code, "Tên", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("file", "count", "roots"), [("hanoi", 610, ["HN"]), ("vietnam", 3356, ["VN"])])
def test_real_trees_import_whole_and_a_second_time_change_nothing(file: str, count: int, roots: list[str]) -> None:
    table = parse((ROOT / DATA[file]).read_bytes(), COLUMNS)

    made = plan_import({}, table.rows, TODAY)
    units = applied({}, made)

    assert made.counts == {"added": count, "changed": 0, "unchanged": 0, "refused": 0}
    assert [u.code for u in UnitTree(units).children(None)] == roots
    again = plan_import(units, table.rows, TODAY)
    assert again.counts["unchanged"] == count
    assert again.units == []


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_an_export_imports_as_unchanged(write: type) -> None:
    table = parse((ROOT / DATA["hanoi"]).read_bytes(), COLUMNS)
    units = applied({}, plan_import({}, table.rows, TODAY))
    more = Unit("001", "Quận Ba Đình", "quận", "HN", ("B1", "Khu Ba Đình"), "1961-05-31", "2025-06-30", 2)
    units["001"] = more

    back = parse(write(EXPORT_COLUMNS, records(UnitTree(units).all())), COLUMNS)

    assert plan_import(units, back.rows, TODAY).counts["unchanged"] == 610


def test_parents_come_after_their_children_and_by_code_alias_name_or_lost_zeros() -> None:
    made = plan(
        {},
        row("00011", parent_code="001"),
        row("00012", parent_code="cũ 1"),
        row("00013", parent_code="ba dinh"),
        row("00014", parent_code="1"),
        row("001", "Quận Ba Đình", aliases="Cũ 1", parent_code="HN"),
        row("hn", "Thành phố Hà Nội", parent_code=""),
    )

    assert outcomes(made) == ["added"] * 6
    parents = {u.code: u.parent for u in made.units}
    assert parents == {"00011": "001", "00012": "001", "00013": "001", "00014": "001", "001": "HN", "HN": None}


def test_values_are_tidied_and_the_kind_is_taken_from_the_name_when_not_given() -> None:
    name = unicodedata.normalize("NFD", "  Phường \n Phúc\u00a0Xá ")

    (made,) = plan({}, row("a1", name, old_codes="00002, 00003", aliases="An Xá|00002;A1")).units

    assert made == Unit("A1", "Phường Phúc Xá", "phường", None, ("00002", "00003", "An Xá"), order=1)


def test_a_change_says_what_was_and_what_will_be() -> None:
    old = Unit("001", "Quận Ba Đình", "quận", "HN", ("X",), order=7)
    existing = {"HN": unit("HN"), "TP": unit("TP"), "001": old}

    made = plan(
        existing,
        row("001", "Phường Ba Đình", kind="Phường", parent_code="TP", aliases="X;Y", valid_from="1/7/2025"),
    )

    (verdict,) = made.verdicts
    assert verdict.changes == (
        Change("name", "Quận Ba Đình", "Phường Ba Đình"),
        Change("kind", "quận", "phường"),
        Change("parent_code", "HN", "TP"),
        Change("aliases", "X", "X; Y"),
        Change("valid_from", "", "2025-07-01"),
    )
    assert made.units == [Unit("001", "Phường Ba Đình", "phường", "TP", ("X", "Y"), "2025-07-01", None, 7)]


def test_fields_whose_column_is_absent_stay_and_blank_cells_clear() -> None:
    old = Unit("001", "Ba Đình", "khu", "HN", ("X", "Y"), "2000-01-01", "2030-01-01", 7)
    existing = {"HN": unit("HN"), "001": old}

    assert outcomes(plan(existing, {"code": "001"})) == ["unchanged"]
    assert outcomes(plan(existing, row("001", "Ba Đình", aliases="Y|X"))) == ["unchanged"]
    cleared = plan(existing, {"code": "001", "kind": "", "parent_code": "", "aliases": "", "valid_to": ""})
    assert cleared.units == [Unit("001", "Ba Đình", "", None, (), "2000-01-01", None, 7)]


def test_a_retirement_by_hand_is_an_import_of_one_row() -> None:
    existing = {"001": unit("001", valid_from="2020-01-01")}

    assert plan(existing, {"code": "001", "valid_to": "2025-06-30"}).units[0].valid_to == "2025-06-30"
    refused = plan(existing, {"code": "001", "valid_to": "2019-06-30"})
    days: dict[str, str | int] = {"start": "01/01/2020", "end": "30/06/2019"}
    assert refused.verdicts[0].problems == (Problem("dates_reversed", "valid_to", days),)


def test_a_code_without_its_zeros_is_the_one_unit_that_can_be_meant() -> None:
    existing = {"00004": unit("00004"), "01": unit("01"), "001": unit("001")}

    (four,) = plan(existing, row("4")).verdicts
    one = plan(existing, row("1"))
    (seven,) = plan(existing, row("7")).verdicts

    assert (four.key, four.outcome) == ("00004", "unchanged")
    assert four.warnings == (Problem("zeros_restored", "code", {"code": "00004", "value": "4"}),)
    assert problems(one) == [(2, "code_zeros_lost", "code")]
    assert one.refused[0].problems[0].params == {"value": "1", "candidates": "001, 01"}
    assert (seven.key, seven.outcome, seven.warnings) == ("7", "added", ())


def test_a_file_that_kept_its_zeros_has_whole_codes_except_in_number_cells() -> None:
    existing = {"00037": Unit("00037", "Phường A")}
    provinces = [Row(2, row("01", "Hà Nội")), Row(3, row("37", "Ninh Bình"))]

    kept = plan_import(existing, provinces, TODAY)
    number = plan_import(existing, [provinces[0], Row(3, row("37", "Phường A"), ("code",))], TODAY)

    assert [(v.key, v.outcome) for v in kept.verdicts] == [("01", "added"), ("37", "added")]
    assert [(v.key, v.outcome) for v in number.verdicts] == [("01", "added"), ("00037", "changed")]


def test_a_code_and_the_same_without_zeros_in_one_file_are_one_unit_and_a_contradiction_names_the_cause() -> None:
    same = plan({}, row("001", "Xã A"), row("1", "Xã A"))
    other = plan({}, row("1", "Xã A"), row("001", "Xã B"))

    assert [u.code for u in same.units] == ["001"]
    assert problems(other) == [(3, "code_twice_zeros", "code")]
    assert all("Excel" in text for text in MESSAGES["code_twice_zeros"])


def test_an_alias_that_lost_its_zeros_is_read_as_the_alias() -> None:
    existing = {"A": unit("A", aliases=("00061",))}

    (child,) = plan(existing, row("B", parent_code="61")).units

    assert child.parent == "A"
    assert (
        problems(plan(existing, row("61"))) == problems(plan(existing, row("00061"))) == [(2, "code_is_alias", "code")]
    )


def test_a_parent_without_its_zeros_is_shown_as_what_it_was_taken_for_or_refused_with_the_cause() -> None:
    existing = {"001": unit("001"), "02": unit("02"), "002": unit("002")}

    made = plan(existing, row("A", parent_code="1"), row("B", parent_code="2"))

    assert made.verdicts[0].warnings == (Problem("zeros_restored", "parent_code", {"code": "001", "value": "1"}),)
    assert problems(made) == [(3, "parent_zeros_lost", "parent_code")]


@given(st.sets(st.integers(1, 999), min_size=1, max_size=8), st.integers(4, 6), st.booleans())
def test_codes_that_lost_their_zeros_never_add_a_unit_a_second_time(
    numbers: set[int], width: int, in_the_same_file: bool
) -> None:
    whole = [row(f"{n:0{width}}", f"Xã {n}") for n in sorted(numbers)]
    lost = [row(str(n), f"Xã {n}") for n in sorted(numbers)]
    existing = {} if in_the_same_file else applied({}, plan({}, *whole))

    made = plan(existing, *lost, *whole) if in_the_same_file else plan(existing, *lost)

    assert not made.refused
    assert applied(existing, made).keys() == {r["code"] for r in whole}


@pytest.mark.parametrize(
    ("bad", "code", "field"),
    [
        (row(""), "code_empty", "code"),
        (row("Ж1"), "code_signs", "code"),
        (row("a b"), "code_signs", "code"),
        (row("-1"), "code_signs", "code"),
        (row("1" * 33), "code_too_long", "code"),
        (row("1", " \u200b"), "name_empty", "name"),
        (row("1", "n" * 201), "text_too_long", "name"),
        (row("1", kind="n" * 201), "text_too_long", "kind"),
        (row("1", aliases="n" * 201), "text_too_long", "aliases"),
        (row("1", aliases=",".join(map(str, range(100, 161)))), "too_many_aliases", "aliases"),
        (row("1", valid_from="31/02/2025"), "date_bad", "valid_from"),
        (row("1", valid_to="07/13/2025"), "date_bad", "valid_to"),
        (row("1", valid_from="02/07/2025", valid_to="01/07/2025"), "dates_reversed", "valid_to"),
        (row("1", parent_code="none"), "parent_unknown", "parent_code"),
        (row("1", parent_code="1"), "parent_cycle", "parent_code"),
        (row("1", parent_code="Minh Khai"), "parent_ambiguous", "parent_code"),
        (row("1", aliases="p1"), "alias_is_code", "aliases"),
        (row("OLD"), "code_is_alias", "code"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_nothing_is_written(
    bad: dict[str, str], code: str, field: str
) -> None:
    existing = {
        "P1": Unit("P1", "Phường Minh Khai", aliases=("old",)),
        "P2": Unit("P2", "Xã Minh Khai"),
    }

    made = plan(existing, bad, row("2", "Xã B"))

    assert problems(made) == [(2, code, field)]
    assert outcomes(made) == ["refused", "added"]
    assert made.units == []
    problem = made.refused[0].problems[0]
    assert "{" not in MESSAGES[code][0].format(**problem.params)


def test_a_row_says_all_that_is_wrong_with_it() -> None:
    assert problems(plan({}, row("!", "", valid_from="x", parent_code="none"))) == [
        (2, "code_signs", "code"),
        (2, "name_empty", "name"),
        (2, "date_bad", "valid_from"),
        (2, "parent_unknown", "parent_code"),
    ]


def test_a_repeated_row_counts_once_and_a_contradiction_is_refused() -> None:
    same = plan({}, row("1", "Xã A"), row(" 1", "Xã  A"))
    other = plan({}, row("A1", "Xã A"), row("A1", "Xã B"))

    assert outcomes(same) == ["added", "unchanged"]
    assert same.verdicts[1].warnings == (Problem("row_repeated", "code", {"first": 2}),)
    assert len(same.units) == 1
    assert outcomes(other) == ["added", "refused"]
    assert problems(other) == [(3, "code_twice", "code")]


def test_every_row_on_a_cycle_is_refused_even_when_it_closes_through_units_outside_the_file() -> None:
    existing = {"A": unit("A"), "B": unit("B", parent="A"), "C": unit("C", parent="B")}

    made = plan(existing, row("A", parent_code="C"), row("D", parent_code="A"))

    assert problems(made) == [(2, "parent_cycle", "parent_code")]
    assert made.refused[0].problems[0].params["path"] == "A → C → B → A"


def test_a_huge_cycle_is_told_in_a_short_message() -> None:
    made = plan({}, *(row(str(n), parent_code=str((n + 1) % 5_000)) for n in range(5_000)))

    assert len(made.refused) == 5_000
    assert made.refused[0].problems[0].params["path"] == "0 → 1 → 2 → 3 → 4 → …"


def test_an_old_code_may_be_an_alias_once_its_unit_has_ended() -> None:
    old = {"00061": unit("00061", valid_to="2025-06-30")}

    after = plan(old, row("00070", aliases="00061", valid_from="01/07/2025"))
    before = plan(old, row("00070", aliases="00061", valid_from="30/06/2025"))

    assert outcomes(after) == ["added"]
    assert problems(before) == [(2, "alias_is_code", "aliases")]


def test_a_parent_that_has_ended_is_a_warning() -> None:
    old = {"1": unit("1", valid_to="2025-06-30")}

    (verdict,) = plan(old, row("2", parent_code="1")).verdicts

    assert verdict.outcome == "added"
    assert verdict.warnings == (Problem("parent_ended", "parent_code", {"name": "Tên", "day": "30/06/2025"}),)


def test_new_units_stand_behind_the_old_ones_in_the_files_order() -> None:
    made = plan({"A": unit("A", order=5)}, row("C"), row("A"), row("B"))

    assert [(u.code, u.order) for u in made.units] == [("C", 6), ("B", 8)]


def test_progress_is_told_every_thousand_rows_and_at_the_end() -> None:
    told: list[tuple[int, int]] = []

    plan_import({}, rows(*(row(str(n)) for n in range(2_500))), TODAY, lambda *p: told.append(p))

    assert told == [(PROGRESS_EVERY, 2_500), (2 * PROGRESS_EVERY, 2_500), (2_500, 2_500)]
    assert MAX_ROWS > PROGRESS_EVERY


codes = st.sampled_from(["A", "B", "C", "D", "E"])
units_rows = st.lists(
    st.fixed_dictionaries(
        {"code": codes, "name": st.sampled_from(["Xã A", "Xã B", ""])},
        optional={"parent_code": codes | st.just(""), "aliases": codes | st.just("x"), "kind": st.just("Xã")},
    ),
    max_size=8,
)


@given(units_rows, units_rows)
def test_any_plan_is_a_tree_or_nothing_and_repeating_it_changes_nothing(
    first: list[dict[str, str]], second: list[dict[str, str]]
) -> None:
    units: dict[str, Unit] = {}
    for values in (first, second):
        made = plan(units, *values)
        assert not (made.refused and made.units)
        units = applied(units, made)
        UnitTree(units)
        if not made.refused:
            assert plan(units, *values).counts["unchanged"] == len(values)
