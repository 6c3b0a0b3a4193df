"""The least that a requirement asks for is its `minimum`, and what an outcome was compared with its `threshold`."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

REASONS = {"line_reached": "reached", "below_line": "below"}
TABLES = {
    "requirement_set": ("requirements", ("id",)),
    "application": ("outcomes", ("id",)),
    "former_version": ("outcomes", ("application_id", "number")),
}
Entry = dict[str, Any]


def upgrade() -> None:
    _rewrite("requirement_set", lambda entry: _renamed(entry, {"line": "minimum"}))
    outcome_names = {"line": "threshold"}
    for table in ("application", "former_version"):
        _rewrite(table, lambda entry: _renamed(entry, outcome_names, {"line": "minimum"}, REASONS))


def downgrade() -> None:
    _rewrite("requirement_set", lambda entry: _renamed(entry, {"minimum": "line"}))
    outcome_names, reasons = {"threshold": "line"}, {new: old for old, new in REASONS.items()}
    for table in ("application", "former_version"):
        _rewrite(table, lambda entry: _renamed(entry, outcome_names, {"minimum": "line"}, reasons))


def _renamed(
    entry: Entry, names: dict[str, str], of_scales: dict[str, str] | None = None, reasons: dict[str, str] | None = None
) -> Entry:
    """A requirement or an outcome with its parts; `of_scales` are the names in `alternatives` where they differ."""
    renamed = {names.get(name, name): value for name, value in entry.items()}
    if "alternatives" in renamed:
        scales = of_scales or names
        renamed["alternatives"] = [
            {scales.get(name, name): value for name, value in scale.items()} for scale in renamed["alternatives"]
        ]
    if "parts" in renamed:
        renamed["parts"] = [_renamed(part, names, of_scales, reasons) for part in renamed["parts"]]
    if reasons and "reason" in renamed:
        renamed["reason"] = reasons.get(renamed["reason"], renamed["reason"])
    return renamed


def _rewrite(name: str, change: Callable[[Entry], Entry]) -> None:
    """Each row in turn, so that the memory it takes does not grow with the table."""
    column, keys = TABLES[name]
    table = sa.table(name, sa.column(column, sa.JSON), *map(sa.column, keys))
    connection = op.get_bind()
    for key in connection.execute(sa.select(*(table.c[each] for each in keys))).all():
        row = sa.and_(*(table.c[each] == value for each, value in zip(keys, key, strict=True)))
        entries = connection.scalar(sa.select(table.c[column]).where(row))
        connection.execute(sa.update(table).where(row).values({column: [change(entry) for entry in entries]}))
