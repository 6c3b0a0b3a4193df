"""Projects and partners are known by keys, no longer by their places in the files."""

import re
import unicodedata
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PROJECT = sa.table("project", *map(sa.column, ("id", "position", "start", "grant_number")), sa.column("title", sa.JSON))
PARTNER = sa.table("partner", *map(sa.column, ("id", "position")), sa.column("name", sa.JSON))
LONGEST = 60


def upgrade() -> None:
    connection = op.get_bind()
    projects = connection.execute(sa.select(PROJECT).order_by(PROJECT.c.position, PROJECT.c.id)).mappings().all()
    partners = connection.execute(sa.select(PARTNER).order_by(PARTNER.c.position, PARTNER.c.id)).mappings().all()
    for name in ("project", "partner"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("key", sa.String(LONGEST), nullable=True))
    _set("project", projects, [_key(*_project_names(each)) for each in projects])
    _set("partner", partners, [_key(each["name"].get("en", ""), each["name"].get("zh", "")) for each in partners])
    for name in ("project", "partner"):
        with op.batch_alter_table(name) as table:
            table.alter_column("key", existing_type=sa.String(LONGEST), nullable=False)
            table.create_unique_constraint(op.f(f"uq_{name}_key"), ["key"])
    with op.batch_alter_table("project") as table:
        table.drop_constraint("uq_project_position", type_="unique")


def downgrade() -> None:
    connection = op.get_bind()
    places = sa.select(PROJECT.c.id).order_by(PROJECT.c.position, PROJECT.c.id)
    for place, number in enumerate(connection.scalars(places).all()):
        connection.execute(sa.update(PROJECT).where(PROJECT.c.id == number).values(position=place))
    for name in ("project", "partner"):
        with op.batch_alter_table(name) as table:
            table.drop_constraint(f"uq_{name}_key", type_="unique")
            table.drop_column("key")
    with op.batch_alter_table("project") as table:
        table.create_unique_constraint(op.f("uq_project_position"), ["position"])


def _project_names(project: Any) -> Iterator[str]:
    """As the portal makes a key of a line that says none."""
    if project["grant_number"]:
        yield f"grant {project['grant_number']}"
        return
    zh, en = project["title"].get("zh", ""), project["title"].get("en", "")
    yield en and f"{en} {project['start']}"
    yield f"{zh} {project['start']}"


def _key(*names: str) -> str:
    slugs = (_slug(name)[:LONGEST].strip("-") for name in names)
    return (
        next(filter(re.compile("[a-z]").search, slugs), None) or f"x{sha256(' '.join(names).encode()).hexdigest()[:8]}"
    )


def _slug(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", letters.replace("'", "")))


def _set(name: str, rows: Any, keys: list[str]) -> None:
    table = sa.table(name, sa.column("id"), sa.column("key"))
    given: set[str] = set()
    for row, key in zip(rows, keys, strict=True):
        own, number = key, 1
        while own in given:
            number += 1
            own = f"{key[: LONGEST - 5]}-{number}"
        given.add(own)
        op.get_bind().execute(sa.update(table).where(table.c.id == row["id"]).values(key=own))
