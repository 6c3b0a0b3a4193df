"""What a route asks: read from its table, and from when on something is needed or stays as it is."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.admissions.catalogue import DOCUMENTS, FIELDS, TOPICS
from s2group.admissions.rules.route_form import LONGEST_TEXT, OwnQuestion, RouteForm, read_form

BEIJING = timezone(timedelta(hours=8))
DUE = datetime(2027, 2, 20, tzinfo=BEIJING)
BEFORE, AFTER = DUE - timedelta(microseconds=1), DUE + timedelta(microseconds=1)
LABEL = {"zh": "问题", "en": "Question"}
TEXT: dict[str, Any] = {"key": "hope", "kind": "text", "label": LABEL}
NUMBER: dict[str, Any] = {"key": "courses", "kind": "number", "label": LABEL}
FILE: dict[str, Any] = {"key": "sample", "kind": "file", "label": LABEL}
NEEDS_A_KEY = "a question needs a 'key' such as 'hometown', of at most 38 characters"
LENGTHS = "question 'hope': 'longest' must be a whole number from 1 to 2000"
RED = {"value": "red", "zh": "红", "en": "Red"}
CHOICE: dict[str, Any] = {"key": "team", "kind": "choice", "label": LABEL, "options": [RED]}


def asks(**data: Any) -> RouteForm:
    return read_form(data)


def asks_own(*questions: dict[str, Any]) -> RouteForm:
    return asks(questions=list(questions))


def test_nothing_said_asks_what_no_application_is_without() -> None:
    form = asks()
    assert (form.required, form.optional, form.topics) == (("name", "email"), (), ["about"])
    assert form.documents == {"resume": True}
    assert (form.questions, form.referees) == ((), 0)


def test_what_is_always_asked_is_required_also_where_it_is_called_optional() -> None:
    form = asks(optional=["email", "name"], optional_documents=["resume"])
    assert (form.required, form.optional) == (("name", "email"), ())
    assert form.documents == {"resume": True}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "must be a table"),
        (["name"], "must be a table"),
        ({"requird": []}, "unknown: requird"),
        ({"b": 1, "a": 1}, "unknown: a, b"),
        ({"required": "phone"}, "'required' must be a list of names"),
        ({"optional": {"phone": True}}, "'optional' must be a list of names"),
        ({"required_documents": "resume"}, "'required_documents' must be a list of names"),
        ({"optional_documents": 1}, "'optional_documents' must be a list of names"),
        ({"required": ["fone", "age"]}, "'required' names what the portal does not know: age, fone"),
        ({"optional": ["resume"]}, "'optional' names what the portal does not know: resume"),
        ({"required_documents": ["photo"]}, "'required_documents' names what the portal does not know: photo"),
        ({"optional_documents": ["x_own"]}, "'optional_documents' names what the portal does not know: x_own"),
        ({"required": ["phone"], "optional": ["phone"]}, "both required and optional: phone"),
        (
            {"required_documents": ["other"], "optional_documents": ["other"]},
            "both required and optional: other",
        ),
        ({"required_from": ["phone"]}, "'required_from' must be a table of fields and moments"),
        ({"frozen_from": "2027-02-20"}, "'frozen_from' must be a table of fields and moments"),
        ({"required_from": {"phone": DUE}}, "'required_from' names fields that are not asked: phone"),
        ({"frozen_from": {"phone": DUE, "age": DUE}}, "'frozen_from' names fields that are not asked: age, phone"),
        *(
            ({"frozen_from": {"email": moment}}, "'frozen_from' must hold moments with their offset, "
             "such as 2027-09-30T23:59:59+08:00")
            for moment in ("tomorrow", "2027-02-20T00:00:00", datetime(2027, 2, 20), DUE.date(), 2027, None)
        ),
        *(
            ({"referees": number}, "'referees' must be a whole number from 0 to 3")
            for number in (-1, 4, 2.0, "2", True, None)
        ),
        ({"questions": {"hope": TEXT}}, "'questions' must be a list of tables"),
        ({"questions": ["hope"]}, "a question must be a table"),
        ({"questions": [TEXT, NUMBER, TEXT]}, "two questions with the key 'hope'"),
        *(
            ({"questions": [TEXT | {"key": key}]}, NEEDS_A_KEY)
            for key in ("", "home town", "2nd", "故乡", "a-b", 7, "k" * 39)
        ),
        ({"questions": [{"kind": "text", "label": LABEL}]}, NEEDS_A_KEY),
        (
            {"questions": [TEXT | {"kind": "date"}]},
            "question 'hope': 'kind' must be one of text, choice, number, file",
        ),
        (
            {"questions": [{"key": "hope", "label": LABEL}]},
            "question 'hope': 'kind' must be one of text, choice, number, file",
        ),
        ({"questions": [TEXT | {"required": 1}]}, "question 'hope': 'required' must be true or false"),
        *(
            ({"questions": [TEXT | {"label": label}]}, "question 'hope': every text must be there in zh and in en")
            for label in (None, "Hope", {"en": "Hope"}, LABEL | {"mn": "x"}, LABEL | {"en": " "}, LABEL | {"zh": 1})
        ),
        (
            {"questions": [TEXT | {"hint": {"zh": "提示"}}]},
            "question 'hope': every text must be there in zh and in en",
        ),
        ({"questions": [CHOICE | {"options": []}]}, "question 'team': 'options' are for a choice, which needs some"),
        ({"questions": [TEXT | {"options": [RED]}]}, "question 'hope': 'options' are for a choice, which needs some"),
        ({"questions": [CHOICE | {"options": RED}]}, "question 'team': 'options' must be a list of tables"),
        *(
            ({"questions": [CHOICE | {"options": options}]}, "question 'team': every option needs a 'value' of its own")
            for options in ([RED, RED], [RED | {"value": ""}])
        ),
        ({"questions": [CHOICE | {"options": ["red"]}]}, "question 'team': an option needs a 'value'"),
        (
            {"questions": [CHOICE | {"options": [LABEL | {"value": 1}]}]},
            "question 'team': an option needs a 'value'",
        ),
        (
            {"questions": [CHOICE | {"options": [{"value": "red", "en": "Red"}]}]},
            "question 'team': every text must be there in zh and in en",
        ),
        ({"questions": [NUMBER | {"low": "0"}]}, "question 'courses': bounds must be numbers"),
        ({"questions": [NUMBER | {"high": True}]}, "question 'courses': bounds must be numbers"),
        ({"questions": [NUMBER | {"low": 3, "high": 2}]}, "question 'courses': 'low' must not be above 'high'"),
        ({"questions": [TEXT | {"longest": None}]}, "question 'hope': bounds must be numbers"),
        *(
            ({"questions": [TEXT | {"longest": longest}]}, LENGTHS)
            for longest in (0, -1, 1.5, LONGEST_TEXT + 1)
        ),
        ({"questions": [TEXT | {"optional": True, "lenght": 3}]}, "question 'hope': unknown: lenght, optional"),
    ],
)  # fmt: skip
def test_a_table_that_is_wrong_says_what_is(data: object, message: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_form(data)
    assert str(refused.value) == f"form: {message}"


def test_fields_and_topics_stand_in_the_order_of_the_catalogue_however_they_are_written() -> None:
    form = asks(required=["statement", "phone", "cet4"], optional=["papers", "university", "wechat"])
    assert form.fields == ["name", "email", "phone", "wechat", "university", "cet4", "papers", "statement"]
    assert form.required == ("name", "email", "phone", "cet4", "statement")
    assert form.topics == ["about", "studies", "english", "works", "statement"]
    assert form.fields_of("about") == ["name", "email", "phone", "wechat"]
    assert form.fields_of("exam") == form.fields_of("referees") == form.fields_of("anything") == []


@given(st.sets(st.sampled_from(FIELDS)), st.sets(st.sampled_from(FIELDS)))
def test_every_choice_of_fields_is_asked_once_in_its_topic(required: set[str], others: set[str]) -> None:
    form = asks(required=sorted(required), optional=sorted(others - required))
    by_topic = [name for topic in form.topics for name in form.fields_of(topic)]
    assert by_topic == form.fields == [name for name in FIELDS if name in required | others | {"name", "email"}]
    assert form.topics == [topic for topic in TOPICS if form.fields_of(topic)]


def test_questions_of_the_route_and_referees_come_after_the_catalogue() -> None:
    assert asks(referees=1).topics == ["about", "referees"]
    assert asks(questions=[TEXT], referees=3, optional=["statement"]).topics == [
        "about", "statement", "questions", "referees",
    ]  # fmt: skip
    assert asks_own(FILE).topics == ["about"], "a file is asked among the files"


def test_the_four_kinds_of_questions_are_read_whole() -> None:
    hint = {"zh": "提示", "en": "A hint"}
    blue = {"value": "blue", "zh": "蓝", "en": "Blue"}
    form = asks_own(
        TEXT | {"hint": hint, "longest": LONGEST_TEXT, "required": True},
        CHOICE | {"options": [RED, blue]},
        NUMBER | {"low": -1.5, "high": 40},
        FILE,
    )
    words = (("red", {"zh": "红", "en": "Red"}), ("blue", {"zh": "蓝", "en": "Blue"}))
    assert form.questions == (
        OwnQuestion(key="hope", kind="text", label=LABEL, hint=hint, required=True, longest=2000),
        OwnQuestion(key="team", kind="choice", label=LABEL, options=words),
        OwnQuestion(key="courses", kind="number", label=LABEL, low=-1.5, high=40),
        OwnQuestion(key="sample", kind="file", label=LABEL),
    )
    assert [question.name for question in form.questions] == ["x_hope", "x_team", "x_courses", "x_sample"]
    assert form.question("x_team") == form.questions[1]
    assert form.question("hope") is None


def test_documents_stand_in_their_order_with_whether_they_must_be_there() -> None:
    form = asks(
        required_documents=["transcript", "resume", "research_plan"],
        optional_documents=["other", "rank_proof"],
        questions=[FILE | {"required": True}, FILE | {"key": "more"}, TEXT],
    )
    assert list(form.documents.items()) == [
        ("resume", True), ("transcript", True), ("rank_proof", False), ("research_plan", True), ("other", False),
        ("x_sample", True), ("x_more", False),
    ]  # fmt: skip
    assert form.missing_documents([]) == ["resume", "transcript", "research_plan", "x_sample"]
    assert form.missing_documents(["x_sample", "resume", "other"]) == ["transcript", "research_plan"]
    assert form.missing_documents(form.documents) == []


@pytest.mark.parametrize(
    ("now", "is_required", "is_frozen"),
    [(BEFORE, False, False), (DUE, True, True), (AFTER, True, True), (DUE.astimezone(UTC), True, True)],
)
def test_moments_count_from_their_first_instant(now: datetime, is_required: bool, is_frozen: bool) -> None:
    form = asks(optional=["exam_total"], required_from={"exam_total": DUE}, frozen_from={"name": DUE})
    assert form.is_required("exam_total", now) is is_required
    assert form.is_frozen("name", now) is is_frozen
    assert form.is_required("name", now)
    assert not form.is_frozen("exam_total", now)


def test_what_is_required_is_so_before_its_moment_too() -> None:
    form = asks(required=["phone"], required_from={"phone": DUE})
    assert form.is_required("phone", BEFORE)


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({}, ["name", "email", "papers", "gpa", "x_hope", "x_courses", "referees"]),
        (
            {"name": "", "email": None, "papers": [], "x_hope": "", "referees": [{}]},
            ["name", "email", "papers", "gpa", "x_hope", "x_courses", "referees"],
        ),
        (
            {"name": "测试甲", "email": "a@example.org", "papers": [{}], "gpa": 0, "x_hope": "x", "x_courses": 0},
            ["referees"],
        ),
        (
            {"name": "测试甲", "email": "a@example.org", "papers": [{}], "gpa": 0, "x_hope": "x", "x_courses": 0,
             "referees": [{}, {}]},
            [],
        ),
        (
            {"name": "测试甲", "email": "a@example.org", "papers": [{}], "gpa": 0, "x_hope": "x", "x_courses": 0,
             "referees": [{"email": "A@example.org"}, {"email": "b@example.org"}]},
            ["referees"],
        ),
    ],
)  # fmt: skip
def test_missing_answers_are_named_and_zero_is_an_answer(answers: dict[str, Any], missing: list[str]) -> None:
    form = asks(
        required=["papers"],
        optional=["gpa", "rank"],
        required_from={"gpa": DUE},
        questions=[TEXT | {"required": True}, CHOICE, NUMBER | {"required": True}, FILE | {"required": True}],
        referees=2,
    )
    assert sorted(form.missing_answers(answers, DUE)) == sorted(missing)
    assert sorted(form.missing_answers(answers, BEFORE)) == sorted(name for name in missing if name != "gpa")


MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, BEIJING, timezone(timedelta(hours=-5, minutes=-30))]))
QUESTIONS = st.lists(st.sampled_from([TEXT, CHOICE, NUMBER, FILE]), unique_by=lambda question: question["key"])


@given(
    names=st.permutations(FIELDS),
    due=st.dictionaries(st.sampled_from(["name", "email"]), MOMENTS),
    fixed=st.dictionaries(st.sampled_from(["name", "email"]), MOMENTS),
    documents=st.permutations(DOCUMENTS),
    questions=QUESTIONS,
    referees=st.integers(0, 3),
)
def test_a_form_is_the_same_once_it_was_stored(
    names: list[str],
    due: dict[str, datetime],
    fixed: dict[str, datetime],
    documents: list[str],
    questions: list[dict[str, Any]],
    referees: int,
) -> None:
    data = {
        "required": names[:5], "optional": names[5:20], "required_from": due, "frozen_from": fixed,
        "required_documents": documents[:2], "optional_documents": documents[2:4], "questions": questions,
        "referees": referees,
    }  # fmt: skip
    stored = json.loads(json.dumps(data, default=datetime.isoformat))
    assert read_form(stored) == read_form(data)


def test_reading_changes_nothing_of_the_table() -> None:
    data = {"questions": [dict(CHOICE)], "required": ["phone"]}
    read_form(data)
    assert data == {"questions": [CHOICE], "required": ["phone"]}
