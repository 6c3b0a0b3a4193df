"""What is settled about an interview is held before both sides are told."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "interview_change",
        sa.Column("interview_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("is_invitation", sa.Boolean(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("replaces_slot", sa.Boolean(), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "what IN ('invited', 'booked', 'cancelled', 'reminded')", name=op.f("ck_interview_change_what_known")
        ),
        sa.CheckConstraint(
            "(what = 'booked') = (slot_id IS NOT NULL)", name=op.f("ck_interview_change_booked_is_a_slot")
        ),
        sa.CheckConstraint(
            "what = 'booked' OR NOT replaces_slot", name=op.f("ck_interview_change_only_a_slot_replaces")
        ),
        sa.CheckConstraint(
            "what IN ('invited', 'booked') OR NOT is_invitation", name=op.f("ck_interview_change_invitation_known")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_interview_change_interview_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["interview_slot.id"], name=op.f("fk_interview_change_slot_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_interview_change_actor_id")),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_interview_change")),
        sa.UniqueConstraint("slot_id", name=op.f("uq_interview_change_slot_id")),
    )
    op.create_index(op.f("ix_interview_change_told_at"), "interview_change", ["told_at"])


def downgrade() -> None:
    # An invitation that nobody was told of would be one that everybody knows.
    op.execute("DELETE FROM interview WHERE id IN (SELECT interview_id FROM interview_change WHERE is_invitation)")
    op.drop_index(op.f("ix_interview_change_told_at"), table_name="interview_change")
    op.drop_table("interview_change")
