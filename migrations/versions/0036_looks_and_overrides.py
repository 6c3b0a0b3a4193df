"""What each reader has seen of an application, and what people say of outcomes."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "application_look",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before_version", sa.Integer(), nullable=True),
        sa.Column("before_event_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_look_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_application_look_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "application_id", name=op.f("pk_application_look")),
    )
    op.create_index(op.f("ix_application_look_application_id"), "application_look", ["application_id"])
    op.create_table(
        "outcome_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.String(length=60), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("verdict IN ('met', 'not_met', 'unknown')", name=op.f("ck_outcome_override_verdict_known")),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_outcome_override_actor_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_outcome_override_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_override")),
    )
    op.create_index(
        "ix_outcome_override_application_id_requirement", "outcome_override", ["application_id", "requirement", "id"]
    )


def downgrade() -> None:
    op.drop_table("outcome_override")
    op.drop_table("application_look")
