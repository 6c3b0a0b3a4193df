"""Indexes by which a deletion finds the mails and drafts that refer to what goes."""

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

REFERRING = {"outbox_mail": "replaced_by_id", "draft": "application_id"}


def upgrade() -> None:
    for table, column in REFERRING.items():
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in REFERRING.items():
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
