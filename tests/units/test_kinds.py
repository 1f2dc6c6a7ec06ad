"""Kinds of units in one spelling, and names without their kind."""

import pytest

from server.units.kinds import bare, kind_of, normal_kind


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Phường", "phường"),
        ("THÀNH  PHỐ trực thuộc Trung ương", "thành phố trực thuộc trung ương"),
        ("thanh pho", "thành phố"),
        ("TP.", "thành phố"),
        ("Xa", "xã"),
        ("Đảng bộ \u00a0cơ sở", "đảng bộ cơ sở"),
        ("", ""),
    ],
)
def test_kinds_have_one_spelling_and_free_text_stays(written: str, kind: str) -> None:
    assert normal_kind(written) == kind


@pytest.mark.parametrize(
    ("name", "short", "kind"),
    [
        ("Phường Phúc Xá", "Phúc Xá", "phường"),
        ("THỊ TRẤN TÂY ĐẰNG", "TÂY ĐẰNG", "thị trấn"),
        ("TP. Hà Nội", "Hà Nội", "thành phố"),
        ("TX Sơn Tây", "Sơn Tây", "thị xã"),
        ("P.Hàng Bạc", "Hàng Bạc", "phường"),
        ("Xã 2 Tháng 9", "2 Tháng 9", "xã"),
        ("Phường 1", "Phường 1", "phường"),
        ("Sở Y tế", "Sở Y tế", ""),
        ("Huyện ủy Ba Vì", "Huyện ủy Ba Vì", ""),
        ("Quận Ủy Ba Đình", "Quận Ủy Ba Đình", ""),
        ("Xã đội Đông Anh", "Xã đội Đông Anh", ""),
        ("Xã", "Xã", ""),
        ("", "", ""),
    ],
)
def test_a_place_loses_its_kind_and_an_office_keeps_its_name(name: str, short: str, kind: str) -> None:
    assert bare(name) == short
    assert kind_of(name) == kind
