"""Which offers are open, and until when."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import joinedload

from s2group.admissions.models import AdmissionRoute, Application, ApplicationFacts
from s2group.admissions.offers.models import Offer
from s2group.admissions.rules.states import State
from s2group.extensions import db


def answer_due(application: Application) -> datetime | None:
    """Until when the offer that its applicant is shown can be answered; None where it never lapses, or there is none.

    Of one that is not shown yet nothing is told here.
    """
    if application.shown_state != State.OFFER:
        return None
    return db.session.scalar(select(Offer.answer_due_at).where(Offer.application_id == application.id))


def set_due(application: Application) -> datetime | None:
    """What the staff have set as the last moment for an answer, whether the applicant knows of it or not."""
    last = case((Offer.told_at.is_not(None), Offer.next_due_at), else_=Offer.answer_due_at)
    return db.session.scalar(select(last).where(Offer.application_id == application.id))


def overdue(now: datetime) -> Sequence[int]:
    """The ids of the applications whose shown offer was to be answered by `now`; not where another day is held."""
    over = _shown(Offer.answer_due_at <= now, Offer.told_at.is_(None))
    return db.session.scalars(over.with_only_columns(Application.id)).all()


def to_tell(now: datetime) -> Sequence[int]:
    """The ids of the applications whose offer has another last moment from `now` on."""
    due = select(Offer.application_id).where(Offer.told_at <= now)
    return db.session.scalars(due.order_by(Offer.told_at, Offer.application_id)).all()


def to_remind(*, now: datetime, until: datetime) -> Sequence[int]:
    """The ids of those whose shown offer is to be answered between `now` and `until`, and who were not reminded."""
    due = _shown(
        Offer.answer_due_at > now, Offer.answer_due_at <= until, Offer.reminded_at.is_(None), Offer.told_at.is_(None)
    )
    return db.session.scalars(due.with_only_columns(Application.id)).all()


def with_call(application_id: int) -> Select[Application]:
    """An application with its route and call."""
    route = joinedload(Application.route).joinedload(AdmissionRoute.call)
    return select(Application).where(Application.id == application_id).options(route)


def _shown(*conditions: ColumnElement[bool]) -> Select[Application]:
    statement = (
        select(Application)
        .join(Application.facts)
        .join(Offer, Offer.application_id == Application.id)
        .where(ApplicationFacts.shown_state == State.OFFER, *conditions)
    )
    return statement.order_by(Offer.answer_due_at, Application.id)
