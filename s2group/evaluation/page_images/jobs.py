"""What the worker does by the clock: it sees that pages are drawn before anybody reads them."""

from collections.abc import Sequence

from sqlalchemy import Row, select

from s2group.admissions.models import Application, ApplicationDocument
from s2group.admissions.rules.states import State
from s2group.documents.models import Document
from s2group.documents.pages import is_drawn, want
from s2group.extensions import db

# Whom somebody still reads; others are drawn when somebody asks.
READ_IN = (State.SUBMITTED, State.SCREENING, State.INTERVIEW, State.WAITLIST, State.OFFER)
# How many applications are looked at in each round: the newest, and others on a way through all of them.
NEWEST, ON_THE_WAY = 50, 500


def draw_ahead(*, before: int | None = None) -> tuple[int, int | None]:
    """Have drawn what is missing of the newest applications, and of those with an id below `before`, the newest first.

    How many files those were, and from where the next round goes on; None for the beginning. What is drawn is known
    by the pictures themselves, so that an emptied cache is filled again. Whoever waits for a page comes first.
    """
    on_the_way, after = _documents(ON_THE_WAY, before)
    documents = {*_documents(NEWEST, None)[0], *on_the_way} if before else on_the_way
    db.session.rollback()
    missing = {sha256 for sha256, pages in documents if not is_drawn(sha256, pages)}
    for sha256 in missing:
        want(sha256, ahead=True)
    return len(missing), after


def _documents(limit: int, before: int | None) -> tuple[Sequence[Row[str, int | None]], int | None]:
    """The documents of so many applications, and the id of the last where there may be more."""
    read = select(Application.id).where(Application.state.in_(READ_IN))
    below = read if before is None else read.where(Application.id < before)
    ids = db.session.scalars(below.order_by(Application.id.desc()).limit(limit)).all()
    documents = (
        select(Document.sha256, Document.pages)
        .join(ApplicationDocument, ApplicationDocument.document_id == Document.id)
        .where(ApplicationDocument.application_id.in_(ids), ApplicationDocument.until.is_(None))
    )
    return db.session.execute(documents).all(), ids[-1] if len(ids) == limit else None
