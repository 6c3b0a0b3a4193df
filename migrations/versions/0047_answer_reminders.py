"""Who was reminded of an answer that is due soon."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_reminder",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_answer_reminder_user_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_answer_reminder_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "application_id", name=op.f("pk_answer_reminder")),
    )
    op.create_index(op.f("ix_answer_reminder_application_id"), "answer_reminder", ["application_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_answer_reminder_application_id"), table_name="answer_reminder")
    op.drop_table("answer_reminder")
