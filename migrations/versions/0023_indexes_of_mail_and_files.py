"""Indexes for mail by its recipient, whatever the capitals, and for the files that the worker looks at."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OF_FILES = (["damaged_at", "verified_at", "id"], ["inspection", "inspections"])
INDEX = "ix_outbox_mail_recipient_key_retry_since"


def upgrade() -> None:
    op.add_column("outbox_mail", sa.Column("recipient_key", sa.String(length=254), nullable=True))
    # The addresses of the outbox are ASCII, which both databases make small.
    op.execute("UPDATE outbox_mail SET recipient_key = lower(recipient)")
    with op.batch_alter_table("outbox_mail") as table:
        table.alter_column("recipient_key", existing_type=sa.String(length=254), nullable=False)
        table.create_index(op.f(INDEX), ["recipient_key", "retry_since"])
    for columns in OF_FILES:
        op.create_index(op.f(f"ix_document_{'_'.join(columns)}"), "document", columns)


def downgrade() -> None:
    for columns in OF_FILES:
        op.drop_index(op.f(f"ix_document_{'_'.join(columns)}"), "document")
    with op.batch_alter_table("outbox_mail") as table:
        table.drop_index(op.f(INDEX))
        table.drop_column("recipient_key")
