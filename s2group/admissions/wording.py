"""Outcomes and answers in words, in either language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import reduce
from typing import Any

from flask_babel import gettext, lazy_gettext

from s2group.admissions.rules import Level, Outcome, Reason, Requirement, Scale, Score, ScoreAtLeast, Verdict
from s2group.core.i18n import speaking
from s2group.core.localized import Locale, LocalizedText

# The questions of the form, in the order in which an application shows its answers.
QUESTIONS = {
    "phone": lazy_gettext("Mobile phone"),
    "university": lazy_gettext("University"),
    "college": lazy_gettext("College"),
    "major": lazy_gettext("Major"),
    "exemption_status": lazy_gettext("Recommended-exemption quota"),
    "rank": lazy_gettext("Rank"),
    "cohort_size": lazy_gettext("Students in your cohort"),
    "gpa": lazy_gettext("GPA"),
    "gpa_scale": lazy_gettext("GPA scale"),
    "cet4": lazy_gettext("CET-4"),
    "cet6": lazy_gettext("CET-6"),
    "ielts": lazy_gettext("IELTS"),
    "toefl": lazy_gettext("TOEFL"),
    "neural_network": lazy_gettext("Built or trained a neural network"),
    "papers_top_three": lazy_gettext("Papers as one of the first three authors"),
    "statement": lazy_gettext("Statement"),
}
ANSWERS = {
    ("exemption_status", "has"): lazy_gettext("Granted"),
    ("exemption_status", "expected"): lazy_gettext("Expected"),
    ("exemption_status", "unsure"): lazy_gettext("Not sure yet"),
    ("exemption_status", "no"): lazy_gettext("Not granted"),
    ("neural_network", "yes"): lazy_gettext("Yes"),
    ("neural_network", "no"): lazy_gettext("No"),
    ("cet4", "awaited"): lazy_gettext("Result awaited"),
    ("cet4", "not_taken"): lazy_gettext("Not taken"),
}
STATUSES = {
    ("exemption_status", "has"): lazy_gettext("Holds the quota."),
    ("exemption_status", "expected"): lazy_gettext(
        "Expects the quota; to be confirmed once the university has decided."
    ),
    ("exemption_status", "unsure"): lazy_gettext("Not sure yet about the quota; to be confirmed."),
    ("exemption_status", "no"): lazy_gettext("Does not hold the quota."),
    ("neural_network", "yes"): lazy_gettext("Has done so."),
    ("neural_network", "no"): lazy_gettext("Has not done so yet."),
}
VERDICTS = {
    Verdict.MET: lazy_gettext("Met"),
    Verdict.NOT_MET: lazy_gettext("Not met"),
    Verdict.UNKNOWN: lazy_gettext("Unknown"),
}
# Which of the page's colours goes with a verdict; the word beside it says the same.
TONES = {Verdict.MET: "good", Verdict.NOT_MET: "bad", Verdict.UNKNOWN: "wait"}
LEVELS = {Level.REQUIRED: lazy_gettext("Required"), Level.PREFERRED: lazy_gettext("Preferred")}


@dataclass(frozen=True)
class ExplainedOutcome:
    """An outcome as a reader sees it; `label_locale` is the language that the label really is in."""

    key: str
    label: str
    label_locale: Locale
    level: str
    verdict: str
    tone: str
    reason: str


@dataclass(frozen=True)
class RequirementRow:
    """A requirement as a reader sees it; `also` says what else would count, or is empty."""

    key: str
    label: str
    label_locale: Locale
    is_required: bool
    level: str
    also: str


def explained(outcomes: Iterable[Outcome], locale: Locale) -> list[ExplainedOutcome]:
    """The outcomes in words, in `locale` whatever the language of the request."""
    with speaking(locale):
        return [_explained(outcome, locale) for outcome in outcomes]


def _explained(outcome: Outcome, locale: Locale) -> ExplainedOutcome:
    label, label_locale = LocalizedText(**asdict(outcome.label)).in_locale(locale)
    return ExplainedOutcome(
        key=outcome.key,
        label=label,
        label_locale=label_locale,
        level=str(LEVELS[outcome.level]),
        verdict=verdict_label(outcome.verdict),
        tone=TONES[outcome.verdict],
        reason=explain(outcome),
    )


def requirement_rows(requirements: Iterable[Requirement], locale: Locale) -> list[RequirementRow]:
    """The requirements in words, in `locale`."""
    with speaking(locale):
        return [_requirement_row(requirement, locale) for requirement in requirements]


def _requirement_row(requirement: Requirement, locale: Locale) -> RequirementRow:
    label, label_locale = LocalizedText(**asdict(requirement.wording)).in_locale(locale)
    others = requirement.alternatives if isinstance(requirement, ScoreAtLeast) else ()
    return RequirementRow(
        key=requirement.key,
        label=label,
        label_locale=label_locale,
        is_required=requirement.level is Level.REQUIRED,
        level=str(LEVELS[requirement.level]),
        also=_also(others),
    )


def verdict_label(verdict: Verdict) -> str:
    """Met, Not met or Unknown, in the reader's language."""
    return str(VERDICTS[verdict])


def answer_rows(answers: Mapping[str, Any], locale: Locale) -> list[tuple[str, str]]:
    """Question and answer, in `locale`, for everything that was answered; what was ticked stands in the outcomes."""
    with speaking(locale):
        return [
            (str(question), _answer(name, answers[name]))
            for name, question in QUESTIONS.items()
            if answers.get(name) not in (None, "")
        ]


def _answer(name: str, value: Score | str) -> str:
    if isinstance(value, str):
        return str(ANSWERS.get((name, value), value))
    return _number(value)


def explain(outcome: Outcome) -> str:
    """Why the verdict is what it is, in the reader's language: CET-4 441 of 710: 16 above the line of 425."""
    why = SAYINGS[outcome.reason](outcome)
    return _in_a_row(why, _also(outcome.alternatives)) if outcome.alternatives else why


def _line_reached(outcome: Outcome) -> str:
    if outcome.scale is None:
        return _count(outcome)
    field = outcome.met_by or outcome.field
    reached = _("%(score)s: %(words)s", score=_score(field, outcome.value, outcome.scale), words=_margin(outcome))
    if outcome.met_by is None:
        return reached
    return _in_a_row(reached, _("It counts in place of %(test)s.", test=QUESTIONS[outcome.field]))


def _below_line(outcome: Outcome) -> str:
    if outcome.scale is None:
        return _count(outcome)
    score = _score(outcome.field, outcome.value, outcome.scale)
    return _("%(score)s: %(words)s", score=score, words=_margin(outcome))


def _not_given(outcome: Outcome) -> str:
    if outcome.scale is None:
        return _("Not answered yet.")
    return _("No %(test)s score given. %(line)s", test=QUESTIONS[outcome.field], line=_line(outcome))


SAYINGS: dict[Reason, Callable[[Outcome], str]] = {
    Reason.LINE_REACHED: _line_reached,
    Reason.BELOW_LINE: _below_line,
    Reason.STATUS: lambda outcome: str(STATUSES.get((outcome.field, str(outcome.value)), outcome.value)),
    Reason.DECLARED: lambda _outcome: _("Declared by the applicant."),
    Reason.NOT_DECLARED: lambda _outcome: _("Not declared yet."),
    Reason.AWAITED: lambda outcome: _(
        "%(test)s result awaited. %(line)s", test=QUESTIONS[outcome.field], line=_line(outcome)
    ),
    Reason.NOT_TAKEN: lambda outcome: _(
        "%(test)s not taken. %(line)s", test=QUESTIONS[outcome.field], line=_line(outcome)
    ),
    Reason.NOT_GIVEN: _not_given,
    Reason.NOT_UNDERSTOOD: lambda _outcome: _("The answer could not be read."),
}


def _count(outcome: Outcome) -> str:
    count, line = _number(outcome.value), _number(outcome.line)
    return _("%(what)s: %(count)s. The line is %(line)s.", what=QUESTIONS[outcome.field], count=count, line=line)


def _score(field: str, score: Score | str | None, scale: Score) -> str:
    return _("%(test)s %(score)s of %(scale)s", test=QUESTIONS[field], score=_number(score), scale=_number(scale))


def _margin(outcome: Outcome) -> str:
    margin, line = outcome.margin or 0, _number(outcome.line)
    if margin > 0:
        return _("%(margin)s above the line of %(line)s.", margin=_number(margin), line=line)
    if margin < 0:
        return _("%(margin)s short of the line of %(line)s.", margin=_number(-margin), line=line)
    return _("exactly on the line.")


def _line(outcome: Outcome) -> str:
    return _("The line is %(line)s of %(scale)s.", line=_number(outcome.line), scale=_number(outcome.scale))


def _also(scales: tuple[Scale, ...]) -> str:
    return _("%(others)s would count as well.", others=_either(scales)) if scales else ""


def _either(scales: Iterable[Scale]) -> str:
    """CET-6 425 of 710, IELTS 6 of 9 or TOEFL 80 of 120."""
    *first, last = [_score(scale.field, scale.line, scale.high) for scale in scales]
    if not first:
        return last
    listed = reduce(lambda one, other: _("%(one)s, %(other)s", one=one, other=other), first)
    return _("%(one)s or %(other)s", one=listed, other=last)


def _in_a_row(one: str, other: str) -> str:
    """Two sentences; Chinese puts no space between them."""
    return _("%(one)s %(other)s", one=one, other=other)


def _number(value: object) -> str:
    """A score as people write it: 6, not 6.0."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _(words: str, /, **values: object) -> str:
    return str(gettext(words, **values))
