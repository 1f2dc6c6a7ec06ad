"""Which bridges carry picture and sound."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "bridges",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=32)),
        sa.Column("upstream", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("viewers", sa.Integer(), nullable=False),
        sa.Column("busy", sa.Float(), nullable=False),
        sa.Column("carried", sa.LargeBinary(), nullable=False),
        sa.Column("draining", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bridges")),
    )


def downgrade() -> None:
    op.drop_table("bridges")
