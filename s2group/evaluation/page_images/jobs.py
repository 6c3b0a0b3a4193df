"""What the worker does by the clock: it sees that pages are drawn before anybody reads them."""

from collections.abc import Sequence, Set

from sqlalchemy import select

from s2group.admissions.models import AdmissionRoute, Application, ApplicationDocument, Call
from s2group.admissions.rules.states import State
from s2group.documents.models import Document
from s2group.documents.pages import Words, is_drawn, want
from s2group.evaluation.page_images.words import hidden_words
from s2group.extensions import db

# Whom somebody still reads; others are drawn when somebody asks.
READ_IN = (State.SUBMITTED, State.SCREENING, State.INTERVIEW, State.WAITLIST, State.OFFER)
# How many applications are looked at in each round: the newest, and others on a way through all of them.
NEWEST, ON_THE_WAY = 50, 500


def draw_ahead(*, before: int | None = None) -> tuple[int, int | None]:
    """Have drawn what is missing of the newest applications, and of those with an id below `before`, the newest first.

    Where the call is blind, their pages with the person blacked out as well. How many files those were, and from where
    the next round goes on; None for the beginning. What is drawn is known by the pictures themselves, so that an
    emptied cache is filled again, and pages are drawn anew where other words are hidden. Whoever waits comes first.
    """
    ids = _ids(ON_THE_WAY, before)
    files = _files({*ids, *_ids(NEWEST, None)} if before else set(ids))
    db.session.rollback()
    missing = {(sha256, hidden) for sha256, pages, hidden in files if not is_drawn(sha256, pages, hidden)}
    for sha256, hidden in missing:
        want(sha256, hidden, ahead=True)
    return len(missing), ids[-1] if len(ids) == ON_THE_WAY else None


def _ids(limit: int, before: int | None) -> Sequence[int]:
    read = select(Application.id).where(Application.state.in_(READ_IN))
    below = read if before is None else read.where(Application.id < before)
    return db.session.scalars(below.order_by(Application.id.desc()).limit(limit)).all()


def _files(ids: Set[int]) -> Sequence[tuple[str, int | None, Words | None]]:
    """Hash and pages of the documents of these applications; once more with what is hidden where the call is blind."""
    documents = (
        select(Document.sha256, Document.pages)
        .join(ApplicationDocument, ApplicationDocument.document_id == Document.id)
        .join(ApplicationDocument.application)
        .where(Application.id.in_(ids), ApplicationDocument.until.is_(None))
    )
    blind = documents.add_columns(Application).join(Application.route).join(AdmissionRoute.call).where(Call.blind)
    return [
        *((sha256, pages, None) for sha256, pages in db.session.execute(documents)),
        *((sha256, pages, hidden_words(each)) for sha256, pages, each in db.session.execute(blind)),
    ]
