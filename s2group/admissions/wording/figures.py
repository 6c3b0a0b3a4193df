"""The figures that somebody who reads many applications looks at first."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from s2group.admissions.wording.phrases import _, number
from s2group.admissions.wording.questions import ANSWERS, LABELS

BETWEEN = " · "
NONE = "—"
FIRST = 1


@dataclass(frozen=True)
class Figure:
    """One of them: `value` with its unit and base, and `more` beside it, which may be empty."""

    key: str
    label: str
    value: str
    more: str


def key_figures(answers: Mapping[str, Any], asked: Collection[str]) -> list[Figure]:
    """The figures in the reader's language, in an order that is the same for all; `asked` are the fields of the route.

    A dash stands for what was asked and not answered. What was neither is left out.
    """
    return [
        Figure(fields[0], BETWEEN.join(str(LABELS[field]) for field in labels), *say(answers))
        for fields, labels, say in FIGURES
        if any(field in asked or answers.get(field) not in (None, "", []) for field in fields)
    ]


def percentile(rank: int, cohort_size: int) -> str:
    """The share of the cohort down to this rank in percent, with one decimal: "2.6"."""
    return f"{100 * rank / cohort_size:.1f}"


def _gpa(answers: Mapping[str, Any]) -> tuple[str, str]:
    gpa, scale = answers.get("gpa"), answers.get("gpa_scale")
    if gpa is None:
        return NONE, ""
    if scale == "other":
        return number(gpa), str(ANSWERS["gpa_scale", "other"])
    return (f"{number(gpa)} / {scale}" if scale else number(gpa)), ""


def _rank(answers: Mapping[str, Any]) -> tuple[str, str]:
    rank, size = answers.get("rank"), answers.get("cohort_size")
    if not rank or not size:
        return (str(rank) if rank else NONE), ""
    return f"{rank} / {size}", _("top %(percent)s %%", percent=percentile(rank, size))


def _scores(*fields: str) -> Callable[[Mapping[str, Any]], tuple[str, str]]:
    return lambda answers: (BETWEEN.join(_one(field, answers.get(field)) for field in fields), "")


def _one(field: str, value: Any) -> str:
    if value is None or value == "":
        return NONE
    return str(ANSWERS.get((field, value)) or number(value))


def _papers(answers: Mapping[str, Any]) -> tuple[str, str]:
    papers = answers.get("papers")
    if not isinstance(papers, list):
        return NONE, ""
    rows = [paper for paper in papers if isinstance(paper, Mapping)]
    statuses = Counter(str(paper.get("status") or "") for paper in rows)
    firsts = sum(paper.get("position") == FIRST for paper in rows)
    words = [f"{count} {ANSWERS.get(('status', status), status)}".strip() for status, count in statuses.items()]
    if firsts:
        words.append(_("%(count)s as first author", count=firsts))
    return str(len(papers)), BETWEEN.join(words)


# The fields that each rests on, those that name it, and how it is said.
FIGURES: tuple[tuple[tuple[str, ...], tuple[str, ...], Callable[[Mapping[str, Any]], tuple[str, str]]], ...] = (
    (("gpa",), ("gpa",), _gpa),
    (("rank", "cohort_size"), ("rank",), _rank),
    (("exemption_status",), ("exemption_status",), _scores("exemption_status")),
    (("exam_total",), ("exam_total",), _scores("exam_total")),
    (("cet4", "cet6"), ("cet4", "cet6"), _scores("cet4", "cet6")),
    (("ielts", "toefl"), ("ielts", "toefl"), _scores("ielts", "toefl")),
    (("papers",), ("papers",), _papers),
    (("weekly_hours",), ("weekly_hours",), _scores("weekly_hours")),
    (("months",), ("months",), _scores("months")),
)
