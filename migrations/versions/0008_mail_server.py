"""How it goes with the mail server: while it takes nothing, the outbox waits as a whole."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_server",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_probe_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_code", sa.Integer()),
        sa.Column("reply_text", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'down', 'refusing')", name=op.f("ck_mail_server_state_known")),
    )


def downgrade() -> None:
    op.drop_table("mail_server")
