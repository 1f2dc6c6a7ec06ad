"""The tables of the organisation's tree."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from server.db import metadata
from server.protocol.base import MAX_LABEL

from .model import MAX_CODE

units = Table(
    "units",
    metadata,
    Column("code", String(MAX_CODE), primary_key=True),
    Column("name", String(MAX_LABEL), nullable=False),
    Column("kind", String(MAX_LABEL), nullable=False),
    # Checked at the commit: in an import, parents may come after their children.
    Column("parent", String(MAX_CODE), ForeignKey("units.code", deferrable=True, initially="DEFERRED")),
    Column("aliases", Text, nullable=False),  # a JSON array of texts
    Column("valid_from", String(10)),  # days as ISO 8601
    Column("valid_to", String(10)),
    Column("place", Integer, nullable=False),
)

# One row, counted up by every write: a plan made from an older state is not applied, caches know their age.
units_revision = Table(
    "units_revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
)
