"""Records have revisions, and one table of addresses that lead on."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# The tables of before: name, the column of the address, the column of the record, the kind.
FORMER = (
    ("former_slug", "slug", "news_id", "news_item", "news", 80),
    ("former_member_slug", "slug", "member_id", "member", "member", 60),
    ("former_key", "key", "publication_id", "publication", "publication", 80),
)


def upgrade() -> None:
    op.create_table(
        "revision",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("values", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("in_files", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_revision_counts_from_one")),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_revision_actor_id")),
        sa.PrimaryKeyConstraint("kind", "record_id", "number", name=op.f("pk_revision")),
    )
    op.create_table(
        "former_address",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_former_address")),
    )
    op.create_index("ix_former_address_kind_record_id", "former_address", ["kind", "record_id"])
    for table, column, record, _of, kind, _length in FORMER:
        op.execute(
            f"INSERT INTO former_address (kind, key, record_id) SELECT '{kind}', {column}, {record} FROM {table}"  # noqa: S608
        )
        op.drop_index(op.f(f"ix_{table}_{record}"), table)
        op.drop_table(table)
    _begin_with_the_editors_news()


def _begin_with_the_editors_news() -> None:
    """News belonged to its editors: what they wrote is a revision that the files do not know."""
    connection = op.get_bind()
    columns = "id, slug, day, category, pinned, title, body, published_at, updated_at"
    for row in connection.execute(sa.text(f"SELECT {columns} FROM news_item")).mappings().all():  # noqa: S608
        values = {
            **{name: row[name] for name in ("slug", "category")},
            "day": str(row["day"]),
            "pinned": bool(row["pinned"]),
            "at": _moment(row["published_at"]),
            "draft": row["published_at"] is None,
            **{name: _read(row[name]) for name in ("title", "body")},
            "members": _tied(row["id"], "member", "slug"),
            "papers": _tied(row["id"], "publication", "key"),
            "pictures": _pictures(row["id"]),
        }
        connection.execute(
            sa.text(
                'INSERT INTO revision (kind, record_id, number, "values", at, in_files) '
                "VALUES ('news', :id, 1, :values, :at, :in_files)"
            ),
            {"id": row["id"], "values": json.dumps(values), "at": row["updated_at"], "in_files": False},
        )


def _moment(at: Any) -> str | None:
    """As ISO writes it; SQLite keeps moments in UTC, as text."""
    if at is None:
        return None
    return (datetime.fromisoformat(at).replace(tzinfo=UTC) if isinstance(at, str) else at.astimezone(UTC)).isoformat()


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _tied(news_id: int, table: str, column: str) -> list[str]:
    link = f"SELECT {column} FROM {table} JOIN news_{table} ON {table}_id = id WHERE news_id = :id"  # noqa: S608
    return sorted(op.get_bind().execute(sa.text(link), {"id": news_id}).scalars())


def _pictures(news_id: int) -> list[dict[str, Any]]:
    shown = sa.text(
        "SELECT path, alt FROM news_picture JOIN picture ON digest = picture_digest WHERE news_id = :id "
        "ORDER BY position"
    )
    return [{"file": path, "alt": _read(alt)} for path, alt in op.get_bind().execute(shown, {"id": news_id})]


def downgrade() -> None:
    for table, column, record, of, kind, length in FORMER:
        op.create_table(
            table,
            sa.Column(column, sa.String(length), nullable=False),
            sa.Column(record, sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint([record], [f"{of}.id"], name=op.f(f"fk_{table}_{record}"), ondelete="CASCADE"),
            sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{record}"), table, [record])
        op.execute(
            f"INSERT INTO {table} ({column}, {record}) SELECT key, record_id FROM former_address WHERE kind = '{kind}'"  # noqa: S608
        )
    op.drop_index("ix_former_address_kind_record_id", "former_address")
    op.drop_table("former_address")
    op.drop_table("revision")
