"""A link that works once may sign somebody in."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("one_time_link") as batch:
        batch.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_one_time_link_user_id"), "user_account", ["user_id"], ["id"])
        batch.create_index(op.f("ix_one_time_link_user_id"), ["user_id"])


def downgrade() -> None:
    op.execute("DELETE FROM one_time_link WHERE user_id IS NOT NULL")
    with op.batch_alter_table("one_time_link") as batch:
        batch.drop_index(op.f("ix_one_time_link_user_id"))
        batch.drop_constraint(op.f("fk_one_time_link_user_id"), type_="foreignkey")
        batch.drop_column("user_id")
