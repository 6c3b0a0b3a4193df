"""Which papers are two though they look like one, and into which record one was merged."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "distinct_papers",
        sa.Column("one_key", sa.String(80), nullable=False),
        sa.Column("other_key", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("one_key", "other_key", name=op.f("pk_distinct_papers")),
    )
    op.add_column("removed_record", sa.Column("merged_into", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("removed_record") as table:
        table.drop_column("merged_into")
    op.drop_table("distinct_papers")
