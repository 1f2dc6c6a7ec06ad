"""What the stores give and take. Times are milliseconds since 1970-01-01 UTC."""

from typing import Literal

from msgspec import Struct

AccountRole = Literal["administrator", "organizer", "viewer"]

Action = Literal[
    "setup", "signed_in", "signed_out", "session_ended", "other_sessions_ended", "password_changed",
    "account_created", "account_changed", "account_disabled", "account_enabled", "password_reset", "account_deleted",
    "token_created", "token_revoked", "kiosk_created", "kiosk_revoked",
]  # fmt: skip


class Account(Struct, frozen=True):
    """`unit` bounds what is seen and changed to a subtree; None is everything. Administrators have none."""

    id: int
    login: str
    name: str
    role: AccountRole
    unit: str | None
    disabled: bool
    created_at: int
    last_seen_at: int | None


class Credentials(Struct, frozen=True):
    """What a password is proven against. `generation` goes into the session that follows."""

    account: Account
    password_hash: str
    generation: int


class NewAccount(Struct, frozen=True):
    login: str
    name: str
    password_hash: str
    role: AccountRole
    unit: str | None


class Session(Struct, frozen=True):
    id: str
    created_at: int
    last_seen_at: int
    expires_at: int
    user_agent: str
    address: str


class Token(Struct, frozen=True):
    id: int
    name: str
    role: AccountRole
    unit: str | None
    created_at: int
    expires_at: int | None
    last_used_at: int | None


class Kiosk(Struct, frozen=True):
    """`programme`: it shows what all rooms see as well."""

    id: str
    conference: str
    unit: str | None
    name: str
    created_at: int
    expires_at: int | None
    programme: bool = False


class By(Struct, frozen=True):
    """Who did something, as the log keeps it."""

    actor: str
    name: str


SYSTEM = By("system", "")


class LogEntry(Struct, frozen=True):
    """`actor` and `subject` are `account:7`, `token:3`, `kiosk:…`, `session:…`; names are those of that moment."""

    id: int
    at: int
    actor: str
    actor_name: str
    action: Action
    subject: str
    subject_name: str
