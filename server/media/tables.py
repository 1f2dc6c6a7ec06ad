"""Which bridges there are, common to all servers. Nothing in here must outlive a day."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, LargeBinary, String, Table

from server.db import metadata

bridges = Table(
    "bridges",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("seen_at", BigInteger, nullable=False),  # ms since 1970 by the database's clock: servers' own may differ
    Column("url", String(300), nullable=False),
    Column("unit", String(32)),
    Column("upstream", Boolean, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("viewers", Integer, nullable=False),
    Column("busy", Float, nullable=False),
    Column("carried", LargeBinary, nullable=False),  # JSON: what comes in and what is shown
    Column("draining", Boolean, nullable=False),
)
