"""Rating an application by its form: drafts, submission, two tabs, an ended session."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from s2group.accounts.models import BrowserSession
from s2group.admissions.models import AdmissionRoute, Application
from s2group.audit.models import Event
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation.reviews.models import ApplicationScore, EarlyLook, Review, Rubric
from s2group.extensions import db
from tests.support.applying import MORNING, hidden_fields
from tests.support.headings import text_of
from tests.support.rating import account_of, add_reviewer, sign_in_as, some_applications

CRITERIA: list[dict[str, Any]] = [
    {"key": "potential", "wording": {"zh": "研究潜力", "en": "Potential"}, "weight": 3},
    {"key": "base", "wording": {"zh": "基础", "en": "Foundations"}},
    {"key": "exam", "wording": {"zh": "笔试", "en": "Exam"}, "low": 0, "high": 100, "required": False},
]
MARKS = {"mark-potential": "5", "mark-base": "1"}


@pytest.fixture
def application(app: Flask) -> Application:
    [application] = some_applications(app, 1)
    with transaction() as session:
        session.execute(update(AdmissionRoute).values(rubric=CRITERIA))
    return application


@pytest.fixture
def reviewer(client: FlaskClient, application: Application) -> FlaskClient:
    """A browser in which a reviewer has signed in."""
    add_reviewer("ada")
    sign_in_as(client, "ada")
    return client


def address(application: Application) -> str:
    return f"/en/review/{application.reference}/rating/"


def hidden(client: FlaskClient, application: Application) -> dict[str, str]:
    """The hidden fields of the form as a tab has it that is opened now."""
    page = client.get(address(application)).text
    return hidden_fields(page[page.index("data-rating") :])


def send(client: FlaskClient, application: Application, do: str = "submit", **fields: str) -> TestResponse:
    data = {**hidden(client, application), "do": do, **fields}
    return client.post(address(application), data=data)


def the_review() -> Review:
    db.session.expire_all()
    return db.session.scalars(select(Review)).one()


def test_a_preview_shows_what_colleagues_will_see_and_tells_nobody(
    app: Flask, reviewer: FlaskClient, application: Application
) -> None:
    assert "ada — Nobody sees it yet" in text_of(send(reviewer, application, "preview").text)
    page = send(reviewer, application, "preview", **MARKS, shared_note="Clear & short.", private_note="Mine alone")
    begin = page.text.index('id="preview-title"')
    shown = text_of(page.text[begin : page.text.index("</section>", begin)])
    assert "ada 4.0 Potential 5 · Foundations 1 Clear & short. Nobody sees it yet" in shown
    assert "Mine alone" not in shown
    assert (the_review().submitted_at, the_review().saves) == (None, 2)
    other = app.test_client()
    add_reviewer("bob")
    sign_in_as(other, "bob")
    assert "Clear &amp; short." not in other.get(f"/en/review/{application.reference}/").text
    fields = hidden_fields(page.text[page.text.index("data-rating") :])
    assert reviewer.post(address(application), data={**fields, "do": "submit", **MARKS}).status_code == 303
    assert the_review().overall == 4.0
    assert "ada abstains Too close" in text_of(
        send(reviewer, application, "preview", abstains="y", reason="Too close").text
    )


def test_a_rating_is_submitted_and_counted(reviewer: FlaskClient, application: Application) -> None:
    page = reviewer.get(f"/en/review/{application.reference}/").text
    assert "Potential" in page
    answer = send(reviewer, application, **MARKS, shared_note=" Clear. ", private_note="Mine")
    assert (answer.status_code, answer.location) == (303, f"/en/review/{application.reference}/")
    review = the_review()
    assert (review.marks, review.overall, review.draft) == ({"potential": 5, "base": 1}, 4.0, None)
    assert (review.shared_note, review.private_note, review.rubric and review.rubric.version) == ("Clear.", "Mine", 1)
    score = db.session.scalars(select(ApplicationScore)).one()
    assert (score.count, score.mean, score.median, score.low, score.high) == (1, 4.0, 4.0, 4.0, 4.0)
    kinds = db.session.scalars(select(Event.kind).where(Event.actor_id == account_of("ada").id)).all()
    assert "rated" in kinds
    assert "Your rating is saved." in reviewer.get(f"/en/review/{application.reference}/").text


def test_what_is_missing_is_said_and_the_rest_kept_as_a_draft(reviewer: FlaskClient, application: Application) -> None:
    answer = send(reviewer, application, **{"mark-base": "4", "shared_note": "So far"})
    assert answer.status_code == 422
    assert "Give a mark" in answer.text
    assert re.search(
        r'name="mark-base" type="radio" value="4"[^>]*checked|checked[^>]*name="mark-base"[^>]*value="4"', answer.text
    )
    review = the_review()
    assert (review.submitted_at, review.draft and review.draft["marks"]) == (None, {"base": 4})
    assert db.session.scalars(select(ApplicationScore)).all() == []
    tab = hidden_fields(answer.text[answer.text.index("data-rating") :])
    done = reviewer.post(address(application), data={**tab, "do": "submit", **MARKS, "shared_note": "So far"})
    assert done.status_code == 303
    assert the_review().overall == 4.0


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"mark-potential": "6"}, "Give a mark from 1 to 5"),
        ({"mark-potential": "five"}, "Write a whole number"),
        ({"mark-exam": "101"}, "Give a mark from 0 to 100"),
        ({"mark-exam": "many"}, "Write a whole number"),
        ({"abstains": "y"}, "Say why you do not rate it"),
        ({"reason": "x" * 501}, "Use at most 500 characters"),
        ({"shared_note": "x" * 10_001}, "Use at most 10000 characters"),
        ({"rubric": "another"}, "The criteria have changed meanwhile"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said(
    reviewer: FlaskClient, application: Application, fields: dict[str, str], problem: str
) -> None:
    answer = send(reviewer, application, **{**MARKS, "private_note": "kept on the page", **fields})
    assert answer.status_code == 422
    assert problem in answer.text
    assert "kept on the page" in answer.text


def test_one_who_abstains_gives_no_marks(reviewer: FlaskClient, application: Application) -> None:
    assert send(reviewer, application, **MARKS, abstains="y", reason="My student").status_code == 303
    review = the_review()
    assert (review.abstains, review.reason, review.marks, review.overall) == (True, "My student", {}, None)
    assert db.session.scalars(select(ApplicationScore)).all() == []


def test_a_draft_is_saved_while_it_is_typed_and_shown_again(reviewer: FlaskClient, application: Application) -> None:
    tab = hidden(reviewer, application)
    first = reviewer.post(address(application), data={**tab, "autosave": "1", "shared_note": "One"})
    assert (first.status_code, first.json) == (200, {"said": "Saved as a draft", "seen": 1})
    again = reviewer.post(
        address(application), data={**tab, "seen": "1", "autosave": "1", "shared_note": "One, two", "mark-base": "2"}
    )
    assert again.json and again.json["seen"] == 2
    page = reviewer.get(f"/en/review/{application.reference}/").text
    assert "One, two" in page
    assert "Draft, saved" in page


def test_a_change_is_a_draft_until_it_is_submitted(reviewer: FlaskClient, application: Application) -> None:
    send(reviewer, application, **MARKS)
    send(reviewer, application, "draft", **{**MARKS, "mark-potential": "1"})
    review = the_review()
    assert (review.overall, review.draft and review.draft["marks"]["potential"]) == (4.0, 1)
    send(reviewer, application, **{**MARKS, "mark-potential": "1"})
    assert (the_review().overall, the_review().draft) == (1.0, None)


def test_two_tabs_do_not_overwrite_each_other(reviewer: FlaskClient, application: Application) -> None:
    one, other = hidden(reviewer, application), hidden(reviewer, application)
    assert (
        reviewer.post(address(application), data={**one, "do": "submit", **MARKS, "shared_note": "First"}).status_code
        == 303
    )
    script = reviewer.post(address(application), data={**other, "autosave": "1", "shared_note": "Second"})
    assert (script.status_code, script.json) == (409, {"said": "Not saved: another tab has saved something else"})
    answer = reviewer.post(address(application), data={**other, "do": "submit", **MARKS, "shared_note": "Second"})
    assert answer.status_code == 409
    assert "First" in answer.text
    assert "Second" in answer.text
    assert the_review().shared_note == "First"
    tab = hidden_fields(answer.text[answer.text.index("data-rating") :])
    assert (
        reviewer.post(address(application), data={**tab, "do": "submit", **MARKS, "shared_note": "Both"}).status_code
        == 303
    )
    assert the_review().shared_note == "Both"


def test_the_same_sent_twice_is_one(reviewer: FlaskClient, application: Application) -> None:
    tab = hidden(reviewer, application) | {"do": "submit", **MARKS}
    assert [reviewer.post(address(application), data=tab).status_code for _ in range(2)] == [303, 303]
    assert the_review().saves == 1


def test_an_ended_session_loses_nothing(app: Flask, reviewer: FlaskClient, application: Application) -> None:
    tab = hidden(reviewer, application)
    with transaction() as session:
        session.execute(update(BrowserSession).values(ended_at=MORNING))
    typed = {**tab, "do": "submit", **MARKS, "shared_note": "Typed late"}
    answer = reviewer.post(address(application), data=typed, headers={"Origin": "http://localhost"})
    assert answer.status_code in (400, 401)
    assert "Typed late" in answer.text
    assert db.session.scalars(select(Review)).all() == []


def test_a_review_keeps_the_rubric_that_it_was_made_by(reviewer: FlaskClient, application: Application) -> None:
    send(reviewer, application, **MARKS)
    with transaction() as session:
        session.execute(update(AdmissionRoute).values(rubric=[{**CRITERIA[0], "high": 10}]))
    assert "Foundations" in reviewer.get(address(application)).text
    assert send(reviewer, application, **{**MARKS, "mark-base": "5"}).status_code == 303
    assert (the_review().rubric_id, the_review().overall) == (1, 5.0)
    add_reviewer("ben")
    give_by_form(reviewer.application.test_client(), application, "ben", {"mark-potential": "10"})
    versions = db.session.scalars(select(Rubric).order_by(Rubric.version)).all()
    assert [(each.version, len(each.criteria)) for each in versions] == [(1, 3), (2, 1)]


def give_by_form(client: FlaskClient, application: Application, name: str, marks: dict[str, str]) -> None:
    sign_in_as(client, name)
    assert send(client, application, **marks).status_code == 303


def test_others_are_seen_after_ones_own(reviewer: FlaskClient, application: Application) -> None:
    add_reviewer("ben")
    give_by_form(reviewer.application.test_client(), application, "ben", {**MARKS, "shared_note": "Ben says so"})
    page = f"/en/review/{application.reference}/"
    before = reviewer.get(page).text
    assert "Ben says so" not in before
    assert "1 other has rated it" in before
    assert "See the ratings now" not in before
    token = hidden(reviewer, application)["csrf_token"]
    early = reviewer.post(f"/en/review/{application.reference}/ratings/", data={"csrf_token": token})
    assert early.status_code == 404
    send(reviewer, application, **MARKS)
    after = reviewer.get(page).text
    assert "Ben says so" in after
    assert "Potential 5 · Foundations 1" in after


def test_who_decides_looks_early_and_the_history_says_so(
    app: Flask, client: FlaskClient, application: Application
) -> None:
    add_reviewer("ben")
    give_by_form(app.test_client(), application, "ben", {**MARKS, "shared_note": "Ben says so"})
    add_reviewer("chief", Role.PI)
    sign_in_as(client, "chief")
    page = f"/en/review/{application.reference}/"
    assert "Ben says so" not in client.get(page).text
    token = hidden(client, application)["csrf_token"]
    for _ in range(2):
        assert (
            client.post(f"/en/review/{application.reference}/ratings/", data={"csrf_token": token}).status_code == 303
        )
    seen = client.get(page).text
    assert "Ben says so" in seen
    assert "Ratings looked at before rating" in seen
    assert len(db.session.scalars(select(EarlyLook)).all()) == 1


def test_in_a_list_submitting_leads_to_who_follows_there(app: Flask) -> None:
    first, second = some_applications(app, 2)
    add_reviewer("ada")
    client = app.test_client()
    sign_in_as(client, "ada")
    page = client.get(f"/en/review/{second.reference}/?q=status:new&sort=-received").text
    [action] = re.findall(r'action="([^"]*/rating/[^"]*)"', page)
    form = {**hidden_fields(page[page.index("data-rating") :]), "mark-overall": "4", "do": "submit"}
    answer = client.post(action.replace("&amp;", "&"), data=form)
    assert (answer.status_code, answer.location) == (303, f"/en/review/{first.reference}/?q=status:new&sort=-received")
