"""Another day for an offer, and leave to apply late, are held before they are told."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("offer") as table:
        table.add_column(sa.Column("next_due_at", MOMENT, nullable=True))
        table.add_column(sa.Column("told_at", MOMENT, nullable=True))
        table.create_index(op.f("ix_offer_told_at"), ["told_at"])
    with op.batch_alter_table("extension") as table:
        table.add_column(sa.Column("address", sa.String(254), nullable=True))
        table.add_column(sa.Column("locale", sa.String(2), nullable=True))
        table.add_column(sa.Column("told_at", MOMENT, nullable=True))
        table.add_column(sa.Column("is_told", sa.Boolean(), nullable=True))
    op.execute(sa.text("UPDATE extension SET address = email, locale = 'zh', told_at = made_at, is_told = true"))
    with op.batch_alter_table("extension") as table:
        table.alter_column("address", existing_type=sa.String(254), nullable=False)
        table.alter_column("locale", existing_type=sa.String(2), nullable=False)
        table.alter_column("told_at", existing_type=MOMENT, nullable=False)
        table.alter_column("is_told", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    # What nobody was told of yet nobody was given.
    op.execute(sa.text("DELETE FROM extension WHERE NOT is_told"))
    with op.batch_alter_table("extension") as table:
        for name in ("is_told", "told_at", "locale", "address"):
            table.drop_column(name)
    with op.batch_alter_table("offer") as table:
        table.drop_index(op.f("ix_offer_told_at"))
        table.drop_column("told_at")
        table.drop_column("next_due_at")
