"""What the worker does by the clock: it looks into résumés, for nobody in particular."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from s2group.admissions.models import Application, ApplicationDocument
from s2group.core.database import transaction
from s2group.documents.models import Document
from s2group.documents.pages import drawn_text, want
from s2group.evaluation.cross_check.models import CrossCheck
from s2group.evaluation.cross_check.rules import differences
from s2group.extensions import db

AT_ONCE = 50


def check_resumes(*, now: datetime) -> int:
    """Compare the résumés that nobody has compared with their forms, at most AT_ONCE; how many that were.

    A résumé whose text has not been taken yet is asked for, and its turn comes again.
    """
    done = 0
    for application, sha256 in _to_check(AT_ONCE):
        text = drawn_text(sha256)
        if text is None:
            want(sha256)
            continue
        with transaction() as session:
            _write(session, application, text, now)
        done += 1
    db.session.rollback()
    return done


def _write(session: Session, application: Application, text: str, now: datetime) -> None:
    """What somebody checked stays checked as long as the text says the same."""
    known = session.get(CrossCheck, application.id)
    found = differences(application.answers, application.email, text)
    row = known or CrossCheck(application_id=application.id, checked=[])
    row.version, row.at, row.has_text = application.version, now, bool(text.strip())
    row.found = [each.to_dict() for each in found]
    row.unchecked = len(row.differences)
    session.add(row)


def _to_check(limit: int) -> Sequence[tuple[Application, str]]:
    """Applications whose newest version nobody has looked at, the oldest first, each with the SHA-256 of its résumé."""
    is_new = or_(CrossCheck.application_id.is_(None), CrossCheck.version != Application.version)
    statement = (
        select(Application, Document.sha256)
        .outerjoin(CrossCheck, CrossCheck.application_id == Application.id)
        .join(ApplicationDocument, ApplicationDocument.application_id == Application.id)
        .join(ApplicationDocument.document)
        .where(is_new, ApplicationDocument.kind == "resume", ApplicationDocument.until.is_(None))
        .order_by(Application.id)
        .limit(limit)
    )
    return [(application, sha256) for application, sha256 in db.session.execute(statement)]
