"""Files that come in, so that no server takes one away as left over while another is just keeping it."""

from sqlalchemy import BigInteger, Column, String, Table

from server.db import metadata

incoming_files = Table(
    "incoming_files",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("at", BigInteger, nullable=False),  # ms
)
