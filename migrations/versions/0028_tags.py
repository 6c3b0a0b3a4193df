"""Tags on applications: shared ones, and private ones of an account."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SHARED = sa.text("owner_id IS NULL AND removed_at IS NULL")
PRIVATE = sa.text("owner_id IS NOT NULL AND removed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("name_key", sa.String(length=254), nullable=False),
        sa.Column("colour", sa.String(length=10), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.CheckConstraint("colour IN ('mute', 'plain', 'good', 'wait', 'bad')", name=op.f("ck_tag_colour_known")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_tag_owner_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("key", name=op.f("uq_tag_key")),
    )
    op.create_index(op.f("ix_tag_removed_at"), "tag", ["removed_at"])
    _unique("uq_tag_shared_name", ["name_key"], SHARED)
    _unique("uq_tag_private_name", ["owner_id", "name_key"], PRIVATE)
    op.create_table(
        "tagging",
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_tagging_tag_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_tagging_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tag_id", "application_id", name=op.f("pk_tagging")),
    )
    op.create_index(op.f("ix_tagging_application_id"), "tagging", ["application_id"])


def _unique(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "tag", columns, unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("tagging")
    op.drop_table("tag")
