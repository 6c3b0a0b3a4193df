"""Whether a document says anything that can be searched, and an index of the applications of a route by time."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

BY_ROUTE = "ix_application_facts_route_id_submitted_at_application_id"


def upgrade() -> None:
    op.add_column("document", sa.Column("has_text", sa.Boolean(), nullable=True))
    op.create_index(op.f(BY_ROUTE), "application_facts", ["route_id", "submitted_at", "application_id"])


def downgrade() -> None:
    op.drop_index(op.f(BY_ROUTE), "application_facts")
    with op.batch_alter_table("document") as table:
        table.drop_column("has_text")
