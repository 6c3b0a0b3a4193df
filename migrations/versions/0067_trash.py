"""What editors have removed and can bring back."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "removed_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("rest", sa.JSON(), nullable=False),
        sa.Column("former_keys", sa.JSON(), nullable=False),
        sa.Column("named_by", sa.JSON(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_removed_record_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removed_record")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_removed_record_kind_key")),
    )


def downgrade() -> None:
    op.drop_table("removed_record")
