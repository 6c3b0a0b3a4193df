"""Questions, answers, requirements and outcomes in words, in either language."""

from s2group.admissions.wording.answers import Areas, answer_rows, named_rows
from s2group.admissions.wording.history import event_names
from s2group.admissions.wording.outcomes import (
    ExplainedOutcome,
    RequirementRow,
    explained,
    first_clause,
    requirement_names,
    requirement_rows,
    short_name,
    verdict_label,
)
from s2group.admissions.wording.questions import ANSWERS, DOCUMENTS, LABELS, QUESTIONS, label_of, time_needed
from s2group.admissions.wording.reasons import explain
from s2group.admissions.wording.sentences import made_from_rule
from s2group.admissions.wording.states import HEADINGS, STATES

__all__ = [
    "ANSWERS",
    "DOCUMENTS",
    "HEADINGS",
    "LABELS",
    "QUESTIONS",
    "STATES",
    "Areas",
    "ExplainedOutcome",
    "RequirementRow",
    "answer_rows",
    "event_names",
    "explain",
    "explained",
    "first_clause",
    "label_of",
    "made_from_rule",
    "named_rows",
    "requirement_names",
    "requirement_rows",
    "short_name",
    "time_needed",
    "verdict_label",
]
