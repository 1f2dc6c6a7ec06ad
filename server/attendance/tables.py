"""Which conference a document code belongs to. What the code opens there is told by the conference's journal."""

from sqlalchemy import Column, String, Table

from server.db import metadata

codes = Table(
    "codes",
    metadata,
    Column("code", String(11), primary_key=True),
    Column("conference", String(32), nullable=False),
)
