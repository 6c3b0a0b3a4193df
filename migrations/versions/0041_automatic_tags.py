"""A tag may be where a search says, and nobody puts it anywhere."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("tag") as table:
        table.add_column(sa.Column("query", sa.String(length=1000), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("tag") as table:
        table.drop_column("query")
