"""Links of the content that did not answer."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "failing_link",
        sa.Column("url", sa.String(800), nullable=False),
        sa.Column("fault", sa.String(20), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("failed_first", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed_last", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_failing_link")),
    )


def downgrade() -> None:
    op.drop_table("failing_link")
