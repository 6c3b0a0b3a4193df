"""Reads of sittings: where a reader is, and where they go from there."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from s2group.accounts.models import User
from s2group.admissions.models import Application, ApplicationFacts
from s2group.core.paging import Place
from s2group.evaluation.access import visible_to
from s2group.evaluation.assignments.models import Conflict
from s2group.evaluation.reviews.models import ApplicationScore, Review
from s2group.evaluation.reviews.queries import waiting_for
from s2group.evaluation.sittings.models import Sitting, SittingPlace
from s2group.extensions import db

# More than anybody reads before the next sitting; the rest waits for that.
MOST_PLACES = 500


def sitting_of(user: User, key: str | None) -> Sitting | None:
    """The sitting of `user` with this key."""
    return db.session.scalar(select(Sitting).where(Sitting.key == key, Sitting.user_id == user.id))


def sittings_of(user: User) -> Sequence[tuple[Sitting, int]]:
    """The sittings of `user`, the latest first, each with how many of its applications they still have to rate."""
    sittings = db.session.scalars(
        select(Sitting).where(Sitting.user_id == user.id).order_by(Sitting.begun_at.desc(), Sitting.id.desc())
    ).all()
    left = dict(db.session.execute(_left_by_sitting(user)).all())
    return [(sitting, left.get(sitting.id, 0)) for sitting in sittings]


def _left_by_sitting(user: User) -> Select[int, int]:
    of_reader = visible_to(user).join(SittingPlace, SittingPlace.application_id == Application.id)
    of_reader = of_reader.join(Sitting, and_(Sitting.id == SittingPlace.sitting_id, Sitting.user_id == user.id))
    unrated = _without_own_review(of_reader, user)
    return unrated.with_only_columns(Sitting.id, func.count()).group_by(Sitting.id)


def place_in(sitting: Sitting, reference: str) -> Place | None:
    """Where the application with this reference stands, among neighbours that are still there; None where it is not."""
    places = _places(sitting)
    position = db.session.scalar(
        places.with_only_columns(SittingPlace.position).where(Application.reference == reference)
    )
    if position is None:
        return None
    before = _first(places.where(SittingPlace.position < position), SittingPlace.position.desc())
    after = _first(places.where(SittingPlace.position > position), SittingPlace.position.asc())
    return Place(position, sitting.size, before, after)


def first_of(sitting: Sitting) -> str | None:
    """The first application of it that its reader still sees."""
    return _first(_places(sitting), SittingPlace.position.asc())


def next_unrated(sitting: Sitting, reference: str = "") -> str | None:
    """The next one in it that its reader has to rate: after this application, else from the beginning; None if done."""
    place = place_in(sitting, reference)
    position = place.position if place else 0
    unrated = _without_own_review(_places(sitting), sitting.user).where(Application.reference != reference)
    return _first(unrated, SittingPlace.position <= position, SittingPlace.position.asc())


def waiting_ids(user: User) -> Sequence[int]:
    """What waits for `user`, those with the fewest reviews first, then the oldest; at most MOST_PLACES."""
    scored = ApplicationScore.application_id == ApplicationFacts.application_id
    statement = waiting_for(user).outerjoin(ApplicationScore, scored)
    order = (func.coalesce(ApplicationScore.count, 0), ApplicationFacts.submitted_at, ApplicationFacts.application_id)
    ids = statement.with_only_columns(ApplicationFacts.application_id).order_by(*order)
    return db.session.scalars(ids.limit(MOST_PLACES)).all()


def _places(sitting: Sitting) -> Select[Application]:
    """The applications of a sitting that its reader still sees."""
    of_it = and_(SittingPlace.application_id == Application.id, SittingPlace.sitting_id == sitting.id)
    return visible_to(sitting.user).join(SittingPlace, of_it)


def _without_own_review(statement: Select[Application], user: User) -> Select[Application]:
    """Those of the statement that `user` has neither rated nor abstained from, and about which there is no conflict."""
    own = and_(Review.application_id == Application.id, Review.user_id == user.id, Review.submitted_at.is_not(None))
    conflict = and_(Conflict.application_id == Application.id, Conflict.user_id == user.id)
    joined = statement.outerjoin(Review, own).outerjoin(Conflict, conflict)
    return joined.where(Review.id.is_(None), Conflict.user_id.is_(None))


def _first(statement: Select[Application], *order: ColumnElement[Any]) -> str | None:
    return db.session.scalar(statement.with_only_columns(Application.reference).order_by(*order).limit(1))
