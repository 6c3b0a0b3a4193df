"""A token that every change of what the public sees renews, whoever makes it.

Whoever rebuilds one of these tables on SQLite must make its triggers anew; a test looks whether they are there.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

PUBLIC = (
    "admission_route", "authorship", "call", "group_profile", "member", "member_line", "metric", "news_item",
    "news_member", "news_picture", "news_publication", "partner", "picture", "profile_entry", "project",
    "project_line", "project_member", "project_publication", "publication", "publication_line",
    "release_publication", "released_item", "requirement_set", "research_line", "search_entry", "sample_line",
    "sample_publication", "site_page", "sound_sample", "venue",
)  # fmt: skip
CHANGES = ("INSERT", "UPDATE", "DELETE")
# Of applications the public sees how many places of a route are left; all else of them renews nothing.
TAKES_A_PLACE = "{row}.shown_state IN ('offer', 'accepted')"
PLACES = {
    "INSERT": TAKES_A_PLACE.format(row="NEW"),
    "UPDATE": "OLD.shown_state <> NEW.shown_state",
    "DELETE": TAKES_A_PLACE.format(row="OLD"),
}


def upgrade() -> None:
    op.create_table(
        "content_generation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(36), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_content_generation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_generation")),
    )
    if _is_sqlite():
        op.execute("INSERT INTO content_generation VALUES (1, lower(hex(randomblob(16))))")
    else:
        op.execute("INSERT INTO content_generation VALUES (1, gen_random_uuid())")
        op.execute(
            "CREATE FUNCTION renew_content_generation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "UPDATE content_generation SET token = gen_random_uuid(); RETURN NULL; END $$"
        )
    for statement in _triggers():
        op.execute(statement)


def downgrade() -> None:
    for table in (*PUBLIC, "application_facts"):
        for change in CHANGES:
            on = "" if _is_sqlite() else f" ON {_quoted(table)}"
            op.execute(f"DROP TRIGGER {_name(table, change)}{on}")
    op.drop_table("content_generation")
    if not _is_sqlite():
        op.execute("DROP FUNCTION renew_content_generation()")


def _triggers() -> Iterator[str]:
    for change in CHANGES:
        for table in PUBLIC:
            yield _trigger(table, change)
        yield _trigger("application_facts", change, PLACES[change])


def _trigger(table: str, change: str, condition: str = "") -> str:
    """Where there is a condition, it is asked for each row."""
    head = f"CREATE TRIGGER {_name(table, change)} AFTER {change} ON {_quoted(table)} "
    if _is_sqlite():
        renew = "BEGIN UPDATE content_generation SET token = lower(hex(randomblob(16))); END"
        return head + (f"WHEN {condition} " if condition else "") + renew
    each = f"FOR EACH ROW WHEN ({condition})" if condition else "FOR EACH STATEMENT"
    return f"{head}{each} EXECUTE FUNCTION renew_content_generation()"


def _name(table: str, change: str) -> str:
    return f"{table}_{change.lower()}_renews_content"


def _quoted(table: str) -> str:
    return f'"{table}"'


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
