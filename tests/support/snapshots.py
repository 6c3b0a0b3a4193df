"""Content that was loaded once, put into the next empty database row by row: that takes a fifth of the time."""

import io
from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, insert, select

from s2group.backup.tables import advance_sequences
from s2group.core.database import transaction
from s2group.documents.store import read_bytes, store
from s2group.extensions import Base, db

Rows = dict[Table, list[dict[str, Any]]]
known: dict[str, Rows] = {}
# The stored files that such rows name.
contents: dict[str, list[bytes]] = {}


def loaded_once(name: str, load: Callable[[], None]) -> None:
    """Do `load`, or what it did to an empty database before; `name` says what it loads."""
    rows = known.get(name)
    if rows and _is_empty(rows):
        _put(rows)
        for content in contents[name]:
            store.put(io.BytesIO(content))
        return
    before = _taken()
    load()
    if not before:
        known[name] = _taken()
        contents[name] = [read_bytes(file.sha256) for file in store.list("")]


def _is_empty(rows: Rows) -> bool:
    counts = " + ".join(f"(SELECT count(*) FROM {table.name})" for table in rows)
    found: int = db.session.connection().exec_driver_sql(f"SELECT {counts}").scalar_one()
    return found == 0


def _taken() -> Rows:
    tables = {table: db.session.execute(select(table)).mappings() for table in Base.metadata.sorted_tables}
    rows = {table: [dict(row) for row in found] for table, found in tables.items()}
    return {table: found for table, found in rows.items() if found}


def _put(rows: Rows) -> None:
    with transaction() as session:
        connection = session.connection()
        for table, found in rows.items():
            connection.execute(insert(table), found)
            if connection.dialect.name == "postgresql":
                advance_sequences(connection, table)
