"""Restoring a backup into an empty place."""

import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath
from typing import IO

import flask_migrate
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection, Table, inspect, literal, select
from sqlalchemy.exc import StatementError

from s2group.admissions.upkeep import make_anew
from s2group.backup.archive import ArchiveError, Manifest, Take, read_archive
from s2group.backup.tables import REVISION_TABLE, described_tables, load_rows, loading
from s2group.content.folder import data_content_dir, holds_files
from s2group.core.database import WRITES, make_sqlite_file
from s2group.core.disk import new_folder
from s2group.core.storage_errors import storage_error
from s2group.documents.store import store
from s2group.extensions import db
from s2group.privacy import deletion_log
from s2group.privacy.deletion import complete_deletion_log, replay_deletions

CHUNK = 1024 * 1024
# A row in one of these was put there by a person. All else may come from the content files, and is in the archive too.
PEOPLES_TABLES = {"application", "document", "outbox_mail", "user_account"}


class NotEmptyError(Exception):
    """The place to restore into holds something already."""


@dataclass(frozen=True)
class Restored:
    """What was restored, how many applications of it were deleted again, and where content files from before are."""

    manifest: Manifest
    deleted_again: int
    set_aside: Path | None


def restore_backup(*, archive: Path, secret: str | None, deletions: Path | None) -> Restored:
    """Restore database and files from `archive`, then delete again what `deletions`, a journal, says.

    `secret` is what opens the archive, as for `read_archive`. Without `deletions` the journal that lies with the store
    is taken, if there is one. The archive is proven before anything is touched. Rows that no person has made, such as
    loaded content, are replaced. Content files in the data folder are set aside where the archive brings others. In the
    end the database has the newest version, and what it keeps about applications is as this version makes it.

    Raises NotEmptyError, ArchiveError, JournalError, and OSError where a disk refuses. After that last one, and where
    the rows do not fit their tables, the store may hold files already, and the database none of the archive's rows.
    """
    make_sqlite_file()
    _refuse_unless_empty()
    entries = deletion_log.read(deletions) if deletions else deletion_log.own_entries()
    manifest = read_archive(archive, secret=secret)
    _refuse_unknown(manifest.revision)
    _migrate_to(manifest.revision)
    _refuse_unknown_tables(manifest)
    aside = _place_aside() if manifest.content else None
    with (
        db.engine.connect().execution_options(**{WRITES: True}) as connection,
        connection.begin(),
        _restored_content(aside) if manifest.content else nullcontext() as content,
        loading(connection, tables := described_tables(connection)),
    ):
        read_archive(archive, secret=secret, take=_take(connection, tables, content))
    flask_migrate.upgrade()
    deleted_again = replay_deletions(entries)
    complete_deletion_log()
    make_anew()
    return Restored(manifest, deleted_again, aside)


def _refuse_unless_empty() -> None:
    with db.engine.connect() as connection:
        described = described_tables(connection)
        of_content = _content_documents(connection, described)
        if any(file.sha256 not in of_content.values() for file in store.list("")):
            raise NotEmptyError(f"{store} holds files. A backup is restored into an empty place only.")
        if any(_has_rows(connection, described[name], of_content) for name in described.keys() & PEOPLES_TABLES):
            raise NotEmptyError(
                "The database holds accounts or applications. A backup is restored into an empty one only."
            )


def _content_documents(connection: Connection, described: Mapping[str, Table]) -> dict[int, str]:
    """Id and hash of the documents that are pictures and papers of loaded content."""
    if "content_file" not in described:
        return {}
    documents, files = described["document"], described["content_file"]
    statement = select(documents.c.id, documents.c.sha256).join(files, files.c.document_id == documents.c.id)
    return dict(connection.execute(statement).all())


def _has_rows(connection: Connection, table: Table, of_content: Collection[int]) -> bool:
    """Whether there is a row that no loading of content has made."""
    rows = select(literal(1)).select_from(table).limit(1)
    if table.name == "document":
        rows = rows.where(table.c.id.not_in(list(of_content)))
    return connection.scalar(rows) is not None


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
def _restored_content(aside: Path | None) -> Iterator[Path]:
    """A folder for the archive's content files, which takes its place at the end; what is there goes to `aside`."""
    with new_folder(data_content_dir()) as folder:
        yield folder
        if aside:
            data_content_dir().rename(aside)


def _place_aside() -> Path | None:
    """Where the content files that are here will go, if there are any: they may be somebody's work."""
    folder = data_content_dir()
    names = (folder.with_name(f"content.before-restore-{number}") for number in count(1))
    return next(name for name in names if not name.exists()) if holds_files(folder) else None


def _take(connection: Connection, tables: Mapping[str, Table], content: Path | None) -> Take:
    """What takes files into the store, rows into the transaction, and content files into the folder `content`."""

    def take(name: str, file: IO[bytes]) -> None:
        kind, _, which = name.partition("/")
        if kind == "files":
            store.put(file)
        elif kind == "content":
            _keep_content(content, which, file)
        else:
            _load(connection, tables, which.removesuffix(".jsonl"), file)

    return take


def _keep_content(folder: Path | None, path: str, file: IO[bytes]) -> None:
    """Raises ArchiveError where the path would lead out of `folder`."""
    if folder is None or PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        raise ArchiveError("This archive does not fit its version: it names content files that it cannot hold.")
    place = folder / path
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with place.open("xb") as opened:
        shutil.copyfileobj(file, opened)


def _load(connection: Connection, tables: Mapping[str, Table], name: str, rows: IO[bytes]) -> None:
    """Raises ArchiveError where the rows are none of that table; its words quote none of them."""
    try:
        load_rows(connection, tables[name], rows)
    except (KeyError, ValueError, TypeError, AttributeError, StatementError) as error:
        if storage_error(error):
            raise
        raise ArchiveError(f"This archive does not fit its version: its table {name} cannot be loaded.") from error
