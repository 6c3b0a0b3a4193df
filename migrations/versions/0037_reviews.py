"""Rubrics, reviews and what they come to; assignments and conflicts."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("call", sa.Column("hide_ratings", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("call", sa.Column("blind", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("admission_route", sa.Column("rubric", sa.JSON(), nullable=False, server_default="[]"))
    _of_reviews()
    _between("assignment", sa.Column("assigned_at", MOMENT, nullable=False))
    _between(
        "conflict", sa.Column("reason", sa.Text(), nullable=False), sa.Column("declared_at", MOMENT, nullable=False)
    )
    _between("early_look", sa.Column("looked_at", MOMENT, nullable=False))


def downgrade() -> None:
    for table in (
        "early_look",
        "conflict",
        "assignment",
        "application_score",
        "review",
        "rubric",
    ):
        op.drop_table(table)
    op.drop_column("admission_route", "rubric")
    op.drop_column("call", "blind")
    op.drop_column("call", "hide_ratings")


def _key(table: str, column: str, *, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _of_reviews() -> None:
    op.create_table(
        "rubric",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("route_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _key("rubric", "route_id", to="admission_route"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric")),
        sa.UniqueConstraint("route_id", "version", name=op.f("uq_rubric_route_id_version")),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("rubric_id", sa.Integer(), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("overall", sa.Double(), nullable=True),
        sa.Column("abstains", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("private_note", sa.Text(), nullable=False),
        sa.Column("shared_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (rubric_id IS NULL)", name=op.f("ck_review_submitted_by_a_rubric")
        ),
        sa.CheckConstraint(
            "overall IS NULL OR (submitted_at IS NOT NULL AND NOT abstains)", name=op.f("ck_review_overall_of_marks")
        ),
        _key("review", "application_id", to="application", ondelete="CASCADE"),
        _key("review", "user_id", to="user_account"),
        _key("review", "rubric_id", to="rubric"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("application_id", "user_id", name=op.f("uq_review_application_id_user_id")),
    )
    op.create_index(op.f("ix_review_user_id_application_id"), "review", ["user_id", "application_id"])
    op.create_table(
        "application_score",
        sa.Column("application_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("mean", "median", "spread", "low", "high")),
        sa.CheckConstraint("count > 0", name=op.f("ck_application_score_count_positive")),
        _key("application_score", "application_id", to="application", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_application_score")),
    )
    columns = ["mean", "application_id"]
    op.create_index(op.f("ix_application_score_mean_application_id"), "application_score", columns)


def _between(name: str, *more: sa.Column[object]) -> None:
    """A table of what is between an account and an application."""
    op.create_table(
        name,
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        *more,
        _key(name, "application_id", to="application", ondelete="CASCADE"),
        _key(name, "user_id", to="user_account"),
        sa.PrimaryKeyConstraint("application_id", "user_id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_user_id"), name, ["user_id"])
