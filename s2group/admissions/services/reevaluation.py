"""Judging applications again after the requirements have changed: what it would change, and doing it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions import queries
from s2group.admissions.facts.services import refresh_facts
from s2group.admissions.models import AdmissionRoute, Application, RequirementSet
from s2group.admissions.rules import Outcome, Verdict, Wording, evaluate, read_requirements, verdict_changes
from s2group.admissions.rules.states import BEFORE_INTERVIEW
from s2group.audit import rules as audit
from s2group.audit.services import record
from s2group.core.database import transaction


class OutdatedPreviewError(Exception):
    """The requirements have changed once more since the preview was made."""


@dataclass(frozen=True)
class VerdictChange:
    """A requirement whose verdict would differ; None where one of the two versions does not ask it."""

    key: str
    label: Wording
    before: Verdict | None
    after: Verdict | None


@dataclass(frozen=True)
class Reevaluation:
    """What the newest requirements say to an application that older ones judged."""

    application: Application
    outcomes: list[Outcome]
    verdict_changes: list[VerdictChange]


@dataclass(frozen=True)
class Preview:
    """The applications of a route that older requirements judged, oldest first."""

    route: AdmissionRoute
    newest: RequirementSet
    rulings: list[Reevaluation]

    @property
    def before_interview(self) -> list[Reevaluation]:
        """Those that nobody has invited to an interview yet."""
        return [ruling for ruling in self.rulings if ruling.application.state in BEFORE_INTERVIEW]

    @property
    def fingerprint(self) -> str:
        """The same for two previews that would change the same."""
        changes = [
            (ruling.application.id, ruling.application.state, *map(astuple, ruling.verdict_changes))
            for ruling in self.rulings
        ]
        said = json.dumps([self.newest.version, self.newest.requirements, changes], sort_keys=True)
        return sha256(said.encode()).hexdigest()

    @property
    def flipped(self) -> list[Reevaluation]:
        """Those with a verdict that would change."""
        return [ruling for ruling in self.rulings if ruling.verdict_changes]


def previews(routes: Iterable[AdmissionRoute], *, hold: bool = False) -> list[Preview]:
    """For each of the routes what judging again would change; routes without anything to judge are left out.

    Applications on which nothing more is decided stay as they were judged. Takes a fixed number of statements. With
    `hold` the applications stay as they are until the end of the caller's transaction.
    """
    by_id = {route.id: route for route in routes}
    newest = queries.newest_requirements(by_id)
    rulings: dict[int, list[Reevaluation]] = {}
    for application in queries.applications_judged_before(newest.values(), hold=hold):
        rulings.setdefault(application.route_id, []).append(_ruling(application, newest[application.route_id]))
    return [Preview(route, newest[key], rulings[key]) for key, route in by_id.items() if key in rulings]


def trial(route: AdmissionRoute, requirements: list[dict[str, Any]], *, hold: bool = False) -> Preview:
    """What it would change if these were the next version of the requirements of a route; nothing is changed.

    Applications on which nothing more is decided stay as they were judged. With `hold` the applications stay as they
    are until the end of the caller's transaction.
    """
    version = queries.current_requirements(route).version + 1
    newest = RequirementSet(version=version, requirements=requirements)
    found = queries.undecided_applications([route.id], hold=hold)
    return Preview(route, newest, [_ruling(application, newest) for application in found])


def judge(
    session: Session, rulings: Sequence[Reevaluation], newest: RequirementSet, *, actor_id: int | None, now: datetime
) -> None:
    """Write what `newest` say of these applications, within the transaction: outcomes, facts, an event for each."""
    for ruling in rulings:
        _judge(session, ruling, newest, actor_id, now)
    refresh_facts(session, [ruling.application.id for ruling in rulings])


def reevaluate(*, route: AdmissionRoute, version: int, actor: User | None, now: datetime) -> Preview | None:
    """Judge the applications of the route by its newest requirements: all of them or none.

    Writes outcomes, the version they were judged by, and an event `Reevaluated` for each; gives what was
    done, or None where nothing was to be judged. `version` is the newest one that the preview knew: raises
    OutdatedPreviewError where there is a newer one by now.
    """
    with transaction() as session:
        if queries.current_requirements(route).version != version:
            raise OutdatedPreviewError
        found = previews([route], hold=True)
        for preview in found:
            judge(session, preview.rulings, preview.newest, actor_id=actor.id if actor else None, now=now)
    return next(iter(found), None)


def _ruling(application: Application, newest: RequirementSet) -> Reevaluation:
    kinds = sorted(entry.kind for entry in application.documents)
    after = evaluate(read_requirements(newest.requirements), {**application.answers, "documents": kinds})
    before = [Outcome.from_dict(outcome) for outcome in application.outcomes]
    labels = {outcome.key: outcome.label for outcome in (*before, *after)}
    changed = [VerdictChange(key, labels[key], was, is_now) for key, was, is_now in verdict_changes(before, after)]
    return Reevaluation(application, after, changed)


def _judge(session: Session, ruling: Reevaluation, newest: RequirementSet, actor_id: int | None, now: datetime) -> None:
    application = ruling.application
    changes = tuple(audit.VerdictChange(each.key, each.before, each.after) for each in ruling.verdict_changes)
    details = audit.Reevaluated(application.requirement_set.version, newest.version, changes)
    record(session, details, about=application.subject, at=now, actor_id=actor_id)
    application.outcomes = [outcome.to_dict() for outcome in ruling.outcomes]
    application.requirement_set = newest
