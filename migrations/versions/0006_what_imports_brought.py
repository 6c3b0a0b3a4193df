"""What a home page brought of a person stays beside the files, and a namesake stays nobody of the group."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member") as table:
        table.add_column(sa.Column("additions", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("authorship") as table:
        table.add_column(sa.Column("namesake", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("authorship") as table:
        table.drop_column("namesake")
    with op.batch_alter_table("member") as table:
        table.drop_column("additions")
