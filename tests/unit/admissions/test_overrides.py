"""What a person's verdict rests on."""

from typing import Any

import pytest

from s2group.admissions.overrides.rules import Evidence, basis_of, still_holds
from s2group.admissions.overrides.services import needs_reason
from s2group.admissions.rules import (
    AllOf,
    Declared,
    DocumentPresent,
    Level,
    Outcome,
    RankWithin,
    Requirement,
    Scale,
    ScoreAtLeast,
    Verdict,
    Wording,
)

WORDS = Wording("条件", "A requirement")
CET4, CET6 = Scale("cet4", 0, 710, 425), Scale("cet6", 0, 710, 425)
ANSWERS: dict[str, Any] = {
    "cet4": 410, "cet6": None, "rank": 5, "cohort_size": 191, "declared": ["health"], "statement": "words",
}  # fmt: skip


def score(minimum: int = 425) -> ScoreAtLeast:
    return ScoreAtLeast("english", Level.REQUIRED, WORDS, "cet4", Scale("cet4", 0, 710, minimum), (CET6,))


RANK = RankWithin("rank", Level.REQUIRED, WORDS, "rank", 10)
HEALTH = Declared("health", Level.REQUIRED, WORDS, "declared")
PROOF = DocumentPresent("proof", Level.REQUIRED, WORDS, "documents", "rank_proof")
BOTH = AllOf("both", Level.REQUIRED, WORDS, "rank", (RANK, HEALTH))


def judge(requirement: Requirement, answers: dict[str, Any]) -> Outcome:
    return requirement.judge({**answers, "documents": ["rank_proof"]})


def evidence(files: dict[str, str] | None = None, **changes: Any) -> Evidence:
    return Evidence({**ANSWERS, **changes}, files or {"rank_proof": "ab", "resume": "cd"})


@pytest.mark.parametrize(
    ("requirement", "names"),
    [
        (score(), ["cet4", "cet6"]),
        (RANK, ["cohort_size", "rank"]),
        (HEALTH, ["declared:health"]),
        (PROOF, ["document:rank_proof"]),
        (BOTH, ["cohort_size", "declared:health", "rank"]),
    ],
)
def test_an_outcome_rests_on_its_answers(requirement: Requirement, names: list[str]) -> None:
    assert sorted(basis_of(judge(requirement, ANSWERS), evidence())) == names


@pytest.mark.parametrize(
    ("requirement", "changed", "holds"),
    [
        (score(), {"statement": "other words"}, True),
        (score(), {"cet4": 430}, False),
        (score(), {"cet6": 430}, False),
        (RANK, {"cohort_size": 190}, False),
        (HEALTH, {"declared": ["health", "another"]}, True),
        (HEALTH, {"declared": []}, False),
        (BOTH, {"rank": 6}, False),
    ],
)
def test_it_holds_until_one_of_them_changes(requirement: Requirement, changed: dict[str, Any], holds: bool) -> None:
    basis = basis_of(judge(requirement, ANSWERS), evidence())
    assert still_holds(basis, evidence()) is True
    assert still_holds(basis, evidence(**changed)) is holds


def test_it_outlives_another_minimum() -> None:
    basis = basis_of(judge(score(), ANSWERS), evidence())
    assert judge(score(400), ANSWERS).verdict is not judge(score(), ANSWERS).verdict
    assert still_holds(basis, evidence()) is True


def test_another_file_of_the_same_kind_is_another_answer() -> None:
    basis = basis_of(judge(PROOF, ANSWERS), evidence())
    assert still_holds(basis, evidence({"rank_proof": "ab", "resume": "other"})) is True
    assert still_holds(basis, evidence({"rank_proof": "other"})) is False
    assert still_holds(basis, evidence({"resume": "cd"})) is False


@pytest.mark.parametrize(
    ("computed", "verdict", "needs"),
    [
        ("met", "met", False),
        ("unknown", "met", False),
        ("unknown", "unknown", False),
        ("unknown", "not_met", True),
        ("not_met", "met", True),
        ("met", "unknown", True),
        ("met", None, False),
    ],
)
def test_who_contradicts_the_answers_says_why(computed: str, verdict: str | None, needs: bool) -> None:
    assert needs_reason(Verdict(computed), Verdict(verdict) if verdict else None) is needs
