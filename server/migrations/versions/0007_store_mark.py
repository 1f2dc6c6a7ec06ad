"""Servers of one database tell each other which store their documents lie in."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    # Older servers beside this one write rows without it.
    op.add_column("servers", sa.Column("store", sa.String(length=32)))


def downgrade() -> None:
    op.drop_column("servers", "store")
