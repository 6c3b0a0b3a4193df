"""The words of replies, by which the applications are found that these belong to."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from s2group.admissions.fulltext.rules import Token, indexed
from s2group.admissions.replies.models import Reply, ReplyDocument
from s2group.core.database import transaction
from s2group.documents.models import Document
from s2group.documents.pages import text_now
from s2group.extensions import db

# How many files are read before the worker looks at what else there is.
READ_AT_ONCE = 20


def words_of(reply: Reply) -> str:
    """What its sender, its subject, its text and the names of its files are found by."""
    names = [entry.document.original_name for entry in reply.files]
    return indexed([reply.sender, reply.subject, reply.text, *names, *reply.left_out])


def says(wanted: Sequence[Token]) -> ColumnElement[bool]:
    """That a reply, or a file that came with it, holds these words one after the other.

    Replies are few: they are read one by one.
    """
    return or_(_holds(Reply.words, wanted), Reply.files.any(_holds(ReplyDocument.words, wanted)))


def _holds(words: InstrumentedAttribute[str | None], wanted: Sequence[Token]) -> ColumnElement[bool]:
    phrase = " ".join(token.text for token in wanted)
    end = "" if wanted[-1].is_beginning else " "
    return (" " + words + " ").contains(f" {phrase}{end}", autoescape=True)


def read_files() -> int:
    """Take the texts of files that came with replies and were not read yet into their words; how many of those."""
    unread = select(ReplyDocument.document_id, Document.sha256).join(ReplyDocument.document)
    newest = unread.where(ReplyDocument.words.is_(None)).order_by(ReplyDocument.document_id.desc())
    found = db.session.execute(newest.limit(READ_AT_ONCE)).all()
    db.session.rollback()
    for document_id, sha256 in found:
        # Before the transaction: a parser may take seconds.
        words = indexed([text_now(sha256)])
        with transaction() as session:
            this = update(ReplyDocument).where(ReplyDocument.document_id == document_id)
            session.execute(this.values(words=words))
    return len(found)


def mend_replies() -> None:
    """Cut what an older version cut, or did not cut at all, as this one does; files are read again by the worker."""
    with transaction() as session:
        for reply in session.scalars(select(Reply)):
            reply.words = words_of(reply)
        session.execute(update(ReplyDocument).values(words=None))
