"""Hints at a conflict of interest that somebody has put aside."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dismissed_hint",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_dismissed_hint_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_dismissed_hint_user_id")),
        sa.PrimaryKeyConstraint("application_id", "user_id", name=op.f("pk_dismissed_hint")),
    )
    op.create_index(op.f("ix_dismissed_hint_user_id"), "dismissed_hint", ["user_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_dismissed_hint_user_id"), table_name="dismissed_hint")
    op.drop_table("dismissed_hint")
