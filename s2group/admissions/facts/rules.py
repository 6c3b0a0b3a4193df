"""What an application's answers and outcomes come to in figures and in words to compare. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from s2group.core.text import comparable

SCORES = ("cet4", "cet6", "ielts", "toefl")


def measured(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The scores, the percentages and the number of papers; None for each that the answers do not give."""
    papers = answers.get("papers")
    return {
        **{name: _number(answers.get(name)) for name in SCORES},
        "rank_percent": _percent(answers.get("rank"), answers.get("cohort_size")),
        "gpa_percent": _percent(answers.get("gpa"), answers.get("gpa_scale")),
        "papers": len(papers) if isinstance(papers, list) else None,
    }


def counted(outcomes: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many requirements are met, not met and unknown."""
    verdicts = Counter(outcome["verdict"] for outcome in outcomes)
    return {verdict: verdicts[verdict] for verdict in ("met", "not_met", "unknown")}


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
