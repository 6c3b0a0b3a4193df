"""A second factor of accounts: the key of an app, the last code that was taken, and recovery codes."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

COLUMNS = ("tf_primary_method", "tf_totp_secret", "totp_counter", "mf_recovery_codes")


def upgrade() -> None:
    op.add_column("user_account", sa.Column("tf_primary_method", sa.String(length=20), nullable=True))
    op.add_column("user_account", sa.Column("tf_totp_secret", sa.String(length=255), nullable=True))
    op.add_column("user_account", sa.Column("totp_counter", sa.BigInteger(), nullable=True))
    op.add_column("user_account", sa.Column("mf_recovery_codes", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("user_account") as batch:
        for column in COLUMNS:
            batch.drop_column(column)
