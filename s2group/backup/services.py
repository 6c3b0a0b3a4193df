"""Making a backup: one archive of database and files, while the service runs."""

import io
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from alembic.migration import MigrationContext
from flask import current_app
from sqlalchemy import Connection, Table, select

from s2group.backup.archive import ArchiveWriter, Manifest, read_archive, writing
from s2group.backup.tables import described_tables, dump_rows
from s2group.content.folder import content_files
from s2group.core.disk import flush
from s2group.documents.store import held, read_bytes
from s2group.extensions import db

# Who is signed in, may change what or has tried what, in which browser. A session that was ended must not live again.
PASSING_TABLES = frozenset(
    {"session", "application_access", "known_device", "editor_presence", "sign_in_tries", "upkeep"}
)


@dataclass(frozen=True)
class Snapshot:
    """The database at one moment: the rows of each table, written down, and the files that they name."""

    revision: str
    tables: dict[str, IO[bytes]]
    rows: dict[str, int]
    files: list[str]


def create_backup(*, target: Path, key: str | None, now: datetime) -> Manifest:
    """Write everything that must not be lost into one archive, and read it back; only then it gets its name.

    After a restore nobody is signed in.

    Holds the store meanwhile: uploads go on, a deletion waits. Files that are not whole are left out and named in the
    manifest. Encrypted where there is a `key`, the text of a key file. Raises FileExistsError where `target` exists,
    ArchiveError where the text holds no key, OSError where a disk refuses.
    """
    with _new_file(target) as file:
        with held(), _snapshot() as snapshot, writing(file, key=key, now=now) as archive:
            _write(archive, snapshot, now)
        file.flush()
        os.fsync(file.fileno())
        return read_archive(Path(file.name), secret=key)


def _write(archive: ArchiveWriter, snapshot: Snapshot, now: datetime) -> None:
    """The files first: who restores must have them before the rows that name them."""
    unreadable = [digest for digest in snapshot.files if not _add_file(archive, digest)]
    content = {f"content/{path}": file for path, file in content_files(current_app.config["CONTENT_DIR"])}
    unreadable_content = [ascii(name) for name, file in content.items() if not _add_content(archive, name, file)]
    for name, rows in snapshot.tables.items():
        size = rows.tell()
        rows.seek(0)
        archive.add(f"tables/{name}.jsonl", rows, size)
    archive.finish(
        Manifest(
            made_at=now.isoformat(),
            revision=snapshot.revision,
            rows=snapshot.rows,
            files=len(snapshot.files) - len(unreadable),
            unreadable=unreadable + unreadable_content,
            content=len(content) - len(unreadable_content),
        )
    )


def _add_file(archive: ArchiveWriter, digest: str) -> bool:
    """Add a stored file, proven while it is read; whether it was whole."""
    try:
        data = read_bytes(digest)
    except OSError:
        return False
    archive.add(f"files/{digest}", io.BytesIO(data), len(data))
    return True


def _add_content(archive: ArchiveWriter, name: str, path: Path) -> bool:
    """Add a content file, which somebody may be editing; whether it could be read, and its name be written down."""
    try:
        name.encode()
        data = path.read_bytes()
    except (OSError, UnicodeEncodeError):
        return False
    archive.add(name, io.BytesIO(data), len(data))
    return True


@contextmanager
def _snapshot() -> Iterator[Snapshot]:
    """Write down every table within one transaction that only reads, into files without a name."""
    with ExitStack() as spools:
        yield _take_snapshot(lambda: spools.enter_context(tempfile.TemporaryFile(dir=current_app.config["DATA_DIR"])))


def _take_snapshot(new_spool: Callable[[], IO[bytes]]) -> Snapshot:
    with db.engine.connect() as connection:
        _read_one_moment(connection)
        described = described_tables(connection)
        tables = {name: table for name, table in described.items() if name not in PASSING_TABLES}
        spools = {name: new_spool() for name in tables}
        return Snapshot(
            revision=MigrationContext.configure(connection).get_current_revision() or "",
            tables=spools,
            rows={name: dump_rows(connection, table, spools[name]) for name, table in tables.items()},
            files=_named_files(connection, tables["document"]),
        )


def _read_one_moment(connection: Connection) -> None:
    """SQLite in WAL mode shows a transaction one moment anyway."""
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _named_files(connection: Connection, documents: Table) -> list[str]:
    return list(connection.scalars(select(documents.c.sha256).distinct().order_by(documents.c.sha256)))


@contextmanager
def _new_file(target: Path) -> Iterator[IO[bytes]]:
    """A file beside `target` that takes its name at the end, and is gone where something failed."""
    if target.exists():
        raise FileExistsError(f"{target} exists already, and a backup overwrites nothing")
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        unfinished = Path(file.name)
        try:
            yield file
            unfinished.rename(target)
        except BaseException:
            unfinished.unlink()
            raise
    flush(target.parent)
