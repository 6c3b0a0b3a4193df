"""Who has a page of the editor open."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "editor_presence",
        sa.Column("page", sa.String(200), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_editor_presence_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("page", "user_id", name=op.f("pk_editor_presence")),
    )
    op.create_index(op.f("ix_editor_presence_seen_at"), "editor_presence", ["seen_at"])
    op.create_index(op.f("ix_editor_presence_user_id"), "editor_presence", ["user_id"])


def downgrade() -> None:
    op.drop_table("editor_presence")
