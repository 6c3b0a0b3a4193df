"""Restoring a backup into an empty place."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

import flask_migrate
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection, Table, inspect, literal, select, table
from sqlalchemy.exc import StatementError

from s2group.backup.archive import ArchiveError, Manifest, Take, read_archive
from s2group.backup.tables import REVISION_TABLE, described_tables, load_rows, loading
from s2group.core.database import WRITES, make_sqlite_file
from s2group.core.storage_errors import storage_error
from s2group.documents import store
from s2group.extensions import db
from s2group.privacy import deletion_log
from s2group.privacy.deletion import complete_deletion_log, replay_deletions

CHUNK = 1024 * 1024
# A row in one of these was put there by a person. All else may come from the content files, and is in the archive too.
PEOPLES_TABLES = ("application", "document", "outbox_mail", "user_account")


class NotEmptyError(Exception):
    """The place to restore into holds something already."""


@dataclass(frozen=True)
class Restored:
    """What was restored, and how many applications of it were deleted again."""

    manifest: Manifest
    deleted_again: int


def restore_backup(*, archive: Path, secret: str | None, deletions: Path | None) -> Restored:
    """Restore database and files from `archive`, then delete again what `deletions`, a journal, says.

    `secret` is what opens the archive, as for `read_archive`. Without `deletions` the journal in the data folder is
    taken, if there is one. The archive is proven before anything is touched. Rows that no person has made, such as
    loaded content, are replaced. In the end the database has the newest version.

    Raises NotEmptyError, ArchiveError, JournalError, and OSError where a disk refuses. After that last one, and where
    the rows do not fit their tables, the store may hold files already, and the database none of the archive's rows.
    """
    make_sqlite_file()
    _refuse_unless_empty()
    entries = deletion_log.read(deletions or deletion_log.deletion_log_path())
    manifest = read_archive(archive, secret=secret)
    _refuse_unknown(manifest.revision)
    _migrate_to(manifest.revision)
    _refuse_unknown_tables(manifest)
    with _loading_transaction() as take:
        read_archive(archive, secret=secret, take=take)
    flask_migrate.upgrade()
    deleted_again = replay_deletions(entries)
    complete_deletion_log()
    return Restored(manifest, deleted_again)


def _refuse_unless_empty() -> None:
    storage: Path = current_app.config["STORAGE_DIR"]
    if any(storage.glob("[0-9a-f][0-9a-f]/*")):
        raise NotEmptyError(f"{storage} holds files. A backup is restored into an empty place only.")
    with db.engine.connect() as connection:
        present = set(inspect(connection).get_table_names()) & set(PEOPLES_TABLES)
        if any(_has_rows(connection, name) for name in present):
            raise NotEmptyError(
                "The database holds accounts or applications. A backup is restored into an empty one only."
            )


def _has_rows(connection: Connection, name: str) -> bool:
    return connection.scalar(select(literal(1)).select_from(table(name)).limit(1)) is not None


def _refuse_unknown(revision: str) -> None:
    scripts = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    try:
        scripts.get_revision(revision)
    except CommandError as error:
        raise ArchiveError(
            f"This archive was made by a newer version: there is no database revision {revision} here."
        ) from error


def _refuse_unknown_tables(manifest: Manifest) -> None:
    """The archive's revision is one of ours, and yet it holds what that revision had no place for."""
    with db.engine.connect() as connection:
        known = described_tables(connection)
    if unknown := sorted(manifest.rows.keys() - known.keys()):
        raise ArchiveError(f"This archive holds tables that its version does not have: {', '.join(unknown)}.")


def _migrate_to(revision: str) -> None:
    """Make an empty database of that revision, whatever version of an empty one is there."""
    if inspect(db.engine).has_table(REVISION_TABLE):
        flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade(revision=revision)


@contextmanager
def _loading_transaction() -> Iterator[Take]:
    """Take files into the store and rows into one transaction, which is committed at the end."""
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        tables = described_tables(connection)

        def take(name: str, file: IO[bytes]) -> None:
            kind, _, which = name.partition("/")
            if kind == "files":
                _keep_file(file)
            else:
                _load(connection, tables, which.removesuffix(".jsonl"), file)

        with loading(connection, tables):
            yield take


def _load(connection: Connection, tables: Mapping[str, Table], name: str, rows: IO[bytes]) -> None:
    """Raises ArchiveError where the rows are none of that table; its words quote none of them."""
    try:
        load_rows(connection, tables[name], rows)
    except (KeyError, ValueError, TypeError, AttributeError, StatementError) as error:
        if storage_error(error):
            raise
        raise ArchiveError(f"This archive does not fit its version: its table {name} cannot be loaded.") from error


def _keep_file(file: IO[bytes]) -> None:
    """Into the store, which names it after the bytes that it holds."""
    chunks = iter(partial(file.read, CHUNK), b"")
    with store.receive(chunks, limit=sys.maxsize) as incoming:
        incoming.keep()
