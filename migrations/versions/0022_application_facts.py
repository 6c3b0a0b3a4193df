"""Facts about each application for lists, counts and searches, made of what is there."""

import unicodedata
from collections import Counter
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

AT_ONCE = 500
LONGEST_KEY = 254
SAME = ("route_id", "state", "shown_state", "state_at", "submitted_at")

APPLICATION = sa.table(
    "application",
    *(sa.column(name) for name in ("id", "route_id", "name", "email", "state", "shown_state")),
    sa.column("state_at", sa.DateTime(timezone=True)),
    sa.column("submitted_at", sa.DateTime(timezone=True)),
    sa.column("answers", sa.JSON),
    sa.column("outcomes", sa.JSON),
)


def upgrade() -> None:
    facts = op.create_table(
        "application_facts",
        sa.Column("application_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("route_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("shown_state", sa.String(length=10), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cet4", sa.Integer(), nullable=True),
        sa.Column("cet6", sa.Integer(), nullable=True),
        sa.Column("ielts", sa.Double(), nullable=True),
        sa.Column("toefl", sa.Double(), nullable=True),
        sa.Column("rank_percent", sa.Double(), nullable=True),
        sa.Column("gpa_percent", sa.Double(), nullable=True),
        sa.Column("papers", sa.Integer(), nullable=True),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("not_met", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("university", sa.Text(), nullable=False),
        sa.Column("name_key", sa.String(length=LONGEST_KEY), nullable=False),
        sa.Column("email_key", sa.String(length=LONGEST_KEY), nullable=False),
        sa.Column("phone_key", sa.String(length=LONGEST_KEY), nullable=True),
        sa.Column("university_key", sa.String(length=LONGEST_KEY), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_facts_application_id")
        ),
        sa.ForeignKeyConstraint(["route_id"], ["admission_route.id"], name=op.f("fk_application_facts_route_id")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_application_facts")),
    )
    _fill(facts)
    for columns in (
        ["submitted_at", "application_id"],
        ["state", "submitted_at", "application_id"],
        ["route_id", "state"],
        ["route_id", "shown_state"],
        ["name_key", "university_key"],
        ["email_key"],
        ["phone_key"],
    ):
        op.create_index(op.f(f"ix_application_facts_{'_'.join(columns)}"), "application_facts", columns)


def downgrade() -> None:
    op.drop_table("application_facts")


def _fill(facts: sa.Table) -> None:
    connection, last = op.get_bind(), 0
    while True:
        some = sa.select(APPLICATION).where(APPLICATION.c.id > last).order_by(APPLICATION.c.id).limit(AT_ONCE)
        rows = connection.execute(some).all()
        if not rows:
            return
        connection.execute(sa.insert(facts), [_facts(row) for row in rows])
        last = rows[-1].id


def _facts(row: Any) -> dict[str, Any]:
    answers, verdicts = row.answers, Counter(outcome["verdict"] for outcome in row.outcomes)
    papers = answers.get("papers")
    phone, university = (_text(answers.get(name)) for name in ("phone", "university"))
    return {
        "application_id": row.id,
        **{name: getattr(row, name) for name in SAME},
        **{name: _number(answers.get(name)) for name in ("cet4", "cet6", "ielts", "toefl")},
        "rank_percent": _percent(answers.get("rank"), answers.get("cohort_size")),
        "gpa_percent": _percent(answers.get("gpa"), answers.get("gpa_scale")),
        "papers": len(papers) if isinstance(papers, list) else None,
        **{verdict: verdicts[verdict] for verdict in ("met", "not_met", "unknown")},
        "university": university,
        "name_key": _key(row.name),
        "email_key": _key(row.email),
        "phone_key": _key(phone) or None,
        "university_key": _key(university) or None,
    }


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _percent(part: Any, whole: Any) -> float | None:
    try:
        return 100 * float(part) / float(whole)
    except (TypeError, ValueError, ZeroDivisionError):
        return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _key(text: str) -> str:
    """What is stored holds no signs that nobody sees."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(unicodedata.normalize("NFKC", folded).split())[:LONGEST_KEY]
