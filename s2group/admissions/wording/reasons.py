"""Why a verdict is what it is, in words: the value, the line, the margin, and what else would count."""

from collections.abc import Callable, Iterable

from flask_babel import lazy_gettext, ngettext

from s2group.admissions.rules import Outcome, Place, Reason, Scale, Score, Unit, Verdict
from s2group.admissions.wording.phrases import _, either, in_a_row, number
from s2group.admissions.wording.questions import DOCUMENTS, LABELS

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
COMPOSITES = {
    (Reason.ALL_OF, Verdict.MET): lazy_gettext("All of these are needed, and all are met."),
    (Reason.ALL_OF, Verdict.UNKNOWN): lazy_gettext("All of these are needed; not all are known yet."),
    (Reason.ALL_OF, Verdict.NOT_MET): lazy_gettext("All of these are needed; not all are met."),
    (Reason.ANY_OF, Verdict.MET): lazy_gettext("One of these is enough, and one is met."),
    (Reason.ANY_OF, Verdict.UNKNOWN): lazy_gettext("One of these is enough; none is certain yet."),
    (Reason.ANY_OF, Verdict.NOT_MET): lazy_gettext("One of these is enough; none is met."),
}


def explain(outcome: Outcome) -> str:
    """Why the verdict is what it is, in the language being spoken: CET-4 441 of 710: 16 above the line of 425.

    Of a requirement made of others it says only how their verdicts were put together.
    """
    return in_a_row([SAYINGS[outcome.reason](outcome), would_count(outcome.alternatives)])


def would_count(scales: Iterable[Scale]) -> str:
    """What would count as well; empty where nothing would."""
    others = [_score(scale.field, scale.minimum, scale.high) for scale in scales]
    return _("%(others)s would count as well.", others=either(others)) if others else ""


def _on_a_line(outcome: Outcome) -> str:
    if outcome.place:
        return _rank(outcome, outcome.place)
    if outcome.scale is None:
        return _("%(amount)s; %(words)s", amount=_amount(outcome), words=_more_or_fewer(outcome))
    score = _score(outcome.met_by or outcome.field, outcome.value, outcome.scale)
    reached = _("%(score)s: %(words)s", score=score, words=_above_or_short(outcome))
    return in_a_row([reached, _instead(outcome)])


def _instead(outcome: Outcome) -> str:
    return _("It counts in place of %(test)s.", test=LABELS[outcome.field]) if outcome.met_by else ""


def _rank(outcome: Outcome, place: Place) -> str:
    rank = _(
        "Rank %(rank)s of %(size)s (%(percent)s%%)",
        rank=place.rank,
        size=place.cohort_size,
        percent=number(outcome.value),
    )
    return _("%(score)s: %(words)s", score=rank, words=_places(int(outcome.margin or 0), number(outcome.threshold)))


def _places(spare: int, line: str) -> str:
    if spare == 0:
        return _("the last place within the line of %(line)s%%.", line=line)
    if spare > 0:
        return str(
            ngettext(
                "%(num)s place to spare within the line of %(line)s%%.",
                "%(num)s places to spare within the line of %(line)s%%.",
                spare,
                line=line,
            )
        )
    return str(
        ngettext(
            "%(num)s place beyond the line of %(line)s%%.",
            "%(num)s places beyond the line of %(line)s%%.",
            -spare,
            line=line,
        )
    )


def _amount(outcome: Outcome) -> str:
    what, value = LABELS[outcome.field], number(outcome.value)
    if outcome.given not in (None, outcome.value):
        return _("%(what)s: %(count)s of %(given)s count", what=what, count=value, given=outcome.given)
    if outcome.unit is Unit.CHARACTERS:
        return _("%(what)s: %(count)s characters", what=what, count=value)
    return _("%(what)s: %(count)s", what=what, count=value)


def _not_given(outcome: Outcome) -> str:
    if outcome.document:
        return _("%(document)s: to be uploaded with the application.", document=_document(outcome))
    if outcome.threshold is None:
        return _("Not answered yet.")
    return _("%(what)s: not given. %(line)s", what=LABELS[outcome.field], line=_line(outcome))


def _partly_given(outcome: Outcome) -> str:
    if outcome.given is None:
        words = _("%(amount)s; the list of papers in the application decides.", amount=_amount(outcome))
    else:
        words = _("%(amount)s for certain; the others do not say enough.", amount=_amount(outcome))
    return in_a_row([words, _line(outcome)])


def _document(outcome: Outcome) -> str:
    return str(DOCUMENTS.get(outcome.document or "", _("Document")))


SAYINGS: dict[Reason, Callable[[Outcome], str]] = {
    Reason.REACHED: _on_a_line,
    Reason.BELOW: _on_a_line,
    Reason.STATUS: lambda outcome: str(STATUSES.get((outcome.field, str(outcome.value)), outcome.value)),
    Reason.DECLARED: lambda _outcome: _("Declared."),
    Reason.NOT_DECLARED: lambda _outcome: _("Not declared yet."),
    Reason.UPLOADED: lambda outcome: _("%(document)s: uploaded.", document=_document(outcome)),
    Reason.NOT_UPLOADED: lambda outcome: _("%(document)s: not uploaded.", document=_document(outcome)),
    Reason.ALL_OF: lambda outcome: str(COMPOSITES[outcome.reason, outcome.verdict]),
    Reason.ANY_OF: lambda outcome: str(COMPOSITES[outcome.reason, outcome.verdict]),
    Reason.AWAITED: lambda outcome: _(
        "%(test)s result awaited. %(line)s", test=LABELS[outcome.field], line=_line(outcome)
    ),
    Reason.NOT_TAKEN: lambda outcome: _(
        "%(test)s not taken. %(line)s", test=LABELS[outcome.field], line=_line(outcome)
    ),
    Reason.NOT_GIVEN: _not_given,
    Reason.PARTLY_GIVEN: _partly_given,
    Reason.NOT_UNDERSTOOD: lambda outcome: in_a_row([_("The answer could not be read."), _line(outcome)]),
}


def _score(field: str, score: Score | str | None, scale: Score) -> str:
    return _("%(test)s %(score)s of %(scale)s", test=LABELS[field], score=number(score), scale=number(scale))


def _above_or_short(outcome: Outcome) -> str:
    """Of a test's points."""
    margin, line = outcome.margin or 0, number(outcome.threshold)
    if margin > 0:
        return _("%(margin)s above the line of %(line)s.", margin=number(margin), line=line)
    if margin < 0:
        return _("%(margin)s short of the line of %(line)s.", margin=number(-margin), line=line)
    return _("exactly on the line.")


def _more_or_fewer(outcome: Outcome) -> str:
    """Of anything else that is counted."""
    margin, line = outcome.margin or 0, number(outcome.threshold)
    if margin > 0:
        return _("%(margin)s more than the line of %(line)s.", margin=number(margin), line=line)
    if margin < 0:
        return _("%(margin)s fewer than the line of %(line)s.", margin=number(-margin), line=line)
    return _("exactly the line of %(line)s.", line=line)


def _line(outcome: Outcome) -> str:
    line = number(outcome.threshold)
    if outcome.threshold is None:
        return ""
    if outcome.scale is not None:
        return _("The line is %(line)s of %(scale)s.", line=line, scale=number(outcome.scale))
    if outcome.unit is Unit.PERCENT:
        return _("The line is the first %(line)s%%.", line=line)
    if outcome.unit is Unit.CHARACTERS:
        return _("The line is %(line)s characters.", line=line)
    return _("The line is %(line)s.", line=line)
