"""The notice, the check, the receipt, and what is shown while no call is open."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.admissions.models import Application, Call, RequirementSet
from s2group.content.loading import load_content
from s2group.core import clock
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.applying import (
    MORNING,
    REQUIRED,
    RESUME,
    applications,
    apply,
    hidden_fields,
    load_fictional_content,
    opened_form,
    pdf,
    send,
    the_application,
)
from tests.support.queries import recorded_statements


@pytest.fixture
def call(app: Flask) -> Call:
    load_fictional_content(app)
    return db.session.scalars(select(Call)).one()


def close(call: Call) -> None:
    with transaction() as session:
        session.execute(update(Call).where(Call.id == call.id).values(closes_at=clock.now()))


def text_of(page: str) -> str:
    """The words of a page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_notice_says_what_is_asked_and_offered(client: FlaskClient, call: Call) -> None:
    page = client.get("/en/admissions/").text
    words = text_of(page)
    for part in (
        "Open all year",
        "Fictional admissions",
        "A call for tests.",
        "Holds the quota Required",
        "CET-4 of 425 or more Preferred CET-6 425 of 710, IELTS 6 of 9, TOEFL 80 of 120 or TOEFL 4 of 6 would count",
        "A fictional desk.",
        "Hear from the group within 14 days.",
        "What happens with your data",
        "There is no such group.",
    ):
        assert part in words
    assert "There is <strong>no</strong> such group." in page
    assert page.count("<h1>") == 1


def test_the_notice_names_the_deadline_and_its_zone(client: FlaskClient, call: Call) -> None:
    closes_at = (clock.now() + timedelta(days=400)).replace(year=2099, month=9, day=30, hour=15, minute=59)
    with transaction() as session:
        session.execute(update(Call).values(closes_at=closes_at))
    assert "Open until 30 September 2099, 23:59 (UTC+8)" in text_of(client.get("/en/admissions/").text)
    assert "2099 年 9 月 30 日 23:59（UTC+8）" in text_of(client.get("/admissions/").text)


def test_the_notice_is_in_the_readers_language(client: FlaskClient, call: Call) -> None:
    words = text_of(client.get("/admissions/").text)
    assert "四级不低于 425 分" in words
    assert "虚构课题组招生" in words


def test_the_check_shows_the_questions(client: FlaskClient, call: Call) -> None:
    page = client.get("/en/admissions/check/").text
    asked = set(re.findall(r' name="([^"]+)"', page)) - {"viewport", "csrf_token"}
    assert asked == {
        "route", "exemption_status", "cet4", "cet4_status", "cet6", "cet6_status", "ielts", "toefl",
        "neural_network", "papers_top_three", "declared",
    }  # fmt: skip


def check(client: FlaskClient, **answers: object) -> str:
    token = hidden_fields(client.get("/en/admissions/check/").text)["csrf_token"]
    response = client.post("/en/admissions/check/", data={"csrf_token": token, **answers})
    assert response.status_code == 200, response.text
    return text_of(response.text)


def test_the_check_says_what_the_answers_mean_and_stores_nothing(client: FlaskClient, call: Call) -> None:
    with recorded_statements() as statements:
        words = check(client, exemption_status="expected", cet4="410", declared="foundations")
    assert "Met: 1. Not met: 1. Unknown: 6." in words
    assert "CET-4 of 425 or more Not met Preferred · CET-4 410 of 710: 15 short of the line of 425." in words
    assert "Holds the quota Unknown Required · Expects the quota; to be confirmed" in words
    assert [statement for statement in statements if not statement.lstrip().startswith(("SELECT", "BEGIN"))] == []
    assert applications() == 0


def test_the_check_takes_a_form_without_answers(client: FlaskClient, call: Call) -> None:
    assert "Met: 0. Not met: 0. Unknown: 8." in check(client)


def test_the_check_keeps_what_was_typed(client: FlaskClient, call: Call) -> None:
    token = hidden_fields(client.get("/en/admissions/check/").text)["csrf_token"]
    wrong = client.post("/en/admissions/check/", data={"csrf_token": token, "cet4": "a lot", "cet6": "430"})
    assert wrong.status_code == 422
    assert "<title>Error: Check the requirements" in wrong.text
    assert 'value="a lot"' in wrong.text
    assert 'value="430"' in wrong.text


def test_an_ended_session_does_not_empty_the_check(client: FlaskClient, call: Call) -> None:
    response = client.post("/en/admissions/check/", data={"cet4": "430"})
    assert response.status_code == 422
    assert "Your session had ended; nothing was sent yet. Press the button again." in response.text
    assert 'value="430"' in response.text


def test_the_receipt_says_what_was_received_and_what_comes_next(client: FlaskClient, call: Call) -> None:
    response = client.get(apply(client, resume=pdf(name="张三 简历.pdf"), cet4="441").location)
    words, application = text_of(response.text), the_application()
    assert response.status_code == 200
    for part in (
        application.reference,
        f"张三 简历.pdf · 1.1 kB SHA-256 {sha256(RESUME).hexdigest()}",
        "(UTC+8)",
        "answers by e-mail within 14 days",
        "CET-4 441 of 710: 16 above the line of 425.",
    ):
        assert part in words
    assert application.submitted_at.isoformat() in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text


def test_the_receipt_shows_the_outcomes_of_that_day(client: FlaskClient, call: Call) -> None:
    location = apply(client, cet4="441").location
    route = the_application().route
    newer = [
        requirement | {"line": 500} if requirement["key"] == "cet4" else requirement
        for requirement in route.requirement_sets[0].requirements
    ]
    with transaction() as session:
        session.add(RequirementSet(route_id=route.id, version=2, requirements=newer, created_at=MORNING))
    assert "16 above the line of 425." in text_of(client.get(location).text)
    assert "CET-4 441 of 710: 59 short of the line of 500." in check(client, cet4="441")


def test_the_receipt_has_both_languages(client: FlaskClient, call: Call) -> None:
    location = apply(client).location
    assert "四级不低于 425 分" in client.get(location.removeprefix("/en")).text


@pytest.mark.parametrize(
    "reference", ["7K3M-Q0ZT-9XHB-4WPD", "nonsense", "%00", "7K3M-Q0ZT-9XHB-4WP%00", "x" * 5000, "..", "%F0%9F%98%80"]
)
def test_a_reference_that_there_is_not_is_a_page_that_does_not_exist(
    client: FlaskClient, call: Call, reference: str
) -> None:
    assert client.get(f"/en/apply/received/{reference}/").status_code == 404


@pytest.mark.parametrize("path", ["/en/admissions/", "/en/admissions/check/", "/en/apply/"])
def test_without_an_open_call_every_page_says_so(client: FlaskClient, call: Call, path: str) -> None:
    close(call)
    response = client.get(path)
    assert response.status_code == 200
    assert "No call is open at the moment, so the form is closed." in response.text
    assert "<form" not in response.text


def test_a_form_that_comes_too_late_is_refused_and_its_text_given_back(client: FlaskClient, call: Call) -> None:
    form = opened_form(client)
    close(call)
    response = send(client, form, statement="What I typed <b>.", cet4="441")
    assert response.status_code == 409
    assert "the call closed before it arrived" in response.text
    words = text_of(response.text)
    for typed in (REQUIRED["name"], REQUIRED["email"], REQUIRED["university"], "441", "What I typed &lt;b&gt;."):
        assert typed in words
    assert applications() == 0


def test_a_check_that_comes_too_late_is_refused(client: FlaskClient, call: Call) -> None:
    token = hidden_fields(client.get("/en/admissions/check/").text)["csrf_token"]
    close(call)
    assert client.post("/en/admissions/check/", data={"csrf_token": token}).status_code == 409


def test_a_replay_after_the_end_still_gives_the_receipt(client: FlaskClient, call: Call) -> None:
    form = opened_form(client)
    location = send(client, form).location
    close(call)
    assert send(client, form).location == location


def test_pages_stand_before_any_content_is_loaded(client: FlaskClient) -> None:
    assert [client.get(path).status_code for path in ("/admissions/", "/admissions/check/", "/apply/")] == [200] * 3


def test_a_named_route_is_the_one_that_is_asked_for(client: FlaskClient, call: Call) -> None:
    form = hidden_fields(client.get("/en/apply/?route=national-exam-master").text)
    assert form["route"] == "national-exam-master"
    assert send(client, form).status_code == 303
    assert the_application().route.key == "national-exam-master"


def test_the_pages_take_the_same_queries_however_many_applied(client: FlaskClient, call: Call) -> None:
    paths = ("/en/admissions/", "/en/admissions/check/", "/en/apply/")
    counts = []
    for _ in range(2):
        apply(client)
        with recorded_statements() as statements:
            assert [client.get(path).status_code for path in paths] == [200] * 3
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_posts_are_limited(environ: dict[str, str], request: pytest.FixtureRequest) -> None:
    environ["S2_RATE_LIMITS"] = "on"
    app = request.getfixturevalue("app")
    load_content(app.config["CONTENT_DIR"], now=MORNING)
    client = app.test_client()
    statuses = [client.post("/en/admissions/check/").status_code for _ in range(61)]
    assert statuses == [409] * 60 + [429]
    assert client.get("/en/admissions/check/").status_code == 200
    assert db.session.query(Application).count() == 0
