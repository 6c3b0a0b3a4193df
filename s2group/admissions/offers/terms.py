"""Until when an offer is answered: set by the staff, begun when the offer is shown."""

from datetime import datetime

from sqlalchemy.orm import Session

from s2group.admissions.models import Application
from s2group.admissions.offers.models import Offer
from s2group.admissions.offers.rules import due_from


def set_due(session: Session, application: Application, due_at: datetime | None) -> None:
    """Set until when the application's offer is answered, within the caller's transaction, which holds it."""
    offer = _offer(session, application)
    offer.answer_due_at, offer.reminded_at = due_at, None


def begin(session: Session, application: Application, now: datetime) -> None:
    """Begin the time of an offer that is shown from now on, within the caller's transaction, which holds it."""
    offer = _offer(session, application)
    offer.answer_due_at, offer.reminded_at = due_from(now, offer.answer_due_at), None


def _offer(session: Session, application: Application) -> Offer:
    offer = session.get(Offer, application.id, populate_existing=True)
    if offer is None:
        offer = Offer(application_id=application.id)
        session.add(offer)
    return offer
