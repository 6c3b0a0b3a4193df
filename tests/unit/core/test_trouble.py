"""What is trouble with disk or database, and what is not; and an upload that meets a full disk."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError, ProgrammingError, TimeoutError

from s2group.core.storage_errors import DiskFullError, StorageError, code_of, storage_error
from s2group.core.upload_stream import IN_MEMORY, UploadStream


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "it.sqlite3", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE note (text)")
        yield connection


def _failing(connection: sqlite3.Connection, pragma: str) -> OperationalError:
    """What SQLAlchemy makes of a write that SQLite refuses."""
    connection.execute(f"PRAGMA {pragma}")
    with pytest.raises(sqlite3.Error) as refusal:
        connection.execute("INSERT INTO note VALUES (?)", ["x" * 100_000])
    return OperationalError("INSERT", None, refusal.value)


def test_a_full_sqlite_database_is_a_full_disk(database: sqlite3.Connection) -> None:
    error = _failing(database, "max_page_count = 2")
    assert (type(storage_error(error)), code_of(error)) == (DiskFullError, "SQLITE_FULL")


def test_a_sqlite_database_that_only_reads_is_trouble(database: sqlite3.Connection) -> None:
    error = _failing(database, "query_only = on")
    assert (type(storage_error(error)), code_of(error)) == (StorageError, "SQLITE_READONLY")


def test_a_locked_sqlite_database_is_trouble(database: sqlite3.Connection, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "it.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        error = _failing(database, "busy_timeout = 10")
    assert (type(storage_error(error)), code_of(error)) == (StorageError, "SQLITE_BUSY")


def test_a_missing_table_is_a_mistake_of_ours(database: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.Error) as refusal:
        database.execute("SELECT * FROM nothing")
    assert storage_error(OperationalError("SELECT", None, refusal.value)) is None


@pytest.mark.parametrize(
    ("wrapper", "cause", "expected"),
    [
        (OperationalError, psycopg.errors.DiskFull(), DiskFullError),
        (OperationalError, psycopg.errors.TooManyConnections(), StorageError),
        (OperationalError, psycopg.errors.AdminShutdown(), StorageError),
        (OperationalError, psycopg.errors.CannotConnectNow(), StorageError),
        (OperationalError, psycopg.errors.DeadlockDetected(), StorageError),
        (OperationalError, psycopg.errors.LockNotAvailable(), StorageError),
        (InternalError, psycopg.errors.ReadOnlySqlTransaction(), StorageError),
        (OperationalError, psycopg.OperationalError("connection refused"), StorageError),
        (InternalError, psycopg.errors.InFailedSqlTransaction(), type(None)),
        (ProgrammingError, psycopg.errors.UndefinedTable(), type(None)),
        (InterfaceError, psycopg.InterfaceError("misused"), type(None)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_postgresql_says_by_its_code(wrapper: type[DBAPIError], cause: psycopg.Error, expected: type) -> None:
    assert type(storage_error(wrapper("SELECT", None, cause))) is expected


def test_a_connection_lost_in_the_middle_is_trouble() -> None:
    lost = InterfaceError("SELECT", None, psycopg.InterfaceError("closed"), connection_invalidated=True)
    assert type(storage_error(lost)) is StorageError


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, "full"), DiskFullError),
        (OSError(errno.EDQUOT, "quota"), DiskFullError),
        (OSError(errno.EROFS, "read-only"), StorageError),
        (PermissionError(errno.EACCES, "no"), StorageError),
        (FileNotFoundError(errno.ENOENT, "where"), type(None)),
        (OSError("no number"), type(None)),
        (TimeoutError("no connection is free"), StorageError),
        (ValueError("another matter"), type(None)),
    ],
)
def test_the_disk_says_by_its_number(error: Exception, expected: type) -> None:
    assert type(storage_error(error)) is expected


def test_what_is_logged_of_an_error_quotes_no_row() -> None:
    error = OperationalError("INSERT", {"name": "测试甲"}, psycopg.errors.DiskFull("测试甲"))
    assert code_of(error) == "53100"
    assert code_of(OSError(errno.EROFS, "测试甲")) == "EROFS"
    assert code_of(ValueError("测试甲")) == "ValueError"


def test_an_upload_comes_back_as_it_was() -> None:
    data = bytes(range(256)) * (IN_MEMORY // 128)
    with UploadStream(max_size=IN_MEMORY, mode="rb+") as spool:
        spool.write(data)
        spool.seek(0)
        assert spool.read() == data


def test_an_upload_that_does_not_fit_is_told_when_it_is_read() -> None:
    with Path("/dev/full").open("rb+") as full, UploadStream(max_size=0, mode="rb+") as spool:
        spool.rollover()
        spool._file.close()
        spool._file = full
        for _ in range(10):
            assert spool.write(b"." * 100_000) == 100_000
        spool.seek(0)
        with pytest.raises(DiskFullError):
            spool.read()
