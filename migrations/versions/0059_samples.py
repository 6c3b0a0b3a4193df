"""Recordings to be heard, and the papers and research areas that they are of."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

TIES = {
    "sample_publication": ("publication_id", "publication"),
    "sample_line": ("line_id", "research_line"),
}
OF_KIND = sa.column("kind") == "sample"


def upgrade() -> None:
    op.create_table(
        "sound_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("transcript", sa.JSON(), nullable=False),
        sa.Column("speaker", sa.JSON(), nullable=False),
        sa.Column("licence", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sound_sample")),
        sa.UniqueConstraint("key", name=op.f("uq_sound_sample_key")),
    )
    op.create_index(op.f("ix_sound_sample_sha256"), "sound_sample", ["sha256"])
    for table, (column, other) in TIES.items():
        op.create_table(
            table,
            sa.Column("sample_id", sa.Integer(), nullable=False),
            sa.Column(column, sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["sample_id"], ["sound_sample.id"], name=op.f(f"fk_{table}_sample_id"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("sample_id", column, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in (*TIES, "sound_sample"):
        op.drop_table(table)
    # What the version before knows no kind of. The files go with its next load of the content.
    for table in ("revision", "former_address"):
        op.execute(sa.delete(sa.table(table, sa.column("kind"))).where(OF_KIND))
