"""The state beside the day an answer is due, so that a list by that day reads the index alone."""

from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

TABLE = "application_facts"
BEFORE = "ix_application_facts_answer_due_at_application_id"
NOW = "ix_application_facts_answer_due_at_application_id_state"


def upgrade() -> None:
    op.create_index(NOW, TABLE, ["answer_due_at", "application_id", "state"])
    op.drop_index(BEFORE, TABLE)


def downgrade() -> None:
    op.create_index(BEFORE, TABLE, ["answer_due_at", "application_id"])
    op.drop_index(NOW, TABLE)
