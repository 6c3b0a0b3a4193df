"""An account may have several roles, each everywhere or for the applications of one route."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ROLES = "'admin', 'pi', 'reviewer', 'editor'"
EVERYWHERE = sa.text("route_id IS NULL")
# The role that gives most comes first.
STRONGEST = """
UPDATE user_account SET role = COALESCE((
  SELECT role FROM role_grant WHERE role_grant.user_id = user_account.id AND route_id IS NULL
  ORDER BY CASE role WHEN 'admin' THEN 1 WHEN 'pi' THEN 2 WHEN 'reviewer' THEN 3 ELSE 4 END LIMIT 1
), 'none')
"""
# Before, a role held everywhere. Who has none that does may not get one by going back: the account is closed.
CLOSED = "UPDATE user_account SET role = 'reviewer', active = false WHERE role = 'none'"


def upgrade() -> None:
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("route_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_role_grant_role_known")),
        sa.CheckConstraint(
            "route_id IS NULL OR role IN ('pi', 'reviewer')", name=op.f("ck_role_grant_route_of_reviewing_roles")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_role_grant_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["route_id"], ["admission_route.id"], name=op.f("fk_role_grant_route_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("user_id", "role", "route_id", name=op.f("uq_role_grant_user_id_role_route_id")),
    )
    op.create_index(op.f("ix_role_grant_route_id"), "role_grant", ["route_id"])
    op.create_index(
        "uq_role_grant_everywhere",
        "role_grant",
        ["user_id", "role"],
        unique=True,
        sqlite_where=EVERYWHERE,
        postgresql_where=EVERYWHERE,
    )
    op.execute("INSERT INTO role_grant (user_id, role) SELECT id, role FROM user_account ORDER BY id")
    with op.batch_alter_table("user_account") as table:
        table.drop_constraint(conv("ck_user_account_role_known"), type_="check")
        table.drop_column("role")


def downgrade() -> None:
    with op.batch_alter_table("user_account") as table:
        table.add_column(sa.Column("role", sa.String(length=16), nullable=True))
    op.execute(STRONGEST)
    op.execute(CLOSED)
    with op.batch_alter_table("user_account") as table:
        table.alter_column("role", existing_type=sa.String(length=16), nullable=False)
        table.create_check_constraint(conv("ck_user_account_role_known"), f"role IN ({ROLES})")
    op.drop_table("role_grant")
