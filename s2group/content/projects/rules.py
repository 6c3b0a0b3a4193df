"""Where a project stands."""

from datetime import date
from enum import StrEnum


class ProjectState(StrEnum):
    """Where a project stands."""

    ACTIVE = "active"
    FINISHED = "finished"
    PARTICIPATED = "participated"


def project_state(*, role: str, end: str, today: date) -> ProjectState:
    """Whether a project of the group's own still runs in the month of `today`; `end` is its last month or empty.

    One in which the group only takes part counts as such, whatever its dates.
    """
    if role == "participant":
        return ProjectState.PARTICIPATED
    return ProjectState.FINISHED if end and end < f"{today:%Y-%m}" else ProjectState.ACTIVE
