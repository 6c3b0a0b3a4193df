"""Requirements, and how they came out, as a reader sees them."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from flask_babel import lazy_gettext

from s2group.admissions.rules import AllOf, Composite, Level, Outcome, Requirement, ScoreAtLeast, Verdict, Wording
from s2group.admissions.wording.phrases import _, in_a_row, listed
from s2group.admissions.wording.questions import LABELS
from s2group.admissions.wording.reasons import explain, would_count
from s2group.admissions.wording.sentences import score_sentence
from s2group.core.i18n import in_language
from s2group.core.localized import Locale, LocalizedText

VERDICTS = {
    Verdict.MET: lazy_gettext("Met"),
    Verdict.NOT_MET: lazy_gettext("Not met"),
    Verdict.UNKNOWN: lazy_gettext("Unknown"),
}
# Which of the page's colours goes with a verdict; the word beside it says the same.
TONES = {Verdict.MET: "good", Verdict.NOT_MET: "bad", Verdict.UNKNOWN: "wait"}
LEVELS = {
    Level.REQUIRED: lazy_gettext("Required"),
    Level.PREFERRED: lazy_gettext("Preferred"),
    Level.BLOCKING: lazy_gettext("Needed to apply"),
}

# What ends the first clause of a wording, in either language.
FIRST_CLAUSE = re.compile("[，；：]|[,;:] ")


@dataclass(frozen=True)
class ExplainedOutcome:
    """An outcome as a reader sees it; `label_locale` is the language that the label really is in.

    `reason` says everything in one text, as a plain mail needs it; `gist` leaves out what the `parts` say.
    """

    key: str
    label: str
    label_locale: Locale
    level: str
    verdict: str
    tone: str
    reason: str
    gist: str
    parts: "tuple[ExplainedOutcome, ...]"


@dataclass(frozen=True)
class RequirementRow:
    """A requirement as a reader sees it.

    `also` says what else would count, or what the requirement is made of, or is empty.
    """

    key: str
    label: str
    label_locale: Locale
    is_required: bool
    level: str
    also: str


def explained(outcomes: Iterable[Outcome], locale: Locale) -> list[ExplainedOutcome]:
    """The outcomes in words, in `locale` whatever the language of the request."""
    with in_language(locale):
        return [_explained(outcome, locale) for outcome in outcomes]


def _explained(outcome: Outcome, locale: Locale) -> ExplainedOutcome:
    label, label_locale = _label(outcome.label, locale)
    gist, parts = explain(outcome), tuple(_explained(part, locale) for part in outcome.parts)
    return ExplainedOutcome(
        key=outcome.key,
        label=label,
        label_locale=label_locale,
        level=str(LEVELS[outcome.level]),
        verdict=verdict_label(outcome.verdict),
        tone=TONES[outcome.verdict],
        reason=in_a_row([gist, *map(_part, parts)]),
        gist=gist,
        parts=parts,
    )


def _part(part: ExplainedOutcome) -> str:
    return _("%(label)s (%(verdict)s): %(reason)s", label=part.label, verdict=part.verdict, reason=part.reason)


def requirement_rows(requirements: Iterable[Requirement], locale: Locale) -> list[RequirementRow]:
    """The requirements in words, in `locale`."""
    with in_language(locale):
        return [_requirement_row(requirement, locale) for requirement in requirements]


def _requirement_row(requirement: Requirement, locale: Locale) -> RequirementRow:
    label, label_locale = _label(requirement.wording, locale)
    return RequirementRow(
        key=requirement.key,
        label=label,
        label_locale=label_locale,
        is_required=requirement.level is not Level.PREFERRED,
        level=str(LEVELS[requirement.level]),
        also=_also(requirement, locale),
    )


def _also(requirement: Requirement, locale: Locale) -> str:
    if isinstance(requirement, ScoreAtLeast):
        says_all = score_sentence(requirement) == _label(requirement.wording, locale)[0]
        return "" if says_all else would_count(requirement.alternatives)
    return _made_of(requirement, locale) if isinstance(requirement, Composite) else ""


def _made_of(requirement: Composite, locale: Locale) -> str:
    rows = [_requirement_row(part, locale) for part in requirement.parts]
    labels = listed(row.label for row in rows)
    all_are = isinstance(requirement, AllOf)
    made_of = _("All of these: %(parts)s.", parts=labels) if all_are else _("One of these: %(parts)s.", parts=labels)
    return in_a_row([made_of, *(_("%(label)s: %(also)s", label=row.label, also=row.also) for row in rows if row.also)])


def _label(wording: Wording, locale: Locale) -> tuple[str, Locale]:
    return LocalizedText(**asdict(wording)).in_locale(locale)


def requirement_names(outcomes: Iterable[Outcome], locale: Locale) -> dict[str, str]:
    """What the requirements are called, by their keys."""
    return {outcome.key: _label(outcome.label, locale)[0] for outcome in outcomes}


def short_name(outcome: Outcome, locale: Locale) -> str:
    """What a list calls a requirement: the question that it asks about, or how its wording begins."""
    asked = LABELS.get(outcome.field) if outcome.field != "declared" else None
    return str(asked) if asked else first_clause(_label(outcome.label, locale)[0])


def first_clause(wording: str) -> str:
    """How the wording of a requirement begins, for where there is little room."""
    return FIRST_CLAUSE.split(wording, maxsplit=1)[0]


def verdict_label(verdict: Verdict) -> str:
    """Met, Not met or Unknown, in the reader's language."""
    return str(VERDICTS[verdict])
