"""Which tables a database has at each revision of its schema: the migrations say it, whatever stands beside them."""

from functools import cache

from alembic.util.exc import CommandError
from sqlalchemy import Connection, MetaData, Table, create_engine, inspect, text

from server.db import upgrade

VERSION_TABLE = "alembic_version"
PASSING = frozenset({"servers", "bridges", "tries", "incoming_files"})  # what runs at the moment: nothing to keep


class UnknownSchema(Exception):
    """The database or backup was written by a newer program, or by none of ours."""


def revision_of(db: Connection) -> str | None:
    """None when this is no database of ours, or an empty one."""
    if not inspect(db).has_table(VERSION_TABLE):
        return None
    found: str | None = db.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - a constant
    return found


@cache
def names_at(revision: str) -> list[str]:
    """The tables of that revision: its migrations are played in an empty database in memory. `UnknownSchema`."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as db:
            try:
                upgrade(db, revision)
            except CommandError as error:
                raise UnknownSchema(f"schema {revision} is unknown here: use the program that wrote it") from error
            return sorted(set(inspect(db).get_table_names()) - {VERSION_TABLE})
    finally:
        engine.dispose()


def tables(db: Connection, revision: str) -> list[Table]:
    """As the database really has them; what others refer to comes first."""
    found = MetaData()
    found.reflect(db, only=[name for name in names_at(revision) if name not in PASSING])
    return found.sorted_tables
