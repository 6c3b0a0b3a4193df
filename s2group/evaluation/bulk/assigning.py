"""Assigning many applications to one colleague, and taking that back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.admissions.rules.states import State
from s2group.core.permissions import Action, reach
from s2group.evaluation.assignments.queries import (
    applicants_of_referee,
    assignments_among,
    conflicts_among,
    raters,
    rates_route,
)
from s2group.evaluation.assignments.services import add_assignment, remove_assignment
from s2group.evaluation.bulk.protocol import Argument, Change, Plan, Skip, Snapshot, UnfitArgumentError
from s2group.evaluation.likely_conflicts.queries import Pair, hints_among
from s2group.evaluation.likely_conflicts.rules import Hint
from s2group.evaluation.likely_conflicts.wording import hints_in_words
from s2group.evaluation.reviews.queries import RATED_IN


class _OfAssignments:
    """What both have in common: `reviewer` is the id of somebody who rates."""

    key: str
    adds: bool

    def read(self, user: User, argument: Argument) -> Argument:
        """Only somebody who is expected to rate."""
        return {"reviewer": str(_reviewer(argument).id)}

    def snapshots(self, user: User, applications: Sequence[Application], argument: Argument) -> dict[int, Snapshot]:
        """Whether each is theirs, and whether they have a conflict with it."""
        reviewer, ids = _reviewer(argument), [each.id for each in applications]
        theirs = {row.application_id for row in assignments_among(user, reviewer, ids)}
        conflicts = conflicts_among(user, reviewer, ids)
        return {each: {"theirs": each in theirs, "conflict": each in conflicts} for each in ids}

    def plan(self, user: User, applications: Sequence[Application], argument: Argument) -> Plan:
        """Whatever cannot be assigned, or is already as it shall be, is skipped."""
        reviewer, now = _reviewer(argument), self.snapshots(user, applications, argument)
        may_decide = reach(user, Action.DECIDE_APPLICATIONS)
        asked = applicants_of_referee(user, reviewer, list(now))
        hinted = hints_among(user, [reviewer], list(now))
        before, after = ("—", reviewer.shown_name) if self.adds else (reviewer.shown_name, "—")
        why_not = {
            each.id: self._why_not(each, reviewer, now[each.id], may_decide=may_decide.covers(each))
            or (str(gettext("Is a referee of the applicant")) if self.adds and each.id in asked else "")
            for each in applications
        }
        return Plan(
            changes=[
                Change(each, before, after, self._doubts(hinted, each, reviewer))
                for each in applications
                if not why_not[each.id]
            ],
            skips=[Skip(each, why) for each in applications if (why := why_not[each.id])],
            effects=[self._effect()],
        )

    def _why_not(self, application: Application, reviewer: User, now: Snapshot, *, may_decide: bool) -> str:
        if not may_decide:
            return str(gettext("You may not decide about this route"))
        if now["theirs"] is self.adds:
            return str(gettext("Is theirs already") if self.adds else gettext("Is not theirs"))
        return _why_not_to(application, reviewer, now) if self.adds else ""

    def _doubts(
        self, hinted: Mapping[Pair, Sequence[Hint]], application: Application, reviewer: User
    ) -> tuple[str, ...]:
        """Why it may be a conflict of interest; of taking back there is no doubt."""
        return tuple(hints_in_words(hinted.get((application.id, reviewer.id), ()))) if self.adds else ()

    def _effect(self) -> str:
        if self.adds:
            return str(gettext("It waits for them on their desk; nobody gets a mail."))
        return str(gettext("What they have said of it stays."))

    def apply(
        self,
        session: Session,
        user: User,
        applications: Sequence[Application],
        argument: Argument,
        answer: str,
        now: datetime,
    ) -> None:
        """Each with an event of its own."""
        self._change(session, user, applications, argument, now, adds=self.adds)

    def undo(
        self,
        session: Session,
        user: User,
        applications: Sequence[Application],
        argument: Argument,
        before: Mapping[int, Snapshot],
        now: datetime,
    ) -> None:
        """The opposite of what was done."""
        self._change(session, user, applications, argument, now, adds=not self.adds)

    def _change(
        self,
        session: Session,
        user: User,
        applications: Sequence[Application],
        argument: Argument,
        now: datetime,
        *,
        adds: bool,
    ) -> None:
        reviewer = _reviewer(argument)
        rows = {
            row.application_id: row for row in assignments_among(user, reviewer, [each.id for each in applications])
        }
        for application in applications:
            if adds:
                add_assignment(session, application, reviewer, user, now)
            else:
                remove_assignment(session, rows[application.id], application, reviewer, user, now)


class Assign(_OfAssignments):
    """Let them rate it."""

    key = "assign"
    adds = True

    def title(self, user: User, argument: Argument) -> str:
        """'Assign to Xiao Lin'."""
        return str(gettext("Assign to %(name)s", name=_reviewer(argument).shown_name))


class Unassign(_OfAssignments):
    """They need not rate it any more."""

    key = "unassign"
    adds = False

    def title(self, user: User, argument: Argument) -> str:
        """'Assign to Xiao Lin no more'."""
        return str(gettext("Assign to %(name)s no more", name=_reviewer(argument).shown_name))


def _why_not_to(application: Application, reviewer: User, now: Snapshot) -> str:
    if not rates_route(reviewer, application.route_id):
        return str(gettext("Does not rate this route"))
    if now["conflict"]:
        return str(gettext("Has a conflict of interest"))
    return "" if State(application.state) in RATED_IN else str(gettext("Is not rated any more"))


def _reviewer(argument: Argument) -> User:
    """Raises UnfitArgumentError where nobody of this id is expected to rate."""
    found = next((each for each in raters() if str(each.id) == argument.get("reviewer")), None)
    if found is None:
        raise UnfitArgumentError(argument.get("reviewer"))
    return found
