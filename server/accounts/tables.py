"""Who may come in. Of a secret only its SHA-256 stands here, of a password its argon2id hash.

Numbers are never given twice (`sqlite_autoincrement`): journals name `account:7` for ever.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, false

from server.db import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),  # lower case
    Column("name", String(200), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("unit", String(32)),
    Column("disabled", Boolean, nullable=False),
    # Counted up when every session must end. A session that was being made meanwhile carries the old number,
    # so it is dead when it is written.
    Column("generation", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger),
    sqlite_autoincrement=True,
)


def _owner() -> Column[int]:
    return Column("account", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True)


sessions = Table(
    "sessions",
    metadata,
    Column("id", String(16), primary_key=True),
    _owner(),
    Column("generation", Integer, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("user_agent", String(200), nullable=False),
    Column("address", String(64), nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    _owner(),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("unit", String(32)),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("last_used_at", BigInteger),
    sqlite_autoincrement=True,
)

kiosks = Table(
    "kiosks",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("conference", String(32), nullable=False, index=True),
    Column("unit", String(32)),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("programme", Boolean, nullable=False, server_default=false()),
)

setup_links = Table(
    "setup_links",
    metadata,
    Column("secret_hash", LargeBinary, primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
)

account_log = Table(
    "account_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    # Names as they were then: the account may be gone when somebody reads this.
    Column("actor", String(64), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("subject_name", String(200), nullable=False),
    sqlite_autoincrement=True,
)
