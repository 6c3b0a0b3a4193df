"""Custody: mail that bounced or was replaced, files read again, chores, deletions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATE_KNOWN = conv("ck_outbox_mail_state_known")
ACCEPTED = conv("ck_outbox_mail_accepted_has_time")
REPLACED = conv("ck_outbox_mail_replaced_has_successor")
SUCCESSOR = conv("fk_outbox_mail_replaced_by_id")


def upgrade() -> None:
    op.create_table(
        "chore",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    op.create_table(
        "deletion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(length=19), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason IN ('retention', 'request')", name=op.f("ck_deletion_reason_known")),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_deletion_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion")),
        sa.UniqueConstraint("reference", name=op.f("uq_deletion_reference")),
    )
    with op.batch_alter_table("document") as table:
        table.add_column(sa.Column("inspections", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("damaged_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("outbox_mail") as table:
        table.add_column(sa.Column("locale", sa.String(length=2), nullable=False, server_default="zh"))
        table.add_column(sa.Column("retry_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("bounce_text", sa.Text(), nullable=True))
        table.add_column(sa.Column("replaced_by_id", sa.Integer(), nullable=True))
        table.create_foreign_key(SUCCESSOR, "outbox_mail", ["replaced_by_id"], ["id"])
        table.drop_constraint(STATE_KNOWN, type_="check")
        table.drop_constraint(ACCEPTED, type_="check")
        table.create_check_constraint(
            STATE_KNOWN, "state IN ('waiting', 'sending', 'accepted', 'stuck', 'bounced', 'replaced')"
        )
        table.create_check_constraint(ACCEPTED, "state NOT IN ('accepted', 'bounced') OR accepted_at IS NOT NULL")
        table.create_check_constraint(REPLACED, "(state = 'replaced') = (replaced_by_id IS NOT NULL)")
    op.execute("UPDATE outbox_mail SET retry_since = created_at")
    with op.batch_alter_table("outbox_mail") as table:
        table.alter_column("retry_since", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    # What the older version has no word for was accepted once, or lies with a person.
    op.execute(
        "UPDATE outbox_mail SET state = 'stuck', replaced_by_id = NULL, accepted_at = NULL WHERE state = 'replaced'"
    )
    op.execute("UPDATE outbox_mail SET state = 'accepted' WHERE state = 'bounced'")
    op.execute("UPDATE outbox_mail SET accepted_at = NULL WHERE state <> 'accepted'")
    with op.batch_alter_table("outbox_mail") as table:
        table.drop_constraint(REPLACED, type_="check")
        table.drop_constraint(ACCEPTED, type_="check")
        table.drop_constraint(STATE_KNOWN, type_="check")
        table.drop_constraint(SUCCESSOR, type_="foreignkey")
        table.drop_column("replaced_by_id")
        table.drop_column("bounce_text")
        table.drop_column("retry_since")
        table.drop_column("locale")
        table.create_check_constraint(STATE_KNOWN, "state IN ('waiting', 'sending', 'accepted', 'stuck')")
        table.create_check_constraint(ACCEPTED, "(state = 'accepted') = (accepted_at IS NOT NULL)")
    with op.batch_alter_table("document") as table:
        table.drop_column("damaged_at")
        table.drop_column("verified_at")
        table.drop_column("inspections")
    op.drop_table("deletion")
    op.drop_table("chore")
