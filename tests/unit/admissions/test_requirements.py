"""What the answers say to each requirement of the fictional call, which are those of the real one."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.admissions import catalogue
from s2group.admissions.rules import (
    AWAITED,
    LARGEST_COUNT,
    NOT_TAKEN,
    Level,
    Outcome,
    Reason,
    Scale,
    Verdict,
    Wording,
    evaluate,
    read_requirements,
    verdict_changes,
)

CALL = Path(__file__).parents[2] / "content" / "calls" / "recommended-exemption-master.toml"
ENTRIES = tomllib.loads(CALL.read_text(encoding="utf-8"))["routes"][0]["requirements"]
REQUIREMENTS = read_requirements(ENTRIES)
ALTERNATIVES = (
    Scale("cet6", 220, 710, 425),
    Scale("ielts", 0, 9, 6.0),
    Scale("toefl", 0, 120, 80),
    Scale("toefl", 1, 6, 4),
)
# The requirements of five fictional routes, which have every kind among them.
ROUTES = tomllib.loads((Path(__file__).parent / "applicants.toml").read_text(encoding="utf-8"))["routes"]
EVERY_KIND = [requirement for entries in ROUTES.values() for requirement in read_requirements(entries)]
FIELDS = (*catalogue.FIELDS, "documents")
DECLARATIONS = ["health_and_attitude", "foundations", "foreign_language", "research_ability"]


def judge(key: str, **answers: Any) -> Outcome:
    return next(outcome for outcome in evaluate(REQUIREMENTS, answers) if outcome.key == key)


def verdicts(answers: dict[str, Any]) -> str:
    """One letter each for the quota, the four declarations, CET-4, neural network, papers."""
    letters = {Verdict.MET: "+", Verdict.NOT_MET: "-", Verdict.UNKNOWN: "?"}
    return "".join(letters[outcome.verdict] for outcome in evaluate(REQUIREMENTS, answers))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({}, "????????", id="says nothing"),
        pytest.param(
            {
                "exemption_status": "has",
                "declared": DECLARATIONS,
                "cet4": 560,
                "neural_network": "yes",
                "papers_top_three": 2,
            },
            "++++++++",
            id="meets everything",
        ),
        pytest.param(
            {
                "exemption_status": "no",
                "declared": DECLARATIONS,
                "cet4": 410,
                "neural_network": "no",
                "papers_top_three": 0,
            },
            "-++++---",
            id="declares well, has nothing",
        ),
        pytest.param({"exemption_status": "has"}, "+???????", id="only the quota"),
        pytest.param({"exemption_status": "expected"}, "????????", id="expects the quota"),
        pytest.param({"exemption_status": "unsure", "cet4": 425}, "?????+??", id="unsure, exactly on the line"),
        pytest.param({"exemption_status": "no", "cet4": 424}, "-????-??", id="no quota, one short"),
        pytest.param({"exemption_status": "maybe"}, "????????", id="a status nobody knows"),
        pytest.param({"exemption_status": "has", "cet4": 410, "cet6": 425}, "+????+??", id="CET-6 makes up for CET-4"),
        pytest.param({"exemption_status": "has", "cet4": 410, "cet6": 424}, "+????-??", id="CET-6 one short too"),
        pytest.param({"cet4": AWAITED}, "????????", id="CET-4 result awaited"),
        pytest.param({"cet4": AWAITED, "ielts": 6.0}, "?????+??", id="awaited, but IELTS 6"),
        pytest.param({"cet4": NOT_TAKEN}, "?????-??", id="CET-4 not taken"),
        pytest.param({"cet4": NOT_TAKEN, "ielts": 5.5}, "?????-??", id="not taken, IELTS half a band short"),
        pytest.param({"cet4": NOT_TAKEN, "toefl": 80}, "?????+??", id="not taken, TOEFL 80 of 120"),
        pytest.param({"cet4": NOT_TAKEN, "toefl": 79}, "?????-??", id="TOEFL 79 of 120"),
        pytest.param({"cet4": NOT_TAKEN, "toefl": 4}, "?????+??", id="TOEFL 4 of 6"),
        pytest.param({"cet4": NOT_TAKEN, "toefl": 3.5}, "?????-??", id="TOEFL 3.5 of 6"),
        pytest.param({"cet6": 300}, "????????", id="a low CET-6 says nothing of CET-4"),
        pytest.param({"declared": ["foundations"], "papers_top_three": 1}, "??+????+", id="one declaration, one paper"),
        pytest.param({"neural_network": "yes", "papers_top_three": 0}, "??????+-", id="trained a network, no paper"),
        pytest.param({"cet4": 900, "papers_top_three": -1}, "????????", id="numbers off the scale"),
    ],
)
def test_hand_made_applicants(answers: dict[str, Any], expected: str) -> None:
    assert verdicts(answers) == expected


def test_a_score_above_the_line_names_its_margin() -> None:
    assert judge("cet4", cet4=441) == Outcome(
        key="cet4",
        level=Level.PREFERRED,
        label=Wording(zh="四级不低于 425 分", en="CET-4 of 425 or more"),
        field="cet4",
        verdict=Verdict.MET,
        reason=Reason.REACHED,
        value=441,
        threshold=425,
        scale=710,
        margin=16,
    )


def test_a_score_below_the_line_names_what_else_would_count() -> None:
    outcome = judge("cet4", cet4=410)
    assert (outcome.verdict, outcome.margin, outcome.met_by) == (Verdict.NOT_MET, -15, None)
    assert outcome.alternatives == ALTERNATIVES


def test_another_test_counts_and_is_named() -> None:
    outcome = judge("cet4", cet4=410, ielts=6.5)
    assert (outcome.verdict, outcome.met_by) == (Verdict.MET, "ielts")
    assert (outcome.value, outcome.threshold, outcome.scale, outcome.margin) == (6.5, 6.0, 9, 0.5)


def test_a_score_on_two_scales_of_a_test_is_on_the_narrower() -> None:
    assert judge("cet4", toefl=5).scale == 6
    assert judge("cet4", toefl=6).scale == 6
    assert judge("cet4", toefl=100).scale == 120


@given(st.integers(220, 710))
def test_the_line_itself_is_met_and_nothing_below_it(score: int) -> None:
    outcome = judge("cet4", cet4=score)
    assert outcome.verdict == (Verdict.MET if score >= 425 else Verdict.NOT_MET)
    assert (outcome.value, outcome.margin) == (score, score - 425)


@given(st.one_of(st.integers(max_value=219), st.integers(min_value=711), st.floats(max_value=219), st.just(True)))
def test_a_score_off_the_scale_is_not_understood(score: float) -> None:
    outcome = judge("cet4", cet4=score)
    assert (outcome.verdict, outcome.reason, outcome.value) == (Verdict.UNKNOWN, Reason.NOT_UNDERSTOOD, None)


@given(st.integers(0, LARGEST_COUNT))
def test_papers_are_counted(papers: int) -> None:
    outcome = judge("papers", papers_top_three=papers)
    assert outcome.verdict == (Verdict.MET if papers >= 1 else Verdict.NOT_MET)


@given(cet4=st.integers(220, 710), cet6=st.integers(220, 710), ielts=st.integers(0, 18).map(lambda half: half / 2))
def test_more_is_never_worse(cet4: int, cet6: int, ielts: float) -> None:
    met = judge("cet4", cet4=cet4, cet6=cet6, ielts=ielts).verdict is Verdict.MET
    assert met == (cet4 >= 425 or cet6 >= 425 or ielts >= 6)


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.sampled_from(DECLARATIONS)
)
columns = st.sampled_from(["status", "position", "title"]) | st.text()
nonsense = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(columns, inner), max_leaves=8)
any_answers = st.dictionaries(st.sampled_from(FIELDS) | st.text(), nonsense)


@given(any_answers)
def test_any_answers_give_one_outcome_for_each_requirement(answers: dict[str, Any]) -> None:
    assert [outcome.key for outcome in evaluate(EVERY_KIND, answers)] == [requirement.key for requirement in EVERY_KIND]


@given(any_answers)
def test_outcomes_come_back_from_json_as_they_were(answers: dict[str, Any]) -> None:
    outcomes = evaluate(EVERY_KIND, answers)
    kept = json.loads(json.dumps([outcome.to_dict() for outcome in outcomes]))
    assert [Outcome.from_dict(data) for data in kept] == outcomes


@given(st.dictionaries(st.sampled_from(FIELDS), st.text() | st.floats(allow_nan=True) | st.lists(st.text())))
def test_nonsense_never_meets_a_required_one(answers: dict[str, Any]) -> None:
    known = {"has", "no", "yes", *DECLARATIONS}
    said = {word for value in answers.values() if isinstance(value, list) for word in value} | {
        value for value in answers.values() if isinstance(value, str)
    }
    required = [outcome for outcome in evaluate(REQUIREMENTS, answers) if outcome.level is Level.REQUIRED]
    assert known & said or all(outcome.verdict is Verdict.UNKNOWN for outcome in required)


def test_flips_are_the_verdicts_that_differ() -> None:
    answers = {"cet4": 430, "papers_top_three": 1}
    raised = [entry | {"minimum": 450} if entry["key"] == "cet4" else entry for entry in ENTRIES[4:]]
    old = evaluate(REQUIREMENTS, answers)
    new = evaluate(read_requirements([*raised, ENTRIES[1] | {"key": "patience"}]), answers)
    assert verdict_changes(old, new) == [
        ("cet4", Verdict.MET, Verdict.NOT_MET),
        ("patience", None, Verdict.UNKNOWN),
        ("exemption_quota", Verdict.UNKNOWN, None),
        *((key, Verdict.UNKNOWN, None) for key in DECLARATIONS[:3]),
    ]
    assert verdict_changes(old, old) == []


def test_an_outcome_that_was_kept_before_there_were_units_and_parts_is_read() -> None:
    kept = {
        "key": "cet4",
        "level": "preferred",
        "label": {"zh": "四级", "en": "CET-4"},
        "field": "cet4",
        "verdict": "met",
        "reason": "reached",
        "value": 441,
        "threshold": 425,
        "scale": 710,
        "margin": 16,
        "alternatives": [{"field": "ielts", "low": 0, "high": 9, "minimum": 6.0}],
        "met_by": None,
    }
    outcome = Outcome.from_dict(kept)
    assert (outcome.margin, outcome.alternatives) == (16, (Scale("ielts", 0, 9, 6.0),))
    assert (outcome.unit, outcome.place, outcome.given, outcome.document, outcome.parts) == (None, None, None, None, ())


def test_true_is_no_score() -> None:
    scale = Scale("ielts", 0, 9, 6.0)
    assert scale.reading({"ielts": 1}) == 1
    assert scale.reading({"ielts": True}) is None
