"""News of which only the month is known, and two more kinds of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

KNOWN = conv("ck_news_item_category_known")
BEFORE = "'paper', 'award', 'project', 'activity', 'visit', 'notice'"
NOW = "'paper', 'award', 'project', 'activity', 'visit', 'dataset', 'service', 'notice'"
REVISION = sa.table(
    "revision", *map(sa.column, ("kind", "record_id", "number")), sa.column("values", sa.JSON(none_as_null=True))
)


def upgrade() -> None:
    with op.batch_alter_table("news_item") as table:
        table.add_column(sa.Column("month_only", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.drop_constraint(KNOWN, type_="check")
        table.create_check_constraint(KNOWN, f"category IN ({NOW})")
    with op.batch_alter_table("news_item") as table:
        table.alter_column("month_only", existing_type=sa.Boolean(), server_default=None)
    change_revisions(lambda values: {**values, "month_only": False})


def downgrade() -> None:
    op.execute("UPDATE news_item SET category = 'notice' WHERE category IN ('dataset', 'service')")
    with op.batch_alter_table("news_item") as table:
        table.drop_constraint(KNOWN, type_="check")
        table.create_check_constraint(KNOWN, f"category IN ({BEFORE})")
        table.drop_column("month_only")
    change_revisions(before)


def before(values):
    kept = {name: value for name, value in values.items() if name != "month_only"}
    return kept | ({"category": "notice"} if values.get("category") in ("dataset", "service") else {})


def change_revisions(changed) -> None:
    """What revisions of news say, so that they are like what the items say."""
    connection = op.get_bind()
    of_news = sa.and_(REVISION.c.kind == "news", REVISION.c["values"].is_not(sa.null()))
    kept = sa.select(REVISION.c.record_id, REVISION.c.number, REVISION.c["values"]).where(of_news)
    for record_id, number, values in connection.execute(kept).all():
        one = sa.and_(of_news, REVISION.c.record_id == record_id, REVISION.c.number == number)
        connection.execute(sa.update(REVISION).where(one).values({"values": changed(values)}))
