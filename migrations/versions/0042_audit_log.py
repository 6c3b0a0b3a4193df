"""Indexes of the audit log: all events, by whom, and of which kind, each in the order of time."""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_event_at_id": ["at", "id"],
    "ix_event_actor_id_at_id": ["actor_id", "at", "id"],
    "ix_event_kind_at_id": ["kind", "at", "id"],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(op.f(name), "event", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(op.f(name), table_name="event")
