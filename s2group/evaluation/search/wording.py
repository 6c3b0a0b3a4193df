"""What is wrong with a search, in words of the reader's language."""

from s2group.admissions.wording.phrases import _
from s2group.core.i18n import current_locale, listed
from s2group.evaluation.search.rules.fields import Field
from s2group.evaluation.search.rules.kinds import Choice, Moment, Number, Text
from s2group.evaluation.search.rules.mistakes import Mistake, Wrong
from s2group.evaluation.search.rules.writing import quoted

MOST_NAMED = 12


def explained(mistake: Mistake) -> str:
    """One or two sentences: from which sign on it is not understood, why, and what may be meant."""
    place = _("From character %(place)s on:", place=mistake.start + 1)
    return _("%(one)s %(other)s", one=place, other=_why(mistake))


def _why(mistake: Mistake) -> str:
    part, details = mistake.parts[1], mistake.details
    field = details.get("field")
    if isinstance(field, Field):
        return _about_field(mistake, field)
    if mistake.wrong is Wrong.UNKNOWN_FIELD:
        return _unknown_field(mistake)
    return {
        Wrong.NO_VALUE: lambda: _("nothing stands behind the colon of “%(part)s”.", part=part),
        Wrong.NO_WORDS: lambda: _("“%(part)s” holds no letter and no digit to look for.", part=part),
        Wrong.DANGLING: lambda: (
            _("“%(part)s” needs a condition before and behind it.", part=part)
            if part != "NOT" and part != "-"
            else _("“%(part)s” needs a condition behind it.", part=part)
        ),
        Wrong.UNOPENED: lambda: _("this bracket closes none that was opened."),
        Wrong.UNCLOSED: lambda: _("this bracket is never closed."),
        Wrong.EMPTY_BRACKETS: lambda: _("nothing stands in these brackets."),
        Wrong.UNCLOSED_QUOTE: lambda: _("this quotation mark is never closed."),
        Wrong.TOO_LONG: lambda: _("a search has at most %(most)s characters.", most=details["most"]),
        Wrong.TOO_DEEP: lambda: _("brackets stand at most %(most)s deep.", most=details["most"]),
    }[mistake.wrong]()


def _unknown_field(mistake: Mistake) -> str:
    meant = mistake.details["meant"]
    name = _("there is no field “%(name)s”.", name=mistake.details["name"])
    if not isinstance(meant, list) or not meant:
        return name
    fields = [_("%(key)s (%(name)s)", key=each.key, name=getattr(each.name, current_locale())) for each in meant]
    return _("%(one)s %(other)s", one=name, other=_("Perhaps: %(fields)s.", fields=listed(fields)))


def _about_field(mistake: Mistake, field: Field) -> str:
    details, value = mistake.details, mistake.details.get("value")
    name = getattr(field.name, current_locale())
    return {
        Wrong.UNKNOWN_VALUE: lambda: _("%(name)s has no value “%(value)s”. %(values)s", name=name, value=value,
                                       values=_values(field)),
        Wrong.SEVERAL_VALUES: lambda: _("“%(value)s” may be several: %(values)s", value=value,
                                        values=_several(mistake)),
        Wrong.NO_NUMBER: lambda: _("“%(value)s” is no number. %(like)s", value=value, like=_like(field)),
        Wrong.WRONG_UNIT: lambda: _("“%(unit)s” is no unit of %(name)s. %(like)s", unit=details["unit"], name=name,
                                    like=_like(field)),
        Wrong.OUT_OF_RANGE: lambda: _("%(name)s lies between %(low)s and %(high)s.", name=name, low=details["low"],
                                      high=details["high"]),
        Wrong.NO_ORDER: lambda: _("%(name)s is not compared by “%(operator)s”: it is so, or it is not.", name=name,
                                  operator=details["operator"]),
        Wrong.NO_MOMENT: lambda: _("“%(value)s” is neither a day nor a length of time. %(like)s", value=value,
                                   like=_like(field)),
        Wrong.IMPOSSIBLE_DATE: lambda: _("there is no day %(value)s.", value=value),
        Wrong.NEEDS_ORDER: lambda: _("“%(value)s” is a length of time. Say whether more (>) or less (<).", value=value),
        Wrong.NO_WORDS: lambda: _("“%(part)s” holds no letter and no digit to look for.", part=value),
    }[mistake.wrong]()  # fmt: skip


def _values(field: Field) -> str:
    """The values that there are, where they are few enough to name."""
    values = list(field.kind.values()) if isinstance(field.kind, Choice) else []
    if not values:
        return _("It has none yet.")
    names = [quoted(field.kind.written(value.key, current_locale())) for value in values[:MOST_NAMED]]
    return _("There are: %(values)s.", values=listed(names + ["…"] * (len(values) > MOST_NAMED)))


def _several(mistake: Mistake) -> str:
    return listed([repair.change for repair in mistake.repairs if repair.change])


def _like(field: Field) -> str:
    return _("Write it like this: %(example)s", example=listed(list(field.examples))) if field.examples else ""


def kind_in_words(field: Field) -> str:
    """What can be typed for a field, for the help page."""
    if isinstance(field.kind, Choice):
        return _values(field)
    if isinstance(field.kind, Text):
        return _("Words, as they stand in it.")
    if isinstance(field.kind, Moment):
        return _("A day (2026-09-01), a month or a year; or a length of time in hours (12h), days (3d) or weeks (2w).")
    low, high = (field.kind.written(each, None) for each in _ends(field.kind))
    return _("A number from %(low)s to %(high)s, compared by <, <=, > or >=.", low=low, high=high)


def _ends(kind: Number) -> tuple[float, float]:
    return kind.low, kind.high
