"""Mail that the staff got about an application."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("sender", sa.String(254), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_reply_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_reply_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("application_id", "mark", name=op.f("uq_reply_application_id_mark")),
        sa.UniqueConstraint("key", name=op.f("uq_reply_key")),
    )
    op.create_table(
        "reply_document",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["reply.id"], name=op.f("fk_reply_document_reply_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_reply_document_document_id")),
        sa.PrimaryKeyConstraint("reply_id", "position", name=op.f("pk_reply_document")),
        sa.UniqueConstraint("document_id", name=op.f("uq_reply_document_document_id")),
    )


def downgrade() -> None:
    op.drop_table("reply_document")
    op.drop_table("reply")
