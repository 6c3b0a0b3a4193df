"""Every question there is, as an applicant meets it on a topic page: what is taken, and what is said of the rest."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from s2group.admissions.catalogue import FIELDS, MOST_ROWS
from s2group.admissions.models import AdmissionRoute, Draft
from s2group.admissions.rules import LARGEST_COUNT
from s2group.admissions.rules.route_form import read_form
from s2group.admissions.services import drafts
from s2group.core import clock
from s2group.extensions import db
from tests.support.applying import hidden_fields, load_fictional_content, pdf, the_application
from tests.support.forms import as_shown
from tests.support.headings import text_of

CONTENT = Path(__file__).parents[3] / "content"
KEY = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
DRAFT = f"/en/apply/draft/{KEY}/"
ERROR = re.compile(r'<li><a href="#([^"]*)">([^<]+)</a></li>')
# What forms look like does not depend on the database; one test below keeps an answer to everything on both.
on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

LABEL = {"zh": "问题", "en": "Question"}
OWN: list[dict[str, Any]] = [
    {"key": "hope", "kind": "text", "label": {"zh": "希望", "en": "Hope"}, "longest": 120},
    {"key": "story", "kind": "text", "label": {"zh": "故事", "en": "Story"}, "longest": 121},
    {"key": "team", "kind": "choice", "label": {"zh": "小组", "en": "Team"}, "options": [
        {"value": "red", "zh": "红组", "en": "The red team"}, {"value": "blue", "zh": "蓝组", "en": "The blue team"},
    ]},
    {"key": "courses", "kind": "number", "label": {"zh": "课程", "en": "Courses"}, "low": 1, "high": 2.5},
    {"key": "sample", "kind": "file", "label": LABEL},
]  # fmt: skip
EVERYTHING: dict[str, Any] = {"optional": list(FIELDS), "questions": OWN, "referees": 2}
# Without these no page of their topic is right.
NEEDED: dict[str, dict[str, str]] = {"about": {"name": "Test Applicant", "email": "applicant@example.org"}}

PICK_ONE = "Choose one of the answers"
MONTH = "Enter a year and a month such as 2023-09"
WECHAT = "WeChat ID: enter it as WeChat shows it under your name"
GPA = "GPA: enter a number such as 3.7 or 88"
OFF_SCALE = "GPA: enter a number within its scale, or choose another scale"
RANK = "Rank: enter a whole number such as 3"
COHORT = "Students in your cohort: enter a whole number such as 58"
CET4 = "CET-4: enter a whole number from 220 to 710, or leave it empty"
CET6 = "CET-6: enter a whole number from 220 to 710, or leave it empty"
IELTS = "IELTS: enter a band from 0 to 9 in steps of 0.5, or leave it empty"
TOEFL = "TOEFL: enter 0 to 120, or a band from 1 to 6 in steps of 0.5, or leave it empty"
PAPERS = "Papers: enter a whole number such as 0 or 2, or leave it empty"
ADDRESS = "Enter an e-mail address such as name@example.org"
PHONE = "Enter a mobile number such as 138 0013 8000, or +65 8123 4567 from abroad"
COURSES = "Enter a number from 1 to 2.5"


@pytest.fixture
def route(app: Flask) -> AdmissionRoute:
    """One that asks everything there is, and needs nothing but what all need, and two referees."""
    load_fictional_content(app)
    route = db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.id)).first() or pytest.fail()
    route.form = EVERYTHING
    db.session.commit()
    return route


@pytest.fixture
def draft(route: AdmissionRoute) -> Draft:
    return drafts.start_draft(route=route, key=KEY, answers={}, locale="en", now=clock.now())


def fill_in(client: FlaskClient, topic: str, typed: dict[str, Any]) -> TestResponse:
    """Open the page of a topic, fill in what it needs and what is `typed`, press the button."""
    page = as_shown(client.get(DRAFT + f"{topic}/").text)
    return client.post(DRAFT + f"{topic}/", data={**page, **NEEDED.get(topic, {}), **typed})


def stored() -> dict[str, Any]:
    answers: dict[str, Any] = db.session.scalars(select(Draft.answers)).one()
    return answers


def errors(page: str) -> dict[str, str]:
    """What is wrong, by the input that it links to."""
    return dict(ERROR.findall(page))


def shown(page: str, name: str) -> str | None:
    """What stands in an input; None where nothing is chosen."""
    return next(iter(as_shown(page).get(name, [])), None)


def text(length: int) -> str:
    """Two paragraphs of so many characters, half of them Chinese."""
    return ("一a\n" + "二b" * length)[: length - 1] + "."


TAKEN: dict[tuple[str, str], list[tuple[str, Any]]] = {
    ("about", "name"): [("测试甲", "测试甲"), (" Test  Applicant ", "Test  Applicant"), ("n" * 100, "n" * 100)],
    ("about", "name_pinyin"): [("Ceshi Jia", "Ceshi Jia"), ("n" * 100, "n" * 100), ("", None)],
    ("about", "email"): [("Name@EXAMPLE.org", "Name@example.org"), ("a@例子.example.org", "a@xn--fsqu00a.example.org")],
    ("about", "phone"): [("138 0013 8000", "+8613800138000"), ("0065 8123-4567", "+6581234567"), ("", None)],
    ("about", "wechat"): [
        ("zhangs", "zhangs"), ("z" * 20, "z" * 20), ("zhang_3-x", "zhang_3-x"), ("12345", "12345"),
        ("13800138000", "13800138000"), ("", None),
    ],
    ("studies", "university"): [("测试大学", "测试大学"), ("u" * 100, "u" * 100), ("", None)],
    ("studies", "college"): [("c" * 100, "c" * 100)],
    ("studies", "major"): [("m" * 100, "m" * 100)],
    ("studies", "entry_month"): [
        ("2023-09", "2023-09"), ("2023/9", "2023-09"), ("2023.9", "2023-09"), ("2023 年 9 月", "2023-09"),
        ("２０２３－０９", "2023-09"), ("1950-01", "1950-01"), ("2100-12", "2100-12"), ("", None),
    ],
    ("studies", "graduation_month"): [("2027 年 12 月", "2027-12"), ("", None)],
    ("studies", "rank"): [("1", 1), ("999999", 999999), ("３", 3), ("", None)],
    ("studies", "cohort_size"): [("1", 1), ("999999", 999999), ("", None)],
    ("studies", "rank_scope"): [("major", "major"), ("class", "class"), ("college", "college")],
    ("studies", "exemption_status"): [(status, status) for status in ("has", "expected", "unsure", "no")],
    ("exam", "exam_total"): [("0", 0), ("500", 500), ("", None)],
    ("exam", "exam_politics"): [("0", 0), ("150", 150), ("", None)],
    ("exam", "exam_english"): [("0", 0), ("150", 150), ("", None)],
    ("exam", "exam_subject_one"): [("0", 0), ("150", 150), ("", None)],
    ("exam", "exam_subject_two"): [("0", 0), ("150", 150), ("", None)],
    ("english", "cet4"): [("220", 220), ("710", 710), ("４４１", 441), ("425.0", 425), ("", None)],
    ("english", "cet6"): [("220", 220), ("710", 710), ("", None)],
    ("english", "ielts"): [("0", 0), ("9", 9), ("6.5", 6.5), ("7.0", 7), ("", None)],
    ("english", "toefl"): [("0", 0), ("120", 120), ("1", 1), ("4.5", 4.5), ("6", 6), ("7", 7), ("", None)],
    ("research", "research_line"): [("first-line", "first-line"), ("second-line", "second-line"), ("", None)],
    ("research", "neural_network"): [("yes", "yes"), ("no", "no")],
    ("research", "papers_top_three"): [("0", 0), (str(LARGEST_COUNT), LARGEST_COUNT), ("", None)],
    ("research", "weekly_hours"): [("0", 0), ("168", 168), ("", None)],
    ("research", "months"): [("0", 0), ("60", 60), ("", None)],
    ("research", "term"): [("From the autumn of 2027", "From the autumn of 2027"), ("t" * 100, "t" * 100), ("", None)],
    ("statement", "statement"): [
        (text(300), text(300)), (text(1500), text(1500)), (f"  {text(300)}\n", text(300)),
        (text(300).replace("\n", "\r\n"), text(300)), ("", None),
    ],
    ("statement", "research_plan"): [(text(300), text(300)), (text(3000), text(3000)), ("", None)],
    ("questions", "x_hope"): [("h" * 120, "h" * 120), ("", None)],
    ("questions", "x_story"): [("A\r\nB", "A\nB"), ("s" * 121, "s" * 121), ("", None)],
    ("questions", "x_team"): [("red", "red"), ("blue", "blue")],
    ("questions", "x_courses"): [("1", 1), ("2.5", 2.5), ("", None)],
}  # fmt: skip

REFUSED: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("about", "name"): [
        ("", "Enter your name"), ("n" * 101, "Name: use at most 100 characters"),
        ("—", "Name: type it again on one line"),
        ("=?utf-8?q?Test?=", "Name: take out =?"),
    ],
    ("about", "name_pinyin"): [("n" * 101, "Name in pinyin: use at most 100 characters")],
    ("about", "email"): [
        ("", "Enter your e-mail address"), ("nobody", ADDRESS), ("测试@example.org", ADDRESS),
        ("two@example.org, three@example.org", ADDRESS),
        ("a" * 243 + "@example.org", "E-mail address: use at most 254 characters"),
    ],
    ("about", "phone"): [("12800138000", PHONE), ("1380013800", PHONE), ("none", PHONE)],
    ("about", "wechat"): [(typed, WECHAT) for typed in ("zhang", "z" * 21, "1zhang", "_zhang", "测试甲测试甲", "1234")],
    ("studies", "university"): [("u" * 101, "University: use at most 100 characters")],
    ("studies", "college"): [("c" * 101, "College: use at most 100 characters")],
    ("studies", "major"): [("m" * 101, "Major: use at most 100 characters")],
    ("studies", "entry_month"): [
        (typed, MONTH) for typed in ("2023-13", "2023-00", "1949-12", "2101-01", "09-2023", "2023", "last autumn")
    ],
    ("studies", "graduation_month"): [("2023-13", MONTH)],
    ("studies", "rank"): [(typed, RANK) for typed in ("0", "1.5", "-1", "1000000", "third")],
    ("studies", "cohort_size"): [(typed, COHORT) for typed in ("0", "1.5", "-1", "1000000", "many")],
    ("studies", "rank_scope"): [("world", PICK_ONE)],
    ("studies", "exemption_status"): [("perhaps", PICK_ONE)],
    ("exam", "exam_total"): [(typed, "Enter a whole number from 0 to 500") for typed in ("501", "350.5", "-1", "x")],
    **{
        ("exam", subject): [(typed, "Enter a whole number from 0 to 150") for typed in ("151", "70.5", "-1", "x")]
        for subject in ("exam_politics", "exam_english", "exam_subject_one", "exam_subject_two")
    },
    ("english", "cet4"): [(typed, CET4) for typed in ("219", "711", "425.5", "0", "passed")],
    ("english", "cet6"): [(typed, CET6) for typed in ("219", "711", "425.5", "0", "passed")],
    ("english", "ielts"): [(typed, IELTS) for typed in ("9.5", "6.25", "10", "-1")],
    ("english", "toefl"): [(typed, TOEFL) for typed in ("6.5", "0.5", "1.25", "80.5", "120.5", "121", "-1")],
    ("research", "research_line"): [("third-line", PICK_ONE)],
    ("research", "neural_network"): [("perhaps", PICK_ONE)],
    ("research", "papers_top_three"): [(typed, PAPERS) for typed in (str(LARGEST_COUNT + 1), "1.5", "-1", "some")],
    ("research", "weekly_hours"): [
        (typed, "Hours a week: enter a whole number such as 12") for typed in ("169", "7.5", "-1", "all")
    ],
    ("research", "months"): [(typed, "Months: enter a whole number such as 6") for typed in ("61", "1.5", "-1", "all")],
    ("research", "term"): [("t" * 101, "When you can take part: use at most 100 characters")],
    ("statement", "statement"): [
        (text(299), "Statement: write at least 300 characters; there are 299"),
        ("x", "Statement: write at least 300 characters; there are 1"),
        (text(1501), "Statement: use at most 1500 characters"),
    ],
    ("statement", "research_plan"): [
        (text(299), "Research plan: write at least 300 characters; there are 299"),
        (text(3001), "Research plan: use at most 3000 characters"),
    ],
    ("questions", "x_hope"): [("h" * 121, "Hope: use at most 120 characters")],
    ("questions", "x_story"): [("s" * 122, "Story: use at most 121 characters")],
    ("questions", "x_team"): [("green", PICK_ONE)],
    ("questions", "x_courses"): [(typed, COURSES) for typed in ("0.5", "3", "none")],
}  # fmt: skip

IN_SEVERAL_PARTS = {"gpa", "gpa_scale", "declared", *MOST_ROWS}


def test_the_tables_leave_out_no_question() -> None:
    own = {"x_hope", "x_story", "x_team", "x_courses"}
    assert {field for _, field in TAKEN} | IN_SEVERAL_PARTS == {*FIELDS, *own}
    assert set(REFUSED) == set(TAKEN)


@on_sqlite
@pytest.mark.parametrize(("topic", "field"), TAKEN)
def test_what_is_right_is_kept_and_shown_again(client: FlaskClient, draft: Draft, topic: str, field: str) -> None:
    for typed, kept in TAKEN[topic, field]:
        assert fill_in(client, topic, {field: typed}).status_code == 303, typed
        assert stored()[field] == kept
        assert type(stored()[field]) is type(kept)
        page = client.get(DRAFT + f"{topic}/", follow_redirects=True).text
        assert (shown(page, field) or "") == ("" if kept is None else str(kept))


@on_sqlite
@pytest.mark.parametrize(("topic", "field"), REFUSED)
def test_what_is_wrong_is_never_kept_and_stays_on_the_page_with_what_to_do(
    client: FlaskClient, draft: Draft, topic: str, field: str
) -> None:
    for typed, words in REFUSED[topic, field]:
        response = fill_in(client, topic, {field: typed})
        assert (response.status_code, errors(response.text)) == (422, {field: words}), typed
        assert response.text.count(f'id="{field}-error"') == 1
        assert field not in stored()
        if words != PICK_ONE:  # nobody can choose on the page what it does not offer
            assert shown(response.text, field) == typed.strip()


GPAS = {
    "4.0": (["0", "3.7", "4", "4.00"], ["4.01", "88"]),
    "5.0": (["0", "4.999", "5"], ["5.001", "88"]),
    "100": (["0", "88.5", "100"], []),
    "other": (["0", "4.3", "100"], []),
}


@on_sqlite
@pytest.mark.parametrize("scale", GPAS)
def test_a_gpa_lies_within_its_scale(client: FlaskClient, draft: Draft, scale: str) -> None:
    right, wrong = GPAS[scale]
    for gpa in right:
        assert fill_in(client, "studies", {"gpa": gpa, "gpa_scale": scale}).status_code == 303
        assert (stored()["gpa"], stored()["gpa_scale"]) == (float(gpa), scale)
    for gpa in wrong:
        response = fill_in(client, "studies", {"gpa": gpa, "gpa_scale": scale})
        assert (response.status_code, errors(response.text)) == (422, {"gpa": OFF_SCALE})
    for gpa in ("100.1", "-1", "3,7", "good"):
        assert errors(fill_in(client, "studies", {"gpa": gpa, "gpa_scale": scale}).text) == {"gpa": GPA}


@on_sqlite
@pytest.mark.parametrize(
    ("gpa", "scale", "wrong"),
    [
        ("3.7", "", {"gpa_scale": "GPA scale: choose the scale of your GPA"}),
        ("3.7", "7.0", {"gpa_scale": PICK_ONE}),
        ("", "4.0", {}),
        ("", "", {}),
    ],
)
def test_a_gpa_without_its_scale_means_nothing(
    client: FlaskClient, draft: Draft, gpa: str, scale: str, wrong: dict[str, str]
) -> None:
    assert errors(fill_in(client, "studies", {"gpa": gpa, "gpa_scale": scale}).text) == wrong
    assert ("gpa" in stored()) is not bool(wrong)


@on_sqlite
@pytest.mark.parametrize(
    ("rank", "cohort", "is_right"), [("58", "58", True), ("1", "", True), ("", "58", True), ("59", "58", False)]
)
def test_nobody_stands_below_the_last(
    client: FlaskClient, draft: Draft, rank: str, cohort: str, is_right: bool
) -> None:
    wrong = {} if is_right else {"rank": "Rank: enter a number no higher than the students in your cohort"}
    assert errors(fill_in(client, "studies", {"rank": rank, "cohort_size": cohort}).text) == wrong


SUBJECTS = {"exam_politics": "60", "exam_english": "70", "exam_subject_one": "110", "exam_subject_two": "110"}


@on_sqlite
@pytest.mark.parametrize(
    ("scores", "is_right"),
    [
        (SUBJECTS | {"exam_total": "350"}, True),
        (SUBJECTS | {"exam_total": "351"}, False),
        (SUBJECTS | {"exam_total": "0"}, False),
        (SUBJECTS | {"exam_total": ""}, True),
        (SUBJECTS | {"exam_total": "500", "exam_subject_two": ""}, True),
        (dict.fromkeys(SUBJECTS, "0") | {"exam_total": "0"}, True),
    ],
)
def test_the_four_subjects_add_up(client: FlaskClient, draft: Draft, scores: dict[str, str], is_right: bool) -> None:
    response = fill_in(client, "exam", scores)
    wrong = {"exam_total": "The four subjects add up to 350: correct them or the total"}
    assert errors(response.text) == ({} if is_right else wrong)
    kept = {name: int(score) if score else None for name, score in scores.items()}
    assert stored() == (kept if is_right else {})


@on_sqlite
@pytest.mark.parametrize(
    ("scores", "total", "made"),
    [
        ({"exam_english": "70", "exam_subject_one": "110", "exam_subject_two": "110"}, "289", "290"),
        ({"exam_english": "70", "exam_subject_one": "110", "exam_subject_two": "110"}, "290", None),
        ({"exam_politics": "60"}, "59", "60"),
        ({"exam_politics": "60"}, "0", "60"),
        ({"exam_politics": "60"}, "60", None),
        ({"exam_politics": "0"}, "0", None),
    ],
)
def test_no_subjects_exceed_the_total(
    client: FlaskClient, draft: Draft, scores: dict[str, str], total: str, made: str | None
) -> None:
    words = f"The subjects add up to {made}, more than the total: correct them or the total"
    wrong = {"exam_total": words} if made else {}
    assert errors(fill_in(client, "exam", scores | {"exam_total": total}).text) == wrong


@on_sqlite
@pytest.mark.parametrize(
    ("topic", "before", "after", "kept"),
    [
        ("studies", {"rank": "50", "cohort_size": "60"}, {"rank": "x", "cohort_size": "40"}, {"cohort_size": 60}),
        ("studies", {"gpa": "88", "gpa_scale": "100"}, {"gpa": "x", "gpa_scale": "4.0"}, {"gpa_scale": "100"}),
        (
            "exam",
            SUBJECTS | {"exam_total": "350"},
            SUBJECTS | {"exam_total": "x", "exam_politics": "61"},
            {"exam_politics": 60, "exam_total": 350},
        ),
    ],
)
def test_what_is_read_together_is_kept_together(
    client: FlaskClient, draft: Draft, topic: str, before: dict[str, str], after: dict[str, str], kept: dict[str, Any]
) -> None:
    assert fill_in(client, topic, before).status_code == 303
    response = fill_in(client, topic, after)
    assert response.status_code == 422
    assert {name: shown(response.text, name) for name in after} == after
    assert stored() == stored() | kept


@on_sqlite
@pytest.mark.parametrize("test", ["cet4", "cet6"])
@pytest.mark.parametrize(
    ("score", "status", "kept"),
    [
        ("", "awaited", "awaited"), ("", "not_taken", "not_taken"), ("", "", None), ("425", "awaited", 425),
    ],
)  # fmt: skip
def test_a_score_that_there_is_not_may_say_why(
    client: FlaskClient, draft: Draft, test: str, score: str, status: str, kept: Any
) -> None:
    assert fill_in(client, "english", {test: score, f"{test}_status": status}).status_code == 303
    assert stored()[test] == kept
    page = client.get(DRAFT + "english/").text
    assert shown(page, f"{test}_status") == (kept if isinstance(kept, str) else "")


@on_sqlite
def test_a_reason_that_is_none_is_refused(client: FlaskClient, draft: Draft) -> None:
    response = fill_in(client, "english", {"cet4_status": "lost"})
    assert errors(response.text) == {"cet4_status": PICK_ONE}
    assert "cet4" not in stored()


@on_sqlite
def test_only_what_is_asked_can_be_declared(client: FlaskClient, draft: Draft) -> None:
    fill_in(client, "research", {"declared": ["foundations", "wealth", "health_and_attitude"]})
    assert stored()["declared"] == ["health_and_attitude", "foundations"]
    assert as_shown(client.get(DRAFT + "research/").text)["declared"] == ["health_and_attitude", "foundations"]
    fill_in(client, "research", {"declared": []})
    assert stored()["declared"] == []


PAPER = {"title": "A Paper", "venue": "ICASSP", "status": "accepted", "position": "2", "link": "example.org/paper"}
ROWS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "papers": (PAPER, PAPER | {"position": 2, "link": "https://example.org/paper"}),
    "awards": (
        {"title": "An Award", "level": "national", "year": "2025"},
        {"title": "An Award", "level": "national", "year": 2025},
    ),
    "projects": (
        {"title": "A Project", "role": "lead", "summary": "One.\nTwo."},
        {"title": "A Project", "role": "lead", "summary": "One.\nTwo."},
    ),
    "repositories": ({"link": "https://example.org/code"}, {"link": "https://example.org/code"}),
}


def row(name: str, number: int, entry: dict[str, str]) -> dict[str, str]:
    return {f"{name}-{number}-{field}": typed for field, typed in entry.items()}


@on_sqlite
@pytest.mark.parametrize("name", ROWS)
def test_a_list_takes_so_many_entries_and_no_more(client: FlaskClient, draft: Draft, name: str) -> None:
    typed, kept = ROWS[name]
    most = MOST_ROWS[name]
    full = {key: value for number in range(most) for key, value in row(name, number, typed).items()}
    assert fill_in(client, "works", full).status_code == 303
    assert stored()[name] == [kept] * most
    page = client.get(DRAFT + "works/").text
    assert f'value="{name}:add"' not in page
    assert fill_in(client, "works", full | row(name, most, typed)).status_code == 303
    assert stored()[name] == [kept] * most, "the page offers no more, so whoever sends more is not asked to mend it"


@on_sqlite
@pytest.mark.parametrize("name", ROWS)
def test_empty_entries_count_for_nothing(client: FlaskClient, draft: Draft, name: str) -> None:
    typed, kept = ROWS[name]
    blank = dict.fromkeys(typed, " ")
    assert fill_in(client, "works", row(name, 0, blank) | row(name, 1, typed)).status_code == 303
    assert stored()[name] == [kept]
    assert fill_in(client, "works", row(name, 0, blank)).status_code == 303
    assert stored()[name] is None


WRONG_ENTRIES: list[tuple[str, dict[str, str], str, str]] = [
    ("papers", {"title": ""}, "title", "Enter the title of the paper"),
    ("papers", {"title": "t" * 301}, "title", "Title: use at most 300 characters"),
    ("papers", {"venue": "v" * 201}, "venue", "Conference or journal: use at most 200 characters"),
    ("papers", {"status": ""}, "status", "Say how far the paper is"),
    ("papers", {"status": "planned"}, "status", PICK_ONE),
    ("papers", {"position": ""}, "position", "Enter your place among the authors, such as 1"),
    *(
        ("papers", {"position": position}, "position", "Your place among the authors: enter a whole number such as 1")
        for position in ("0", "1.5", "first", str(LARGEST_COUNT + 1))
    ),
    *(
        ("papers", {"link": link}, "link", "Link: enter a web address such as https://example.org/paper")
        for link in ("ftp://example.org/paper", "javascript:alert(1)", "a paper", "localhost")
    ),
    ("papers", {"link": "https://example.org/" + "p" * 481}, "link", "Link: use at most 500 characters"),
    ("awards", {"title": ""}, "title", "Enter what the award is called"),
    ("awards", {"title": "t" * 201}, "title", "Award: use at most 200 characters"),
    ("awards", {"level": "l" * 101}, "level", "Level, such as national first prize: use at most 100 characters"),
    *(
        ("awards", {"year": year}, "year", "Year: enter four digits such as 2025")
        for year in ("1949", "2101", "25", "2025.5", "last")
    ),
    ("projects", {"title": ""}, "title", "Enter what the project is called"),
    ("projects", {"title": "t" * 201}, "title", "Project: use at most 200 characters"),
    ("projects", {"role": "r" * 201}, "role", "Your part in it: use at most 200 characters"),
    ("projects", {"summary": "s" * 601}, "summary", "In two or three sentences: use at most 600 characters"),
    ("repositories", {"link": "my code"}, "link", "Link: enter a web address such as https://example.org/code"),
]  # fmt: skip


@on_sqlite
@pytest.mark.parametrize("name", ROWS)
def test_an_entry_that_is_wrong_says_where(client: FlaskClient, draft: Draft, name: str) -> None:
    for change, field, words in [case[1:] for case in WRONG_ENTRIES if case[0] == name]:
        typed = row(name, 0, ROWS[name][0]) | row(name, 1, ROWS[name][0] | change)
        response = fill_in(client, "works", typed)
        assert (response.status_code, errors(response.text)) == (422, {f"{name}-1-{field}": words})
        assert name not in stored()
        if words != PICK_ONE:  # nobody can choose on the page what it does not offer
            assert as_text(as_shown(response.text)).items() >= typed.items()


@on_sqlite
@pytest.mark.parametrize(
    ("name", "field", "value", "kept"),
    [
        ("papers", "position", str(LARGEST_COUNT), LARGEST_COUNT), ("papers", "title", "t" * 300, "t" * 300),
        ("papers", "link", "", None), ("papers", "venue", "", None),
        ("papers", "link", "HTTP://example.org/a?b=c#d", "HTTP://example.org/a?b=c#d"),
        ("awards", "year", "1950", 1950), ("awards", "year", "2100", 2100), ("awards", "year", "", None),
        ("projects", "summary", "s" * 600, "s" * 600), ("projects", "role", "", None),
        ("repositories", "link", "example.org/code", "https://example.org/code"),
    ],
)  # fmt: skip
def test_entries_at_their_bounds(
    client: FlaskClient, draft: Draft, name: str, field: str, value: str, kept: Any
) -> None:
    assert fill_in(client, "works", row(name, 0, ROWS[name][0] | {field: value})).status_code == 303
    assert stored()[name] == [ROWS[name][1] | {field: kept}]


@on_sqlite
def test_entries_come_and_go_without_a_script_and_keep_what_was_typed(client: FlaskClient, draft: Draft) -> None:
    page = as_shown(client.get(DRAFT + "works/").text)
    first, second, third = (row("papers", number, PAPER | {"title": f"Paper {number}"}) for number in range(3))
    wrong = {"awards-0-year": "soon", "repositories-0-link": "my code"}
    page = press(client, {**page, **first, **wrong}, "papers:add")
    page = press(client, {**page, **second, "papers-1-position": "first"}, "papers:add")
    wrong |= {"papers-1-position": "first"}
    assert as_text(page).items() >= (first | second | wrong).items()
    page = press(client, {**page, **third}, "papers:0")
    assert titles(page) == ["Paper 1", "Paper 2"]
    assert (page["papers-0-position"], page["awards-0-year"]) == (["first"], ["soon"])
    page = press(client, page, "papers:0")
    assert titles(page) == ["Paper 2"]
    page = press(client, press(client, page, "papers:add"), "papers:1")
    assert titles(page) == ["Paper 2"]
    assert as_text(page).items() >= {key.replace("-2-", "-0-"): value for key, value in third.items()}.items()
    page = press(client, page, "papers:0")
    assert {value for key, value in as_text(page).items() if key.startswith("papers-")} == {""}
    assert stored() == {}, "the buttons save nothing"


@on_sqlite
def test_a_list_that_is_full_or_has_no_such_entry_stays_as_it_is(client: FlaskClient, draft: Draft) -> None:
    page = as_shown(client.get(DRAFT + "works/").text)
    for _ in range(MOST_ROWS["repositories"] + 2):
        page = press(client, page, "repositories:add")
    assert len([key for key in page if key.startswith("repositories-")]) == MOST_ROWS["repositories"]
    page = press(client, page, "repositories:9")
    assert len([key for key in page if key.startswith("repositories-")]) == MOST_ROWS["repositories"]


@on_sqlite
def test_a_button_of_a_list_leaves_an_older_page_as_old_as_it_was(client: FlaskClient, draft: Draft) -> None:
    older = as_shown(client.get(DRAFT + "works/").text)
    fill_in(client, "works", row("repositories", 0, ROWS["repositories"][0]))
    page = press(client, older, "repositories:add")
    assert page["seen"] == ["0"]
    assert client.post(DRAFT + "works/", data=page).status_code == 409


def press(client: FlaskClient, page: dict[str, Any], button: str) -> dict[str, list[str]]:
    """Press a button of a list on a page; what stands on the page that comes back."""
    response = client.post(DRAFT + "works/", data=page | {"rows": button})
    assert (response.status_code, errors(response.text)) == (200, {})
    return as_shown(response.text)


def titles(page: dict[str, list[str]]) -> list[str]:
    return [values[0] for name, values in page.items() if re.fullmatch(r"papers-\d-title", name)]


def as_text(page: dict[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in page.items()}


JIA, YI = (
    {"name": f"测试{name}", "email": f"{address}@example.org", "position": "Professor, Test University"}
    for name, address in (("甲", "jia"), ("乙", "yi"))
)


@on_sqlite
@pytest.mark.parametrize(
    ("referees", "wrong"),
    [
        ([JIA, YI], {}),
        ([JIA], {"referees": "Referees: name 2 people"}),
        ([], {"referees": "Referees: name 2 people"}),
        (
            [JIA, YI | {"email": "JIA@example.org"}],
            {"referees": "Referees: name different people, each with an address of their own"},
        ),
        ([JIA | {"name": ""}, YI], {"referees-0-name": "Enter the name of the referee"}),
        ([JIA, YI | {"email": ""}], {"referees-1-email": "Enter the e-mail address of the referee"}),
        ([JIA, YI | {"email": "yi"}], {"referees-1-email": ADDRESS}),
        ([JIA, YI | {"position": ""}], {"referees-1-position": "Enter the position of the referee"}),
    ],
)
def test_referees_are_as_many_as_the_route_asks(
    client: FlaskClient, draft: Draft, referees: list[dict[str, str]], wrong: dict[str, str]
) -> None:
    typed = {key: value for number, one in enumerate(referees) for key, value in row("referees", number, one).items()}
    response = fill_in(client, "referees", typed)
    assert errors(response.text) == wrong
    assert stored() == ({} if wrong else {"referees": referees})
    if wrong:
        assert {key: shown(response.text, key) for key in typed} == typed


def test_nobody_is_their_own_referee(client: FlaskClient, draft: Draft) -> None:
    words = "Referees: name somebody else than yourself"
    typed = row("referees", 0, JIA | {"email": "Applicant@example.org"}) | row("referees", 1, YI)
    own = {"name": "测试丙", "email": "applicant@EXAMPLE.org"}
    assert fill_in(client, "about", own).status_code == 303
    response = fill_in(client, "referees", typed)
    assert (response.status_code, errors(response.text)) == (422, {"referees": words})
    assert "referees" not in stored()
    whole = as_shown(client.get(f"/en/apply/form/?route={draft.route.key}").text) | own | typed
    assert errors(client.post("/en/apply/", data=whole).text)["referees"] == words
    in_letters = whole | {"email": "jia@bücher.example", "referees-0-email": "jia@xn--bcher-kva.example"}
    assert errors(client.post("/en/apply/", data=in_letters).text)["referees"] == words


BING = JIA | {"email": "bing@gmial.com"}
ASKED = "You typed bing@gmial.com. Did you mean bing@gmail.com?"


@on_sqlite
@pytest.mark.parametrize(("pressed", "kept"), [({"correct": "y"}, "bing@gmail.com"), ({}, "bing@gmial.com")])
def test_a_mistyped_address_of_a_referee_is_asked_about(
    client: FlaskClient, draft: Draft, pressed: dict[str, str], kept: str
) -> None:
    response = fill_in(client, "referees", row("referees", 0, BING) | row("referees", 1, YI))
    assert (response.status_code, response.location) == (303, DRAFT + "referees/email/")
    assert ASKED in text_of(client.get(DRAFT + "check/").text)
    page = client.get(response.location).text
    assert ASKED in text_of(page)
    answered = client.post(response.location, data=hidden_fields(page) | pressed)
    assert (answered.status_code, answered.location) == (303, DRAFT + "files/")
    assert [referee["email"] for referee in stored()["referees"]] == [kept, YI["email"]]


@on_sqlite
def test_only_a_route_with_referees_asks_about_theirs(
    client: FlaskClient, draft: Draft, timed_route: AdmissionRoute
) -> None:
    assert client.get(DRAFT + "referees/email/").status_code == 404


@on_sqlite
@pytest.mark.parametrize(("pressed", "kept"), [({"use_suggested": "y"}, "bing@gmail.com"), ({}, "bing@gmial.com")])
def test_on_one_page_a_mistyped_address_of_a_referee_is_asked_about(
    client: FlaskClient, route: AdmissionRoute, pressed: dict[str, str], kept: str
) -> None:
    typed = NEEDED["about"] | row("referees", 0, BING) | row("referees", 1, YI) | {"consent": "y"}
    hidden = hidden_fields(client.get(f"/en/apply/form/?route={route.key}").text)
    response = client.post("/en/apply/", data={**hidden, **typed, "resume": pdf()})
    assert response.status_code == 422
    assert ASKED in text_of(response.text)
    assert "The portal asks a referee for the letter at the address that you give." in text_of(response.text)
    assert "The receipt and every later link" not in text_of(response.text)
    sent = client.post("/en/apply/", data={**hidden_fields(response.text), **typed, **pressed})
    assert sent.status_code == 303
    assert [referee.email for referee in the_application().referees] == [kept, YI["email"]]


@on_sqlite
def test_who_comes_to_the_address_of_their_referee_is_asked_for_another(client: FlaskClient, draft: Draft) -> None:
    own = {"name": "测试丙", "email": "applicant@example.org"}
    fill_in(client, "about", own)
    assert fill_in(client, "referees", row("referees", 0, JIA) | row("referees", 1, YI)).status_code == 303
    assert fill_in(client, "about", own | {"email": "JIA@example.org"}).status_code == 303
    page = client.get(DRAFT + "check/").text
    response = client.post(DRAFT + "check/", data=hidden_fields(page) | {"consent": "y"})
    assert (response.status_code, errors(response.text)["referees"]) == (422, "Your referees, still needed: Referees")


def test_an_answer_to_every_question_is_kept_as_it_is(client: FlaskClient, draft: Draft) -> None:
    answers: dict[str, dict[str, Any]] = {}
    for (topic, field), examples in TAKEN.items():
        answers.setdefault(topic, {})[field] = examples[0]
    typed = {topic: {name: example[0] for name, example in fields.items()} for topic, fields in answers.items()}
    typed["studies"] |= {"gpa": "3.7", "gpa_scale": "4.0"}
    typed["research"]["declared"] = ["foundations"]
    typed["works"] = {key: value for name in ROWS for key, value in row(name, 0, ROWS[name][0]).items()}
    typed["referees"] = row("referees", 0, JIA) | row("referees", 1, YI)
    for topic, fields in typed.items():
        assert fill_in(client, topic, fields).status_code == 303
    kept = {name: example[1] for fields in answers.values() for name, example in fields.items()}
    kept |= {"gpa": 3.7, "gpa_scale": "4.0", "declared": ["foundations"], "referees": [JIA, YI]}
    assert stored() == kept | {name: [entry] for name, (_, entry) in ROWS.items()}


TOMORROW = timedelta(days=1)


@pytest.fixture
def timed_route(route: AdmissionRoute) -> AdmissionRoute:
    """One that needs a total, and leaves the university alone, from tomorrow on."""
    moment = (clock.now() + TOMORROW).isoformat()
    timed = {"optional": ["exam_total", "university"], "required_from": {"exam_total": moment}}
    route.form = timed | {"frozen_from": {"university": moment}}
    db.session.commit()
    return route


@on_sqlite
def test_what_is_needed_from_tomorrow_on_may_stay_open_today(
    client: FlaskClient, timed_route: AdmissionRoute, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Exam total (optional)" in text_of(client.get(DRAFT + "exam/").text)
    assert fill_in(client, "exam", {}).status_code == 303
    assert "Your entrance exam Optional" in text_of(client.get(DRAFT).text)
    later = clock.now() + TOMORROW
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "Exam total (optional)" not in text_of(client.get(DRAFT + "exam/").text)
    response = fill_in(client, "exam", {})
    assert (response.status_code, errors(response.text)) == (422, {"exam_total": "Exam total: this is needed"})
    assert "Your entrance exam To do" in text_of(client.get(DRAFT).text)
    assert fill_in(client, "exam", {"exam_total": "0"}).status_code == 303
    assert "Your entrance exam Done" in text_of(client.get(DRAFT).text)


@on_sqlite
@pytest.mark.parametrize(
    ("topic", "field"),
    [("studies", "exemption_status"), ("studies", "rank_scope"), ("studies", "gpa_scale"), ("english", "cet4_status"),
     ("research", "research_line"), ("research", "neural_network"), ("questions", "x_team")],
)  # fmt: skip
@pytest.mark.parametrize("blank", [" ", "\u2028", "\u3000\t"])
def test_a_blank_is_no_choice(client: FlaskClient, draft: Draft, topic: str, field: str, blank: str) -> None:
    assert fill_in(client, topic, {field: blank}).status_code == 303
    assert not any(stored().values())


@on_sqlite
def test_a_blank_is_no_scale(client: FlaskClient, draft: Draft) -> None:
    response = fill_in(client, "studies", {"gpa": "3.7", "gpa_scale": " "})
    assert errors(response.text) == {"gpa_scale": "GPA scale: choose the scale of your GPA"}
    assert {"gpa", "gpa_scale"}.isdisjoint(stored())


@on_sqlite
def test_an_answer_that_is_frozen_is_shown_and_left_alone(
    client: FlaskClient, timed_route: AdmissionRoute, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = "These answers can no longer be changed."
    fill_in(client, "studies", {"university": "Test University"})
    assert notice not in client.get(DRAFT + "studies/").text
    later = clock.now() + TOMORROW
    monkeypatch.setattr(clock, "now", lambda: later)
    page = client.get(DRAFT + "studies/").text
    assert notice in page
    assert "University Test University" in text_of(page)
    assert "university" not in as_shown(page)
    assert fill_in(client, "studies", {"university": "Other University"}).status_code == 303
    assert stored() == {"university": "Test University"}


@on_sqlite
def test_an_address_that_is_frozen_is_not_mended(
    client: FlaskClient, timed_route: AdmissionRoute, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed_route.form = {"frozen_from": {"email": (clock.now() + TOMORROW).isoformat()}}
    db.session.commit()
    own = {"name": "测试丙", "email": "applicant@gmial.com"}
    assert fill_in(client, "about", own).location == DRAFT + "email/"
    hidden = hidden_fields(client.get(DRAFT + "email/").text)
    later = clock.now() + TOMORROW
    monkeypatch.setattr(clock, "now", lambda: later)
    response = client.post(DRAFT + "email/", data=hidden | {"correct": "y"})
    assert (response.location, stored()["email"]) == (DRAFT + "files/", own["email"])


@on_sqlite
def test_what_was_never_answered_is_not_frozen(
    client: FlaskClient, timed_route: AdmissionRoute, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + TOMORROW
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "university" in as_shown(client.get(DRAFT + "studies/").text)
    assert fill_in(client, "studies", {"university": "Test University"}).status_code == 303
    assert stored() == {"university": "Test University"}


def test_the_exemption_route_needs_at_most_twelve_answers() -> None:
    """The résumé and the consent are counted."""
    (form,) = [
        read_form(route["form"])
        for call in sorted((CONTENT / "calls").glob("*.toml"))
        for route in tomllib.loads(call.read_text(encoding="utf-8"))["routes"]
        if route["key"] == "recommended-exemption-master"
    ]
    needed = {*form.required, *form.required_from}
    needed |= {question.name for question in form.questions if question.required}
    needed |= {kind for kind, is_needed in form.documents.items() if is_needed}
    needed |= {f"referee {number}" for number in range(form.referees)} | {"consent"}
    assert needed == {
        "name", "email", "phone", "university", "college", "major", "exemption_status", "resume", "consent",
    }  # fmt: skip
    assert len(needed) <= 12
