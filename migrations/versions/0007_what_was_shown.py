"""What an applicant is shown is data of its own, no longer the words of a note."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

history = sa.table(
    "history_entry",
    sa.column("id", sa.Integer),
    sa.column("application_id", sa.Integer),
    sa.column("event", sa.String),
    sa.column("note", sa.String),
    sa.column("shown", sa.String),
)
application = sa.table(
    "application", sa.column("id", sa.Integer), sa.column("state", sa.String), sa.column("withdrawn_shown", sa.String)
)


def upgrade() -> None:
    op.add_column("history_entry", sa.Column("shown", sa.String(10)))
    op.add_column("application", sa.Column("withdrawn_shown", sa.String(10)))
    bind = op.get_bind()
    told: dict[int, list[str]] = {}
    entries = sa.select(history.c.id, history.c.application_id, history.c.note)
    for entry in bind.execute(entries.where(history.c.event == "shown").order_by(history.c.id)).all():
        before = told.setdefault(entry.application_id, ["submitted"])
        event = "taken_back" if before[-1] == "withdrawn" else "shown"
        bind.execute(sa.update(history).where(history.c.id == entry.id).values(event=event, note="", shown=entry.note))
        before.append(entry.note)
    for found in bind.execute(sa.select(application.c.id).where(application.c.state == "withdrawn")).all():
        seen = [state for state in told.get(found.id, ["submitted"]) if state != "withdrawn"]
        bind.execute(sa.update(application).where(application.c.id == found.id).values(withdrawn_shown=seen[-1]))


def downgrade() -> None:
    shown = history.c.shown.is_not(None)
    op.get_bind().execute(sa.update(history).where(shown).values(event="shown", note=history.c.shown))
    for table, column in (("history_entry", "shown"), ("application", "withdrawn_shown")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
