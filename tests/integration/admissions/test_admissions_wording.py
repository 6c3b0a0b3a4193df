"""Outcomes in words."""

from typing import Any

import pytest
from flask import Flask

from s2group.admissions import catalogue, wording
from s2group.admissions.rules import AWAITED, NOT_TAKEN, evaluate, read_requirements
from s2group.admissions.rules.route_form import OwnQuestion
from s2group.content.group.models import ResearchArea
from s2group.content.group.queries import area_titles
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from tests.unit.admissions.test_requirement_kinds import ROUTES
from tests.unit.admissions.test_requirements import REQUIREMENTS

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
        ("foundations", {"declared": ["foundations"]}, "Declared."),
        ("foundations", {}, "Not declared yet."),
    ],
)
def test_other_answers_say_why(app: Flask, key: str, answers: dict[str, Any], expected: str) -> None:
    assert reason(key, **answers) == expected


def said(route: str, key: str, **answers: Any) -> wording.ExplainedOutcome:
    found = wording.explained(evaluate(read_requirements(ROUTES[route]), answers), "en")
    return next(outcome for outcome in found if outcome.key == key)


PUBLISHED = {"status": "published", "position": 1}


@pytest.mark.parametrize(
    ("route", "key", "answers", "expected"),
    [
        ("exam", "exam", {"exam_total": 351}, "Exam total 351 of 500: 11 above the line of 340."),
        ("exam", "exam", {}, "Exam total: not given. The line is 340 of 500."),
        (
            "exemption",
            "rank",
            {"rank": 3, "cohort_size": 58},
            "Rank 3 of 58 (5.2%): 5 places to spare within the line of 15%.",
        ),
        (
            "exemption",
            "rank",
            {"rank": 14, "cohort_size": 100},
            "Rank 14 of 100 (14%): 1 place to spare within the line of 15%.",
        ),
        (
            "exemption",
            "rank",
            {"rank": 15, "cohort_size": 100},
            "Rank 15 of 100 (15%): the last place within the line of 15%.",
        ),
        (
            "exemption",
            "rank",
            {"rank": 1504, "cohort_size": 10000},
            "Rank 1504 of 10000 (15%): 4 places beyond the line of 15%.",
        ),
        ("exemption", "rank", {"rank": 5}, "Rank: not given. The line is the first 15%."),
        (
            "exemption",
            "rank",
            {"rank": 6, "cohort_size": 5},
            "The answer could not be read. The line is the first 15%.",
        ),
        (
            "phd",
            "papers",
            {"papers": [PUBLISHED, {"status": "submitted", "position": 1}]},
            "Papers: 1 of 2 count; 1 fewer than the line of 2.",
        ),
        (
            "phd",
            "papers",
            {"papers": [PUBLISHED, {"status": "published"}]},
            "Papers: 1 of 2 count for certain; the others do not say enough. The line is 2.",
        ),
        (
            "postdoc",
            "firsts",
            {"papers_top_three": 4},
            "Papers as one of the first three authors: 4; the list of papers in the application decides. "
            "The line is 3.",
        ),
        ("phd", "papers", {"papers": [PUBLISHED, PUBLISHED]}, "Papers: 2; exactly the line of 2."),
        ("phd", "papers", {"papers": []}, "Papers: 0; 2 fewer than the line of 2."),
        ("phd", "papers", {}, "Papers: not given. The line is 2."),
        ("exemption", "transcript", {"documents": ["transcript"]}, "Transcript: uploaded."),
        ("exemption", "transcript", {"documents": []}, "Transcript: not uploaded."),
        ("exemption", "transcript", {}, "Transcript: to be uploaded with the application."),
        ("assistant", "why", {"statement": "x" * 350}, "Statement: 350 characters; 50 more than the line of 300."),
        ("assistant", "why", {}, "Statement: not given. The line is 300 characters."),
        ("assistant", "hours", {"weekly_hours": 10}, "Hours a week: 10; exactly the line of 10."),
        ("assistant", "months", {"months": 2.5}, "Months: 2.5; 0.5 fewer than the line of 3."),
    ],
)
def test_every_kind_says_its_value_line_and_margin(
    app: Flask, route: str, key: str, answers: dict[str, Any], expected: str
) -> None:
    assert said(route, key, **answers).reason == expected


def test_a_file_of_an_own_question_is_just_a_document(app: Flask) -> None:
    own = ROUTES["exemption"][5] | {"document": "x_portfolio"}
    outcome = wording.explained(evaluate(read_requirements([own]), {"documents": []}), "en")[0]
    assert outcome.reason == "Document: not uploaded."


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"documents": ["transcript", "language_certificate"], "research_plan": "x" * 1000}, "and all are met."),
        ({"documents": []}, "not all are met."),
        ({}, "not all are known yet."),
    ],
)
def test_all_of_says_how_it_came_out(app: Flask, answers: dict[str, Any], expected: str) -> None:
    assert said("phd", "record", **answers).gist.endswith(expected)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"cet4": 425}, "One of these is enough, and one is met."),
        ({"cet4": 424, "cet6": 300}, "One of these is enough; none is met."),
        ({"cet4": 424}, "One of these is enough; none is certain yet."),
    ],
)
def test_any_of_says_how_it_came_out(app: Flask, answers: dict[str, Any], expected: str) -> None:
    assert said("exam", "english", **answers).gist == expected


def test_a_plain_text_says_what_the_parts_say(app: Flask) -> None:
    outcome = said("exam", "english", cet4=424, cet6=440)
    assert outcome.reason == (
        "One of these is enough, and one is met. "
        "CET-4 of 425 or more (Not met): CET-4 424 of 710: 1 short of the line of 425. "
        "CET-6 of 425 or more (Met): CET-6 440 of 710: 15 above the line of 425."
    )
    assert [(part.key, part.verdict, part.tone) for part in outcome.parts] == [
        ("cet4", "Not met", "bad"),
        ("cet6", "Met", "good"),
    ]


def test_the_page_lists_the_parts_once_and_their_level_never(app: Flask) -> None:
    outcome = said("postdoc", "standing", awards=[{}], projects=[])
    with app.test_request_context("/en/"):
        macro = app.jinja_env.get_template("components/outcomes.html").make_module().outcome_list  # type: ignore[attr-defined]
        page = str(macro([outcome]))
    assert page.count("<ul") == page.count("</ul>") == 3
    assert [page.count(words) for words in ("An award and a project", "Awards: 1; exactly", "Preferred")] == [1, 1, 1]
    assert page.index("Stands out") < page.index("Five papers") < page.index("An award and a project")


def test_a_blocking_requirement_is_needed_to_apply(app: Flask) -> None:
    rows = wording.requirement_rows(read_requirements(ROUTES["postdoc"]), "en")
    assert [(row.key, row.level, row.is_required) for row in rows[:2]] == [
        ("firsts", "Needed to apply", True),
        ("plan", "Required", True),
    ]


def test_requirements_say_what_they_are_made_of(app: Flask) -> None:
    rows = {
        route: {row.key: row.also for row in wording.requirement_rows(read_requirements(entries), "en")}
        for route, entries in ROUTES.items()
    }
    assert rows["exam"]["english"] == "One of these: CET-4 of 425 or more; CET-6 of 425 or more."
    assert rows["postdoc"]["standing"] == (
        "One of these: Five papers as one of the first three authors; An award and a project. "
        "An award and a project: All of these: An award; A project."
    )


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
    assert wording.answer_rows(answers, "en", area_titles()) == [
        ("Mobile phone", "+8613800138000"),
        ("GPA", "3.75"),
        ("Recommended-exemption quota", "Not granted"),
        ("CET-4", "Result awaited"),
        ("IELTS", "6"),
        ("Statement", "One.\nTwo."),
    ]


def test_every_answer_of_the_catalogue_is_said(app: Flask) -> None:
    with transaction() as session:
        summary = LocalizedText(zh="虚构的简介", en="A fictional summary")
        title = LocalizedText(zh="语音合成", en="Speech synthesis")
        session.add(ResearchArea(key="synthesis", position=0, title=title, summary=summary))
    answers = {
        "name_pinyin": "Ceshi Jia",
        "wechat": "ceshi_jia",
        "entry_month": "2023-09",
        "graduation_month": "2027-06",
        "gpa": 3,
        "gpa_scale": "other",
        "rank_scope": "class",
        "exam_total": 351,
        "exam_politics": 0,
        "cet6": NOT_TAKEN,
        "research_line": "synthesis",
        "weekly_hours": 12.5,
        "papers": [
            {"title": "A fictional paper", "venue": "Nowhere", "status": "accepted", "position": 2,
             "link": "https://example.org/paper"},
            {"title": "Another", "venue": "", "status": "in_preparation", "position": None},
        ],
        "awards": [{"title": "A fictional award", "level": "School", "year": 2025}, {}],
        "projects": [{"title": "A fictional project", "role": "Lead", "summary": "Builds nothing."}],
        "repositories": [{"link": "https://example.org/code"}],
        "research_plan": "One plan.",
        "referees": [{"name": "测试乙", "email": "b@example.org", "position": "Professor"}],
    }  # fmt: skip
    assert wording.answer_rows(answers, "en", area_titles()) == [
        ("Name in pinyin", "Ceshi Jia"),
        ("WeChat ID", "ceshi_jia"),
        ("Start of your studies", "September 2023"),
        ("Graduation, or when you expect it", "June 2027"),
        ("GPA", "3"),
        ("GPA scale", "Another scale"),
        ("Ranked among", "The students of my class"),
        ("Exam total", "351"),
        ("Exam: politics", "0"),
        ("CET-6", "Not taken"),
        ("Research area of interest", "Speech synthesis"),
        ("Hours a week", "12.5"),
        (
            "Papers",
            "A fictional paper · Nowhere · Accepted for publication · author 2 · https://example.org/paper\n"
            "Another · In preparation",
        ),
        ("Awards", "A fictional award · School · 2025"),
        ("Projects", "A fictional project · Lead · Builds nothing."),
        ("Code repositories", "https://example.org/code"),
        ("Research plan", "One plan."),
        ("Referees", "测试乙 · Professor · b@example.org"),
    ]
    chinese = dict(wording.answer_rows({"entry_month": "2023-09", "research_line": "synthesis"}, "zh", area_titles()))
    assert list(chinese.values()) == ["2023 年 9 月", "语音合成"]


def test_an_answer_that_nobody_knows_is_said_as_it_is(app: Flask) -> None:
    answers = {"entry_month": "soon", "research_line": "gone", "rank_scope": "planet", "papers": ["a paper"]}
    assert [answer for _question, answer in wording.answer_rows(answers, "en", area_titles())] == [
        "soon",
        "planet",
        "gone",
        "a paper",
    ]


def test_every_field_of_the_catalogue_has_a_label(app: Flask) -> None:
    assert list(wording.LABELS) == [*catalogue.FIELDS, "referees"]
    assert set(wording.DOCUMENTS) == set(catalogue.DOCUMENTS)


def test_own_questions_are_said_after_the_others(app: Flask) -> None:
    start = OwnQuestion("start", "text", {"zh": "何时开始", "en": "When can you start?"})
    options = (("here", {"zh": "本校", "en": "Here"}), ("away", {"zh": "外校", "en": "Elsewhere"}))
    degree = OwnQuestion(
        "degree", "choice", {"zh": "在哪里读博", "en": "Where is your doctorate from?"}, options=options
    )
    answers = {"x_dropped": 3, "x_degree": "away", "x_start": "In May", "statement": "Text."}
    assert wording.answer_rows(answers, "en", {}, [start, degree]) == [
        ("Statement", "Text."),
        ("When can you start?", "In May"),
        ("Where is your doctorate from?", "Elsewhere"),
        ("dropped", "3"),
    ]
    assert ("在哪里读博", "外校") in wording.answer_rows(answers, "zh", {}, [start, degree])
