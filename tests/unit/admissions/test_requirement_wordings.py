"""The numbers in the words of a requirement are those of its rule."""

from typing import Any

import pytest

from s2group.admissions.rules import read_requirements
from s2group.admissions.rules.wordings import contradictions

SCORE = {"kind": "score", "field": "cet4", "low": 220, "high": 710, "minimum": 450} | {
    "alternatives": [{"field": "cet6", "low": 220, "high": 710, "minimum": 425}]
}
RANK = {"kind": "rank", "percent": 30}
PAPERS = {"kind": "count", "field": "papers", "minimum": 2, "position_at_most": 3}
HOURS = {"kind": "amount", "field": "weekly_hours", "minimum": 10}
PLAN = {"kind": "length", "field": "research_plan", "minimum": 1000}


def read(rule: dict[str, Any], zh: str, en: str) -> Any:
    return read_requirements([rule | {"key": "one", "level": "required", "wording": {"zh": zh, "en": en}}])


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        (SCORE, "四级不低于 450 分", "CET-4 of 450 or more"),
        (SCORE, "四级 ４５０ 分或六级 425 分，满分 710", "CET-4/6: 450 of 710, or 425 in CET-6"),
        (SCORE, "通过四级", "CET-4 passed"),
        (SCORE, "2026 年起四级不低于 {minimum} 分", "CET4: {minimum} or more"),
        (RANK, "成绩排名在前 {percent}%", "Among the first 30%"),
        (PAPERS, "以前三作者发表两篇论文", "Two papers as one of the first three authors"),
        (PAPERS, "至少 {minimum} 篇，排名前 {position}", "At least {minimum}, among the first {position}"),
        (HOURS, "每周至少十小时", "Ten hours a week or more"),
        (PLAN, "研究计划不少于 1000 字", "A plan of 1,000 characters"),
        ({"kind": "declared"}, "获一等奖 3 次", "Three first prizes"),
    ],
)
def test_words_that_agree_pass(rule: dict[str, Any], zh: str, en: str) -> None:
    assert list(contradictions(read(rule, zh, en))) == []


@pytest.mark.parametrize(
    ("rule", "words", "said"),
    [
        (SCORE, "CET-4 of 425 or more", "says 425 in en, and the rule 450; write {minimum} there"),
        (SCORE, "450.5 or more", "says 450.5 in en, and the rule 450; write {minimum} there"),
        (RANK, "Among the first 15%", "says 15 in en, and the rule 30; write {percent} there"),
        (PAPERS, "Three papers", "says 3 in en, and the rule 2; write {minimum} there"),
        (PAPERS, "Two papers as first two authors", "says 2 in en, and the rule 3; write {position} there"),
        (HOURS, "Eight hours a week", "says 8 in en, and the rule 10; write {minimum} there"),
        (PLAN, "2,000 characters", "says 2000 in en, and the rule 1000; write {minimum} there"),
    ],
)
def test_a_number_that_the_rule_does_not_have_is_told(rule: dict[str, Any], words: str, said: str) -> None:
    [told] = contradictions(read(rule, "如下", words))
    assert str(told) == f"requirement 'one': 'wording' {said}, or correct one of the two"


@pytest.mark.parametrize(("rule", "zh"), [(PAPERS, "三篇论文"), (PAPERS, "前二作者"), (SCORE, "不低于 425 分")])
def test_chinese_numbers_count_as_well(rule: dict[str, Any], zh: str) -> None:
    [told] = contradictions(read(rule, zh, "As follows"))
    assert " in zh, and the rule " in str(told)


def test_a_part_is_looked_at_as_well() -> None:
    part = SCORE | {"key": "part", "wording": {"zh": "425 分", "en": "As follows"}}
    other = {"key": "other", "kind": "declared", "wording": {"zh": "其他", "en": "Other"}}
    [told] = contradictions(read({"kind": "any_of", "parts": [part, other]}, "其一", "Either"))
    assert str(told).startswith("requirement 'part': 'wording' says 425 in zh")


def test_the_rules_own_numbers_stand_in_both_languages() -> None:
    [ielts] = read(SCORE | {"field": "ielts", "low": 0, "high": 9, "minimum": 6.0}, "雅思 {minimum}", "IELTS {minimum}")
    assert (ielts.wording.zh, ielts.wording.en) == ("雅思 6", "IELTS 6")
    with pytest.raises(ValueError, match=r"requirement 1 \(one\): 'wording' has \{line\}, which here can be"):
        read(SCORE, "不低于 {line} 分", "As follows")
    with pytest.raises(ValueError, match=r"'wording' has \{minimum\}, which here has none"):
        read({"kind": "declared"}, "不低于 {minimum} 分", "As follows")
