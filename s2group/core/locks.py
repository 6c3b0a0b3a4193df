"""The locks between processes: files in the data folder beside SQLite, advisory locks in PostgreSQL.

PostgreSQL holds them for the processes of all machines. However a process ends, what it held is free: the kernel closes
its files, the server its connections. A lock is not to be taken again by whoever holds it.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import current_app
from sqlalchemy import URL, Engine, create_engine, func, select
from sqlalchemy.exc import DBAPIError

from s2group.extensions import db

FOLDER = "locks"
# So many threads of a process may hold locks at once; one connection is kept for the next one.
MOST_CONNECTIONS = 50


@contextmanager
def exclusive(name: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold `name` alone while the block runs; whether it is held.

    Without `wait` that is False where anybody else holds it, and the block runs all the same. Raises OSError where the
    disk refuses, SQLAlchemyError where the database does not answer.
    """
    with _held(name, together=False, wait=wait) as is_held:
        yield is_held


@contextmanager
def shared(name: str) -> Iterator[None]:
    """Hold `name` together with others, and with nobody who holds it alone; otherwise as `exclusive`."""
    with _held(name, together=True, wait=True):
        yield


def _held(name: str, *, together: bool, wait: bool) -> AbstractContextManager[bool]:
    hold = _held_by_file if db.engine.dialect.name == "sqlite" else _held_by_connection
    return hold(name, together, wait)


@contextmanager
def _held_by_file(name: str, together: bool, wait: bool) -> Iterator[bool]:
    folder: Path = current_app.config["DATA_DIR"] / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    # Only for reading: a disk that has become read-only shall be told by what is to be written.
    descriptor = os.open(folder / f"{name}.lock", os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        yield _lock_file(descriptor, (LOCK_SH if together else LOCK_EX) | (0 if wait else LOCK_NB))
    finally:
        os.close(descriptor)


def _lock_file(descriptor: int, how: int) -> bool:
    try:
        flock(descriptor, how)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _held_by_connection(name: str, together: bool, wait: bool) -> Iterator[bool]:
    """On a connection of its own, which no transaction of the caller's ends."""
    function = f"pg_{'' if wait else 'try_'}advisory_lock{'_shared' if together else ''}"
    with _engine(db.engine.url).connect() as connection:
        answer = connection.scalar(select(getattr(func, function)(_number(name))))
        try:
            yield wait or bool(answer)
        finally:
            try:
                connection.execute(select(func.pg_advisory_unlock_all()))
            except DBAPIError:  # the lock went with the connection
                connection.invalidate()


@lru_cache
def _engine(url: URL) -> Engine:
    return create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=1,
        max_overflow=MOST_CONNECTIONS - 1,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def _number(name: str) -> int:
    """PostgreSQL knows its locks by 64 bits, in each database by itself."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
