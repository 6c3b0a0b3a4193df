"""An answer or document is asked for again, held before it is told, and taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("document_request") as table:
        table.add_column(sa.Column("question", sa.String(50), nullable=True))
        table.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE document_request SET told_at = asked_at")
    with op.batch_alter_table("document_request") as table:
        table.alter_column("told_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    op.execute("DELETE FROM document_request WHERE question IS NOT NULL OR taken_back_at IS NOT NULL")
    with op.batch_alter_table("document_request") as table:
        table.drop_column("taken_back_at")
        table.drop_column("told_at")
        table.drop_column("question")
