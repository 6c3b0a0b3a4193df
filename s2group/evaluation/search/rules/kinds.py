"""What can be typed behind a colon: one of some values, a number, a moment, or words; each reads it and writes it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cached_property
from typing import Literal

from s2group.admissions.fulltext.rules import terms
from s2group.admissions.rules.outcomes import Wording
from s2group.content.search.rules import simplified
from s2group.core.text import HAN, comparable
from s2group.evaluation.search.rules.expressions import Operator, Period, Span
from s2group.evaluation.search.rules.mistakes import Wrong

Locale = Literal["zh", "en"]
LOCALES: tuple[Locale, ...] = ("zh", "en")
Found = str | float | Period | Span
NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)(?:/(\d+(?:\.\d+)?))?\s*(%|分|[a-z]*)", re.IGNORECASE)
DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
SPAN = re.compile(r"(-?\d{1,6})\s*(h|hours?|小时|d|days?|天|日|w|weeks?|周|星期)", re.IGNORECASE)
UNITS = {"小": "h", "天": "d", "日": "d", "周": "w", "星": "w"}
FIRST_YEAR, LAST_YEAR = 1900, 2199
# In columns of a terminal, where Han take two.
WIDEST_NAME = 34
MOST_OFFERED = 3


class BadValueError(Exception):
    """What was typed is no value of its field; `instead` are values that may have been meant, as they are typed."""

    def __init__(self, wrong: Wrong, *instead: str, **details: object) -> None:
        super().__init__(wrong)
        self.wrong, self.instead, self.details = wrong, instead, details


@dataclass(frozen=True)
class Value:
    """One value of a choice: its key, by which it is kept, and what it is called.

    `also` are other names for it, and `longer` those that it is called by where `name` does not serve.
    """

    key: str
    name: Wording
    also: tuple[str, ...] = ()
    longer: tuple[Wording, ...] = ()

    def called_in(self, locale: Locale) -> list[str]:
        """Its names in this language, or in the other one where it has none, the best first."""
        every = (self.name, *self.longer)
        return [each.en or each.zh if locale == "en" else each.zh or each.en for each in every]

    @cached_property
    def names(self) -> set[str]:
        """Everything that may be typed for it, as folded compares it."""
        every = (name for each in (self.name, *self.longer) for name in (each.zh, each.en))
        return {folded(name) for name in (self.key, *every, *self.also) if name}


@dataclass(frozen=True)
class Choice:
    """One of the values that `values` gives when they are needed."""

    values: Callable[[], Sequence[Value]]
    has_order: Literal[False] = False

    def read(self, typed: str, operator: Operator) -> Found:
        """The key of what is called so, or has that in one of its names. Raises BadValueError."""
        values = self.values()
        found = called(values, typed)
        if len(found) == 1:
            return found[0].key
        if found:
            raise BadValueError(Wrong.SEVERAL_VALUES, *(value.key for value in found[:MOST_OFFERED]))
        names = {name: value.key for value in values for name in value.names}
        close = get_close_matches(folded(typed), names, MOST_OFFERED, 0.5)
        raise BadValueError(Wrong.UNKNOWN_VALUE, *dict.fromkeys(names[name] for name in close))

    def written(self, found: Found, locale: Locale | None) -> str:
        """What the value is called in a language; its key, its parts joined by hyphens, where no name serves.

        A name does not serve where it is long, names no single value, or is not known. `read` takes hyphens as well.
        """
        return self._handy_names[locale].get(str(found), str(found).replace("_", "-")) if locale else str(found)

    @cached_property
    def _handy_names(self) -> dict[Locale, dict[str, str]]:
        """What serves as a name in each language, by keys: a page of numbers writes each value many times."""
        every = {value.key: value for value in self.values()}.values()
        known = Counter(name for value in every for name in value.names)
        return {
            locale: {
                value.key: handy[0]
                for value in every
                if (handy := [name for name in value.called_in(locale) if _is_handy(name) and known[folded(name)] == 1])
            }
            for locale in LOCALES
        }


@dataclass(frozen=True)
class Number:
    """A number from `low` to `high`; with the unit "%" also a part of a whole, such as 3.5/4."""

    low: float
    high: float
    unit: Literal["", "%"] = ""
    has_order: Literal[True] = True

    def read(self, typed: str, operator: Operator) -> Found:
        """The number, of percent where that is the unit. Raises BadValueError."""
        match = NUMBER.fullmatch(typed)
        if not match or (match[2] and float(match[2]) == 0):
            raise BadValueError(Wrong.NO_NUMBER)
        number, whole, unit = float(match[1]), match[2], match[3]
        is_known = unit in ("", "%") if self.unit else unit in ("", "分")
        if not is_known or (whole and (unit or not self.unit)):
            raise BadValueError(Wrong.WRONG_UNIT, _short(number) + self.unit, unit=unit or f"/{whole}")
        number = 100 * number / float(whole) if whole else number
        if not self.low <= number <= self.high:
            raise BadValueError(Wrong.OUT_OF_RANGE, low=_short(self.low), high=_short(self.high) + self.unit)
        return number

    def written(self, found: Found, locale: Locale | None) -> str:
        """The number with its unit."""
        return _short(float(str(found))) + self.unit


@dataclass(frozen=True)
class Moment:
    """A day, a month or a year; or how long ago it was, or how far ahead it is: 3d, 2w, 12h."""

    has_order: Literal[True] = True

    def read(self, typed: str, operator: Operator) -> Found:
        """The period or the span. Raises BadValueError, also for a span with which nothing is compared."""
        if match := SPAN.fullmatch(typed):
            span = Span(int(match[1]), UNITS.get(match[2][0], match[2][0].lower()))
            if operator == "=":
                raise BadValueError(Wrong.NEEDS_ORDER, f"<={span}", f">{span}")
            return span
        match = DATE.fullmatch(typed)
        if not match:
            raise BadValueError(Wrong.NO_MOMENT)
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            return _period(year or 0, month, day)
        except ValueError as error:
            raise BadValueError(Wrong.IMPOSSIBLE_DATE, *_possible(year or 0, month, day)) from error

    def written(self, found: Found, locale: Locale | None) -> str:
        """The same in either language."""
        return str(found)


@dataclass(frozen=True)
class Text:
    """Words that stand in it."""

    has_order: Literal[False] = False

    def read(self, typed: str, operator: Operator) -> Found:
        """The words. Raises BadValueError where there is none."""
        if not terms(typed):
            raise BadValueError(Wrong.NO_WORDS)
        return typed.strip()

    def written(self, found: Found, locale: Locale | None) -> str:
        """As they were typed."""
        return str(found)


Kind = Choice | Number | Moment | Text


def folded(text: str) -> str:
    """As names are compared: neither case, width, blanks nor traditional characters make a difference."""
    return comparable(text).translate(simplified()).replace("_", "-")


def called(values: Iterable[Value], typed: str) -> list[Value]:
    """The value of that key; else those that are called so; else those with that in one of their names.

    The key first: what is kept is kept by keys, and others may be called alike.
    """
    wanted, every = folded(typed), list({value.key: value for value in values}.values())
    by_key = [value for value in every if folded(value.key) == wanted]
    exactly = by_key or [value for value in every if wanted in value.names]
    return exactly or [value for value in every if wanted and any(wanted in name for name in value.names)]


def _is_handy(name: str) -> bool:
    """Whether one would type it: a whole sentence, such as a requirement's, is no name."""
    return bool(name) and '"' not in name and len(name) + len(HAN.findall(name)) <= WIDEST_NAME


def _period(year: int, month: int | None, day: int | None) -> Period:
    """Raises ValueError where there is no such day, and for a year in which there is no application."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    first = date(year, month or 1, day or 1)
    if day:
        return Period(first, first)
    after = date(year + 1, 1, 1) if month is None or month == 12 else date(year, month + 1, 1)
    return Period(first, after - timedelta(days=1))


def _possible(year: int, month: int | None, day: int | None) -> Iterator[str]:
    """The last day of a month that has no such day."""
    if day and month and 1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR:
        yield _period(year, month, None).last.isoformat()


def _short(number: float) -> str:
    return f"{number:.10g}"
