"""Requirements that are wrongly written down."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.admissions.rules import read_requirements
from tests.unit.admissions.test_requirement_kinds import FILTERED, PARTS, WORDING
from tests.unit.admissions.test_requirements import scalars

SCORE = {"key": "cet4", "kind": "score", "level": "preferred", "wording": WORDING, "field": "cet4"} | {
    "low": 220, "high": 710, "minimum": 425,
}  # fmt: skip
STATUS = {"key": "quota", "kind": "status", "level": "required", "wording": WORDING, "field": "exemption_status"}
COUNT = {"key": "papers", "kind": "count", "level": "preferred", "wording": WORDING, "field": "papers_top_three"}

RANK = {"key": "rank", "kind": "rank", "level": "preferred", "wording": WORDING}
DOCUMENT = {"key": "paper", "kind": "document", "level": "required", "wording": WORDING}
LENGTH = {"key": "why", "kind": "length", "level": "required", "wording": WORDING, "field": "statement"}
AMOUNT = {"key": "hours", "kind": "amount", "level": "required", "wording": WORDING, "field": "weekly_hours"}
EITHER: dict[str, Any] = {"key": "either", "kind": "any_of", "level": "required", "wording": WORDING}


def nested(first: str, *others: str) -> dict[str, Any]:
    """Requirements inside each other; only the outermost has a level."""
    inner = nested(*others) if others else PARTS[1]
    return EITHER | {"key": first, "parts": [PARTS[0], {name: inner[name] for name in inner if name != "level"}]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("no list", "requirements: must be a list of tables"),
        (["text"], "requirement 1: must be a table"),
        ([{"kind": "score"}], "requirement 1 (without a key): 'key' must be a text"),
        (
            [SCORE | {"kind": "feeling"}],
            "requirement 1 (cet4): 'kind' must be one of "
            "score, rank, status, count, document, length, amount, all_of, any_of, declared",
        ),
        ([SCORE | {"level": "nice"}], "requirement 1 (cet4): 'level' must be one of required, preferred, blocking"),
        ([SCORE | {"wording": {"zh": "条件"}}], "requirement 1 (cet4): 'wording' must have a text in zh and in en"),
        (
            [SCORE | {"wording": {"zh": "条件", "en": " "}}],
            "requirement 1 (cet4): 'wording' must have a text in zh and in en",
        ),
        ([SCORE | {"minimum": "425"}], "requirement 1 (cet4): 'minimum' must be a number"),
        ([SCORE | {"minimum": True}], "requirement 1 (cet4): 'minimum' must be a number"),
        ([SCORE | {"minimum": 711}], "requirement 1 (cet4): 'minimum' must lie between 'low' and 'high'"),
        ([SCORE | {"minimum": float("nan")}], "requirement 1 (cet4): 'minimum' must lie between 'low' and 'high'"),
        (
            [SCORE | {"field": "cet8"}],
            "requirement 1 (cet4): 'field' must be one of cet4, cet6, ielts, toefl, exam_total",
        ),
        ([SCORE | {"lin": 425}], "requirement 1 (cet4): unknown: lin"),
        ([SCORE | {"alternatives": 3}], "requirement 1 (cet4): 'alternatives' must be a list of tables"),
        (
            [SCORE | {"alternatives": [{"field": "ielts", "low": 0, "high": 9}]}],
            "requirement 1 (cet4), alternatives: 'minimum' must be a number",
        ),
        ([STATUS], "requirement 1 (quota): 'met' must name at least one answer"),
        ([STATUS | {"met": "has"}], "requirement 1 (quota): 'met' must be a list of texts"),
        (
            [STATUS | {"met": ["has"], "not_met": ["has"]}],
            "requirement 1 (quota): an answer stands in two of 'met', 'unknown' and 'not_met'",
        ),
        ([COUNT | {"minimum": 0}], "requirement 1 (papers): 'minimum' must be a whole number above 0"),
        ([COUNT | {"minimum": 1.5}], "requirement 1 (papers): 'minimum' must be a whole number above 0"),
        ([COUNT | {"minimum": 1}, COUNT | {"minimum": 2}], "requirements: key used twice: papers"),
        ([COUNT | {"minimum": 1, "position_at_most": 3}], "requirement 1 (papers): unknown: position_at_most"),
        (
            [COUNT | FILTERED | {"position_at_most": 0}],
            "requirement 1 (papers): 'position_at_most' must be a whole number above 0",
        ),
        (
            [COUNT | FILTERED | {"status_in": ["printed"]}],
            "requirement 1 (papers): 'status_in' may hold published, accepted, submitted, in_preparation",
        ),
        ([RANK | {"percent": 0}], "requirement 1 (rank): 'percent' must be above 0 and at most 100"),
        ([RANK | {"percent": float("nan")}], "requirement 1 (rank): 'percent' must be above 0 and at most 100"),
        ([RANK | {"percent": 15, "field": "rank"}], "requirement 1 (rank): unknown: field"),
        (
            [DOCUMENT | {"document": "photo"}],
            "requirement 1 (paper): 'document' must be one of resume, transcript, rank_proof, language_certificate, "
            "research_plan, other, or x_ and the key of a question",
        ),
        ([LENGTH | {"minimum": 1.5}], "requirement 1 (why): 'minimum' must be a whole number above 0"),
        (
            [LENGTH | {"minimum": 9, "field": "name"}],
            "requirement 1 (why): 'field' must be one of statement, research_plan",
        ),
        ([AMOUNT | {"minimum": 169}], "requirement 1 (hours): 'minimum' must be above 0 and at most 168"),
        ([EITHER], "requirement 1 (either): 'parts' must hold at least two requirements"),
        ([EITHER | {"parts": PARTS[:1]}], "requirement 1 (either): 'parts' must hold at least two requirements"),
        ([EITHER | {"parts": ["network"]}], "requirement 1 (either): 'parts' must be a list of tables"),
        (
            [EITHER | {"parts": [PARTS[0], PARTS[1] | {"level": "required"}]}],
            "requirement 1 (either), part 2 (hours): unknown: level",
        ),
        ([EITHER | {"parts": PARTS}, AMOUNT | {"minimum": 1}], "requirements: key used twice: hours"),
        (
            [nested("a", "b", "c")],
            "requirement 1 (a), part 2 (b), part 2 (c): parts lie too deep: a part of a part can have none",
        ),
    ],
)
def test_a_wrong_definition_says_what_to_mend(data: object, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_requirements(data)
    assert str(caught.value) == message


@given(st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*SCORE, "met"]), inner)))
def test_any_definition_is_read_or_refused_with_a_value_error(data: object) -> None:
    try:
        requirements = read_requirements(data)
    except ValueError:
        return
    assert requirements == []
