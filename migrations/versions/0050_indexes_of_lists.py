"""Indexes for what lists count, filter and sort by, and a mark on looks where something has happened since.

Whoever rebuilds application_look on SQLite keeps the trigger: it stands on event.
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_application_facts_all_met", "application_facts",
     ["required_not_met", "required_unknown", "preferred_not_met", "preferred_unknown", "application_id"]),
    ("ix_application_facts_state_shown_state_application_id", "application_facts",
     ["state", "shown_state", "application_id"]),
    *((f"ix_application_facts_{name}_application_id", "application_facts", [name, "application_id"])
      for name in ("not_met", "required_unknown", "preferred_unknown", "repositories", "state", "route_id")),
    ("ix_application_document_kind_until_application_id", "application_document", ["kind", "until", "application_id"]),
    ("ix_referee_received_at_application_id", "referee", ["received_at", "application_id"]),
    ("ix_document_has_text", "document", ["has_text"]),
    ("ix_application_look_user_id_has_news_application_id", "application_look",
     ["user_id", "has_news", "application_id"]),
)  # fmt: skip
OF_REVIEWS = "ix_review_user_id_application_id"
# What everything is met was looked up by, before there was an index of all four.
FORMER = "ix_application_facts_required_not_met_application_id"
NEWS = """(
  'changed', 'moved', 'shown', 'taken_back', 'reevaluated', 'outcome_verified', 'outcome_overridden', 'document_asked',
  'document_sent', 'asked_again', 'confirmed', 'request_taken_back', 'letter_received', 'files_removed',
  'mail_came_back', 'reply_added'
)"""
MARK = """
  UPDATE application_look SET has_news = true
  WHERE application_id = NEW.application_id AND event_id < NEW.id
    AND (NEW.actor_id IS NULL OR user_id <> NEW.actor_id)
"""
SQLITE = (f"CREATE TRIGGER event_is_news AFTER INSERT ON event WHEN NEW.kind IN {NEWS} BEGIN {MARK}; END",)
POSTGRESQL = (
    f"CREATE FUNCTION mark_news() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {MARK}; RETURN NULL; END $$",
    f"CREATE TRIGGER event_is_news AFTER INSERT ON event FOR EACH ROW WHEN (NEW.kind IN {NEWS}) "
    "EXECUTE FUNCTION mark_news()",
)
FILL = f"""
  UPDATE application_look SET has_news = true WHERE EXISTS (
    SELECT 1 FROM event
    WHERE event.application_id = application_look.application_id AND event.kind IN {NEWS}
      AND event.id > application_look.event_id
      AND (event.actor_id IS NULL OR event.actor_id <> application_look.user_id)
  )
"""  # noqa: S608 - of constants


def upgrade() -> None:
    op.add_column("application_look", sa.Column("has_news", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(FILL)
    for name, table, columns in INDEXES:
        op.create_index(op.f(name), table, columns)
    op.drop_index(op.f(FORMER), "application_facts")
    op.drop_index(op.f(OF_REVIEWS), "review")
    op.create_index(op.f(OF_REVIEWS), "review", ["user_id", "application_id"], unique=True)
    for statement in _of_dialect():
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER event_is_news" + (" ON event" if op.get_bind().dialect.name == "postgresql" else ""))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION mark_news()")
    op.drop_index(op.f(OF_REVIEWS), "review")
    op.create_index(op.f(OF_REVIEWS), "review", ["user_id", "application_id"])
    op.create_index(op.f(FORMER), "application_facts", ["required_not_met", "application_id"])
    for name, table, _ in INDEXES:
        op.drop_index(op.f(name), table)
    with op.batch_alter_table("application_look") as batch:
        batch.drop_column("has_news")


def _of_dialect() -> tuple[str, ...]:
    return POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE
