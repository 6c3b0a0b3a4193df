"""What the staff see of places and of who waits for one."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_
from sqlalchemy.orm import joinedload

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application, ApplicationFacts
from s2group.admissions.offers.models import Offer
from s2group.admissions.rules.states import TAKES_A_PLACE, State
from s2group.evaluation.access import facts_visible_to, visible_to
from s2group.evaluation.pipeline.models import Decision
from s2group.evaluation.pipeline.rules import Places
from s2group.extensions import db


def places(user: User, routes: Sequence[AdmissionRoute]) -> dict[int, Places]:
    """How the places of each of the routes are taken, by route; of routes whose applications `user` reads.

    An offer whose taking back the applicant was not told of still binds the group, so it is counted as open.
    """
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    facts, taking = ApplicationFacts, tuple(TAKES_A_PLACE)
    statement = (
        facts_visible_to(user)
        .with_only_columns(facts.route_id, facts.state, facts.shown_state, func.count())
        .where(facts.route_id.in_([route.id for route in routes]))
        .where(or_(facts.state.in_(taking), facts.shown_state.in_(taking)))
        .group_by(facts.route_id, facts.state, facts.shown_state)
    )
    for route_id, state, shown, count in db.session.execute(statement):
        counts[route_id][_how(State(state), State(shown))] += count
    return {route.id: Places(route.places, **counts[route.id]) for route in routes}


def decision_of(user: User, application: Application) -> Decision | None:
    """What was decided last about an application that `user` sees, with whoever did it."""
    statement = visible_to(user).join(Decision, Decision.application_id == Application.id).with_only_columns(Decision)
    return db.session.scalar(statement.where(Application.id == application.id).options(joinedload(Decision.actor)))


def due_days(user: User, ids: Collection[int]) -> dict[int, datetime]:
    """Until when the offers to these applications are answered, shown or not; those without a last day are left out."""
    statement = visible_to(user).join(Offer, Offer.application_id == Application.id)
    due = statement.with_only_columns(Offer.application_id, Offer.answer_due_at)
    rows = db.session.execute(due.where(Application.id.in_(ids)))
    return {row.application_id: row.answer_due_at for row in rows if row.answer_due_at}


def _how(state: State, shown: State) -> str:
    if State.ACCEPTED in (state, shown):
        return "accepted"
    return "open" if shown is State.OFFER else "pending"
