"""Kiosks may show what all rooms see."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    # Older servers beside this one write rows without it.
    op.add_column("kiosks", sa.Column("programme", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("kiosks", "programme")
