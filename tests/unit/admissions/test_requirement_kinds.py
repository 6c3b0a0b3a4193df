"""One kind of requirement after the other."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.admissions.rules import (
    Level,
    Outcome,
    Place,
    Reason,
    Requirement,
    Unit,
    Verdict,
    blocking,
    declarations,
    evaluate,
    quick_fields,
    read_requirements,
)

ROUTES = tomllib.loads((Path(__file__).parent / "applicants.toml").read_text(encoding="utf-8"))["routes"]
WORDING = {"zh": "条件", "en": "Requirement"}


def one(kind: str, **values: Any) -> Requirement:
    entry = {"key": kind, "kind": kind, "level": "required", "wording": WORDING}
    return read_requirements([entry | values])[0]


def outcome_of(requirement: Requirement, **answers: Any) -> Outcome:
    return evaluate([requirement], answers)[0]


def said(outcome: Outcome) -> tuple[Verdict, Reason]:
    return outcome.verdict, outcome.reason


@given(cohort_size=st.integers(1, 100_000), data=st.data(), percent=st.integers(1, 100))
def test_a_rank_is_compared_without_rounding(cohort_size: int, data: st.DataObject, percent: int) -> None:
    rank = data.draw(st.integers(1, cohort_size))
    outcome = outcome_of(one("rank", percent=percent), rank=rank, cohort_size=cohort_size)
    assert (outcome.verdict is Verdict.MET) == (rank * 100 <= percent * cohort_size)


def test_a_rank_tells_its_percentile_and_the_places_to_spare() -> None:
    outcome = outcome_of(one("rank", percent=15), rank=3, cohort_size=58)
    assert said(outcome) == (Verdict.MET, Reason.REACHED)
    assert (outcome.value, outcome.threshold, outcome.margin) == (5.2, 15, 5)
    assert (outcome.unit, outcome.place) == (Unit.PERCENT, Place(3, 58))


@pytest.mark.parametrize(
    ("rank", "cohort_size", "percentile"), [(1, 16, 6.3), (1, 3, 33.3), (2, 3, 66.7), (1, 2000, 0.1), (7, 7, 100)]
)
def test_a_percentile_is_shown_to_one_decimal(rank: int, cohort_size: int, percentile: float) -> None:
    assert outcome_of(one("rank", percent=15), rank=rank, cohort_size=cohort_size).value == percentile


def test_a_line_of_12_5_percent_is_exactly_that() -> None:
    line = one("rank", percent=12.5)
    assert outcome_of(line, rank=1, cohort_size=8).margin == 0
    assert outcome_of(line, rank=2, cohort_size=15).verdict is Verdict.NOT_MET


FILTERED: dict[str, Any] = {
    "field": "papers",
    "minimum": 1,
    "status_in": ["published", "accepted"],
    "position_at_most": 3,
}


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ({"status": "published", "position": 3}, "met"),
        ({"status": "published", "position": 4}, "not_met"),
        ({"status": "submitted", "position": 1}, "not_met"),
        ({"status": "submitted"}, "not_met"),
        ({"position": 4}, "not_met"),
        ({"status": "published"}, "unknown"),
        ({"position": 1}, "unknown"),
        ({"status": "published", "position": True}, "unknown"),
        ({"status": ["published"], "position": 1}, "unknown"),
        ("a paper", "unknown"),
    ],
)
def test_a_paper_counts_by_its_status_and_its_place(row: object, verdict: str) -> None:
    assert outcome_of(one("count", **FILTERED), papers=[row]).verdict == verdict


def test_a_count_tells_how_many_of_how_many() -> None:
    papers = [{"status": "published", "position": 1}, {"status": "submitted", "position": 1}]
    outcome = outcome_of(one("count", **FILTERED), papers=papers)
    assert (outcome.value, outcome.given, outcome.threshold, outcome.margin) == (1, 2, 1, 0)


def test_rows_without_a_filter_all_count() -> None:
    assert outcome_of(one("count", field="awards", minimum=2), awards=[{}, {"title": "Second"}]).verdict is Verdict.MET


@pytest.mark.parametrize(
    ("position_at_most", "number", "verdict"),
    [
        (3, 1, "not_met"),
        (3, 2, "met"),
        (1, 1, "not_met"),
        (1, 2, "unknown"),
        (4, 1, "unknown"),
        (None, 2, "met"),
        (None, 1, "unknown"),
    ],
)
def test_the_number_of_a_check_decides_what_it_can(position_at_most: int | None, number: int, verdict: str) -> None:
    places: dict[str, Any] = {} if position_at_most is None else {"position_at_most": position_at_most}
    outcome = outcome_of(one("count", field="papers", minimum=2, **places), papers=None, papers_top_three=number)
    assert (outcome.verdict, outcome.field, outcome.value) == (verdict, "papers_top_three", number)


def test_the_list_of_papers_is_asked_before_the_number() -> None:
    assert outcome_of(one("count", **FILTERED), papers=[], papers_top_three=5).verdict is Verdict.NOT_MET


def test_a_document_is_there_or_not_or_not_known() -> None:
    certificate = one("document", document="x_portfolio")
    assert said(outcome_of(certificate, documents=["x_portfolio"])) == (Verdict.MET, Reason.UPLOADED)
    assert said(outcome_of(certificate, documents=[])) == (Verdict.NOT_MET, Reason.NOT_UPLOADED)
    assert said(outcome_of(certificate)) == (Verdict.UNKNOWN, Reason.NOT_GIVEN)
    assert outcome_of(certificate).document == "x_portfolio"


def test_a_length_counts_characters_and_no_blanks_at_the_ends() -> None:
    outcome = outcome_of(one("length", field="statement", minimum=4), statement="  四个 字 \n")
    assert (outcome.verdict, outcome.value, outcome.margin) == (Verdict.MET, 4, 0)
    assert outcome.unit is Unit.CHARACTERS


def test_an_amount_has_its_unit() -> None:
    hours, months = one("amount", field="weekly_hours", minimum=10), one("amount", field="months", minimum=3)
    assert outcome_of(hours, weekly_hours=12.5).margin == 2.5
    assert (outcome_of(hours).unit, outcome_of(months).unit) == (Unit.HOURS_A_WEEK, Unit.MONTHS)


YES: dict[str, Any] = {"neural_network": "yes"}
NO: dict[str, Any] = {"neural_network": "no"}
PARTS: list[dict[str, Any]] = [
    {"key": "network", "kind": "status", "wording": {"zh": "网络", "en": "Network"}, "field": "neural_network"}
    | {"met": ["yes"], "not_met": ["no"]},
    {"key": "hours", "kind": "amount", "wording": {"zh": "时间", "en": "Time"}, "field": "weekly_hours", "minimum": 10},
]


@pytest.mark.parametrize(
    ("answers", "all_of", "any_of"),
    [
        (YES | {"weekly_hours": 10}, "met", "met"),
        (YES | {"weekly_hours": 9}, "not_met", "met"),
        (YES, "unknown", "met"),
        (NO | {"weekly_hours": 9}, "not_met", "not_met"),
        (NO, "not_met", "unknown"),
        ({}, "unknown", "unknown"),
    ],
)
def test_parts_decide_together(answers: dict[str, Any], all_of: str, any_of: str) -> None:
    assert outcome_of(one("all_of", parts=PARTS), **answers).verdict == all_of
    assert outcome_of(one("any_of", parts=PARTS), **answers).verdict == any_of


def test_parts_keep_their_outcomes_and_weigh_what_the_whole_weighs() -> None:
    outcome = outcome_of(one("any_of", parts=PARTS, level="blocking"), weekly_hours=12)
    assert [(part.key, part.level, part.verdict, part.margin) for part in outcome.parts] == [
        ("network", Level.BLOCKING, Verdict.UNKNOWN, None),
        ("hours", Level.BLOCKING, Verdict.MET, 2),
    ]
    assert outcome.reason is Reason.ANY_OF


def test_only_a_blocking_requirement_that_is_not_met_stops_an_application() -> None:
    levels = [one("document", document="transcript", level=level) for level in Level]
    assert [outcome.level for outcome in blocking(evaluate(levels, {"documents": []}))] == [Level.BLOCKING]
    assert blocking(evaluate(levels, {"documents": ["transcript"]})) == []
    assert blocking(evaluate(levels, {})) == []


def test_a_check_asks_for_what_the_requirements_look_at() -> None:
    asked = {key: quick_fields(read_requirements(entries)) for key, entries in ROUTES.items()}
    assert asked == {
        "exemption": [
            "rank", "cohort_size", "exemption_status", "cet4", "cet6", "ielts", "toefl", "neural_network",
            "papers_top_three",
        ],
        "exam": ["rank", "cohort_size", "exam_total", "cet4", "cet6", "declared"],
        "phd": ["cet6", "ielts", "toefl", "papers_top_three", "declared"],
        "assistant": ["rank", "cohort_size", "neural_network", "weekly_hours", "months"],
        "postdoc": ["cet6", "ielts", "toefl", "papers_top_three"],
    }  # fmt: skip


def test_declarations_are_found_among_the_parts_too() -> None:
    parts = [{"key": key, "kind": "declared", "wording": WORDING} for key in ("one", "other")]
    requirements = [one("declared"), one("any_of", parts=parts)]
    assert [declaration.key for declaration in declarations(requirements)] == ["declared", "one", "other"]
