"""Telling trouble with the disk or the database, which passes, from a mistake of ours, which does not."""

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from werkzeug.exceptions import HTTPException

FULL = {errno.ENOSPC, errno.EDQUOT}
REFUSING = {
    errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE, errno.ENODEV, errno.EMFILE, errno.ENFILE,
}  # fmt: skip
# https://www.sqlite.org/rescode.html; the upper bits of a code only refine it.
SQLITE_PRIMARY = 0xFF
SQLITE_REFUSING = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB,
}  # fmt: skip
# PostgreSQL, appendix A: a full disk; connection, rollback by the server, resources, operator, system; then two of
# classes that are otherwise our own mistakes: a server that only reads, and a lock that was not to be had.
POSTGRES_FULL = "53100"
POSTGRES_REFUSING = ("08", "40", "53", "57", "58", "25006", "55P03")


class StorageError(HTTPException):
    """Disk or database cannot do their work just now; the same request may be sent again in `retry_after` seconds."""

    code = 503
    retry_after = 120


class DiskFullError(StorageError):
    """There is no space left. Somebody has to make some, so it takes longer."""

    code = 507
    retry_after = 600


def storage_error(error: BaseException) -> StorageError | None:
    """The trouble with disk or database that `error` stands for; None where it is something else."""
    if isinstance(error, StorageError):
        return error
    if isinstance(error, NoFreeConnection):
        return StorageError()
    if isinstance(error, DBAPIError):
        return _of_database(error)
    return _of_disk(error.errno) if isinstance(error, OSError) else None


def code_of(error: BaseException | None) -> str:
    """What disk or database call the error, such as ENOSPC, SQLITE_BUSY or 57P01; its type where they do not say.

    It is safe to log, other than the error's own words, which may quote a row.
    """
    if isinstance(error, StorageError):
        return code_of(error.__cause__)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, OSError) and cause.errno:
        return errno.errorcode.get(cause.errno, str(cause.errno))
    name = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return str(name or type(cause).__name__)


def _of_disk(number: int | None) -> StorageError | None:
    if number in FULL:
        return DiskFullError()
    return StorageError() if number in REFUSING else None


def _of_database(error: DBAPIError) -> StorageError | None:
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(getattr(error.orig, "sqlite_errorcode", 0) & SQLITE_PRIMARY)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the server was not reached, or is gone in the middle
        return StorageError() if error.connection_invalidated or isinstance(error, OperationalError) else None
    if state == POSTGRES_FULL:
        return DiskFullError()
    return StorageError() if state.startswith(POSTGRES_REFUSING) else None


def _of_sqlite(code: int) -> StorageError | None:
    if code == sqlite3.SQLITE_FULL:
        return DiskFullError()
    return StorageError() if code in SQLITE_REFUSING else None
