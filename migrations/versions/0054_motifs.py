"""How the group's papers, people and areas are drawn, and the papers that its home page shows first."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

NEW = {"profile": {"motif": "waveform", "selected": []}, "research_area": {"motif": ""}}
REVISION = sa.table(
    "revision", *map(sa.column, ("kind", "record_id", "number")), sa.column("values", sa.JSON(none_as_null=True))
)


def upgrade() -> None:
    with op.batch_alter_table("group_profile") as table:
        table.add_column(sa.Column("motif", sa.String(12), nullable=False, server_default="waveform"))
        table.add_column(sa.Column("selected", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("group_profile") as table:
        table.alter_column("motif", existing_type=sa.String(12), server_default=None)
        table.alter_column("selected", existing_type=sa.JSON(), server_default=None)
    with op.batch_alter_table("research_line") as table:
        table.add_column(sa.Column("motif", sa.String(12), nullable=False, server_default=""))
    with op.batch_alter_table("research_line") as table:
        table.alter_column("motif", existing_type=sa.String(12), server_default=None)
    for kind, values in NEW.items():
        change_revisions(kind, lambda kept, values=values: kept | values)


def downgrade() -> None:
    with op.batch_alter_table("research_line") as table:
        table.drop_column("motif")
    with op.batch_alter_table("group_profile") as table:
        table.drop_column("selected")
        table.drop_column("motif")
    for kind, values in NEW.items():
        change_revisions(kind, lambda kept, values=values: {name: kept[name] for name in kept if name not in values})


def change_revisions(kind, changed) -> None:
    """What revisions of a kind say, so that they are like what the records say."""
    connection = op.get_bind()
    of_kind = sa.and_(REVISION.c.kind == kind, REVISION.c["values"].is_not(sa.null()))
    kept = sa.select(REVISION.c.record_id, REVISION.c.number, REVISION.c["values"]).where(of_kind)
    for record_id, number, values in connection.execute(kept).all():
        one = sa.and_(of_kind, REVISION.c.record_id == record_id, REVISION.c.number == number)
        connection.execute(sa.update(REVISION).where(one).values({"values": changed(values)}))
