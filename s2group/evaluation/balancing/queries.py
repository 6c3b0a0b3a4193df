"""What a balanced assignment is worked out from."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, func

from s2group.accounts.models import User
from s2group.admissions.models import Application, Referee
from s2group.core.permissions import Action
from s2group.evaluation.access import visible_to
from s2group.evaluation.assignments.models import Assignment, Conflict
from s2group.evaluation.assignments.queries import rates_route
from s2group.evaluation.balancing.rules import Wanted
from s2group.evaluation.reviews.models import Review
from s2group.extensions import db

Pairs = Mapping[int, set[int]]


def wanted(actor: User, ids: Collection[int], reviewers: Sequence[User], each: int) -> list[Wanted]:
    """What these applications lack until `each` are assigned to each, and which of the reviewers could be.

    Whoever has rated one already counts. Nobody is given what they have a conflict with, or where they are a referee.
    """
    some = visible_to(actor, Action.DECIDE_APPLICATIONS).where(Application.id.in_(ids))
    routes = {
        row.id: row.route_id for row in db.session.execute(some.with_only_columns(Application.id, Application.route_id))
    }
    taken = _taken(some)
    never = _never(some, reviewers)
    return [
        Wanted(
            application_id,
            max(0, each - len(taken[application_id])),
            {
                reviewer.id
                for reviewer in reviewers
                if rates_route(reviewer, route_id) and reviewer.id not in taken[application_id] | never[application_id]
            },
        )
        for application_id, route_id in routes.items()
    ]


def _taken(some: Select[Application]) -> Pairs:
    """Who is assigned to each, or has rated it."""
    assigned = some.join(Assignment, Assignment.application_id == Application.id)
    rated = some.join(Review, Review.application_id == Application.id).where(Review.overall.is_not(None))
    return _pairs(assigned.with_only_columns(Application.id, Assignment.user_id),
                  rated.with_only_columns(Application.id, Review.user_id))  # fmt: skip


def _never(some: Select[Application], reviewers: Sequence[User]) -> Pairs:
    """Who has declared a conflict with each, abstains from it, or was asked for a letter about it."""
    by_email = {reviewer.email: reviewer.id for reviewer in reviewers}
    declared = some.join(Conflict, Conflict.application_id == Application.id)
    abstained = some.join(Review, Review.application_id == Application.id).where(Review.abstains)
    found = _pairs(declared.with_only_columns(Application.id, Conflict.user_id),
                   abstained.with_only_columns(Application.id, Review.user_id))  # fmt: skip
    email = func.lower(Referee.email)
    referees = some.join(Application.referees).with_only_columns(Application.id, email).where(email.in_(by_email))
    for application_id, address in db.session.execute(referees):
        found[application_id].add(by_email[address])
    return found


def _pairs(*statements: Select[int, int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for statement in statements:
        for application_id, user_id in db.session.execute(statement):
            found[application_id].add(user_id)
    return found
