"""A document knows why nothing of it can be seen, and which visitor brought it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("document") as table:
        table.add_column(sa.Column("fault", sa.String(20)))
        table.add_column(sa.Column("visitor", sa.String(64)))
        table.create_index("ix_document_visitor", ["visitor"])


def downgrade() -> None:
    with op.batch_alter_table("document") as table:
        table.drop_index("ix_document_visitor")
        table.drop_column("visitor")
        table.drop_column("fault")
