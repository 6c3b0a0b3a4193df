"""The address of a person whose name was corrected leads on."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_member_slug",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_former_member_slug_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_member_slug")),
    )
    with op.batch_alter_table("former_member_slug") as table:
        table.create_index(table.f("ix_former_member_slug_member_id"), ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_table("former_member_slug")
