"""The journal's tables. Rows of `events` are written once and never changed."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, text

from server.db import metadata

journals = Table(
    "journals",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("epoch", String(32), nullable=False),
    Column("seq", BigInteger, nullable=False),
    # What the list of conferences shows, kept in the same transaction as the events that change it.
    Column("title", String(200), nullable=False),
    Column("starts_at", BigInteger, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("points", Integer, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("conference", String(32), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    Column("tapped_at", BigInteger),
    Column("actor", String(64), nullable=False),
    Column("type", String(48), nullable=False),
    Column("version", Integer, nullable=False),
    Column("point", Integer),
    Column("body", LargeBinary, nullable=False),
    # The command that led here stands with its first event; `span` counts the events it gave.
    Column("command_id", String(40)),
    Column("command_hash", LargeBinary),
    Column("span", Integer),
    # Of every event: a partial one looks empty to PostgreSQL until its statistics know of the first command.
    Index("uq_events_command", "conference", "command_id", unique=True),
    Index(
        "ix_events_point",
        "conference",
        "point",
        "seq",
        sqlite_where=text("point IS NOT NULL"),
        postgresql_where=text("point IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

# Which conferences have a unit: who is bound to one is shown these alone. Written with the events that place units.
places = Table(
    "places",
    metadata,
    Column("unit", String(32), primary_key=True),
    Column("conference", String(32), primary_key=True),
    sqlite_with_rowid=False,
)

# Commands that led to no event: refused, or nothing to change. Their answer must be repeatable as well.
answers = Table(
    "answers",
    metadata,
    Column("conference", String(32), primary_key=True),
    Column("command_id", String(40), primary_key=True),
    Column("command_hash", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("refusal", LargeBinary),
    sqlite_with_rowid=False,
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("conference", String(32), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("state_version", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
    # Of the whole row (see `store.proof`); a row without one, or with another, is not believed.
    Column("digest", LargeBinary),
)
