"""Indexes for what was uploaded lately, by one visitor and by all."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BY_VISITOR, BY_TIME = "ix_document_visitor_stored_at", "ix_document_stored_at"


def upgrade() -> None:
    op.create_index(op.f(BY_VISITOR), "document", ["visitor", "stored_at"])
    op.create_index(op.f(BY_TIME), "document", ["stored_at"])
    op.drop_index(op.f("ix_document_visitor"), table_name="document")


def downgrade() -> None:
    op.create_index(op.f("ix_document_visitor"), "document", ["visitor"])
    op.drop_index(op.f(BY_TIME), table_name="document")
    op.drop_index(op.f(BY_VISITOR), table_name="document")
