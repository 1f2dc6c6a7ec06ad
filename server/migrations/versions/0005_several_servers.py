"""What several servers agree on: tries of guessers, files that come in, the same key and the same store."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "tries",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("whole_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tries")),
    )
    op.create_table(
        "incoming_files",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_incoming_files")),
    )
    # Older servers beside this one write rows without it.
    op.add_column("servers", sa.Column("key", sa.String(length=32)))


def downgrade() -> None:
    op.drop_column("servers", "key")
    op.drop_table("incoming_files")
    op.drop_table("tries")
