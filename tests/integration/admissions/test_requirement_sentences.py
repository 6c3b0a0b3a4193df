"""The sentence that a rule makes says the rule's numbers, in either language."""

from typing import Any

from flask import Flask

from s2group.admissions.rules import read_requirements
from s2group.admissions.rules.route_form import read_form
from s2group.admissions.rules.wordings import contradictions
from s2group.admissions.wording import made_from_rule, requirement_rows

CET6 = {"field": "cet6", "low": 220, "high": 710, "minimum": 425}
CET4 = {"kind": "score", "field": "cet4", "low": 220, "high": 710, "minimum": 450, "alternatives": [CET6]}
TOEFL = {"kind": "score", "field": "toefl", "low": 0, "high": 120, "minimum": 80} | {
    "alternatives": [
        {"field": "toefl", "low": 1, "high": 6, "minimum": 4},
        {"field": "ielts", "low": 0, "high": 9, "minimum": 6.5},
    ]
}
OWN = {"key": "portfolio", "kind": "file", "label": {"zh": "作品集", "en": "Portfolio"}}
PART = {"wording": {"zh": "…", "en": "…"}}
SENTENCES: list[tuple[dict[str, Any], str, str]] = [
    (CET4, "英语四级不低于 450 分，或英语六级不低于 425 分", "CET-4 at least 450, or CET-6 at least 425"),
    (
        TOEFL,
        "托福不低于 80 分（满分 120），或托福不低于 4 分（满分 6），或雅思不低于 6.5 分",
        "TOEFL at least 80 of 120, or TOEFL at least 4 of 6, or IELTS at least 6.5",
    ),
    ({"kind": "rank", "percent": 30}, "成绩排名在前 30%", "Ranked among the first 30% of the cohort"),
    (
        {"kind": "status", "field": "exemption_status", "met": ["has", "expected"], "unknown": ["unsure"]},
        "推免资格：已获得或预计获得",
        "Recommended-exemption quota: Granted or Expected",
    ),
    ({"kind": "count", "field": "papers", "minimum": 1}, "论文至少 1 篇", "At least 1 paper"),
    (
        {"kind": "count", "field": "papers", "minimum": 2, "position_at_most": 3}
        | {"status_in": ["published", "accepted"]},
        "论文至少 2 篇（已发表或已录用），本人排名前 3",
        "At least 2 papers (published or accepted for publication), as one of the first 3 authors",
    ),
    ({"kind": "count", "field": "awards", "minimum": 2}, "获奖：至少 2 项", "Awards: at least 2"),
    (
        {"kind": "count", "field": "papers_top_three", "minimum": 1},
        "本人排名前三的论文数：至少 1 项",
        "Papers as one of the first three authors: at least 1",
    ),
    (
        {"kind": "length", "field": "statement", "minimum": 300},
        "个人陈述不少于 300 字",
        "Statement of at least 300 characters",
    ),
    ({"kind": "amount", "field": "weekly_hours", "minimum": 12.5}, "每周至少 12.5 小时", "At least 12.5 hours a week"),
    ({"kind": "amount", "field": "months", "minimum": 6}, "至少 6 个月", "At least 6 months"),
    ({"kind": "document", "document": "transcript"}, "上传成绩单", "Transcript uploaded"),
    ({"kind": "document", "document": "x_portfolio"}, "上传作品集", "Portfolio uploaded"),
    (
        {
            "kind": "all_of",
            "parts": [
                CET4 | PART | {"key": "a"},
                {"kind": "rank", "percent": 5, "key": "b"} | PART,
                {"kind": "document", "document": "transcript", "key": "c"} | PART,
            ],
        },
        "英语四级不低于 450 分，或英语六级不低于 425 分，并且成绩排名在前 5%，并且上传成绩单",
        "CET-4 at least 450, or CET-6 at least 425, and ranked among the first 5% of the cohort, "
        "and transcript uploaded",
    ),
]


def test_each_rule_makes_a_sentence_that_agrees_with_it(app: Flask) -> None:
    form = read_form({"questions": [OWN]})
    for rule, zh, en in SENTENCES:
        table = rule | {"key": "one", "level": "required"}
        (requirement,) = read_requirements([table | {"wording": {"zh": "…", "en": "…"}}])
        with app.test_request_context():
            made = made_from_rule(requirement, form)
        assert made
        assert (made.zh, made.en) == (zh, en)
        said = read_requirements([table | {"wording": {"zh": zh, "en": en}}])
        assert list(contradictions(said)) == []
        # A sentence that says all is not followed by what else would count.
        with app.test_request_context():
            assert [row.also for row in requirement_rows(said, "en") if rule["kind"] == "score"] in ([], [""])
    (declared,) = read_requirements([{"key": "x", "kind": "declared", "level": "required"} | PART])
    assert made_from_rule(declared, form) is None
