"""What an import of rooms would do, row by row."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from server.tables.errors import TableError
from server.tables.model import Row
from server.tables.parse import parse
from server.units.messages import MESSAGES
from server.units.model import Unit
from server.units.points_file import COLUMNS, PointFacts, check_columns, label_key, normal_phone
from server.units.points_plan import PointPlan, plan_points
from server.units.verdicts import Change, Problem

UNITS = {
    u.code: u
    for u in (
        Unit("00001", "Phường Phúc Xá", aliases=("X1", "Phường An Xá")),
        Unit("00004", "Phường Trúc Bạch"),
        Unit("00010", "Phường Minh Khai"),
        Unit("00020", "Xã Minh Khai"),
    )
}
Points = dict[tuple[str, str], PointFacts]


def plan(existing: Points, *values: Mapping[str, str]) -> PointPlan:
    return plan_points(existing, UNITS, [Row(n, dict(v)) for n, v in enumerate(values, 2)])


def point(**values: str) -> PointFacts:
    (made,) = plan({}, {"unit": "00004", **values}).points
    return made


def kept(*points: PointFacts) -> Points:
    return {(p.unit, label_key(p.name)): p for p in points}


def outcomes(made: PointPlan) -> list[str]:
    return [v.outcome for v in made.verdicts]


def problems(made: PointPlan) -> list[tuple[int, str, str | None]]:
    return [(v.row, p.code, p.field) for v in made.verdicts for p in v.problems]


def test_a_file_as_people_have_it_becomes_rooms() -> None:
    text = (
        "DANH SÁCH ĐIỂM CẦU\n"
        "STT;Mã ĐV;Điểm cầu;Sức chứa;Triệu tập;Đầu mối;SĐT;Địa chỉ;Tọa độ\n"
        "1;1;Hội trường  A;1.200;120;Nguyễn Văn Án;+84 912.345.678;Số 1, phố B;21,0285; 105,8542\n"
        '2;Trúc Bạch;;80;;;;;"21.0285, 105.8542"\n'
    ).replace("21,0285; 105,8542", '"21,0285; 105,8542"')
    table = parse(text.encode(), COLUMNS)
    check_columns(table)

    made = plan_points({}, UNITS, table.rows)

    assert made.points == [
        PointFacts(
            0, "00001", "Hội trường A", 1200, 120, "Số 1, phố B", 21.0285, 105.8542, "Nguyễn Văn Án", "0912345678"
        ),
        PointFacts(0, "00004", "", 80, 0, "", 21.0285, 105.8542),
    ]
    written = kept(*(replace(p, id=n) for n, p in enumerate(made.points, 1)))
    again = plan_points(written, UNITS, table.rows)
    assert outcomes(again) == ["unchanged", "unchanged"]
    assert again.points == []


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        ({"unit": "00004"}, "00004"),
        ({"unit": "x1"}, "00001"),
        ({"unit": "4"}, "00004"),
        ({"unit": "phuong truc bach"}, "00004"),
        ({"unit": "", "unit_name": "An Xá"}, None),
        ({"unit": "", "unit_name": "Phường An Xá"}, "00001"),
        ({"unit_name": "xã minh khai"}, "00020"),
    ],
)
def test_the_unit_is_known_by_code_alias_or_name(values: dict[str, str], unit: str | None) -> None:
    made = plan({}, values)

    assert [p.unit for p in made.points] == ([unit] if unit else [])


def test_a_name_of_several_units_is_refused_naming_them() -> None:
    made = plan({}, {"unit": "Minh Khai"}, {"unit": ""}, {"unit": "Không có"}, {"unit": "00009", "unit_name": "x"})

    assert problems(made) == [
        (2, "unit_ambiguous", "unit"),
        (3, "unit_empty", "unit"),
        (4, "unit_not_found", "unit"),
        (5, "unit_not_found", "unit"),
    ]
    candidates = made.verdicts[0].problems[0].params["candidates"]
    assert candidates == "Phường Minh Khai (00010), Xã Minh Khai (00020)"


def test_a_code_beside_another_units_name_is_a_warning() -> None:
    made = plan({}, {"unit": "00001", "unit_name": "Trúc Bạch"}, {"unit": "00004", "unit_name": "truc bach"})

    assert [v.warnings for v in made.verdicts] == [
        (Problem("unit_name_differs", "unit_name", {"value": "Trúc Bạch", "name": "Phường Phúc Xá"}),),
        (),
    ]


def test_rooms_of_one_unit_are_told_apart_by_their_label() -> None:
    made = plan(
        {},
        {"unit": "1", "name": "Phòng 1", "seats": "10"},
        {"unit": "1", "name": "Phòng 2", "seats": "20"},
        {"unit": "1", "name": "Phường Phúc Xá", "seats": "30"},
        {"unit": "1", "name": "PHONG 1", "seats": "11"},
        {"unit": "1", "name": "Phòng 2", "seats": "20"},
    )

    assert outcomes(made) == ["added", "added", "added", "refused", "unchanged"]
    assert problems(made) == [(5, "point_twice", "name")]
    assert made.verdicts[4].warnings == (Problem("row_repeated", "name", {"first": 3}),)
    assert made.verdicts[2].label == "Phường Phúc Xá"
    assert made.points == []


def test_a_change_keeps_the_room_and_what_the_file_does_not_say() -> None:
    old = PointFacts(7, "00004", "Phòng 1", 50, 40, "Số 1", 21.0, 105.0, "An", "0912345678")

    made = plan(kept(old), {"unit": "00004", "name": "phong 1", "seats": "60", "phone": ""})

    (verdict,) = made.verdicts
    assert made.points == [PointFacts(7, "00004", "phong 1", 60, 40, "Số 1", 21.0, 105.0, "An", "")]
    assert verdict.changes == (
        Change("name", "Phòng 1", "phong 1"),
        Change("seats", "50", "60"),
        Change("phone", "0912345678", ""),
    )


def test_more_people_than_seats_is_a_warning_when_the_seats_are_known() -> None:
    made = plan({}, {"unit": "1", "seats": "50", "expected": "51"}, {"unit": "4", "expected": "51"})

    assert outcomes(made) == ["added", "added"]
    assert [v.warnings for v in made.verdicts] == [
        (Problem("more_than_seats", "expected", {"expected": 51, "seats": 50}),),
        (),
    ]


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("0084 912345678", "0912345678"),
        ("(+84) (0) 24-3825-1234", "02438251234"),
        ("84912345678", "0912345678"),
        ("912345678", "0912345678"),
        ("2438251234", "02438251234"),
        ("38251234", "38251234"),
        ("+856 21 212 345", "85621212345"),
        ("", ""),
        ("-", None),
        ("1234567", None),
        ("0912345678/0987654321", None),
        ("0912345678 0987654321", None),
        ("024 3825 1234 máy lẻ 12", None),
    ],
)
def test_phone_numbers_become_the_digits_one_dials(written: str, digits: str | None) -> None:
    assert normal_phone(written) == digits


@pytest.mark.parametrize(
    ("values", "position"),
    [
        ({"position": "21.03, 105.85"}, (21.03, 105.85)),
        ({"position": "21,03; 105,85"}, (21.03, 105.85)),
        ({"position": "21,03, 105,85"}, (21.03, 105.85)),
        ({"position": "(21.03 105.85)"}, (21.03, 105.85)),
        ({"position": "21.03° N, 105.85° E"}, (21.03, 105.85)),
        ({"lat": "21.03", "lon": "105,85"}, (21.03, 105.85)),
        ({"lat": "-90", "lon": "180"}, (-90.0, 180.0)),
        ({"lat": "", "lon": "", "position": "1,2"}, (1.0, 2.0)),
        ({"lat": "", "lon": ""}, (None, None)),
        ({"position": ""}, (None, None)),
    ],
)
def test_coordinates_come_in_one_column_or_two(values: dict[str, str], position: tuple[float, float]) -> None:
    made = point(**values)

    assert (made.lat, made.lon) == position


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"seats": "20001"}, "count_bad", "seats"),
        ({"expected": "-1"}, "count_bad", "expected"),
        ({"seats": "nhiều"}, "count_bad", "seats"),
        ({"seats": "12.5"}, "count_bad", "seats"),
        ({"seats": "9" * 5000}, "count_bad", "seats"),
        ({"phone": "không có"}, "phone_bad", "phone"),
        ({"name": "n" * 201}, "text_too_long", "name"),
        ({"address": "n" * 201}, "text_too_long", "address"),
        ({"contact": "n" * 101}, "text_too_long", "contact"),
        ({"lat": "91", "lon": "105"}, "degrees_bad", "lat"),
        ({"lat": "21", "lon": "181"}, "degrees_bad", "lon"),
        ({"lat": "21"}, "degrees_bad", "lon"),
        ({"position": "105.85, 21.03"}, "degrees_bad", "lat"),
        ({"position": "gần chợ"}, "position_bad", "position"),
    ],
)
def test_a_bad_value_is_refused_with_its_reason_and_nothing_is_written(
    values: dict[str, str], code: str, field: str
) -> None:
    made = plan({}, {"unit": "00004", **values}, {"unit": "00001"})

    assert problems(made) == [(2, code, field)]
    assert outcomes(made) == ["refused", "added"]
    assert made.points == []
    problem = made.refused[0].problems[0]
    assert all("{" not in text.format(**problem.params) for text in MESSAGES[code])


def test_largest_counts_are_accepted() -> None:
    made = point(seats="20000", expected="0")

    assert (made.seats, made.expected) == (20_000, 0)


def test_a_file_without_any_column_for_the_unit_says_so() -> None:
    table = parse("Tên phòng,Số chỗ\nA,1\n".encode(), COLUMNS)

    with pytest.raises(TableError) as caught:
        check_columns(table)

    assert (caught.value.code, caught.value.field) == ("heading_missing", "unit")
    assert caught.value.params["heading"] == "Mã đơn vị"
