"""Bringing the files of the public record into the store."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path, PurePath

from flask import current_app
from flask_babel import lazy_gettext
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from s2group.content.records.errors import ContentError
from s2group.content.samples.rules import MEDIA_TYPES as SOUNDS
from s2group.content.stored_files.models import ContentFile
from s2group.content.stored_files.queries import is_uploaded_file, shown_files, stored_hashes
from s2group.core.database import transaction
from s2group.core.identifiers import new_token
from s2group.documents.inspection import CHECKED, Inspection, inspect
from s2group.documents.models import Document
from s2group.documents.rules import PDF
from s2group.documents.services import remove_unnamed
from s2group.documents.store import held, store
from s2group.extensions import db

# By the endings of their names. Pictures and sounds were looked at when they were read.
PICTURES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
MEDIA_TYPES = PICTURES | SOUNDS | {".pdf": PDF}


@dataclass(frozen=True)
class Arrived:
    """A file that is in the store by now, and has no row yet."""

    path: str
    sha256: str
    size: int
    seen: Inspection


@contextmanager
def files_kept(folder: Path, wanted: Mapping[str, str | None]) -> Iterator[list[Arrived]]:
    """Have files below `folder` in the store while the block writes rows; those that are new.

    `wanted` are their paths, each with the SHA-256 that it was found to have, if it was looked at. Holds the store
    meanwhile, so that nobody takes them for nobody's. Raises ContentError where a file is gone, empty or has changed,
    and OSError where the store refuses.
    """
    known = stored_hashes()
    db.session.rollback()  # looking into files may take a while: hold no view of the database meanwhile
    with held():
        arrived = (_arrived(folder, path, expected, known.get(path)) for path, expected in sorted(wanted.items()))
        yield [file for file in arrived if file]


def record_files(session: Session, *, arrived: Iterable[Arrived], wanted: Collection[str], now: datetime) -> list[str]:
    """Make the rows of what has arrived, and drop those of files that neither are wanted nor came from an editor; the
    hashes of what was dropped.

    The caller removes those with `forget_files` once this is committed.
    """
    new = {file.path: file for file in arrived}
    stored = session.scalars(select(ContentFile))
    going = [file for file in stored if file.path in new or not (file.path in wanted or is_uploaded_file(file.path))]
    dropped = [file.document.sha256 for file in going]
    ids = [file.document_id for file in going]
    for file in going:
        session.delete(file)
    session.flush()
    if ids:
        session.execute(delete(Document).where(Document.id.in_(ids)))
    for added in new.values():
        add_file(session, added, now)
    session.flush()
    return dropped


def add_file(session: Session, file: Arrived, now: datetime) -> None:
    """Make the row of a file that is in the store; the caller holds it."""
    session.add(ContentFile(path=file.path, document=_document(file, now)))


def forget_files(dropped: Iterable[str]) -> None:
    """Remove what `record_files` has dropped, unless another row names it; what stays, the check sets aside."""
    try:
        remove_unnamed(dropped)
    except OSError as error:
        current_app.logger.warning("files that the record no longer shows could not be removed: %s", error)


def bring_files_over(folder: Path, *, now: datetime) -> int:
    """Put into the store what an earlier version showed from the content folder; how many files that were.

    A file that is gone or has changed since it was loaded is left to the next load. Raises ContentError, OSError.
    """
    shown, stored = shown_files(), stored_hashes()
    missing = {
        path: sha256 for path, sha256 in shown.items() if path not in stored and _is_there(folder / path, sha256)
    }
    if not missing:
        return 0
    with files_kept(folder, missing) as arrived, transaction() as session:
        record_files(session, arrived=arrived, wanted={*shown, *stored}, now=now)
    return len(arrived)


def _is_there(file: Path, sha256: str | None) -> bool:
    return file.is_file() and sha256 in (None, _hash(file))


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _arrived(folder: Path, path: str, expected: str | None, known: str | None) -> Arrived | None:
    """None where the store has this very file already."""
    try:
        if known == _hash(folder / path) and store.has(known):
            return None
        with (folder / path).open("rb") as file:
            sha256 = store.put(file)
    except (FileNotFoundError, PermissionError) as error:
        raise ContentError(
            path, lazy_gettext("the file cannot be read"), lazy_gettext("Put it back, or take it out of the record")
        ) from error
    if expected not in (None, sha256):
        raise ContentError(path, lazy_gettext("the file has changed meanwhile"), lazy_gettext("Load again"))
    if not store.size(sha256):
        raise ContentError(path, lazy_gettext("the file is empty"), lazy_gettext("Save it again"))
    with store.local(sha256) as local:
        seen = inspect(local) if path.endswith(".pdf") else Inspection(status=CHECKED, pages=1)
    return Arrived(path, sha256, store.size(sha256), seen)


def _document(file: Arrived, now: datetime) -> Document:
    return Document(
        token=new_token(),
        sha256=file.sha256,
        size=file.size,
        original_name=PurePath(file.path).name,
        media_type=MEDIA_TYPES[PurePath(file.path).suffix],
        inspection=file.seen.status,
        fault=file.seen.fault,
        pages=file.seen.pages,
        findings=list(file.seen.findings),
        stored_at=now,
        inspections=1,
        visitor=None,
    )
