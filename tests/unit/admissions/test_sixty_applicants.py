"""Sixty hand-made applicants to five routes, and what the rules say of each."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from s2group.admissions.rules import Outcome, Requirement, Verdict, blocking, evaluate, read_requirements

TABLE = tomllib.loads((Path(__file__).parent / "applicants.toml").read_text(encoding="utf-8"))
ROUTES: dict[str, list[Requirement]] = {key: read_requirements(entries) for key, entries in TABLE["routes"].items()}
APPLICANTS: list[dict[str, Any]] = TABLE["applicants"]
# Who could not send their application, and the requirements that stop it.
STOPPED = {
    "测试天": ["record"],
    "测试地": ["record"],
    "测试宇": ["record"],
    "测试荒": ["record"],
    "测试日": ["record"],
    "测试宿": ["months"],
    "测试来": ["months"],
    "测试往": ["months"],
    "测试闰": ["firsts", "plan_file"],
    "测试余": ["firsts"],
    "测试岁": ["firsts"],
    "测试调": ["plan_file"],
    "测试云": ["plan_file"],
}

every_applicant = pytest.mark.parametrize("applicant", [pytest.param(one, id=one["who"]) for one in APPLICANTS])


def judged(applicant: dict[str, Any]) -> list[Outcome]:
    texts = {field: "语" * count for field, count in applicant.get("characters", {}).items()}
    return evaluate(ROUTES[applicant["route"]], applicant["answers"] | texts)


@every_applicant
def test_the_rules_say_what_was_worked_out_by_hand(applicant: dict[str, Any]) -> None:
    said = {outcome.key: f"{outcome.verdict} {outcome.reason}" for outcome in judged(applicant)}
    assert said == applicant["expected"]


@every_applicant
def test_what_stops_an_application_is_what_was_worked_out_by_hand(applicant: dict[str, Any]) -> None:
    name, _about = applicant["who"].split("：", 1)
    assert [outcome.key for outcome in blocking(judged(applicant))] == STOPPED.get(name, [])


@every_applicant
def test_every_outcome_comes_back_from_json(applicant: dict[str, Any]) -> None:
    outcomes = judged(applicant)
    kept = json.loads(json.dumps([outcome.to_dict() for outcome in outcomes]))
    assert [Outcome.from_dict(data) for data in kept] == outcomes


@every_applicant
def test_a_line_goes_with_a_margin_that_agrees_with_the_verdict(applicant: dict[str, Any]) -> None:
    for outcome in judged(applicant):
        if outcome.margin is not None:
            assert (outcome.margin >= 0) == (outcome.verdict is Verdict.MET)


def test_there_are_sixty_of_them_and_each_route_has_its_share() -> None:
    assert len({applicant["who"] for applicant in APPLICANTS}) == 60
    shares = {key: sum(applicant["route"] == key for applicant in APPLICANTS) for key in ROUTES}
    assert shares == {"exemption": 15, "exam": 11, "phd": 12, "assistant": 11, "postdoc": 11}
