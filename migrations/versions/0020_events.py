"""What happened is an event with typed details, and the database lets nobody change it.

An event of an application goes with it; no other ever does. Whoever rebuilds the table on SQLite must make its triggers
anew.
"""

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BATCH = 1000
# What one of them was called before.
RENAMED = {"judged_again": "reevaluated"}
NOT_ASKED = "–"

application = sa.table("application", sa.column("id", sa.Integer), sa.column("reference", sa.String))
history = sa.table(
    "history_entry",
    sa.column("id", sa.Integer),
    sa.column("application_id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("event", sa.String),
    sa.column("actor_id", sa.Integer),
    sa.column("note", sa.Text),
    sa.column("shown", sa.String),
)
event = sa.table(
    "event",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("subject_kind", sa.String),
    sa.column("subject_key", sa.String),
    sa.column("application_id", sa.Integer),
    sa.column("details", sa.JSON),
)

SQLITE_TRIGGERS = (
    "CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event "
    "BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END",
    "CREATE TRIGGER event_is_never_replaced BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END",
    "CREATE TRIGGER event_goes_with_its_application BEFORE DELETE ON event "
    "WHEN OLD.application_id IS NULL OR EXISTS (SELECT 1 FROM application WHERE id = OLD.application_id) "
    "BEGIN SELECT RAISE(ABORT, 'an event goes with its application alone'); END",
)
POSTGRESQL_TRIGGERS = (
    """
    CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        IF OLD.application_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM application WHERE id = OLD.application_id) THEN
          RETURN OLD;
        END IF;
        RAISE 'an event goes with its application alone' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RAISE 'an event is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    "CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE ON event "
    "FOR EACH ROW EXECUTE FUNCTION refuse_event_change()",
    "CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON event "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()",
)


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_key", sa.String(120), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_event_actor_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_event_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_application_id_kind_at"), "event", ["application_id", "kind", "at"])
    op.create_index(op.f("ix_event_subject_kind_subject_key"), "event", ["subject_kind", "subject_key"])
    entries = sa.select(history, application.c.reference).join(
        application, application.c.id == history.c.application_id
    )
    for batch in _batches(entries, history.c.id):
        op.bulk_insert(event, [_event(entry) for entry in batch])
    op.drop_table("history_entry")
    for statement in SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    op.create_table(
        "history_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(30), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("shown", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_history_entry_actor_id")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_history_entry_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entry")),
    )
    op.create_index(op.f("ix_history_entry_application_id"), "history_entry", ["application_id"])
    known = [RENAMED.get(name, name) for name in FORMS]
    events = sa.select(event).where(event.c.application_id.is_not(None), event.c.kind.in_(known))
    for batch in _batches(events, event.c.id):
        op.bulk_insert(history, [_entry(row) for row in batch])
    op.drop_table("event")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_event_change()")


def _batches(statement: Any, number: Any) -> Iterator[list[Any]]:
    """The rows in the order of their numbers, some at a time."""
    last = 0
    while rows := op.get_bind().execute(statement.where(number > last).order_by(number).limit(BATCH)).all():
        yield list(rows)
        last = rows[-1].id


def _event(entry: Any) -> dict[str, Any]:
    return {
        "at": entry.at,
        "actor_id": entry.actor_id,
        "kind": RENAMED.get(entry.event, entry.event),
        "subject_kind": "application",
        "subject_key": entry.reference,
        "application_id": entry.application_id,
        "details": FORMS[entry.event][0](entry.shown or entry.note),
    }


def _entry(row: Any) -> dict[str, Any]:
    name = {new: old for old, new in RENAMED.items()}.get(row.kind, row.kind)
    said = FORMS[name][1](row.details)
    is_shown = "state" in row.details
    return {
        "at": row.at,
        "event": name,
        "actor_id": row.actor_id,
        "application_id": row.application_id,
        "note": "" if is_shown else said,
        "shown": said if is_shown else None,
    }


def _pair(note: str) -> dict[str, str]:
    before, _, after = note.partition(" → ")
    return {"before": before, "after": after}


def _reevaluated(note: str) -> dict[str, Any]:
    """Of "1 → 2; cet4: met → not_met; rank: – → unknown"."""
    versions, *changes = note.split("; ")
    return {name: int(number) for name, number in _pair(versions).items()} | {"changes": [*map(_change, changes)]}


def _change(text: str) -> dict[str, str | None]:
    key, _, verdicts = text.partition(": ")
    return {
        "requirement": key,
        **{name: None if verdict == NOT_ASKED else verdict for name, verdict in _pair(verdicts).items()},
    }


def _reevaluation_note(details: dict[str, Any]) -> str:
    changes = [
        f"{each['requirement']}: {each['before'] or NOT_ASKED} → {each['after'] or NOT_ASKED}"
        for each in details["changes"]
    ]
    return "; ".join([_arrow(details), *changes])


def _arrow(details: dict[str, Any]) -> str:
    return f"{details['before']} → {details['after']}"


def _versions(note: str) -> dict[str, int]:
    return {"version": int(_pair(note)["after"])}


def _versions_note(details: dict[str, Any]) -> str:
    return f"{details['version'] - 1} → {details['version']}"


Form = tuple[Callable[[str], dict[str, Any]], Callable[[dict[str, Any]], str]]


def _one(name: str, kind: type[str] | type[int] = str) -> Form:
    """A note that is one value."""
    return lambda note: {name: kind(note)}, lambda details: str(details[name])


NOTHING: Form = (lambda _note: {}, lambda _details: "")
# By the former name of the event: how the note, or what was shown, becomes details, and the way back.
FORMS: dict[str, Form] = {
    "submitted": NOTHING,
    "opened": NOTHING,
    "changed": (_versions, _versions_note),
    "moved": (_pair, _arrow),
    "shown": _one("state"),
    "taken_back": _one("state"),
    "judged_again": (_reevaluated, _reevaluation_note),
    "document_asked": _one("text"),
    "document_sent": _one("text"),
    "letter_received": _one("referee"),
    "files_removed": _one("count", int),
    "mail_sent_again": _one("recipient"),
    "mail_sent_elsewhere": (_pair, _arrow),
    "mail_came_back": _one("recipient"),
}
