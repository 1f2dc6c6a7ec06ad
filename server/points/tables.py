"""Whom to call about a point. Personal data: it never enters the journal, and it has an end date."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from server.db import metadata

contacts = Table(
    "contacts",
    metadata,
    Column("conference", String(32), ForeignKey("journals.id", ondelete="CASCADE"), primary_key=True),
    Column("point", Integer, primary_key=True, autoincrement=False),
    Column("people", Text, nullable=False),  # a JSON array of `model.Contact`, the first one to call first
)
