"""Requirements as data: what the group asks for, and what an applicant's answers say to each.

The outcomes advise; people decide. Lines, scales and wording come from the call's content file.
"""

from s2group.admissions.rules.composites import AllOf, AnyOf, Composite, declarations
from s2group.admissions.rules.definitions import read_requirements
from s2group.admissions.rules.measures import LARGEST_COUNT, AmountAtLeast, CountAtLeast, LengthAtLeast, RankWithin
from s2group.admissions.rules.outcomes import (
    AWAITED,
    NOT_TAKEN,
    Level,
    Outcome,
    Place,
    Reason,
    Scale,
    Score,
    ScoreState,
    Unit,
    Verdict,
    Wording,
    blocking,
    verdict_changes,
)
from s2group.admissions.rules.requirements import Requirement, evaluate, quick_fields
from s2group.admissions.rules.scores import ScoreAtLeast
from s2group.admissions.rules.statements import Declared, DocumentPresent, StatusAmong

__all__ = [
    "AWAITED",
    "LARGEST_COUNT",
    "NOT_TAKEN",
    "AllOf",
    "AmountAtLeast",
    "AnyOf",
    "Composite",
    "CountAtLeast",
    "Declared",
    "DocumentPresent",
    "LengthAtLeast",
    "Level",
    "Outcome",
    "Place",
    "RankWithin",
    "Reason",
    "Requirement",
    "Scale",
    "Score",
    "ScoreAtLeast",
    "ScoreState",
    "StatusAmong",
    "Unit",
    "Verdict",
    "Wording",
    "blocking",
    "declarations",
    "evaluate",
    "quick_fields",
    "read_requirements",
    "verdict_changes",
]
