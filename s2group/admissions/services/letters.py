"""The letters that referees send about an applicant, who never sees them."""

from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.admissions.models import Application, Referee
from s2group.admissions.rules.states import State
from s2group.admissions.services.referees import due_at
from s2group.audit.rules import LetterReceived
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.localized import Locale
from s2group.documents.models import Document
from s2group.extensions import db
from s2group.links.queries import find
from s2group.links.rules import Purpose
from s2group.mail.services import enqueue

# The mail to the group: a letter came.
RECEIVED = "letter_received"


class LetterNotTakenError(ValueError):
    """The application is over, the referee is asked no longer, or the letter that came can no longer be replaced."""


def referee_by_token(token: str, *, now: datetime) -> Referee | None:
    """The referee whose link has this token, where it still works."""
    link = find(token, Purpose.LETTER, now=now)
    return db.session.get(Referee, int(link.subject)) if link else None


def is_over(application: Application) -> bool:
    """Whether nobody will read letters about the applicant any more."""
    return application.state == State.WITHDRAWN or application.files_removed_at is not None


def takes_letter(referee: Referee, *, now: datetime) -> bool:
    """Whether a letter may be sent: one that has not come, also late; one that has, until it was due."""
    has_come = referee.document_id is not None
    return not is_over(referee.application) and not (has_come and due_at(referee) < now)


def receive_letter(*, referee_id: int, document: Document, now: datetime) -> None:
    """Take a stored file as the referee's letter, in place of one that came before, and mail that to the group.

    The same bytes a second time change nothing. Raises LetterNotTakenError.
    """
    with transaction() as session:
        held = _hold(session, referee_id)
        if held is None or not takes_letter(held, now=now):
            raise LetterNotTakenError(referee_id)
        if held.document and held.document.sha256 == document.sha256:
            return
        held.document, held.received_at, held.late = document, now, due_at(held) < now
        record(session, LetterReceived(held.name), about=held.application.subject, at=now)
        session.flush()
        _notify_group(session, held, now)


def _hold(session: Session, referee_id: int) -> Referee | None:
    """The referee and the application as they are now, kept so until the end of the transaction."""
    statement = select(Referee).join(Referee.application).where(Referee.id == referee_id)
    held = session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if held:
        session.refresh(held.application)
    return held


def _notify_group(session: Session, referee: Referee, now: datetime) -> None:
    """Without the letter, which stays behind sign-in. A reply goes to the referee: the applicant must not read it."""
    application = referee.application
    call = application.route.call
    enqueue(
        session,
        message=RECEIVED,
        topic=application.reference,
        to=call.recipients,
        copies=call.copies,
        reply_to=referee.email,
        locale=cast("Locale", call.mail_locale),
        context={"application": application, "call": call, "referee": referee},
        letterhead=False,
        now=now,
    )
