"""Reads of what people said of outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from s2group.admissions.models import Application
from s2group.admissions.overrides.models import OutcomeOverride
from s2group.admissions.overrides.rules import Evidence, still_holds


@dataclass(frozen=True)
class Standing:
    """The newest of what people said of a requirement, and whether what it rests on is still as it was."""

    override: OutcomeOverride
    holds: bool


def evidence_of(application: Application) -> Evidence:
    """What the application says now."""
    files = {entry.kind: entry.document.sha256 for entry in application.documents}
    return Evidence(application.answers, files)


def standing(application: Application) -> Mapping[str, Standing]:
    """What people say of its outcomes now, by the requirement; without what was taken back."""
    newest = {each.requirement: each for each in application.overrides}
    if not newest:
        return {}
    evidence = evidence_of(application)
    return {key: Standing(each, still_holds(each.basis, evidence)) for key, each in newest.items() if each.verdict}


def effective_outcomes(application: Application) -> list[dict[str, Any]]:
    """Its outcomes as they count for the staff: with the verdicts of people where these hold."""
    said = {key: each.override.verdict for key, each in standing(application).items() if each.holds}
    return [{**outcome, "verdict": said.get(outcome["key"]) or outcome["verdict"]} for outcome in application.outcomes]
