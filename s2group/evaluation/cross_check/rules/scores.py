"""Scores of language tests that a text claims. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from s2group.evaluation.cross_check.rules.claims import NEAR, YEAR, Claim, Difference, difference

DATE = re.compile(rf"{YEAR}\s*[./\-年]\s*\d{{1,2}}(?:\s*[./\-月]\s*\d{{1,2}})?|{YEAR}\s*年?|\d{{1,2}}\s*月")
NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d]|\.\d)")


@dataclass(frozen=True)
class Test:
    """How a test is called, and between what its scores lie."""

    field: str
    name: str
    low: float
    high: float
    step: float = 1

    def gives(self, score: float) -> bool:
        """Whether it can be a score of this test."""
        return self.low <= score <= self.high and score % self.step == 0


TESTS = (
    Test(
        "cet4",
        r"CET\s*[-–—_]?\s*(?:4|IV|four)(?!\s*[/、]\s*6)(?![\d.])|(?:英语|大学英语|国家英语)?四级(?!\s*[/、])",
        220,
        710,
    ),
    Test("cet6", r"CET\s*[-–—_]?\s*(?:6|VI|six)(?![\d.])|(?:英语|大学英语|国家英语)?六级", 220, 710),
    Test("ielts", r"IELTS|雅思", 0, 9, 0.5),
    Test("toefl", r"TOEFL(?:\s*iBT)?|托福", 1, 120, 0.5),
)
NAMES = re.compile("|".join(f"(?P<{test.field}>{test.name})" for test in TESTS), re.IGNORECASE)
# Both scores of one line: "CET-4/6: 593/512", "四、六级 593、512".
BOTH = re.compile(
    r"(?:CET\s*[-–—_]?\s*4\s*[/、&和]\s*(?:CET\s*[-–—_]?\s*)?6|四\s*[/、]?\s*六级)\D{0,12}(\d{3})\D{1,6}(\d{3})(?!\d)",
    re.IGNORECASE,
)
NO_SCORE = ("not_taken",)


def scores(stated: Mapping[str, Any], said: str) -> Iterator[Difference]:
    """Scores of language tests, none of which the text gives as stated; also one of a test that was not taken."""
    claims = _score_claims(said)
    for test in TESTS:
        value, found = stated.get(test.field), claims.get(test.field, [])
        contradicted = _is_number(value) or value in NO_SCORE
        if contradicted and found and all(claim.value != value for claim in found):
            yield difference(test.field, value, said, found[0])


def _score_claims(said: str) -> dict[str, list[Claim]]:
    claims: dict[str, list[Claim]] = {}
    both = list(BOTH.finditer(said))
    for match in both:
        for field, group in (("cet4", 1), ("cet6", 2)):
            claims.setdefault(field, []).append(Claim(float(match[group]), match.start(group), match.end(group)))
    names = [
        name for name in NAMES.finditer(said) if not any(pair.start() <= name.start() < pair.end() for pair in both)
    ]
    for place, name in enumerate(names):
        test = next(each for each in TESTS if each.field == name.lastgroup)
        low = names[place - 1].end() if place else 0
        high = names[place + 1].start() if place + 1 < len(names) else len(said)
        claim = _ahead(said, low, name.start(), test) or _behind(said, name.end(), min(high, name.end() + NEAR), test)
        if claim:
            claims.setdefault(test.field, []).append(claim)
    return claims


def _behind(said: str, start: int, end: int, test: Test) -> Claim | None:
    """The first score behind the name of its test; dates are none."""
    page = said.find("\f", start, end)
    return next(_numbers(said, start, end if page < 0 else page, test), None)


def _ahead(said: str, low: int, end: int, test: Test) -> Claim | None:
    """A score right before the name of its test: "593 (CET-4)"."""
    start = max(low, end - 8)
    last = list(_numbers(said, start, end, test))[-1:]
    return last[0] if last and re.fullmatch(r"\s*分?\s*[(\[]\s*", said[last[0].end : end]) else None


def _numbers(said: str, start: int, end: int, test: Test) -> Iterator[Claim]:
    dates = [date.span() for date in DATE.finditer(said, start, end)]
    for number in NUMBER.finditer(said, start, end):
        is_date = any(low <= number.start() < high for low, high in dates)
        if not is_date and test.gives(float(number[0])):
            yield Claim(float(number[0]), *number.span())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
