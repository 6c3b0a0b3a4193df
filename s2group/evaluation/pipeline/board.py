"""The board: applications as cards in the lanes of their states, and the places that are left."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application, ApplicationFacts
from s2group.admissions.offers.models import WaitlistPlace
from s2group.admissions.rules.states import State
from s2group.core.paging import counts_by
from s2group.evaluation.access import facts_visible_to, visible_to
from s2group.evaluation.pipeline.queries import due_days, places
from s2group.evaluation.pipeline.rules import LANES, Places
from s2group.evaluation.reviews.queries import facts_with_ratings, scores_for
from s2group.extensions import db

MOST_CARDS = 20
SHOWN = load_only(
    Application.reference, Application.route_id, Application.name, Application.state, Application.shown_state,
    Application.state_at,
)  # fmt: skip


@dataclass(frozen=True)
class WaitingPlace:
    """Where somebody stands on the list of a route, from 1, and how many are on it."""

    number: int
    of: int


@dataclass(frozen=True)
class Score:
    """The mean of an application's ratings, and how many there are: as far as the viewer may know."""

    mean: float
    count: int


@dataclass(frozen=True)
class Card:
    """An application on the board, with its last day for an answer, its place on a list, and its score."""

    application: Application
    due_at: datetime | None
    place: WaitingPlace | None
    score: Score | None


@dataclass(frozen=True)
class Lane:
    """The cards of one step, those that came first before the others, at most MOST_CARDS of `count`."""

    state: State
    count: int
    cards: Sequence[Card]


@dataclass(frozen=True)
class Proposal:
    """Who would be offered a place next, because one is left and somebody waits."""

    route: AdmissionRoute
    places: Places
    application: Application


def lanes(user: User, which: ColumnElement[bool], counts: Mapping[str, int]) -> list[Lane]:
    """The lanes with the applications that `user` sees and that `which` says of their facts; in a few statements."""
    ids = {state: db.session.scalars(_first_of(user, which, state)).all() for state in LANES}
    cards = _cards(user, [each for some in ids.values() for each in some])
    return [
        Lane(state, sum(counts[each] for each in LANES[state]), [cards[each] for each in ids[state]]) for state in LANES
    ]


def counts(user: User, which: ColumnElement[bool]) -> dict[str, int]:
    """How many are in each state, as core.paging counts."""
    return counts_by(facts_with_ratings(user).where(which), ApplicationFacts.state, State)


def proposals(user: User, routes: Iterable[AdmissionRoute]) -> list[Proposal]:
    """For each route that has a place left who is next on its list, if anybody waits."""
    listed = list(routes)
    found = places(user, listed)
    with_room = {route.id: route for route in listed if (found[route.id].left or 0) > 0}
    statement = visible_to(user).where(Application.id.in_(_firsts(user, with_room))).order_by(Application.route_id)
    return [Proposal(with_room[each.route_id], found[each.route_id], each) for each in db.session.scalars(statement)]


def _first_of(user: User, which: ColumnElement[bool], state: State) -> Select[int]:
    facts = ApplicationFacts
    statement = facts_with_ratings(user).with_only_columns(facts.application_id).where(which)
    if state is State.WAITLIST:
        statement = statement.outerjoin(WaitlistPlace, WaitlistPlace.application_id == facts.application_id)
        statement = statement.order_by(facts.route_id, WaitlistPlace.rank)
    return (
        statement.where(facts.state.in_(LANES[state]))
        .order_by(facts.submitted_at, facts.application_id)
        .limit(MOST_CARDS)
    )


def _cards(user: User, ids: Sequence[int]) -> dict[int, Card]:
    route = joinedload(Application.route)
    statement = visible_to(user).join(Application.facts).options(contains_eager(Application.facts), route, SHOWN)
    due, place, score = due_days(user, ids), _waiting_places(user, ids), _scores(user, ids)
    found = db.session.scalars(statement.where(Application.id.in_(ids)))
    return {each.id: Card(each, due.get(each.id), place.get(each.id), score.get(each.id)) for each in found}


def _scores(user: User, ids: Collection[int]) -> dict[int, Score]:
    scores = scores_for(user)
    found = db.session.execute(select(scores).where(scores.c.application_id.in_(ids), scores.c.count > 0))
    return {row.application_id: Score(row.mean, row._mapping["count"]) for row in found}


def _firsts(user: User, route_ids: Collection[int]) -> Select[int]:
    order = _order(user).subquery()
    return select(order.c.application_id).where(order.c.number == 1, order.c.route_id.in_(route_ids))


def _waiting_places(user: User, ids: Collection[int]) -> dict[int, WaitingPlace]:
    order = _order(user).subquery()
    standing = db.session.execute(select(order).where(order.c.application_id.in_(ids)))
    return {row.application_id: WaitingPlace(row.number, row.of) for row in standing}


def _order(user: User) -> Select[int, int, int, int]:
    """Everybody who waits for a place of a route that `user` sees: the number on its list, and how many are on it."""
    facts, rank = ApplicationFacts, WaitlistPlace.rank
    return (
        facts_visible_to(user)
        .join(WaitlistPlace, WaitlistPlace.application_id == facts.application_id)
        .with_only_columns(
            facts.application_id,
            facts.route_id,
            func.row_number().over(partition_by=facts.route_id, order_by=rank).label("number"),
            func.count().over(partition_by=facts.route_id).label("of"),
        )
        .where(facts.state == State.WAITLIST)
    )
