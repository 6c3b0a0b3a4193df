"""A reader's ways through some applications."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sitting_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint("key", name=op.f("uq_sitting_key")),
    )
    op.create_index(op.f("ix_sitting_user_id"), "sitting", ["user_id"])
    op.create_index(op.f("ix_sitting_begun_at"), "sitting", ["begun_at"])
    op.create_table(
        "sitting_place",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_place_sitting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_sitting_place_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sitting_id", "position", name=op.f("pk_sitting_place")),
        sa.UniqueConstraint("sitting_id", "application_id", name=op.f("uq_sitting_place_sitting_id_application_id")),
    )
    op.create_index(op.f("ix_sitting_place_application_id"), "sitting_place", ["application_id"])


def downgrade() -> None:
    op.drop_table("sitting_place")
    op.drop_table("sitting")
