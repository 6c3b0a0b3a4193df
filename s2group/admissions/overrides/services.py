"""Saying what a requirement comes to."""

from datetime import datetime

from s2group.accounts.models import User
from s2group.admissions.facts.services import refresh_facts
from s2group.admissions.models import Application
from s2group.admissions.overrides.models import OutcomeOverride
from s2group.admissions.overrides.queries import evidence_of
from s2group.admissions.overrides.rules import basis_of
from s2group.admissions.rules import Outcome, Verdict
from s2group.audit.rules import OutcomeOverridden, OutcomeVerified
from s2group.audit.services import record
from s2group.core.database import transaction


class OutdatedOutcomeError(Exception):
    """Somebody has said something else of it meanwhile, or the answers come to another verdict by now."""


class ReasonMissingError(ValueError):
    """Whoever contradicts the answers says why."""


def needs_reason(computed: Verdict, verdict: Verdict | None) -> bool:
    """Whether this verdict wants a reason: not where it agrees, nor where the answers alone could not tell."""
    return verdict is not None and verdict is not computed and (computed, verdict) != (Verdict.UNKNOWN, Verdict.MET)


def override_outcome(
    *,
    application: Application,
    requirement: str,
    verdict: Verdict | None,
    reason: str,
    seen: int,
    computed: Verdict,
    actor: User,
    now: datetime,
) -> None:
    """Say that a requirement comes to `verdict`; None lets the answers count again.

    `seen` is the id of the newest override that the page knew (0: none), `computed` the verdict that it showed as that
    of the answers. Writes a row, an event and the facts; no applicant hears of it. Raises OutdatedOutcomeError, and
    ReasonMissingError where the verdict contradicts the answers without a reason.
    """
    if needs_reason(computed, verdict) and not reason:
        raise ReasonMissingError(requirement)
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        outcome = _outcome(application, requirement)
        session.expire(application, ["overrides"])
        said = [each for each in application.overrides if each.requirement == requirement]
        newest = said[-1] if said else None
        if outcome.verdict is not computed or (newest.id if newest else 0) != seen:
            raise OutdatedOutcomeError(requirement)
        override = OutcomeOverride(
            application_id=application.id,
            requirement=requirement,
            verdict=verdict.value if verdict else None,
            reason=reason,
            basis=basis_of(outcome, evidence_of(application)),
            at=now,
            actor_id=actor.id,
        )
        session.add(override)
        before = newest.verdict if newest and newest.verdict else computed.value
        after = verdict.value if verdict else computed.value
        details = (
            OutcomeVerified(requirement, after)
            if before == after
            else OutcomeOverridden(requirement, before, after, reason)
        )
        record(session, details, about=application.subject, at=now, actor_id=actor.id)
        session.flush()
        session.expire(application, ["overrides"])
        refresh_facts(session, [application.id])


def _outcome(application: Application, requirement: str) -> Outcome:
    outcomes = map(Outcome.from_dict, application.outcomes)
    found = next((outcome for outcome in outcomes if outcome.key == requirement), None)
    if found is None:
        raise OutdatedOutcomeError(requirement)
    return found
