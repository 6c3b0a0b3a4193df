"""Tidying: nothing is deleted here but a row that nobody's application needs; files are set aside."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.admissions.queries import application_with_document
from s2group.admissions.services.notices import tell_of_unreadable
from s2group.core.database import transaction
from s2group.core.errors import log_error
from s2group.custody import queries
from s2group.documents import inspection
from s2group.documents.models import Document
from s2group.documents.queries import is_named
from s2group.documents.store import held, store
from s2group.extensions import db

# No upload takes so long to become an application, nor does a form that came back with an error lie open for longer.
ABANDONED_AGE = timedelta(days=1)
# How long after the upload a file is inspected again, by how often that was tried in vain: a machine under load has
# recovered in minutes, a parser has to be mended first.
INSPECTION_PAUSES = {
    1: timedelta(minutes=10),
    2: timedelta(hours=1),
    3: timedelta(hours=6),
    4: timedelta(days=1),
}
INSPECTIONS_AT_ONCE = 20


def set_aside(*, sha256: str, now: datetime) -> bool:
    """Move a stored file to where a person finds it, unless a row names it; whether it was moved.

    Holds the store alone, so that nobody can upload the same bytes meanwhile and count on this copy. Raises OSError.
    """
    with held(alone=True):
        db.session.rollback()  # what was read before the store was held may be out of date
        if is_named(sha256) or not store.has(sha256):
            return False
        store.set_aside(sha256, f"{now:%Y%m%dT%H%M%SZ}-{sha256}")
    return True


def discard_abandoned(*, now: datetime) -> int:
    """Forget the uploads of forms that were left a day ago, and set their files aside; how many there were.

    A form that comes in at this very moment wins: its application refers to the row, and the database keeps it.
    """
    discarded = 0
    for document_id, sha256 in queries.abandoned_documents(now - ABANDONED_AGE):
        if _discard(document_id):
            set_aside(sha256=sha256, now=now)
            discarded += 1
    return discarded


def inspect_waiting(*, now: datetime) -> int:
    """Inspect documents that nobody had the time to look into when they came; how many there were."""
    due = queries.uninspected_documents(pauses={0: timedelta()}, now=now, limit=INSPECTIONS_AT_ONCE)
    db.session.rollback()
    for document_id, sha256, tries in due:
        _inspect(document_id, sha256, tries, now)
    return len(due)


def inspect_again(*, now: datetime) -> int:
    """Inspect documents for which that failed before, each at its time; how many could be looked through now."""
    due = queries.uninspected_documents(pauses=INSPECTION_PAUSES, now=now, limit=INSPECTIONS_AT_ONCE)
    db.session.rollback()  # inspecting may take minutes: hold no view of the database meanwhile
    return sum(_inspect(document_id, sha256, tries, now) for document_id, sha256, tries in due)


def _discard(document_id: int) -> bool:
    try:
        with transaction() as session:
            session.execute(delete(Document).where(Document.id == document_id))
    except IntegrityError:
        return False
    return True


def _inspect(document_id: int, sha256: str, tries: int, now: datetime) -> bool:
    """Look into it. A file that turns out to need a password, or to show nothing, was taken, and stays."""
    try:
        with store.local(sha256) as path:
            seen = inspection.inspect(path)
    except OSError as error:
        log_error(f"document {document_id} could not be inspected", error)
        seen = inspection.Inspection()  # its own trouble, and nothing of the file's
    with transaction() as session:
        _record(session, document_id, tries, seen, now)
    return seen.status == inspection.CHECKED and not seen.fault


def _record(session: Session, document_id: int, tries: int, seen: inspection.Inspection, now: datetime) -> None:
    """Write down what was seen, and the mail about it where its owner has not been told on a page before sending."""
    application = application_with_document(document_id, hold=True)
    ours = select(Document).where(Document.id == document_id, Document.inspections == tries).with_for_update()
    if (document := session.scalar(ours)) is None:
        return  # removed, or looked into by somebody else
    is_news = document.is_waiting or (seen.fault and not document.fault)
    document.inspection, document.fault, document.findings = seen.status, seen.fault, list(seen.findings)
    document.pages, document.inspections = seen.pages or document.pages, tries + 1
    if application and is_news:
        tell_of_unreadable(session, application=application, document=document, now=now)
