"""More facts for searches, the outcome of each requirement in a row, and the words of applications with their index.

The index is tables without a model, which triggers write: whoever rebuilds application_text on SQLite must make its
triggers anew. The words themselves are written by the portal, which finds that they are missing.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

AT_ONCE = 500
COUNTS = ("required_not_met", "required_unknown", "preferred_not_met", "preferred_unknown")
SORTED_BY = (
    "cet4", "cet6", "ielts", "toefl", "rank_percent", "gpa_percent", "papers", "required_not_met", "preferred_not_met",
    "answer_due_at", "changed_at", "state_at", "university_key", "name_key",
)  # fmt: skip
UNDECIDED = ("submitted", "screening")

APPLICATION = sa.table(
    "application",
    *(sa.column(name) for name in ("id", "route_id", "shown_state", "locale", "version")),
    sa.column("submitted_at", sa.DateTime(timezone=True)),
    sa.column("changed_at", sa.DateTime(timezone=True)),
    sa.column("answers", sa.JSON),
    sa.column("outcomes", sa.JSON),
)
ROUTE = sa.table("admission_route", sa.column("id"), sa.column("call_id"))
CALL = sa.table("call", sa.column("id"), sa.column("answer_days"))

SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5("
    "name, university, answers, documents, "
    "content='application_text', content_rowid='application_id', tokenize='ascii')",
    "CREATE TRIGGER application_text_is_indexed AFTER INSERT ON application_text BEGIN "
    "INSERT INTO search_index(rowid, name, university, answers, documents) "
    "VALUES (NEW.application_id, NEW.name, NEW.university, NEW.answers, NEW.documents); END",
    "CREATE TRIGGER application_text_is_removed AFTER DELETE ON application_text BEGIN "
    "INSERT INTO search_index(search_index, rowid, name, university, answers, documents) "
    "VALUES ('delete', OLD.application_id, OLD.name, OLD.university, OLD.answers, OLD.documents); END",
    "CREATE TRIGGER application_text_is_indexed_again "
    "AFTER UPDATE OF name, university, answers, documents ON application_text BEGIN "
    "INSERT INTO search_index(search_index, rowid, name, university, answers, documents) "
    "VALUES ('delete', OLD.application_id, OLD.name, OLD.university, OLD.answers, OLD.documents); "
    "INSERT INTO search_index(rowid, name, university, answers, documents) "
    "VALUES (NEW.application_id, NEW.name, NEW.university, NEW.answers, NEW.documents); END",
)
POSTGRESQL = (
    "CREATE TABLE search_index (application_id integer CONSTRAINT pk_search_index PRIMARY KEY "
    "CONSTRAINT fk_search_index_application_id REFERENCES application_text ON DELETE CASCADE, words tsvector NOT NULL)",
    "CREATE INDEX ix_search_index_words ON search_index USING gin (words)",
    """
    CREATE FUNCTION index_application_text() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO search_index VALUES (
        NEW.application_id,
        setweight(to_tsvector('simple', NEW.name), 'A') || setweight(to_tsvector('simple', NEW.university), 'B')
        || setweight(to_tsvector('simple', NEW.answers), 'C') || setweight(to_tsvector('simple', NEW.documents), 'D')
      ) ON CONFLICT (application_id) DO UPDATE SET words = EXCLUDED.words;
      RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER application_text_is_indexed AFTER INSERT OR UPDATE OF name, university, answers, documents "
    "ON application_text FOR EACH ROW EXECUTE FUNCTION index_application_text()",
)
POSTGRESQL_DOWN = (
    "DROP TRIGGER application_text_is_indexed ON application_text",
    "DROP FUNCTION index_application_text",
    "DROP TABLE search_index",
)


def upgrade() -> None:
    _add_facts()
    op.create_table(
        "application_outcome",
        sa.Column("application_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("requirement", sa.String(60), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('met', 'not_met', 'unknown')", name=op.f("ck_application_outcome_verdict_known")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_outcome_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("application_id", "requirement", name=op.f("pk_application_outcome")),
    )  # fmt: skip
    _fill()
    op.create_index(
        op.f("ix_application_outcome_requirement_verdict_application_id"),
        "application_outcome",
        ["requirement", "verdict", "application_id"],
    )
    _add_index()


def downgrade() -> None:
    for statement in ["DROP TABLE search_index"] if _is_sqlite() else POSTGRESQL_DOWN:
        op.execute(statement)
    op.drop_table("application_text")
    op.drop_table("application_outcome")
    for name in SORTED_BY:
        op.drop_index(op.f(f"ix_application_facts_{name}_application_id"), "application_facts")
    with op.batch_alter_table("application_facts") as table:
        for name in (*COUNTS, "repositories", "locale", "version", "changed_at", "answer_due_at"):
            table.drop_column(name)


def _add_facts() -> None:
    for column in (
        *(sa.Column(name, sa.Integer(), nullable=True) for name in COUNTS),
        sa.Column("repositories", sa.Integer(), nullable=True),
        sa.Column("locale", sa.String(2), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("application_facts", column)


def _fill() -> None:
    connection, last = op.get_bind(), 0
    days = dict(
        connection.execute(sa.select(ROUTE.c.id, CALL.c.answer_days).join(CALL, CALL.c.id == ROUTE.c.call_id)).all()
    )
    new = [*COUNTS, "repositories", "locale", "version", "changed_at", "answer_due_at"]
    moments = {"changed_at": sa.DateTime(timezone=True), "answer_due_at": sa.DateTime(timezone=True)}
    facts = sa.table(
        "application_facts", sa.column("application_id"), *(sa.column(name, moments.get(name)) for name in new)
    )
    update = (
        sa.update(facts).where(facts.c.application_id == sa.bindparam("of")).values({n: sa.bindparam(n) for n in new})
    )
    outcome = sa.table("application_outcome", *map(sa.column, ("application_id", "requirement", "required", "verdict")))
    while True:
        some = sa.select(APPLICATION).where(APPLICATION.c.id > last).order_by(APPLICATION.c.id).limit(AT_ONCE)
        rows = connection.execute(some).all()
        if not rows:
            break
        connection.execute(update, [_facts(row, days[row.route_id]) for row in rows])
        if outcomes := [each for row in rows for each in _outcomes(row)]:
            connection.execute(sa.insert(outcome), outcomes)
        last = rows[-1].id
    with op.batch_alter_table("application_facts") as table:
        for name in (*COUNTS, "version"):
            table.alter_column(name, existing_type=sa.Integer(), nullable=False)
        table.alter_column("locale", existing_type=sa.String(2), nullable=False)
    for name in SORTED_BY:
        op.create_index(
            op.f(f"ix_application_facts_{name}_application_id"), "application_facts", [name, "application_id"]
        )


def _facts(row: Any, answer_days: int) -> dict[str, Any]:
    counts = Counter((each["level"] != "preferred", each["verdict"]) for each in row.outcomes)
    repositories = row.answers.get("repositories")
    return {
        "of": row.id,
        **{
            f"{name}_{verdict}": counts[required, verdict]
            for name, required in (("required", True), ("preferred", False))
            for verdict in ("not_met", "unknown")
        },
        "repositories": len(repositories) if isinstance(repositories, list) else None,
        "locale": row.locale,
        "version": row.version,
        "changed_at": row.changed_at,
        "answer_due_at": row.submitted_at + timedelta(days=answer_days) if row.shown_state in UNDECIDED else None,
    }


def _outcomes(row: Any) -> list[dict[str, Any]]:
    return [
        {
            "application_id": row.id, "requirement": each["key"], "required": each["level"] != "preferred",
            "verdict": each["verdict"],
        }
        for each in row.outcomes
    ]  # fmt: skip


def _add_index() -> None:
    op.create_table(
        "application_text",
        sa.Column("application_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "university", "answers", "documents")),
        sa.Column("made_of", sa.String(64), nullable=False),
        sa.Column("documents_read", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_text_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_application_text")),
    )
    op.create_index(op.f("ix_application_text_documents_read"), "application_text", ["documents_read"])
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
