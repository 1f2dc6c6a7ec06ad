"""Logins, passwords and times, as pure rules."""

import unicodedata

import pytest

from server.accounts import keys
from server.accounts.rules import (
    DAY,
    HOUR,
    SESSION_IDLE,
    SESSION_LIFE,
    check_login,
    check_password,
    check_scope,
    normal_login,
    session_expiry,
)
from server.http.problems import Problem


def code_of(error: pytest.ExceptionInfo[Problem]) -> tuple[str, str | None]:
    return error.value.code, error.value.field


@pytest.mark.parametrize(
    ("typed", "login"),
    [(" Tran.Ha ", "tran.ha"), ("ha\x00na", "hana"), ("ADMIN-1", "admin-1"), ("a@b.vn", "a@b.vn"), ("07", "07")],
)
def test_a_login_has_one_spelling(typed: str, login: str) -> None:
    assert check_login(typed) == login


@pytest.mark.parametrize("typed", ["", "a", "trần", "a b", ".ha", "ha.", "a" * 65, "<b>", "ａｂ"])
def test_what_could_be_mistaken_is_no_login(typed: str) -> None:
    with pytest.raises(Problem) as error:
        check_login(typed)

    assert code_of(error) == ("login_bad", "login")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("mười một ký", "password_short"),
        ("a" * 201, "password_long"),
        ("toi la HOA.tran day", "password_is_login"),
        ("aaaaaaaaaaaa", "password_obvious"),
        ("abababababab", "password_obvious"),
        ("091 234 5678 90", "password_obvious"),
        ("MatKhau123456", "password_obvious"),
        ("Mật khẩu 2026!", "password_obvious"),
        ("2026-nhip-cau", "password_obvious"),
        ("P@ssw0rd12345", "password_obvious"),
        ("abcdefghijkl", "password_obvious"),
    ],
)
def test_weak_passwords_are_refused_each_for_its_reason(password: str, code: str) -> None:
    with pytest.raises(Problem) as error:
        check_password(password, "hoa.tran")

    assert code_of(error) == (code, "password")


@pytest.mark.parametrize(
    "password", ["sáng nay trời đẹp", "matkhau cua ba toi", "correct horse battery", "đ" * 8 + "abcd"]
)
def test_a_sentence_is_a_good_password(password: str) -> None:
    assert check_password(password, "hoa.tran") == password


def test_a_password_is_counted_and_kept_composed_however_it_is_typed() -> None:
    eleven = "ắặẳẵằấậẩẫầế"
    apart = unicodedata.normalize("NFD", eleven)
    assert len(apart) > 12

    with pytest.raises(Problem):
        check_password(apart, "hoa")
    assert check_password(apart + "abc", "hoa") == eleven + "abc"


def test_an_administrator_of_a_part_is_refused() -> None:
    check_scope("administrator", None)
    check_scope("organizer", "271")
    with pytest.raises(Problem) as error:
        check_scope("administrator", "271")
    assert code_of(error) == ("administrator_whole", "unit")


def test_a_session_slides_but_not_for_ever() -> None:
    made = 1_000
    assert session_expiry(made, made) == made + SESSION_IDLE
    assert session_expiry(made, made + 5 * HOUR) == made + 5 * HOUR + SESSION_IDLE
    assert session_expiry(made, made + 30 * DAY - HOUR) == made + SESSION_LIFE


def test_a_key_is_recognised_by_its_prefix_and_shape_alone() -> None:
    key = keys.new(keys.TOKEN)

    assert key.secret.startswith("nc_pat_")
    assert len(key.secret) == len("nc_pat_") + 43
    assert keys.digest(key.secret, keys.TOKEN) == key.digest
    for wrong in (key.secret + "a", key.secret[:-1], key.secret[:-1] + "é", "", "nc_pat_"):
        assert keys.digest(wrong, keys.TOKEN) is None
    assert keys.digest(key.secret, keys.KIOSK) is None
    assert keys.new(keys.TOKEN) != key


def test_logins_are_compared_as_they_are_kept() -> None:
    assert normal_login("  HOA.Tran ") == normal_login("hoa.tran")
