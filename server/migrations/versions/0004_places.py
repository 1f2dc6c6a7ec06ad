"""Which conferences have a unit, so that the list for who is bound to one needs no journal."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    places = op.create_table(
        "places",
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("conference", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("unit", "conference", name=op.f("pk_places")),
        sqlite_with_rowid=False,
    )
    db = op.get_bind()
    query = sa.text("SELECT conference, body FROM events WHERE type = 'units_placed'")
    placed = {(u["code"], row.conference) for row in db.execute(query) for u in json.loads(row.body)["units"]}
    if placed:
        op.bulk_insert(places, [{"unit": unit, "conference": conference} for unit, conference in sorted(placed)])


def downgrade() -> None:
    op.drop_table("places")
