"""Sessions are rows, and an applicant's access is tied to one and to the address of the application."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# Whoever read the former address knows the reference.
AFTER_A_CHANGED_ADDRESS = """
UPDATE application SET access_version = 2 WHERE EXISTS (
  SELECT 1 FROM former_version
  WHERE former_version.application_id = application.id AND lower(former_version.email) <> lower(application.email)
)
"""


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    op.create_index(op.f("ix_session_user_id"), "session", ["user_id"])
    with op.batch_alter_table("application") as table:
        table.add_column(sa.Column("access_version", sa.Integer(), nullable=False, server_default="1"))
    op.execute(AFTER_A_CHANGED_ADDRESS)
    op.create_table(
        "application_access",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("access_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_application_access_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_access_application_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "application_id", name=op.f("pk_application_access")),
    )
    op.create_index(op.f("ix_application_access_application_id"), "application_access", ["application_id"])


def downgrade() -> None:
    op.drop_table("application_access")
    with op.batch_alter_table("application") as table:
        table.drop_column("access_version")
    op.drop_table("session")
