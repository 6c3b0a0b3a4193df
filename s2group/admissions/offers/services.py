"""What becomes of an offer: the applicant answers it, is reminded of it, or lets it lapse."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from s2group.admissions.models import Application
from s2group.admissions.offers import queries, terms
from s2group.admissions.offers.models import Offer
from s2group.admissions.offers.rules import REMINDED_BEFORE
from s2group.admissions.rules.states import Mover, State
from s2group.admissions.services.changes import TooLateError
from s2group.admissions.services.notices import manage_link, notify_applicant, notify_group
from s2group.admissions.services.states import move
from s2group.admissions.wording import HEADINGS, STATES
from s2group.core.database import transaction


def answer(*, application: Application, to: State, now: datetime) -> None:
    """Accept or refuse the offer that the applicant is shown, as `to` says; applicant and group get a mail.

    A decision of the staff that was not shown is overtaken by it. Raises ForbiddenMoveError where no offer is shown,
    and TooLateError once its time is over, also where no job has let it lapse yet.
    """
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        due_at = queries.answer_due(application)
        if due_at and due_at <= now:
            raise TooLateError(application.reference)
        _end(session, application, to, Mover.APPLICANT, now)


def lapse_overdue(*, now: datetime) -> int:
    """Let the offers lapse whose time is over; applicant and group get a mail. How many there were.

    Each goes in a transaction of its own, and an answer that was faster stands.
    """
    return sum(_lapse(application_id, now) for application_id in queries.overdue(now))


def remind(*, now: datetime) -> int:
    """Remind the applicants whose time to answer is over soon, each once; how many mails there were."""
    soon = queries.to_remind(now=now, until=now + REMINDED_BEFORE)
    return sum(_remind(application_id, now) for application_id in soon)


def tell_held(*, now: datetime) -> int:
    """Let another last moment hold from now on where it was held until now, and mail it; how many there were."""
    return sum(_tell_held(application_id, now) for application_id in queries.to_tell(now))


def _tell_held(application_id: int, now: datetime) -> bool:
    """Nothing where the offer was answered or is another decision since."""
    with transaction() as session:
        application = _held(session, application_id)
        offer = session.get(Offer, application_id, populate_existing=True)
        if application is None or offer is None or offer.told_at is None or offer.told_at > now:
            return False
        if {application.state, application.shown_state} != {State.OFFER}:
            terms.drop_held(session, application)
            return False
        due_at = offer.next_due_at
        terms.set_due(session, application, due_at)
        session.flush()
        if due_at:
            tell_due(session, application, now)
    return True


def take_back_day(*, application: Application) -> bool:
    """Let the last moment be what the applicant knows; False where they know the other one by now, or none was held."""
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        return terms.drop_held(session, application)


def tell_due(session: Session, application: Application, now: datetime) -> None:
    """Mail the applicant until when the shown offer is answered, with a link to do it, within the transaction."""
    notify_applicant(
        session,
        message="offer_reminder",
        application=application,
        now=now,
        due_at=queries.answer_due(application),
        link=manage_link(session, application, now),
    )


def _end(session: Session, application: Application, to: State, by: Mover, now: datetime) -> None:
    move(session, application=application, to=to, by=by, actor=None, release=True, now=now)
    about: dict[str, Any] = {"application": application, "now": now}
    notify_applicant(session, message="offer_answered", heading=HEADINGS[to], **about)
    notify_group(session, message="offer_answered_notice", state=STATES[to], **about)


def _lapse(application_id: int, now: datetime) -> bool:
    with transaction() as session:
        application = _held(session, application_id)
        due_at = queries.answer_due(application) if application else None
        if application is None or due_at is None or due_at > now:
            return False
        _end(session, application, State.LAPSED, Mover.CLOCK, now)
    return True


def _remind(application_id: int, now: datetime) -> bool:
    with transaction() as session:
        application = _held(session, application_id)
        due_at = queries.answer_due(application) if application else None
        offer = session.get(Offer, application_id, populate_existing=True)
        if application is None or due_at is None or due_at <= now or offer is None or offer.reminded_at:
            return False
        offer.reminded_at = now
        tell_due(session, application, now)
    return True


def _held(session: Session, application_id: int) -> Application | None:
    """As it is now; nobody else changes it until the end of the transaction. None where it is gone."""
    statement = queries.with_call(application_id).with_for_update(of=Application)
    return session.scalar(statement.execution_options(populate_existing=True))
