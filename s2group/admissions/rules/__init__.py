"""Requirements as data: what the group asks for, and what an applicant's answers say to each.

The outcomes advise; people decide. Lines, scales and wording come from the call's content file.
"""

from s2group.admissions.rules.definitions import read_requirements
from s2group.admissions.rules.outcomes import (
    AWAITED,
    NOT_TAKEN,
    Level,
    Outcome,
    Reason,
    Scale,
    Score,
    ScoreState,
    Verdict,
    Wording,
)
from s2group.admissions.rules.requirements import (
    LARGEST_COUNT,
    CountAtLeast,
    Declared,
    Requirement,
    ScoreAtLeast,
    StatusAmong,
    evaluate,
)

__all__ = [
    "AWAITED",
    "LARGEST_COUNT",
    "NOT_TAKEN",
    "CountAtLeast",
    "Declared",
    "Level",
    "Outcome",
    "Reason",
    "Requirement",
    "Scale",
    "Score",
    "ScoreAtLeast",
    "ScoreState",
    "StatusAmong",
    "Verdict",
    "Wording",
    "evaluate",
    "read_requirements",
]
