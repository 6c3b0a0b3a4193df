"""Transactions, the durability of SQLite, and a column for moments in time."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    ForeignKey,
    Table,
    delete,
    event,
    select,
)
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import TypeDecorator

from s2group.extensions import Base, db

WRITES = "s2group_writes"
BUSY_TIMEOUT_MS = 10_000
DELETED_AT_ONCE = 500
OPENED = "s2group_opened"
POSTGRESQL = ("enable_seqscan = off", "random_page_cost = 1.1", "jit = off", "plan_cache_mode = force_custom_plan")
# What SQLite keeps beside a database: its log, and what its processes share.
COMPANIONS = ("-wal", "-shm")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite would hand it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def link_table(name: str, **ends: str) -> Table:
    """A table that ties the rows of two: for each column the table whose id it holds. A tie goes with either row."""
    (first, one), (second, other) = ends.items()
    return Table(
        name,
        Base.metadata,
        Column(first, ForeignKey(f"{one}.id", ondelete="CASCADE"), primary_key=True),
        Column(second, ForeignKey(f"{other}.id", ondelete="CASCADE"), primary_key=True, index=True),
    )


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work: commits at the end, rolls back on any error. Not to be nested.

    Ends the reading transaction that the request may have open first, because SQLite lets no
    reader become a writer once another has written: a write must begin with BEGIN IMMEDIATE.
    """
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed outside a transaction")
    session.commit()
    session.connection(execution_options={WRITES: True})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def delete_some_at_a_time(key: InstrumentedAttribute[int], which: ColumnElement[bool]) -> int:
    """Delete the rows of which that is true, DELETED_AT_ONCE in each transaction; how many there were.

    `key` is the id of their table.
    """
    some, count = select(key).where(which).limit(DELETED_AT_ONCE), 0
    statement = delete(key.class_).where(key.in_(some)).returning(key)
    while True:
        with transaction() as session:
            deleted = len(session.scalars(statement, execution_options={"synchronize_session": False}).all())
        count += deleted
        if deleted < DELETED_AT_ONCE:
            return count


@contextmanager
def own_transaction(*, wait_ms: int = BUSY_TIMEOUT_MS) -> Iterator[Connection]:
    """A short write on a connection of its own: it neither ends nor joins what the request reads and writes.

    Not within transaction(): SQLite has one writer at a time, and this one would wait for the block around it. It fails
    where somebody else is writing to SQLite for longer than `wait_ms`; storage_error() knows the error.
    """
    session = db.session()
    if session.in_transaction() and session.connection().get_execution_options().get(WRITES):
        raise RuntimeError("a transaction is open that this one would wait for")
    with db.engine.connect() as connection, _busy_timeout(connection, wait_ms):
        writing = connection.execution_options(**{WRITES: True})
        with writing.begin():
            yield writing


@contextmanager
def _busy_timeout(connection: Connection, milliseconds: int) -> Iterator[None]:
    raw: Any = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection) or milliseconds == BUSY_TIMEOUT_MS:
        yield
        return
    raw.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def make_sqlite_file() -> None:
    """Make the file of an SQLite database where there is none, and keep it to the portal's own user.

    The app itself opens only what exists. What SQLite keeps beside it gets the same rights. Raises OSError.
    """
    if db.engine.dialect.name == "sqlite":
        path = Path(str(db.engine.url.database))
        path.touch(mode=0o600)
        for file in _with_companions(path):
            with suppress(FileNotFoundError, PermissionError):  # not there, or another user's own affair
                file.chmod(0o600)


def _with_companions(path: Path) -> tuple[Path, ...]:
    return (path, *(path.with_name(path.name + ending) for ending in COMPANIONS))


def _open_sqlite(dialect: Dialect, record: Any, arguments: list[str], options: dict[str, Any]) -> Any:
    """Open a database that exists and can be written; raises OSError where the disk is read-only.

    By itself SQLite makes an empty one where the file is gone, and where it cannot write it opens the file for reading
    alone: then no later connection of the process could write either, long after the disk is well again.
    """
    if dialect.name != "sqlite":
        return None
    path = Path(arguments[0])
    for file in _with_companions(path):
        if file.exists() and not os.access(file, os.W_OK):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(file))
    record.info[OPENED] = path, _identity(path)
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, **options)


def _leave_a_replaced_file(_connection: object, record: Any, _proxy: object) -> None:
    """Do not write into a file that was deleted or replaced since it was opened: what it is told would be lost."""
    path, identity = record.info.get(OPENED, (None, None))
    if path and _identity(path) != identity:
        raise DisconnectionError("the database is in another file now")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # we begin transactions ourselves
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",  # WAL's usual NORMAL may lose the last commits with the power
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Tell the planner what it does not see: how large the words of an application are, and that statements are short.

    It takes a vector of words that lies outside its row for as cheap as a number and reads all of them where an index
    knows the answer, so it is to walk through a table only where there is no other way. It is not to compile what
    would be answered meanwhile, and to plan each search for the values that are asked: a rare word is no common one.
    """
    if isinstance(connection, sqlite3.Connection):
        return
    with connection.cursor() as cursor:
        for setting in POSTGRESQL:
            cursor.execute(f"SET {setting}")
    connection.commit()


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


event.listen(Engine, "do_connect", _open_sqlite)
event.listen(Engine, "connect", _prepare_sqlite)
event.listen(Engine, "connect", _prepare_postgresql)
event.listen(Engine, "checkout", _leave_a_replaced_file)
event.listen(Engine, "begin", _begin)
