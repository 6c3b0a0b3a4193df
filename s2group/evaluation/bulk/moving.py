"""Moving many applications to one state."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.admissions.offers import terms
from s2group.admissions.rules.states import MOVES, Mover, State, may_move
from s2group.admissions.services.states import ForbiddenMoveError, put_back
from s2group.admissions.wording import STATES
from s2group.core.permissions import Action, reach
from s2group.evaluation.bulk.protocol import (
    Argument,
    CannotApplyError,
    Change,
    Plan,
    Skip,
    Snapshot,
    UnfitArgumentError,
)
from s2group.evaluation.pipeline.queries import due_days, places
from s2group.evaluation.pipeline.rules import usual_due
from s2group.evaluation.pipeline.services import Choice, NoPlaceLeftError, put

# Where staff may move anything.
TARGETS = tuple(state for state in State if any(state in movers[Mover.STAFF] for movers in MOVES.values()))


class Move:
    """To the state that `to` names. Nobody is told of it: that is what releasing is for."""

    key = "move"

    def read(self, user: User, argument: Argument) -> Argument:
        """Only states that staff move to."""
        if argument.get("to") not in TARGETS:
            raise UnfitArgumentError(argument.get("to"))
        return {"to": str(argument["to"])}

    def title(self, user: User, argument: Argument) -> str:
        """'Move to “Screening”'."""
        return str(gettext("Move to “%(state)s”", state=STATES[State(argument["to"])]))

    def plan(self, user: User, applications: Sequence[Application], argument: Argument) -> Plan:
        """Applications that cannot go there are skipped."""
        to, may_decide = State(argument["to"]), reach(user, Action.DECIDE_APPLICATIONS)
        why_not = {each.id: _why_not(each, to, may_decide=may_decide.covers(each)) for each in applications}
        going = [each for each in applications if not why_not[each.id]]
        return Plan(
            changes=[Change(each, *_words(State(each.state), to), _look_at(each)) for each in going],
            skips=[Skip(each, why) for each in applications if (why := why_not[each.id])],
            question=_question(user, going) if to is State.OFFER else "",
            effects=_effects(len(going), to),
        )

    def snapshots(self, user: User, applications: Sequence[Application], argument: Argument) -> dict[int, Snapshot]:
        """Where each stands since when, what its applicant sees, and until when an offer is answered."""
        due = due_days(user, [each.id for each in applications])
        return {each.id: _snapshot(each, due.get(each.id)) for each in applications}

    def apply(
        self,
        session: Session,
        user: User,
        applications: Sequence[Application],
        argument: Argument,
        answer: str,
        now: datetime,
    ) -> None:
        """Each with an event of its own; an offer has the usual time."""
        to = State(argument["to"])
        try:
            for application in applications:
                due_at = usual_due(now, application.route.call.timezone) if to is State.OFFER else None
                choice = Choice(to, None, due_at, answer)
                put(session, application=application, choice=choice, actor=user, now=now)
        except (ForbiddenMoveError, NoPlaceLeftError) as error:
            raise CannotApplyError from error

    def undo(
        self,
        session: Session,
        user: User,
        applications: Sequence[Application],
        argument: Argument,
        before: Mapping[int, Snapshot],
        now: datetime,
    ) -> None:
        """Each is where it was, and since when."""
        for application in applications:
            was = before[application.id]
            state, at = State(was["state"]), datetime.fromisoformat(was["state_at"])
            put_back(session, application=application, state=state, state_at=at, actor=user, now=now)
            if was["due_at"]:
                terms.set_due(session, application, datetime.fromisoformat(was["due_at"]))


def _why_not(application: Application, to: State, *, may_decide: bool) -> str:
    state = State(application.state)
    if not may_decide:
        return str(gettext("You may not decide about this route"))
    if state is to:
        return str(gettext("Is there already"))
    if state is State.WITHDRAWN:
        return str(gettext("Withdrawn by the applicant"))
    if not may_move(state, to, Mover.STAFF):
        return str(gettext("No way leads there from “%(state)s”", state=STATES[state]))
    return ""


def _words(state: State, to: State) -> tuple[str, str]:
    return str(STATES[state]), str(STATES[to])


def _look_at(application: Application) -> tuple[str, ...]:
    facts = application.facts
    found = []
    if facts.not_met:
        found.append(ngettext("%(num)s requirement not met", "%(num)s requirements not met", facts.not_met))
    if facts.unknown:
        found.append(ngettext("%(num)s requirement unknown", "%(num)s requirements unknown", facts.unknown))
    if application.state != application.shown_state:
        shown = STATES[State(application.shown_state)]
        found.append(gettext("The applicant still sees “%(state)s”", state=shown))
    return tuple(str(words) for words in found)


def _question(user: User, going: Sequence[Application]) -> str:
    """Why more offers than places, where there would be."""
    routes = {each.route_id: each.route for each in going}
    found = places(user, list(routes.values()))
    over = [
        route
        for route_id, route in routes.items()
        if (left := found[route_id].left) is not None
        and sum(each.route_id == route_id and each.shown_state != State.OFFER for each in going) > left
    ]
    return str(gettext("There would be more offers than places. Why?")) if over else ""


def _effects(count: int, to: State) -> list[str]:
    told = ngettext(
        "%(num)s status page stays as it is, and nobody gets a mail: the applicant is told when you release.",
        "%(num)s status pages stay as they are, and nobody gets a mail: the applicants are told when you release.",
        count,
    )
    if to is State.OFFER:
        return [str(told), str(gettext("Each has 14 days to answer, unless you choose another day for it."))]
    return [str(told)]


def _snapshot(application: Application, due_at: datetime | None) -> Snapshot:
    return {
        "state": application.state,
        "state_at": application.state_at.isoformat(),
        "shown_state": application.shown_state,
        "due_at": due_at.isoformat() if due_at else None,
    }
