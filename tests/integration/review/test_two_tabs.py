"""Two tabs, or two people: what one has saved is never overwritten in silence by the other."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from s2group.admissions.models import Application
from s2group.core.permissions import Role
from s2group.evaluation.interviews.models import InterviewNote
from s2group.evaluation.pipeline.models import Decision
from s2group.evaluation.reviews.rules import Rating
from s2group.evaluation.reviews.services import NotTheirsError, rate
from s2group.extensions import db
from tests.support.applying import MORNING, hidden_fields, load_fictional_content
from tests.support.colleagues import colleague, signed_in
from tests.support.interviewing import a_round, applicant, invited
from tests.support.staff import sign_in


@pytest.fixture
def application(app: Flask) -> Application:
    load_fictional_content(app)
    return applicant()


def stored(column: object) -> object:
    db.session.expire_all()
    return db.session.scalar(select(column))  # type: ignore[call-overload]


def test_of_two_tabs_with_an_interview_note(app: Flask, application: Application) -> None:
    pi = colleague("测试·陈老师", Role.PI)
    interview = invited(a_round(), application, pi)
    browser, page = signed_in(app, pi), f"/en/review/{application.reference}/"
    address = f"{page}interviews/{interview.key}/note/"
    token = hidden_fields(browser.get(page).text)["csrf_token"]

    def send(text: str, seen: str) -> TestResponse:
        return browser.post(address, data={"csrf_token": token, "text": text, "seen": seen})

    assert send("First tab", "").status_code == 303
    assert send("First tab", "").status_code == 303, "the same once more is no other note"
    late = send("Second tab", "")
    assert (late.status_code, stored(InterviewNote.text)) == (409, "First tab")
    assert "Another tab has saved something else" in late.text
    assert '<p class="said">First tab</p>' in late.text and "Second tab</textarea>" in late.text
    seen = hidden_fields(late.text)["seen"]
    assert f'name="seen" value="{seen}"' in browser.get(page).text
    assert (send("Second tab", seen).status_code, stored(InterviewNote.text)) == (303, "Second tab")


def test_of_two_who_decide(app: Flask, client: FlaskClient, application: Application) -> None:
    sign_in(client, Role.PI)
    address = f"/en/review/{application.reference}/decision/"
    form = hidden_fields(client.get(address).text)
    assert not re.search(r'for="state">State\s*<span class="optional"', client.get(address).text)

    def send(note: str, **changes: str) -> TestResponse:
        return client.post(address, data={**form, "state": "interview", "note": note, **changes})

    assert send("Mine").status_code == 303
    late = send("Yours")
    assert (late.status_code, stored(Decision.note)) == (422, "Mine")
    assert "A colleague has noted something else" in late.text and "What is stored: Mine" in late.text
    assert send("Yours", seen=hidden_fields(late.text)["seen"]).status_code == 303
    assert stored(Decision.note) == "Yours"


def test_nobody_rates_what_they_do_not_see(application: Application) -> None:
    elsewhere = colleague("测试·小郑", Role.REVIEWER, route_id=application.route_id + 1)
    with pytest.raises(NotTheirsError):
        rate(application=application, rating=Rating({"overall": 3}), seen=0, submit=True, actor=elsewhere, now=MORNING)


def test_all_who_rate_read_the_rubrics(app: Flask, application: Application) -> None:
    reviewer = colleague("测试·小林", Role.REVIEWER, route_id=application.route_id)
    browser = signed_in(app, reviewer)
    page = browser.get("/en/review/rubrics/").text
    assert page.count("<section") == 1 and "nobody has rated by it yet" in page and "Overall" in page
    rate(application=application, rating=Rating({"overall": 3}), seen=0, submit=True, actor=reviewer, now=MORNING)
    assert "version 1" in browser.get("/en/review/rubrics/").text
