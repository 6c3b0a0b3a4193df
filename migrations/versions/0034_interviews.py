"""Rounds of interviews with their slots, who is invited, what is noted, and calendar files in mail."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("outbox_mail", sa.Column("calendar", sa.Text(), nullable=True))
    op.create_table(
        "interview_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("timezone", sa.String(40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("choose_until", MOMENT, nullable=False),
        sa.Column("changes_allowed", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_interview_round_minutes_positive")),
        sa.CheckConstraint("changes_allowed >= 0", name=op.f("ck_interview_round_changes_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_round")),
        sa.UniqueConstraint("key", name=op.f("uq_interview_round_key")),
    )
    op.create_table(
        "interview_round_route",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("route_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["interview_round.id"], name=op.f("fk_interview_round_route_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["route_id"], ["admission_route.id"], name=op.f("fk_interview_round_route_route_id")),
        sa.PrimaryKeyConstraint("round_id", "route_id", name=op.f("pk_interview_round_route")),
    )
    op.create_index(op.f("ix_interview_round_route_route_id"), "interview_round_route", ["route_id"])
    op.create_table(
        "interview_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_interview_slot_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["round_id"], ["interview_round.id"], name=op.f("fk_interview_slot_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_slot")),
    )
    op.create_index(op.f("ix_interview_slot_round_id_starts_at"), "interview_slot", ["round_id", "starts_at"])
    op.create_index(op.f("ix_interview_slot_ends_at"), "interview_slot", ["ends_at"])
    op.create_table(
        "interview_slot_interviewer",
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["interview_slot.id"], name=op.f("fk_interview_slot_interviewer_slot_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_interview_slot_interviewer_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slot_id", "user_id", name=op.f("pk_interview_slot_interviewer")),
    )
    op.create_index(op.f("ix_interview_slot_interviewer_user_id"), "interview_slot_interviewer", ["user_id"])
    op.create_table(
        "interview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", MOMENT, nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.String(40), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("none_fits", sa.Text(), nullable=False),
        sa.Column("none_fits_at", MOMENT, nullable=True),
        sa.CheckConstraint("chosen_at IS NULL OR slot_id IS NOT NULL", name=op.f("ck_interview_chosen_is_a_slot")),
        sa.ForeignKeyConstraint(["round_id"], ["interview_round.id"], name=op.f("fk_interview_round_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_interview_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["interview_slot.id"], name=op.f("fk_interview_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("key", name=op.f("uq_interview_key")),
        sa.UniqueConstraint("slot_id", name=op.f("uq_interview_slot_id")),
        sa.UniqueConstraint("round_id", "application_id", name=op.f("uq_interview_round_id_application_id")),
    )
    op.create_index(op.f("ix_interview_application_id"), "interview", ["application_id"])
    op.create_table(
        "interview_note",
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_interview_note_interview_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_interview_note_user_id")),
        sa.PrimaryKeyConstraint("interview_id", "user_id", name=op.f("pk_interview_note")),
    )
    op.create_index(op.f("ix_interview_note_user_id"), "interview_note", ["user_id"])


def downgrade() -> None:
    for table in (
        "interview_note",
        "interview",
        "interview_slot_interviewer",
        "interview_slot",
        "interview_round_route",
        "interview_round",
    ):
        op.drop_table(table)
    with op.batch_alter_table("outbox_mail") as table:
        table.drop_column("calendar")
