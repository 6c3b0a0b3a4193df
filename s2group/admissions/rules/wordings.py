"""Whether the words of a requirement say the numbers of its rule."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from s2group.admissions.rules.composites import with_parts
from s2group.admissions.rules.measures import TOP, AmountAtLeast, CountAtLeast, LengthAtLeast, RankWithin
from s2group.admissions.rules.requirements import Requirement
from s2group.admissions.rules.scores import ScoreAtLeast

HAN_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
# A number in digits, not within a name such as CET-4 or CET-4/6, and no year.
DIGITS = r"(?<![A-Za-z\d.])(?<![A-Za-z]-)(?<![A-Za-z]-\d/)(?<![A-Za-z]\d/)(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
NUMBERS = re.compile(
    rf"(?P<place>[前第] ?|\bfirst )?(?:{DIGITS}(?!\s*年)(?!\d)"
    rf"|([{''.join(HAN_DIGITS)}])(?=[篇项次个分字种名]|小时|作者|$|[，。；、）])"
    rf"|\b({'|'.join(WORDS)})\b(?! of\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Contradiction:
    """A number that the words of a requirement say in a language, and what its rule says.

    `placeholder` is what can stand there instead: {minimum} and the like.
    """

    key: str
    language: str
    said: float
    rule: float
    placeholder: str

    def __str__(self) -> str:
        """For the operator."""
        return (
            f"requirement '{self.key}': 'wording' says {self.said:g} in {self.language}, and the rule {self.rule:g}; "
            f"write {self.placeholder} there, or correct one of the two"
        )


def contradictions(requirements: Iterable[Requirement]) -> Iterator[Contradiction]:
    """Each number that a wording says and its rule does not."""
    for part in (part for requirement in requirements for part in with_parts(requirement)):
        for language, text in asdict(part.wording).items():
            yield from _contradictions(part, language, text)


def _contradictions(part: Requirement, language: str, text: str) -> Iterator[Contradiction]:
    minimum, others = _minimum(part), _others(part)
    if minimum is None:
        return
    said = list(_said(text))
    names_minimum = any(number == minimum for number, _is_place in said)
    position = _position(part)
    for number, is_place in said:
        right = (
            number == (position or minimum) if is_place else number == minimum or (names_minimum and number in others)
        )
        if not right:
            rule = position if is_place and position else minimum
            placeholder = f"{{{_name(part, is_place=is_place)}}}"
            yield Contradiction(part.key, language, number, rule, placeholder)


def _minimum(part: Requirement) -> float | None:
    """The number that decides; None where the requirement has none."""
    if isinstance(part, ScoreAtLeast):
        return part.scale.minimum
    if isinstance(part, RankWithin):
        return part.percent
    return part.minimum if isinstance(part, CountAtLeast | LengthAtLeast | AmountAtLeast) else None


def _others(part: Requirement) -> set[float]:
    """What a wording may say beside the minimum: the ends of a test's scale, and what counts in its place."""
    if not isinstance(part, ScoreAtLeast):
        return set()
    return {number for scale in (part.scale, *part.alternatives) for number in (scale.low, scale.high, scale.minimum)}


def _position(part: Requirement) -> int | None:
    """Up to which place among the authors a paper counts, where the rule says."""
    if not isinstance(part, CountAtLeast):
        return None
    return TOP if part.field == "papers_top_three" else part.position_at_most


def _said(text: str) -> Iterator[tuple[float, bool]]:
    """Each number in a text, and whether it is a place among others: 前三, 第 1, first three."""
    for found in NUMBERS.finditer(unicodedata.normalize("NFKC", text)):
        _place, digits, han, word = found.groups()
        number = float(digits.replace(",", "")) if digits else HAN_DIGITS[han] if han else WORDS[word.lower()]
        yield number, bool(found["place"])


def _name(part: Requirement, *, is_place: bool) -> str:
    if isinstance(part, RankWithin):
        return "percent"
    return "position" if is_place else "minimum"
