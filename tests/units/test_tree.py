"""The tree: order, subtrees, days, and who is meant by a text."""

import pytest

from server.units.model import Unit
from server.units.tree import UnitTree

END = "2025-06-30"
START = "2025-07-01"


def tree(*units: Unit) -> UnitTree:
    return UnitTree({u.code: u for u in units})


@pytest.fixture(scope="module")
def hanoi() -> UnitTree:
    return tree(
        Unit("00004", "Phường Trúc Bạch", "phường", "001", order=4),
        Unit("HN", "Thành phố Hà Nội", "thành phố", order=1),
        Unit("001", "Quận Ba Đình", "quận", "HN", order=2, aliases=("BĐ",), valid_to=END),
        Unit("00001", "Phường Phúc Xá", "phường", "001", order=3, aliases=("X9", "Phường An Xá"), valid_to=END),
        Unit("002", "Quận Hoàn Kiếm", "quận", "HN", order=5),
        Unit("00010", "Phường Minh Khai", "phường", "002", order=6),
        Unit("00011", "Phường Minh Khải", "phường", "002", order=7),
        Unit("00012", "Phường Phúc Tân", "phường", "002", order=8, valid_from=START),
        Unit("00013", "Xã Minh Khai", "xã", "001", order=9),
    )


def codes(units: object) -> list[str]:
    return [u.code for u in units]  # type: ignore[attr-defined]


def test_everything_stands_in_the_official_order_with_parents_first(hanoi: UnitTree) -> None:
    assert codes(hanoi.all()) == ["HN", "001", "00001", "00004", "00013", "002", "00010", "00011", "00012"]
    assert codes(hanoi.children("HN")) == ["001", "002"]
    assert codes(hanoi.children(None)) == ["HN"]
    assert codes(hanoi.children("00001")) == []


def test_subtree_path_level_and_within(hanoi: UnitTree) -> None:
    assert codes(hanoi.subtree("001")) == ["001", "00001", "00004", "00013"]
    assert codes(hanoi.subtree("00012")) == ["00012"]
    assert codes(hanoi.path("00001")) == ["HN", "001", "00001"]
    assert [hanoi.level(c) for c in ("HN", "002", "00012")] == [0, 1, 2]
    assert hanoi.is_within("00001", "HN")
    assert hanoi.is_within("001", "001")
    assert not hanoi.is_within("00001", "002")
    assert not hanoi.is_within("HN", "001")
    assert not hanoi.is_within("none", "HN")


def test_a_tree_deeper_than_the_interpreters_stack_is_no_trouble() -> None:
    deep = tree(*(Unit(str(n), f"Cấp {n}", parent=str(n - 1) if n else None) for n in range(5_000)))

    assert deep.level("4999") == 4999
    assert len(deep.subtree("0")) == len(deep.path("4999")) == 5_000


def test_a_missing_parent_makes_a_root_and_a_cycle_is_refused() -> None:
    assert codes(tree(Unit("a", "A", parent="gone")).children(None)) == ["a"]
    with pytest.raises(ValueError, match="cycle"):
        tree(Unit("a", "A", parent="b"), Unit("b", "B", parent="a"))


def test_on_a_day_children_of_an_ended_unit_hang_on_what_is_left(hanoi: UnitTree) -> None:
    before, after = hanoi.at(END), hanoi.at(START)

    assert codes(before.all()) == ["HN", "001", "00001", "00004", "00013", "002", "00010", "00011"]
    assert codes(after.children("HN")) == ["00004", "002", "00013"]
    assert after.parent("00004") == "HN"
    assert codes(after.path("00012")) == ["HN", "002", "00012"]
    assert hanoi.parent("00004") == "001"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("00001", ["00001"]),
        ("hn", ["HN"]),
        ("x9", ["00001"]),
        ("phuong an xa", ["00001"]),
        ("4", ["00004"]),
        ("1", ["001", "00001"]),
        ("  phường  trúc bạch ", ["00004"]),
        ("PHUONG TRUC BACH", ["00004"]),
        ("Trúc Bạch", ["00004"]),
        ("Phường Minh Khai", ["00010"]),
        ("phuong minh khai", ["00010", "00011"]),
        ("Minh Khải", ["00011"]),
        ("minh khai", ["00010", "00013"]),
        ("P. Trúc Bạch", ["00004"]),
        ("TP Hà Nội", ["HN"]),
        ("Xã Trúc Bạch", []),
        ("", []),
    ],
)
def test_find_takes_the_first_way_that_finds_anything(hanoi: UnitTree, text: str, found: list[str]) -> None:
    assert sorted(codes(hanoi.find(text))) == sorted(found)


def test_find_within_a_subtree_tells_equal_names_apart(hanoi: UnitTree) -> None:
    assert codes(hanoi.find("Minh Khai", within="001")) == ["00013"]
    assert codes(hanoi.find("1", within="00001")) == ["00001"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("phuc", ["00001", "00012"]),
        ("Phúc Tân", ["00012"]),
        ("minh khải", ["00011", "00013", "00010"]),
        ("ba dinh", ["001", "00001", "00004", "00013"]),
        ("xa ba dinh", ["00001", "00013"]),
        ("0001", ["00013", "00010", "00011", "00012"]),
        ("bđ", ["001"]),
        ("zzz", []),
        (" ", []),
    ],
)
def test_search_ignores_accents_and_ranks_the_best_first(hanoi: UnitTree, text: str, found: list[str]) -> None:
    assert codes(hanoi.search(text)) == found


def test_search_keeps_to_its_limit_and_subtree(hanoi: UnitTree) -> None:
    assert codes(hanoi.search("phuong", limit=2)) == ["00001", "00004"]
    assert codes(hanoi.search("minh khai", within="001")) == ["00013"]
    assert codes(hanoi.search("minh", within="gone")) == []
