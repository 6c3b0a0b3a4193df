"""Outcomes in words."""

from typing import Any

import pytest
from flask import Flask

from s2group.admissions import wording
from s2group.admissions.rules import AWAITED, NOT_TAKEN, evaluate
from tests.unit.test_requirements import REQUIREMENTS

OTHERS = "CET-6 425 of 710, IELTS 6 of 9, TOEFL 80 of 120 or TOEFL 4 of 6 would count as well."


def reason(key: str, **answers: Any) -> str:
    found = wording.explained(evaluate(REQUIREMENTS, answers), "en")
    return next(outcome.reason for outcome in found if outcome.key == key)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"cet4": 441}, "CET-4 441 of 710: 16 above the line of 425."),
        ({"cet4": 425}, "CET-4 425 of 710: exactly on the line."),
        ({"cet4": 410}, f"CET-4 410 of 710: 15 short of the line of 425. {OTHERS}"),
        (
            {"cet4": 410, "ielts": 6.5},
            "IELTS 6.5 of 9: 0.5 above the line of 6. It counts in place of CET-4.",
        ),
        ({"toefl": 4}, "TOEFL 4 of 6: exactly on the line. It counts in place of CET-4."),
        ({"cet4": AWAITED}, f"CET-4 result awaited. The line is 425 of 710. {OTHERS}"),
        ({"cet4": NOT_TAKEN}, f"CET-4 not taken. The line is 425 of 710. {OTHERS}"),
        ({}, f"CET-4: not given. The line is 425 of 710. {OTHERS}"),
        ({"cet4": "a lot"}, f"The answer could not be read. The line is 425 of 710. {OTHERS}"),
    ],
)
def test_a_score_says_its_margin_and_what_else_counts(app: Flask, answers: dict[str, Any], expected: str) -> None:
    assert reason("cet4", **answers) == expected


@pytest.mark.parametrize(
    ("key", "answers", "expected"),
    [
        ("exemption_quota", {"exemption_status": "has"}, "Holds the quota."),
        (
            "exemption_quota",
            {"exemption_status": "expected"},
            "Expects the quota; to be confirmed once the university has decided.",
        ),
        ("exemption_quota", {"exemption_status": "unsure"}, "Not sure yet about the quota; to be confirmed."),
        ("exemption_quota", {"exemption_status": "no"}, "Does not hold the quota."),
        ("exemption_quota", {}, "Not answered yet."),
        ("neural_network", {"neural_network": "yes"}, "Has done so."),
        ("neural_network", {"neural_network": "no"}, "Has not done so yet."),
        ("papers", {"papers_top_three": 2}, "Papers as one of the first three authors: 2; 1 more than the line of 1."),
        ("papers", {"papers_top_three": 0}, "Papers as one of the first three authors: 0; 1 fewer than the line of 1."),
        ("foundations", {"declared": ["foundations"]}, "Declared by the applicant."),
        ("foundations", {}, "Not declared yet."),
    ],
)
def test_other_answers_say_why(app: Flask, key: str, answers: dict[str, Any], expected: str) -> None:
    assert reason(key, **answers) == expected


def test_an_outcome_is_explained_in_the_language_asked_for(app: Flask) -> None:
    outcomes = evaluate(REQUIREMENTS, {"cet4": 441})
    english, chinese = wording.explained(outcomes, "en")[5], wording.explained(outcomes, "zh")[5]
    assert (english.label, english.level, english.verdict, english.tone) == (
        "CET-4 of 425 or more", "Preferred", "Met", "good",
    )  # fmt: skip
    assert (chinese.label, chinese.label_locale, chinese.tone) == ("四级不低于 425 分", "zh", "good")


def test_requirements_say_what_else_counts(app: Flask) -> None:
    rows = wording.requirement_rows(REQUIREMENTS, "en")
    assert [(row.level, row.is_required) for row in rows[4:6]] == [("Required", True), ("Preferred", False)]
    assert [row.also for row in rows] == ["", "", "", "", "", OTHERS, "", ""]


def test_answers_are_said_in_the_order_of_the_form(app: Flask) -> None:
    answers = {
        "cet4": AWAITED,
        "phone": "+8613800138000",
        "ielts": 6.0,
        "gpa": 3.75,
        "statement": "One.\nTwo.",
        "toefl": None,
        "exemption_status": "no",
        "declared": ["foundations"],
    }
    assert wording.answer_rows(answers, "en") == [
        ("Mobile phone", "+8613800138000"),
        ("GPA", "3.75"),
        ("Recommended-exemption quota", "Not granted"),
        ("CET-4", "Result awaited"),
        ("IELTS", "6"),
        ("Statement", "One.\nTwo."),
    ]
