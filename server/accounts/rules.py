"""What must hold of logins, passwords, roles and times. Pure; `Problem` says which field is wrong."""

import re
import unicodedata

from server.http.problems import Problem
from server.tables.text import fold, one_line

from .model import AccountRole

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

SESSION_IDLE = 12 * HOUR  # a conference day; the next morning begins with a sign-in
SESSION_LIFE = 30 * DAY  # even in use: a stolen cookie does not live for ever
SETUP_LIFE = 24 * HOUR  # printed on the server's console; the next start prints another
SEEN_EVERY = MINUTE  # how exact "last seen" is; one write a minute and no more
LOG_KEEP = 400 * DAY  # a year, so that two reviews of the same conference can be compared; then names go

MAX_ACCOUNTS = 10_000  # every commune of the country and as many again; the list is one answer
MAX_SESSIONS = 20  # of one account: more devices than a person has; the longest unseen gives way
MAX_TOKENS = 50  # of one account
MAX_KIOSKS = 500  # of one conference: a screen in every district and every corridor

MIN_PASSWORD = 12  # characters: long enough that a sentence is easier than a trick
MAX_PASSWORD = 200
WEAK_PASSWORD = ("password_short", "password_long", "password_is_login", "password_obvious")  # codes of the refusals
MIN_DISTINCT = 5  # fewer different characters is a key held down
_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._@+-]{0,62}[a-z0-9])", re.ASCII)

# With digits around and signs between, these are what guessing begins with.
_OBVIOUS = frozenset({
    "password", "passw0rd", "p@ssw0rd", "matkhau", "admin", "administrator", "quantri", "quantrivien", "nhipcau",
    "diemcau", "hoinghi", "hoinghitructuyen", "bantochuc", "vietnam", "hanoi", "vietnammuonnam", "qwerty",
    "qwertyuiop", "asdfghjkl", "qwertyuiopasdfghjkl", "1q2w3e4r5t6y", "1qaz2wsx3edc", "letmein", "welcome", "xinchao",
    "iloveyou", "anhyeuem", "emyeuanh", "changeme", "changemenow", "abcdefghijkl", "abcdefghijklmnopqrstuvwxyz",
})  # fmt: skip

_RANK: dict[str, int] = {"viewer": 1, "organizer": 2, "administrator": 3}


def normal_login(text: str) -> str:
    """The one spelling of a login. It may still be none: see `is_login`."""
    return one_line(text).lower()


def is_login(login: str) -> bool:
    return _LOGIN.fullmatch(login) is not None


def check_login(text: str) -> str:
    login = normal_login(text)
    if not is_login(login):
        raise Problem(400, "login_bad", "login")
    return login


def check_name(text: str) -> str:
    name = one_line(text)
    if not name:
        raise Problem(400, "empty", "name")
    return name


def normal_password(text: str) -> str:
    """Keyboards write accents composed or apart; both must open the same door."""
    return unicodedata.normalize("NFC", text)


def check_password(text: str, login: str) -> str:
    """Length first, then what a guesser tries first. No rules about kinds of characters: they make people write
    passwords down and hinder no machine."""
    password = normal_password(text)
    if len(password) < MIN_PASSWORD:
        raise Problem(400, "password_short", "password", least=MIN_PASSWORD)
    if len(password) > MAX_PASSWORD:
        raise Problem(400, "password_long", "password", most=MAX_PASSWORD)
    if len(login) >= 3 and login in password.lower():
        raise Problem(400, "password_is_login", "password")
    if len(set(password.lower())) < MIN_DISTINCT or _is_obvious(password):
        raise Problem(400, "password_obvious", "password")
    return password


def _is_obvious(password: str) -> bool:
    plain = "".join(c for c in fold(password) if c.isalnum() or c == "@")
    if plain.isdigit():  # a phone, a birthday, a citizen's number
        return True
    return plain in _OBVIOUS or plain.strip("0123456789") in _OBVIOUS


def check_scope(role: AccountRole, unit: str | None) -> None:
    """An administrator of a part could make himself one of the whole."""
    if role == "administrator" and unit is not None:
        raise Problem(400, "administrator_whole", "unit")


def check_expiry(expires_at: int | None, now: int) -> None:
    if expires_at is not None and expires_at <= now:
        raise Problem(400, "expiry_past", "expires_at")


def within_role(role: AccountRole, limit: str) -> bool:
    """Whether `role` may do no more than `limit`."""
    return _RANK[role] <= _RANK.get(limit, 0)


def lesser(one: AccountRole, other: AccountRole) -> AccountRole:
    return one if _RANK[one] <= _RANK[other] else other


def session_expiry(created_at: int, now: int) -> int:
    return min(now + SESSION_IDLE, created_at + SESSION_LIFE)
