"""New calls and routes, and what a route asks, as an editor makes them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from s2group.admissions.call_kinds import ROUTE
from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.queries import call_by_key, route_of_call
from s2group.admissions.rules.route_form import read_form
from s2group.admissions.rules.rubrics import read_rubric
from s2group.admissions.services.call_export import export_calls
from s2group.admissions.services.call_files import load_calls
from s2group.admissions.services.ended_calls import Ended
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import apply, load_fictional_content
from tests.support.forms import as_shown, send
from tests.support.staff import MORNING, sign_in

CALL = "/en/editor/calls/fictional-call/"
ROUTES = f"{CALL}routes/"
LABEL = {"subject_label_zh": "申请"}


@pytest.fixture
def pi(app: Flask) -> FlaskClient:
    """A client signed in as the PI."""
    load_fictional_content(app)
    client = app.test_client()
    sign_in(client, Role.PI)
    return client


def the_route(key: str, call: str = "fictional-call") -> AdmissionRoute:
    db.session.rollback()
    route = route_of_call(call, key)
    assert route
    return route


def test_a_route_that_is_sent_as_it_came_changes_nothing(pi: FlaskClient) -> None:
    for key in db.session.scalars(select(AdmissionRoute.key)).all():
        before = ROUTE.of(the_route(key))
        assert send(pi, f"{ROUTES}{key}/").status_code == 303
        assert "Nothing was changed." in pi.get(f"{ROUTES}{key}/").text
        assert ROUTE.of(the_route(key)) == before


def test_no_number_of_letters_is_none(pi: FlaskClient) -> None:
    assert send(pi, f"{ROUTES}postdoc/", referees="").status_code == 303
    assert read_form(the_route("postdoc").form).referees == 0


def test_questions_documents_places_and_own_questions_are_what_applicants_are_asked(
    app: Flask, pi: FlaskClient
) -> None:
    path = f"{ROUTES}postdoc/"
    typed = {
        "title_en": "Postdoc positions", "places": "4", "ask-wechat": "required", "ask-months": "optional",
        "file-transcript": "required", "referees": "1",
        "questions-0-label_zh": "你的家乡", "questions-0-label_en": "Your home town", "questions-0-kind": "choice",
        "questions-0-needed": "required", "questions-0-options": "北方 | North\r\nsouth | 南方 | South",
        "dates-0-question": "wechat", "dates-0-frozen_from": "2027-03-01T00:00",
    }  # fmt: skip
    page = pi.get(path).text
    response = send(pi, path, page, **typed)
    assert response.status_code == 303, response.text
    route = the_route("postdoc")
    form = read_form(route.form)
    assert (route.title.en, route.places, form.referees) == ("Postdoc positions", 4, 1)
    assert "wechat" in form.required
    assert "months" in form.optional
    assert "transcript" in form.required_documents
    (question,) = form.questions
    assert (question.key, question.required, question.options) == (
        "your_home_town",
        True,
        (("north", {"zh": "北方", "en": "North"}), ("south", {"zh": "南方", "en": "South"})),
    )
    assert form.frozen_from == {"wechat": datetime(2027, 2, 28, 16, tzinfo=UTC)}
    visitor = app.test_client().get("/en/apply/form/?route=postdoc").text
    assert "Your home town" in visitor
    assert send(pi, path, page, title_en="Too late").status_code == 409
    again = as_shown(pi.get(path).text)
    assert again["questions-0-options"] == ["north | 北方 | North\nsouth | 南方 | South"]
    assert send(pi, path).status_code == 303
    assert ROUTE.of(the_route("postdoc")) == ROUTE.of(route)
    history = pi.get(f"{path}revisions/").text
    assert "Your home town · required" in history
    assert pi.post(f"{path}revisions/", data={**as_shown(history), "number": "1"}).status_code == 303
    assert read_form(the_route("postdoc").form).questions == ()


def test_what_is_rated_is_chosen_on_the_page_of_the_route(pi: FlaskClient) -> None:
    path = f"{ROUTES}postdoc/"
    typed = {
        "rubric-0-criterion_zh": "潜力", "rubric-0-criterion_en": "Potential", "rubric-0-highest": "7",
        "rubric-1-criterion_zh": "表达", "rubric-1-criterion_en": "Clear words", "rubric-1-needed": "optional",
    }  # fmt: skip
    response = send(pi, path, **{**typed, "rubric-0-lowest": "9"})
    assert (response.status_code, "a mark below the highest" in response.text) == (422, True)
    response = send(pi, path, **typed)
    assert response.status_code == 303, response.text
    found = read_rubric(the_route("postdoc").rubric)
    assert [(each.key, each.high, each.required, each.weight) for each in found] == [
        ("potential", 7, True, 1), ("clear_words", 5, False, 1),
    ]  # fmt: skip
    before = ROUTE.of(the_route("postdoc"))
    assert (send(pi, path).status_code, ROUTE.of(the_route("postdoc"))) == (303, before)


WRONG = (
    (
        "questions-0-label_en",
        {"questions-0-label_zh": "你的家乡", "questions-0-kind": "text"},
        "写申请人读到的话，中英文都要",
    ),
    ("questions-0-options", {"questions-0-kind": "choice"}, "一行写一个回答：中文 | English"),
    ("questions-0-key", {"questions-0-kind": "text", "questions-0-key": "my key"}, "只用字母、数字和 _，字母开头"),
    (
        "questions-0-high",
        {"questions-0-kind": "number", "questions-0-low": "5", "questions-0-high": "1.5"},
        "这比最小的数还小：改其中一个",
    ),
    ("places", {"places": "0"}, "写一个大于 0 的整数"),
    ("title_zh", {"title_zh": "", "title_en": ""}, "用中文或英文填写"),
    (
        "ask-name_pinyin",
        {"ask-cet4": ""},
        "有一条申请条件要看没有问的内容：让它问，或删去这个条件",
    ),
)


def test_what_does_not_fit_in_a_route_is_said_at_its_field(pi: FlaskClient) -> None:
    path = "/editor/calls/fictional-call/routes/recommended-exemption-master/"
    before = ROUTE.of(the_route("recommended-exemption-master"))
    own = {"questions-0-label_zh": "问题", "questions-0-label_en": "Question", "questions-0-kind": "text"}
    for name, typed, words in WRONG:
        start = own if name.startswith("questions") and name != "questions-0-label_en" else {}
        response = send(pi, path, **{**start, **typed})
        assert (response.status_code, f'<a href="#{name}">{words}</a>' in response.text) == (422, True), name
    assert ROUTE.of(the_route("recommended-exemption-master")) == before


def new_call(client: FlaskClient, path: str, **typed: str) -> TestResponse:
    return send(client, path, **{"opens_at": "2026-09-01T00:00", "closes_at": "2026-12-01T23:59", **typed})


def test_a_call_from_nothing_takes_applications_and_stands_beside_the_files(
    app: Flask, pi: FlaskClient, tmp_path: Any
) -> None:
    words = {f"{name}_en": f"Test {name}" for name in ("title", "summary", "notice", "contact", "purpose")}
    typed = {**words, "key": "summer-school", "first_route_zh": "暑期学校", "first_route_en": "Summer school"}
    response = new_call(pi, "/en/editor/calls/new/", **{**typed, "key": "fictional-call"})
    assert (response.status_code, "This address is taken" in response.text) == (422, True)
    response = new_call(pi, "/en/editor/calls/new/", **typed)
    assert response.headers.get("Location") == "/en/editor/calls/summer-school/", response.text
    call = call_by_key("summer-school")
    assert call
    assert ([route.key for route in call.routes], call.recipients) == (["summer-school"], ["pi@example.org"])
    response = send(pi, "/en/editor/calls/summer-school/routes/new/", title_zh="访问", title_en="Visit", **LABEL)
    assert response.headers["Location"] == "/en/editor/calls/summer-school/routes/visit/"
    response = send(pi, "/en/editor/calls/summer-school/routes/new/", title_zh="访问", title_en="Visit", **LABEL)
    assert response.headers["Location"] == "/en/editor/calls/summer-school/routes/visit-2/"
    response = send(pi, "/en/editor/calls/summer-school/routes/new/", title_zh="博后", title_en="Postdoc", **LABEL)
    assert (response.status_code, "is open at the same time" in response.text) == (422, True)
    apply(app.test_client(), "/en/apply/?route=visit", route="visit", exemption_status=None)
    assert db.session.scalars(select(Application)).one().route.key == "visit"

    folder = app.config["CONTENT_DIR"] / "calls"
    loaded = load_calls(folder, now=MORNING)
    assert (loaded.ended, [(each.what, each.key) for each in loaded.changes]) == (Ended(), [("left", "summer-school")])
    export_calls(tmp_path)
    loaded = load_calls(tmp_path / "calls", now=MORNING)
    assert (loaded.ended, loaded.changes) == (Ended(), [])


def test_a_copy_is_the_same_call_a_year_later(pi: FlaskClient) -> None:
    send(pi, CALL, closes_at="2026-08-01T00:00", title_en="Admissions 2026")
    send(pi, f"{ROUTES}postdoc/", filled="y")
    path = "/en/editor/calls/new/?copy=fictional-call"
    shown = as_shown(pi.get(path).text)
    assert (shown["title_en"], shown["closes_at"]) == (["Admissions 2027"], ["2027-08-01T00:00"])
    assert send(pi, path, key="of-2027").headers["Location"] == "/en/editor/calls/of-2027/"
    db.session.rollback()
    first, copy = call_by_key("fictional-call"), call_by_key("of-2027")
    assert first
    assert copy
    one, other = ([ROUTE.of(route) for route in call.routes] for call in (first, copy))
    assert [route["filled"] for route in one] == [False, False, False, False, True]
    assert other == [route | {"filled": False} for route in one]
    assert pi.get("/en/editor/calls/new/?copy=nothing").status_code == 404
