"""The order of those who wait for a place of a route."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.offers.models import WaitlistPlace
from s2group.admissions.rules.states import State


def join(session: Session, application: Application) -> None:
    """Put an application at the end of its route's list, within the caller's transaction, which holds it."""
    hold_route(session, application.route_id)
    place = session.get(WaitlistPlace, application.id, populate_existing=True)
    last = _last_rank(session, application.route_id) + 1
    if place is None:
        session.add(WaitlistPlace(application_id=application.id, route_id=application.route_id, rank=last))
    else:
        place.rank = last
    session.flush()


def step(session: Session, application: Application, *, earlier: bool) -> int | None:
    """Let an application change places with the one before it, or behind it; its new number, or None without one.

    Within the caller's transaction, which holds the application.
    """
    hold_route(session, application.route_id)
    listed = _listed(session, application.route_id)
    ids = [place.application_id for place in listed]
    if application.id not in ids:
        return None
    at = ids.index(application.id)
    other = at - 1 if earlier else at + 1
    if not 0 <= other < len(ids):
        return None
    _exchange(session, listed[at], listed[other])
    return other + 1


def hold_route(session: Session, route_id: int) -> None:
    """Let nobody else change who is offered a place of this route, and who waits, until the transaction's end.

    Taken after the rows of applications, never before: so no two transactions wait for each other.
    """
    session.execute(select(AdmissionRoute.id).where(AdmissionRoute.id == route_id).with_for_update())


def _exchange(session: Session, one: WaitlistPlace, other: WaitlistPlace) -> None:
    """By way of a rank that nobody has: the database looks after each row whether two are the same."""
    ranks = one.rank, other.rank
    one.rank = _last_rank(session, one.route_id) + 1
    session.flush()
    other.rank = ranks[0]
    session.flush()
    one.rank = ranks[1]
    session.flush()


def _listed(session: Session, route_id: int) -> Sequence[WaitlistPlace]:
    statement = (
        select(WaitlistPlace)
        .join(Application, Application.id == WaitlistPlace.application_id)
        .where(WaitlistPlace.route_id == route_id, Application.state == State.WAITLIST)
        .order_by(WaitlistPlace.rank)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).all()


def _last_rank(session: Session, route_id: int) -> int:
    last = select(func.max(WaitlistPlace.rank)).where(WaitlistPlace.route_id == route_id)
    return session.scalar(last) or 0
