"""What a group adds to the privacy notice."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

REVISION = sa.table(
    "revision", *map(sa.column, ("kind", "record_id", "number")), sa.column("values", sa.JSON(none_as_null=True))
)


def upgrade() -> None:
    # SQLite would have to make the table anew, without its triggers, to forget the default.
    empty = '{"zh": "", "en": ""}'
    op.add_column("group_profile", sa.Column("privacy", sa.JSON(), nullable=False, server_default=empty))
    change_revisions(lambda values: values | {"privacy": {"zh": "", "en": ""}})


def downgrade() -> None:
    op.drop_column("group_profile", "privacy")
    change_revisions(lambda values: {name: values[name] for name in values if name != "privacy"})


def change_revisions(changed) -> None:
    """What revisions of the group say, so that they are like what it says."""
    connection = op.get_bind()
    of_group = sa.and_(REVISION.c.kind == "profile", REVISION.c["values"].is_not(sa.null()))
    kept = sa.select(REVISION.c.record_id, REVISION.c.number, REVISION.c["values"]).where(of_group)
    for record_id, number, values in connection.execute(kept).all():
        one = sa.and_(of_group, REVISION.c.record_id == record_id, REVISION.c.number == number)
        connection.execute(sa.update(REVISION).where(one).values({"values": changed(values)}))
