"""What becomes of a message that waits, and what a person should look at before it goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one message of a release."""

    TOLD = "told"
    HELD_BACK = "held_back"
    CHANGED = "changed"  # the decision is another one than when it was queued
    KNOWN = "known"  # the applicant has been shown this state already
    WITHDRAWN = "withdrawn"


class Doubt(StrEnum):
    """Why somebody should look at a message before it goes."""

    CHANGED = "changed"
    KNOWN = "known"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"  # an answer was told before, and this one is another
    TWICE = "twice"  # another release that waits holds a message to the same applicant
    EMPTY_FIELD = "empty_field"  # it names something that is not known


# What an applicant takes for an answer: another one after it contradicts it.
ANSWERS = frozenset({"waitlist", "offer", "declined"})


@dataclass(frozen=True)
class Standing:
    """Where an application stands, and what its applicant was told last."""

    state: str
    shown: str


def outcome_of(state: str | None, standing: Standing) -> Outcome:
    """What becomes now of a message that tells `state`, or tells none."""
    if state is None:
        return Outcome.TOLD
    if standing.state == "withdrawn":
        return Outcome.WITHDRAWN
    if standing.state != state:
        return Outcome.CHANGED
    return Outcome.KNOWN if standing.shown == state else Outcome.TOLD


def doubts(state: str | None, standing: Standing, *, waits_elsewhere: bool, empty_fields: Sequence[str]) -> list[Doubt]:
    """Why to look at a message that tells `state`, or tells none. Only what is certain; it hinders nobody."""
    found = []
    outcome = outcome_of(state, standing)
    if outcome is not Outcome.TOLD:
        found.append(Doubt(outcome.value))
    elif standing.state == "withdrawn":
        found.append(Doubt.WITHDRAWN)
    if state and outcome is Outcome.TOLD and standing.shown in ANSWERS:
        found.append(Doubt.REVERSED)
    if waits_elsewhere:
        found.append(Doubt.TWICE)
    if empty_fields:
        found.append(Doubt.EMPTY_FIELD)
    return found


def effective_at(now: datetime, hold_minutes: int) -> datetime:
    """When a release that is queued now takes effect."""
    return now + timedelta(minutes=hold_minutes)
