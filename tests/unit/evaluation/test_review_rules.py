"""What marks come to."""

import pytest

from s2group.admissions.rules.outcomes import Wording
from s2group.admissions.rules.rubrics import Criterion
from s2group.evaluation.reviews.rules import Aggregate, Rating, aggregate, fitting, missing, overall

WORDS = Wording("词", "word")
POTENTIAL = Criterion("potential", WORDS, weight=3)
BASE = Criterion("base", WORDS)
EXAM = Criterion("exam", WORDS, low=0, high=100, required=False)
RUBRIC = (POTENTIAL, BASE, EXAM)


@pytest.mark.parametrize(
    ("marks", "mean"),
    [
        ({}, None),
        ({"potential": 5, "base": 1}, 4.0),
        ({"potential": 1, "base": 5}, 2.0),
        ({"potential": 3, "base": 3, "exam": 50}, 3.0),
        ({"potential": 5, "base": 5, "exam": 0}, 4.2),
        ({"exam": 75}, 4.0),
    ],
)
def test_the_overall_mark_is_the_weighted_mean_from_one_to_five(marks: dict[str, int], mean: float | None) -> None:
    assert overall(RUBRIC, marks) == (mean if mean is None else pytest.approx(mean))


def test_what_is_required_is_missing_unless_one_abstains() -> None:
    assert missing(RUBRIC, Rating({"exam": 3})) == ["potential", "base"]
    assert missing(RUBRIC, Rating({"potential": 3, "base": 3})) == []
    assert missing(RUBRIC, Rating(abstains=True)) == ["reason"]
    assert missing(RUBRIC, Rating(abstains=True, reason="a cousin")) == []


def test_marks_that_the_rubric_does_not_have_are_left_out() -> None:
    assert fitting(RUBRIC, {"potential": 6, "base": 1, "exam": 0, "gone": 3}) == {"base": 1, "exam": 0}


def test_several_overall_marks_come_to() -> None:
    assert aggregate([]) is None
    assert aggregate([3.5]) == Aggregate(1, 3.5, 3.5, 0.0, 3.5, 3.5)
    assert aggregate([1.0, 3.0, 5.0]) == Aggregate(3, 3.0, 3.0, 2.0, 1.0, 5.0)
