"""The index of command ids holds every event. While it left out those without a command, PostgreSQL, with statistics
from before the first command, thought it empty and read it from end to end at every commit."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.drop_index("uq_events_command", "events")
    op.create_index("uq_events_command", "events", ["conference", "command_id"], unique=True)


def downgrade() -> None:
    named = sa.text("command_id IS NOT NULL")
    op.drop_index("uq_events_command", "events")
    op.create_index(
        "uq_events_command", "events", ["conference", "command_id"], unique=True,
        sqlite_where=named, postgresql_where=named,
    )  # fmt: skip
