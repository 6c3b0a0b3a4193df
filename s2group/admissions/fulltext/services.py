"""Writing the words of applications: within the verbs that change them, and of their documents afterwards."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from s2group.admissions.batches import to_all
from s2group.admissions.fulltext.models import ApplicationText
from s2group.admissions.fulltext.queries import documents_of, unread, words_of, wrong_words
from s2group.admissions.fulltext.rules import indexed, tokens
from s2group.admissions.models import Application
from s2group.core.database import transaction
from s2group.documents.models import Document
from s2group.documents.pages import text_now
from s2group.extensions import db

# How many applications' answers are cut in one transaction: whoever applies meanwhile waits for it.
WRITTEN_AT_ONCE = 50
# How many applications' documents are read before the worker looks at what else there is.
READ_AT_ONCE = 20


def index_answers(session: Session, ids: Collection[int]) -> int:
    """Write the words of these applications' answers within the caller's transaction; how many changed.

    Their documents are read by the worker, where they are others now.
    """
    session.flush()
    texts = session.scalars(select(ApplicationText).where(ApplicationText.application_id.in_(ids)))
    known = {text.application_id: text for text in texts}
    wanted = select(Application).where(Application.id.in_(ids)).options(selectinload(Application.documents))
    return sum(_write(session, each, known.get(each.id)) for each in session.scalars(wanted).all())


def rebuild_words() -> int:
    """Write the words of all answers anew, and have all documents read again; how many were others."""
    return to_all(_cut_anew, at_once=WRITTEN_AT_ONCE)


def mend_words() -> int:
    """Write the words that are missing or were made of something else, as an older version did; how many those were.

    Their documents are read again by the worker. Takes WRITTEN_AT_ONCE applications in each transaction.
    """
    changed, wrong = 0, list(wrong_words())
    db.session.rollback()
    for start in range(0, len(wrong), WRITTEN_AT_ONCE):
        some = select(Application.id).where(Application.id.in_(wrong[start : start + WRITTEN_AT_ONCE]))
        with transaction() as session:
            ids = session.scalars(some.order_by(Application.id).with_for_update(of=Application)).all()
            changed += _cut_anew(session, ids)
    return changed


def read_documents() -> int:
    """Take the texts of documents that were not read yet into the words of their applications; how many of those.

    A picture, and a scan without a layer of text, says nothing: `Document.has_text` is false then.
    """
    ids = unread(READ_AT_ONCE)
    db.session.rollback()
    for application_id in ids:
        _read_documents(application_id)
    return len(ids)


def forget_documents(session: Session, application_id: int) -> None:
    """Take what its documents said out of the words of an application, within the caller's transaction."""
    text = session.get(ApplicationText, application_id)
    if text:
        text.documents, text.documents_read = "", ""


def _read_documents(application_id: int) -> None:
    """Its files are read before the transaction: a parser may take seconds."""
    documents = documents_of(application_id)
    db.session.rollback()
    texts = {document_id: text_now(sha256) for document_id, sha256 in documents}
    words = indexed(texts.values())
    with transaction() as session:
        text = session.get(ApplicationText, application_id, with_for_update=True)
        if text and documents_of(application_id) == documents:
            text.documents, text.documents_read = words, named(texts)
            for document_id, said in texts.items():
                session.get_one(Document, document_id).has_text = bool(tokens(said))


def _cut_anew(session: Session, ids: Collection[int]) -> int:
    """As index_answers; and what their documents say was cut as the answers were."""
    changed = index_answers(session, ids)
    again = update(ApplicationText).where(ApplicationText.application_id.in_(ids)).values(documents_read=None)
    session.execute(again, execution_options={"synchronize_session": False})
    return changed


def _write(session: Session, application: Application, known: ApplicationText | None) -> bool:
    text = known or ApplicationText(application_id=application.id)
    values: dict[str, Any] = words_of(application)
    if text.documents_read != named(entry.document_id for entry in application.documents):
        values["documents_read"] = None
    for name, value in values.items():
        setattr(text, name, value)
    session.add(text)
    return session.is_modified(text)


def named(ids: Iterable[int]) -> str:
    """By which it is seen which documents were read."""
    return ",".join(map(str, sorted(ids)))
