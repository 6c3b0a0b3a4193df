"""An application at a glance: what the group reads first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext

from s2group.admissions import wording
from s2group.admissions.models import Application
from s2group.admissions.rules import Outcome, Verdict
from s2group.admissions.wording.phrases import listed, number
from s2group.core.i18n import in_language
from s2group.core.localized import Locale

BETWEEN = " · "


@dataclass(frozen=True)
class Summary:
    """Where somebody studies, how they stand there, and how the requirements came out; empty where nothing is said."""

    studies: str
    # 27/181 = 14.9 % · GPA 3.62/4.0
    standing: str
    # 6 met · 1 not met · 1 unknown
    verdicts: str
    # The verdicts that are not 'met', each with the names of its requirements.
    open: list[tuple[str, str]]


def summarise(application: Application, locale: Locale) -> Summary:
    """The application in four lines, in `locale`."""
    outcomes = [Outcome.from_dict(outcome) for outcome in application.outcomes]
    with in_language(locale):
        return Summary(
            studies=BETWEEN.join(
                filter(None, (application.answers.get(name) for name in ("university", "college", "major")))
            ),
            standing=BETWEEN.join(filter(None, (_rank(application), _gpa(application)))),
            verdicts=_verdicts(outcomes),
            open=[
                (wording.verdict_label(verdict), labels)
                for verdict in (Verdict.NOT_MET, Verdict.UNKNOWN)
                if (labels := _labels(outcomes, verdict, locale))
            ],
        )


def _rank(application: Application) -> str:
    rank, size = application.answers.get("rank"), application.answers.get("cohort_size")
    return f"{rank}/{size} = {100 * rank / size:.1f} %" if rank and size else ""


def _gpa(application: Application) -> str:
    gpa, scale = application.answers.get("gpa"), application.answers.get("gpa_scale")
    if gpa is None:
        return ""
    told = f"{number(gpa)}/{scale}" if scale and scale != "other" else number(gpa)
    return f"GPA {told}"


def _verdicts(outcomes: Iterable[Outcome]) -> str:
    counts = Counter(outcome.verdict for outcome in outcomes)
    words = {
        Verdict.MET: gettext("%(count)s met", count=counts[Verdict.MET]),
        Verdict.NOT_MET: gettext("%(count)s not met", count=counts[Verdict.NOT_MET]),
        Verdict.UNKNOWN: gettext("%(count)s unknown", count=counts[Verdict.UNKNOWN]),
    }
    return BETWEEN.join(words[verdict] for verdict in words if counts[verdict])


def _labels(outcomes: Iterable[Outcome], verdict: Verdict, locale: Locale) -> str:
    found = [outcome for outcome in outcomes if outcome.verdict is verdict]
    return listed(each.label for each in wording.explained(found, locale)) if found else ""
