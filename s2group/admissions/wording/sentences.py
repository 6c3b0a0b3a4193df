"""What a requirement says, made from its rule: CET-4 at least 425, or CET-6 at least 425."""

from collections.abc import Callable, Iterable
from functools import reduce

from flask_babel import lazy_gettext, ngettext

from s2group.admissions.rules import (
    AllOf,
    AmountAtLeast,
    AnyOf,
    Composite,
    CountAtLeast,
    Declared,
    DocumentPresent,
    LengthAtLeast,
    RankWithin,
    Requirement,
    Scale,
    ScoreAtLeast,
    StatusAmong,
    Wording,
)
from s2group.admissions.rules.route_form import RouteForm
from s2group.admissions.wording.phrases import _, either, number
from s2group.admissions.wording.questions import ANSWERS, DOCUMENTS, LABELS
from s2group.core.i18n import in_language
from s2group.core.localized import Locale

STATUSES = {
    "published": lazy_gettext("published"),
    "accepted": lazy_gettext("accepted for publication"),
    "submitted": lazy_gettext("submitted to a journal or conference"),
    "in_preparation": lazy_gettext("in preparation"),
}


def made_from_rule(requirement: Requirement, form: RouteForm) -> Wording | None:
    """The requirement in both languages; None where the rule says nothing, because applicants declare it themselves.

    `form` knows what the route calls documents of its own.
    """
    if isinstance(requirement, Declared):
        return None
    return Wording(zh=_in("zh", requirement, form), en=_in("en", requirement, form))


def _in(locale: Locale, requirement: Requirement, form: RouteForm) -> str:
    with in_language(locale):
        return _said(requirement, form, locale)


def score_sentence(requirement: ScoreAtLeast) -> str:
    """The test and what counts in its place, in the language being spoken."""
    scales = (requirement.scale, *requirement.alternatives)
    fields = [scale.field for scale in scales]
    return _joined(_OR, (_score(scale, with_scale=fields.count(scale.field) > 1) for scale in scales))


def _said(requirement: Requirement, form: RouteForm, locale: Locale) -> str:
    match requirement:
        case ScoreAtLeast():
            return score_sentence(requirement)
        case RankWithin():
            return _("Ranked among the first %(percent)s%% of the cohort", percent=number(requirement.percent))
        case StatusAmong():
            answers = either(str(ANSWERS.get((requirement.field, met), met)) for met in requirement.met)
            return _("%(what)s: %(value)s", what=LABELS[requirement.field], value=answers)
        case CountAtLeast():
            return _count(requirement)
        case LengthAtLeast():
            what = LABELS[requirement.field]
            return _("%(what)s of at least %(count)s characters", what=what, count=requirement.minimum)
        case AmountAtLeast():
            return _amount(requirement)
        case DocumentPresent():
            return _("%(document)s uploaded", document=_document(requirement.document, form, locale))
        case Composite():
            return _joined(_AND if isinstance(requirement, AllOf) else _OR, _parts(requirement, form, locale))
    return str(requirement.wording.zh if locale == "zh" else requirement.wording.en)


def _parts(requirement: AllOf | AnyOf | Composite, form: RouteForm, locale: Locale) -> Iterable[str]:
    return (_said(part, form, locale) for part in requirement.parts)


def _score(scale: Scale, *, with_scale: bool) -> str:
    test, minimum = LABELS[scale.field], number(scale.minimum)
    if with_scale:
        return _("%(test)s at least %(minimum)s of %(scale)s", test=test, minimum=minimum, scale=number(scale.high))
    return _("%(test)s at least %(minimum)s", test=test, minimum=minimum)


def _count(requirement: CountAtLeast) -> str:
    if requirement.field != "papers":
        return _("%(what)s: at least %(count)s", what=LABELS[requirement.field], count=requirement.minimum)
    said = str(ngettext("At least %(num)s paper", "At least %(num)s papers", requirement.minimum))
    if requirement.status_in:
        which = either(str(STATUSES[status]) for status in requirement.status_in)
        said = _("%(papers)s (%(which)s)", papers=said, which=which)
    if requirement.position_at_most is None:
        return said
    return _("%(papers)s, as one of the first %(position)s authors", papers=said, position=requirement.position_at_most)


def _amount(requirement: AmountAtLeast) -> str:
    count = number(requirement.minimum)
    if requirement.field == "months":
        return _("At least %(count)s months", count=count)
    return _("At least %(count)s hours a week", count=count)


def _document(kind: str, form: RouteForm, locale: Locale) -> str:
    question = form.question(kind)
    return question.label[locale] if question else str(DOCUMENTS.get(kind, kind))


def _OR(one: str, other: str) -> str:  # noqa: N802 - it stands for the word
    return _("%(one)s, or %(other)s", one=one, other=other)


def _AND(one: str, other: str) -> str:  # noqa: N802 - it stands for the word
    return _("%(one)s, and %(other)s", one=one, other=other)


def _joined(together: Callable[[str, str], str], said: Iterable[str]) -> str:
    first, *others = said
    return reduce(together, map(_within, others), first)


def _within(said: str) -> str:
    """As it stands within a sentence: at least, but CET-6."""
    return said[:1].lower() + said[1:] if said[1:2].islower() or said[1:2] == " " else said
