"""What an application's answers and outcomes come to in figures and in words to compare. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from s2group.admissions.rules.outcomes import Level
from s2group.admissions.rules.states import EDITABLE, State
from s2group.core.text import comparable

SCORES = ("cet4", "cet6", "ielts", "toefl")


def measured(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The scores, the percentages and the number of papers; None for each that the answers do not give."""
    return {
        **{name: _number(answers.get(name)) for name in SCORES},
        "rank_percent": _percent(answers.get("rank"), answers.get("cohort_size")),
        "gpa_percent": _percent(answers.get("gpa"), answers.get("gpa_scale")),
        "papers": _length(answers.get("papers")),
        "repositories": _length(answers.get("repositories")),
    }


def counted(outcomes: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many requirements are met, not met and unknown."""
    verdicts = Counter(outcome["verdict"] for outcome in outcomes)
    return {verdict: verdicts[verdict] for verdict in ("met", "not_met", "unknown")}


def counted_by_level(outcomes: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many of the required ones, and how many of the preferred ones, are not met or unknown."""
    found = Counter((is_required(outcome), outcome["verdict"]) for outcome in outcomes)
    return {
        f"{name}_{verdict}": found[required, verdict]
        for name, required in (("required", True), ("preferred", False))
        for verdict in ("not_met", "unknown")
    }


def is_required(outcome: Mapping[str, Any]) -> bool:
    """Whether its requirement is more than preferred."""
    return bool(outcome["level"] != Level.PREFERRED)


def answer_due(submitted_at: datetime, answer_days: int, shown_state: str) -> datetime | None:
    """By when an answer was promised; None where the applicant is shown one, or has withdrawn."""
    return submitted_at + timedelta(days=answer_days) if State(shown_state) in EDITABLE else None


def compared(name: str, email: str, answers: Mapping[str, Any]) -> dict[str, str | None]:
    """Who it is and where from, so that the same is written the same."""
    phone, university = _text(answers.get("phone")), _text(answers.get("university"))
    return {
        "name_key": comparable(name),
        "email_key": comparable(email),
        "phone_key": comparable(phone) or None,
        "university_key": comparable(university) or None,
        "university": university,
    }


def _length(rows: Any) -> int | None:
    return len(rows) if isinstance(rows, list) else None


def _number(value: Any) -> float | None:
    """In the place of a score there may be a word that says why there is none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _percent(part: Any, whole: Any) -> float | None:
    """A scale is kept as text: "4.0", or a word where it has no end."""
    try:
        return 100 * float(part) / float(whole)
    except (TypeError, ValueError, ZeroDivisionError):
        return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
