"""The rows of a database as lines of JSON, the same from SQLite as from PostgreSQL.

Tables are taken as the database itself describes them, not as today's models do, so that an archive of an older version
can be loaded into a database of that version.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from typing import IO, Any

from sqlalchemy import JSON, Column, Connection, Date, DateTime, Integer, MetaData, Table, cast, func, insert, select
from sqlalchemy.dialects.postgresql import REGCLASS

# How many rows are held in memory at a time.
BATCH = 200
REVISION_TABLE = "alembic_version"
# The tables of the full-text index: triggers write them when the words are loaded.
INDEX = "search_index"
# The token of what the public sees: triggers renew it.
GENERATION = "content_generation"


def described_tables(connection: Connection) -> Mapping[str, Table]:
    """Every table by name, but the one that holds the revision, and what the database makes of another by itself."""
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                # None in a column that must not be NULL was the JSON null.
                column.type.none_as_null = bool(column.nullable)
    return {
        name: table
        for name, table in metadata.tables.items()
        if not name.startswith((REVISION_TABLE, INDEX, GENERATION))
    }


def dump_rows(connection: Connection, table: Table, sink: IO[bytes]) -> int:
    """Write a line for each row, in the order of the primary key; how many.

    Raises TypeError for a kind of value that has no form here.
    """
    statement = select(table).order_by(*table.primary_key)
    count = 0
    for row in connection.execute(statement, execution_options={"yield_per": BATCH}).mappings():
        sink.write(json.dumps(dict(row), default=_as_text).encode() + b"\n")
        count += 1
    return count


def load_rows(connection: Connection, table: Table, lines: Iterable[bytes]) -> None:
    """Insert what dump_rows wrote."""
    rest = iter(lines)
    while batch := list(islice(rest, BATCH)):
        connection.execute(insert(table), [_row(table, line) for line in batch])


@contextmanager
def loading(connection: Connection, tables: Mapping[str, Table]) -> Iterator[None]:
    """Within the caller's transaction: rows may come in any order; at the end every reference is checked.

    Rows refer to each other, also within one table. Afterwards PostgreSQL's sequences go on behind the highest number.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # until the commit, which checks
        yield
        return
    _alter_references(connection, tables, "DEFERRABLE INITIALLY DEFERRED")
    yield
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    _alter_references(connection, tables, "NOT DEFERRABLE")
    for table in tables.values():
        advance_sequences(connection, table)


def advance_sequences(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number the rows to come behind those of `table`.

    Both functions answer NULL, and do nothing, where there is no sequence or no row.
    """
    name = connection.dialect.identifier_preparer.format_table(table)
    for column in [column for column in table.primary_key if isinstance(column.type, Integer)]:
        sequence = cast(func.pg_get_serial_sequence(name, column.name), REGCLASS)
        connection.execute(select(func.setval(sequence, func.max(column))))


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        # SQLite keeps moments in UTC and gives them back naive.
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a backup has no form for {type(value).__name__}")


def _row(table: Table, line: bytes) -> dict[str, Any]:
    return {name: _value(table.c[name], value) for name, value in json.loads(line).items()}


def _value(column: Column[Any], value: Any) -> Any:
    read = _reader(column)
    return read(value) if read and value is not None else value


def _reader(column: Column[Any]) -> Callable[[str], date] | None:
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat
    return date.fromisoformat if isinstance(column.type, Date) else None


def _alter_references(connection: Connection, tables: Mapping[str, Table], how: str) -> None:
    names = connection.dialect.identifier_preparer
    for table in tables.values():
        for constraint in table.foreign_key_constraints:
            name = names.format_constraint(constraint)
            connection.exec_driver_sql(f"ALTER TABLE {names.format_table(table)} ALTER CONSTRAINT {name} {how}")
