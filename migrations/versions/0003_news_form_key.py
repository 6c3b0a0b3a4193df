"""A news form that is sent twice makes one item."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ONE_ITEM = conv("uq_news_item_form_key")


def upgrade() -> None:
    with op.batch_alter_table("news_item") as table:
        table.add_column(sa.Column("form_key", sa.String(length=40), nullable=True))
        table.create_unique_constraint(ONE_ITEM, ["form_key"])


def downgrade() -> None:
    with op.batch_alter_table("news_item") as table:
        table.drop_constraint(ONE_ITEM, type_="unique")
        table.drop_column("form_key")
