"""Files that go along with the mails of a template."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "template_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_key", sa.String(20), nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("locale IN ('zh', 'en')", name=op.f("ck_template_file_locale_known")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_template_file_document_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_template_file_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_file")),
        sa.UniqueConstraint("document_id", name=op.f("uq_template_file_document_id")),
    )
    op.create_index(op.f("ix_template_file_template_key_removed_at"), "template_file", ["template_key", "removed_at"])
    with op.batch_alter_table("message_template") as table:
        table.drop_column("attachments")  # nothing has ever filled it


def downgrade() -> None:
    with op.batch_alter_table("message_template") as table:
        table.add_column(sa.Column("attachments", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("message_template") as table:
        table.alter_column("attachments", server_default=None)
    op.drop_index(op.f("ix_template_file_template_key_removed_at"), table_name="template_file")
    op.drop_table("template_file")
