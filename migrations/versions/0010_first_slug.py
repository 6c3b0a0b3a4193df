"""The address that a news item began with, by which the feed knows it for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("news_item") as table:
        table.add_column(sa.Column("first_slug", sa.String(80), nullable=False, server_default=""))
    # Of several former slugs nothing says which was the first; any of them leads to the item.
    former = "SELECT min(former_slug.slug) FROM former_slug WHERE former_slug.news_id = news_item.id"
    op.execute(f"UPDATE news_item SET first_slug = coalesce(({former}), slug)")  # noqa: S608 - no value in it
    with op.batch_alter_table("news_item") as table:
        table.alter_column("first_slug", existing_type=sa.String(80), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("news_item") as table:
        table.drop_column("first_slug")
