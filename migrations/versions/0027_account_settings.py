"""An account has a name, a choice of notifications with an address and a language for them, and keys on or off."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# What accounts that are there already begin with.
FORMER = {
    "name": (sa.String(length=40), ""),
    "locale": (sa.String(length=2), "zh"),
    "notify": (sa.String(length=10), "at_once"),
    "keys_on": (sa.Boolean(), sa.true()),
}
ADDRESSES = ("notify_email", "notify_email_asked")


def upgrade() -> None:
    with op.batch_alter_table("user_account") as table:
        for name, (kind, value) in FORMER.items():
            table.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        for name in ADDRESSES:
            table.add_column(sa.Column(name, sa.String(length=254), nullable=True))
    with op.batch_alter_table("user_account") as table:
        for name, (kind, _value) in FORMER.items():
            table.alter_column(name, existing_type=kind, server_default=None)
        table.create_check_constraint(conv("ck_user_account_notify_known"), "notify IN ('at_once', 'daily', 'none')")


def downgrade() -> None:
    with op.batch_alter_table("user_account") as table:
        table.drop_constraint(conv("ck_user_account_notify_known"), type_="check")
        for name in (*FORMER, *ADDRESSES):
            table.drop_column(name)
