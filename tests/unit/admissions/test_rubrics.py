"""What a rubric in a content file may say, and what it is told where it says something else."""

from typing import Any

import pytest

from s2group.admissions.rules.rubrics import STANDARD, overall_marks, read_rubric, with_overall

WORDS = {"zh": "基础", "en": "Foundations"}
NO_KEY = "rubric, criterion 1: 'key' must be at most 30 small Latin letters, digits and _, a letter first"
ONE: dict[str, Any] = {"key": "base", "wording": WORDS}


def test_what_is_left_out_is_as_usual() -> None:
    [criterion] = read_rubric([ONE])
    assert (criterion.key, criterion.low, criterion.high, criterion.weight, criterion.required) == (
        "base",
        1,
        5,
        1,
        True,
    )
    assert (criterion.wording.en, criterion.hint.en, criterion.is_chosen) == ("Foundations", "", True)


def test_nothing_is_the_standard() -> None:
    assert read_rubric([]) == read_rubric(list(STANDARD))


def test_a_long_scale_is_typed() -> None:
    assert [read_rubric([ONE | {"low": 0, "high": high}])[0].is_chosen for high in (6, 7, 100)] == [True, False, False]


@pytest.mark.parametrize(
    ("tables", "problem"),
    [
        ({}, "rubric: must be a list of tables"),
        (["base"], "rubric, criterion 1: must be a table"),
        ([ONE | {"color": 1}], "rubric, criterion 1: unknown: color"),
        ([{"wording": WORDS}], NO_KEY),
        ([ONE | {"key": "Base"}], NO_KEY),
        ([{"key": "base"}], "rubric, criterion 1: 'wording' must have a text in zh and in en"),
        ([ONE | {"hint": {"zh": "数学"}}], "rubric, criterion 1: 'hint' must have a text in zh and in en"),
        ([ONE | {"low": True}], "rubric, criterion 1: 'low' must be a whole number from 0 to 99"),
        ([ONE | {"high": 101}], "rubric, criterion 1: 'high' must be a whole number from 1 to 100"),
        ([ONE | {"low": 5}], "rubric, criterion 1: 'low' must be less than 'high'"),
        ([ONE | {"weight": 0}], "rubric, criterion 1: 'weight' must be a whole number from 1 to 100"),
        ([ONE | {"required": "yes"}], "rubric, criterion 1: 'required' must be true or false"),
        ([ONE, ONE], "rubric: key used twice: base"),
        ([ONE | {"required": False}], "rubric: at least one criterion must be required"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(tables: object, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$"):
        read_rubric(tables)


def test_a_score_for_the_whole_is_that_of_overall_or_of_all_that_is_wanted() -> None:
    some = [{"key": key, "wording": {"zh": key, "en": key}} for key in ("idea", "skill")]
    optional, percent = {**some[0], "key": "luck", "required": False}, {**some[0], "low": 0, "high": 100}
    for rubric, scores, marks in (
        ([], range(1, 6), {"overall": 4}),
        ([*some, optional], range(1, 6), {"idea": 4, "skill": 4}),
        ([some[1], {**some[0], "low": 2, "high": 8}], range(2, 6), {"idea": 4, "skill": 4}),
        ([*some, {**some[0], "key": "overall", "high": 7}], range(1, 8), {"overall": 4}),
        ([percent], range(0), {}),
        ([some[1], {**some[0], "low": 50, "high": 60}], range(0), {}),
    ):
        criteria = read_rubric(rubric)
        assert list(overall_marks(criteria)) == list(scores)
        assert with_overall(criteria, 4) == marks
        assert with_overall(criteria, 99) == {}
