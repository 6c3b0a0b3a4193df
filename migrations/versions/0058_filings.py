"""The numbers under which a site is filed, which stand on the foot of its pages."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

REVISION = sa.table(
    "revision", *map(sa.column, ("kind", "record_id", "number")), sa.column("values", sa.JSON(none_as_null=True))
)


def upgrade() -> None:
    with op.batch_alter_table("group_profile") as table:
        table.add_column(sa.Column("filings", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("group_profile") as table:
        table.alter_column("filings", existing_type=sa.JSON(), server_default=None)
    change_revisions(lambda values: values | {"filings": []})


def downgrade() -> None:
    with op.batch_alter_table("group_profile") as table:
        table.drop_column("filings")
    change_revisions(lambda values: {name: values[name] for name in values if name != "filings"})


def change_revisions(changed) -> None:
    """What revisions of the group say, so that they are like what it says."""
    connection = op.get_bind()
    of_group = sa.and_(REVISION.c.kind == "profile", REVISION.c["values"].is_not(sa.null()))
    kept = sa.select(REVISION.c.record_id, REVISION.c.number, REVISION.c["values"]).where(of_group)
    for record_id, number, values in connection.execute(kept).all():
        one = sa.and_(of_group, REVISION.c.record_id == record_id, REVISION.c.number == number)
        connection.execute(sa.update(REVISION).where(one).values({"values": changed(values)}))
