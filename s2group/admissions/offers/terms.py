"""Until when an offer is answered: set by the staff, begun when the offer is shown."""

from datetime import datetime

from sqlalchemy.orm import Session

from s2group.admissions.models import Application
from s2group.admissions.offers.models import Offer
from s2group.admissions.offers.rules import due_from


def set_due(session: Session, application: Application, due_at: datetime | None) -> None:
    """Set until when the application's offer is answered, within the caller's transaction, which holds it."""
    offer = _offer(session, application)
    offer.answer_due_at, offer.reminded_at, offer.next_due_at, offer.told_at = due_at, None, None, None


def hold_due(session: Session, application: Application, due_at: datetime | None, *, told_at: datetime) -> None:
    """Let another last moment hold from `told_at` on; the same as now: let none be held."""
    offer = _offer(session, application)
    is_same = due_at == offer.answer_due_at
    offer.next_due_at, offer.told_at = (None, None) if is_same else (due_at, told_at)


def drop_held(session: Session, application: Application) -> bool:
    """Let the last moment be what it is; False where no other one was held."""
    offer = _offer(session, application)
    was_held = offer.told_at is not None
    offer.next_due_at, offer.told_at = None, None
    return was_held


def begin(session: Session, application: Application, now: datetime) -> None:
    """Begin the time of an offer that is shown from now on, within the caller's transaction, which holds it."""
    offer = _offer(session, application)
    offer.answer_due_at, offer.reminded_at = due_from(now, offer.answer_due_at), None
    offer.next_due_at, offer.told_at = None, None


def _offer(session: Session, application: Application) -> Offer:
    offer = session.get(Offer, application.id, populate_existing=True)
    if offer is None:
        offer = Offer(application_id=application.id)
        session.add(offer)
    return offer
