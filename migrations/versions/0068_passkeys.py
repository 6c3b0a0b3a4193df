"""Passkeys of accounts, and recovery codes that PostgreSQL can compare."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(length=1364), nullable=False),
        sa.Column("public_key", sa.String(length=2000), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_passkey_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_user_id"), "passkey", ["user_id"])
    _keep_codes_as(JSONB())


def downgrade() -> None:
    _keep_codes_as(sa.JSON())
    op.drop_table("passkey")


def _keep_codes_as(kind: sa.JSON) -> None:
    """SQLite knows one kind of JSON alone, and compares it as text."""
    if op.get_bind().dialect.name == "postgresql":
        using = f"mf_recovery_codes::{'jsonb' if isinstance(kind, JSONB) else 'json'}"
        op.alter_column("user_account", "mf_recovery_codes", type_=kind, postgresql_using=using)
