"""A mail that was written to a file, where there is no mail server, is told from one that a server accepted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATE_KNOWN = conv("ck_outbox_mail_state_known")
HAS_TIME = conv("ck_outbox_mail_written_has_time")
STATES = "'waiting', 'sending', 'accepted', 'stuck', 'bounced', 'replaced'"


def upgrade() -> None:
    with op.batch_alter_table("outbox_mail") as table:
        table.add_column(sa.Column("written_at", sa.DateTime(timezone=True)))
        table.drop_constraint(STATE_KNOWN, type_="check")
        table.create_check_constraint(STATE_KNOWN, f"state IN ({STATES}, 'written')")
    # A server's consent has a code.
    op.execute(
        "UPDATE outbox_mail SET state = 'written', written_at = accepted_at, accepted_at = NULL "
        "WHERE state = 'accepted' AND reply_code IS NULL AND reply_text LIKE 'written to mail/%'"
    )
    with op.batch_alter_table("outbox_mail") as table:
        table.create_check_constraint(HAS_TIME, "(state = 'written') = (written_at IS NOT NULL)")


def downgrade() -> None:
    with op.batch_alter_table("outbox_mail") as table:
        table.drop_constraint(HAS_TIME, type_="check")
    op.execute("UPDATE outbox_mail SET state = 'accepted', accepted_at = written_at WHERE state = 'written'")
    with op.batch_alter_table("outbox_mail") as table:
        table.drop_constraint(STATE_KNOWN, type_="check")
        table.create_check_constraint(STATE_KNOWN, f"state IN ({STATES})")
        table.drop_column("written_at")
