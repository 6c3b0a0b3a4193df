"""By what the group rates the applications of a route: its criteria, each with a scale and a weight. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from s2group.admissions.rules.outcomes import Wording

KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")

# A scale with more marks than these is typed, not chosen.
MOST_CHOICES = 7
# The marks that a scale may have: a percentage has the most.
LOWEST, HIGHEST = 0, 100
HEAVIEST = 100
NOTHING = Wording("", "")
TEXTS = ("wording", "hint", "low_means", "high_means")
# The numbers of a criterion as they are where nobody says otherwise, and what they may be.
USUAL = {"low": 1, "high": 5, "weight": 1}
WITHIN = {"low": range(LOWEST, HIGHEST), "high": range(LOWEST + 1, HIGHEST + 1), "weight": range(1, HEAVIEST + 1)}
NAMES = {"key", "required", *TEXTS, *USUAL}


@dataclass(frozen=True)
class Criterion:
    """One thing that is rated, in whole marks from `low` to `high`; `low_means` and `high_means` say the ends."""

    key: str
    wording: Wording
    hint: Wording = NOTHING
    low: int = 1
    high: int = 5
    low_means: Wording = NOTHING
    high_means: Wording = NOTHING
    weight: int = 1
    required: bool = True

    @property
    def marks(self) -> range:
        """Every mark that can be given."""
        return range(self.low, self.high + 1)

    @property
    def is_chosen(self) -> bool:
        """Whether its marks are few enough to stand side by side."""
        return len(self.marks) <= MOST_CHOICES


# The key of a criterion that asks for the whole at once.
OVERALL = "overall"
# Where a call's file says nothing: one mark for the whole.
STANDARD: tuple[dict[str, Any], ...] = (
    {
        "key": OVERALL,
        "wording": {"zh": "总体评价", "en": "Overall"},
        "low_means": {"zh": "明显不足", "en": "clearly too weak"},
        "high_means": {"zh": "近三年里的前几名", "en": "among the best of three years"},
    },
)


def read_rubric(data: object) -> tuple[Criterion, ...]:
    """The criteria that `data`, a list of tables as in a call's content file, defines; the standard where it is empty.

    Raises ValueError saying which criterion is wrong and what it must be.
    """
    if not isinstance(data, list):
        raise ValueError("rubric: must be a list of tables")  # noqa: TRY004 - the file is wrong, not the call
    tables = data or list(STANDARD)
    criteria = tuple(_criterion(f"rubric, criterion {number}", table) for number, table in enumerate(tables, 1))
    keys = [criterion.key for criterion in criteria]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"rubric: key used twice: {', '.join(twice)}")
    _expect("rubric", any(criterion.required for criterion in criteria), "at least one criterion must be required")
    return criteria


def overall_marks(criteria: Sequence[Criterion]) -> range:
    """The scores that a glance can give for the whole: what all wanted criteria may have; none where it is many."""
    wanted = _for_the_whole(criteria)
    common = range(max(each.low for each in wanted), min(each.high for each in wanted) + 1)
    return common if len(common) <= MOST_CHOICES else range(0)


def with_overall(criteria: Sequence[Criterion], score: int) -> dict[str, int]:
    """The marks that make this score of the whole: that of OVERALL where it is asked, else one for each wanted one."""
    return {each.key: score for each in _for_the_whole(criteria)} if score in overall_marks(criteria) else {}


def _for_the_whole(criteria: Sequence[Criterion]) -> Sequence[Criterion]:
    by_key = [each for each in criteria if each.key == OVERALL]
    return by_key or [each for each in criteria if each.required]


def _criterion(place: str, table: object) -> Criterion:
    if not isinstance(table, Mapping):
        raise ValueError(f"{place}: must be a table")  # noqa: TRY004 - as above
    unknown = sorted(set(map(str, table)) - NAMES)
    _expect(place, not unknown, f"unknown: {', '.join(unknown)}")
    key, required = table.get("key"), table.get("required", True)
    _expect(place, _is_key(key), "'key' must be at most 30 small Latin letters, digits and _, a letter first")
    _expect(place, isinstance(required, bool), "'required' must be true or false")
    texts = {name: _text(place, name, table.get(name)) for name in TEXTS}
    _expect(place, texts["wording"] != NOTHING, "'wording' must have a text in zh and in en")
    numbers = {name: _number(place, name, table.get(name, usual)) for name, usual in USUAL.items()}
    _expect(place, numbers["low"] < numbers["high"], "'low' must be less than 'high'")
    return Criterion(str(key), required=required, **texts, **numbers)  # type: ignore[arg-type]


def _is_key(key: object) -> bool:
    return isinstance(key, str) and KEY.fullmatch(key) is not None


def _number(place: str, name: str, value: object) -> int:
    within = WITHIN[name]
    is_right = type(value) is int and value in within
    _expect(place, is_right, f"'{name}' must be a whole number from {within[0]} to {within[-1]}")
    return value  # type: ignore[return-value]


def _text(place: str, name: str, value: object) -> Wording:
    """A text in both languages; NOTHING where it is left out."""
    if value is None:
        return NOTHING
    is_right = isinstance(value, Mapping) and set(value) == {"zh", "en"} and all(map(_is_text, value.values()))
    _expect(place, is_right, f"'{name}' must have a text in zh and in en")
    return Wording(**value)  # type: ignore[arg-type]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _expect(place: str, is_right: bool, what: str) -> None:
    if not is_right:
        raise ValueError(f"{place}: {what}")
