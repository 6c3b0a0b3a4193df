"""Pictures and papers of the public record are documents in the store; `prepare` and `content load` bring them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content_file",
        sa.Column("path", sa.String(length=250), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_content_file_document_id")),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_content_file")),
        sa.UniqueConstraint("document_id", name=op.f("uq_content_file_document_id")),
    )


def downgrade() -> None:
    """The files are shown from the content folder again; the check sets their copies aside."""
    connection = op.get_bind()
    files = sa.table("content_file", sa.column("document_id"))
    documents = connection.scalars(sa.select(files.c.document_id)).all()
    op.drop_table("content_file")
    document = sa.table("document", sa.column("id"))
    connection.execute(sa.delete(document).where(document.c.id.in_(documents)))
