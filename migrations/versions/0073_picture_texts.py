"""What the picture of a paper shows."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

REVISION = sa.table(
    "revision", *map(sa.column, ("kind", "record_id", "number")), sa.column("values", sa.JSON(none_as_null=True))
)


def upgrade() -> None:
    op.add_column("publication", sa.Column("teaser_alt", sa.Text(), nullable=False, server_default=""))
    change_revisions(lambda values: values | {"teaser_alt": ""})


def downgrade() -> None:
    op.drop_column("publication", "teaser_alt")
    change_revisions(lambda values: {name: values[name] for name in values if name != "teaser_alt"})


def change_revisions(changed) -> None:
    """What revisions of papers say, so that they are like what papers say."""
    connection = op.get_bind()
    of_papers = sa.and_(REVISION.c.kind == "publication", REVISION.c["values"].is_not(sa.null()))
    kept = sa.select(REVISION.c.record_id, REVISION.c.number, REVISION.c["values"]).where(of_papers)
    for record_id, number, values in connection.execute(kept).all():
        one = sa.and_(of_papers, REVISION.c.record_id == record_id, REVISION.c.number == number)
        connection.execute(sa.update(REVISION).where(one).values({"values": changed(values)}))
