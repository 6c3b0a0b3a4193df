"""The start page: what to know before applying, and the draft that it begins."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from s2group.admissions.models import AdmissionRoute, Call, Draft
from s2group.apply.forms.fieldsets.research import STATEMENT
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.applying import applications, apply, hidden_fields, load_fictional_content, the_application
from tests.support.calls import DAY, add_call
from tests.support.headings import headings, text_of
from tests.support.queries import recorded_statements
from tests.support.staff import sign_in

START = "/en/apply/"


@pytest.fixture
def loaded(app: Flask) -> None:
    load_fictional_content(app)


def drafts() -> list[Draft]:
    return list(db.session.scalars(select(Draft).order_by(Draft.id)))


def chosen(page: str) -> list[str]:
    return re.findall(r'name="route" value="([^"]+)"[^>]*checked', page)


@pytest.mark.usefixtures("loaded")
def test_the_page_says_what_to_know_of_each_route(client: FlaskClient) -> None:
    page = client.get(START).text
    words = text_of(page)
    for part in (
        "Master's by recommended exemption Open all year · about ten minutes",
        "CV (PDF, at most 10 MB) Transcript (optional)",
        "PhD by application and assessment Open all year · about twenty minutes 2 places left",
        "Transcript Another document (optional)",
        "Names and e-mail addresses of 2 referees, who agree to write a letter",
        "Your research plan, 300 to 3000 characters",
        "A sample of your work (optional)",
        "Holds the quota Required",
        "Check the requirements first: one minute, and nothing is stored",
        "Continue a saved draft",
        "Fill in everything on one page",
        "Read the privacy notice",
    ):
        assert part in words
    assert headings(page, "h1") == ["Apply"]
    assert page.count('type="radio"') == 5
    assert chosen(page) == []


@pytest.mark.usefixtures("loaded")
def test_the_length_of_a_plan_is_the_one_that_its_form_asks_for(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {**STATEMENT["research_plan"].options, "shortest": 250, "longest": 2600}
    monkeypatch.setitem(STATEMENT, "research_plan", replace(STATEMENT["research_plan"], options=options))
    assert "Your research plan, 250 to 2600 characters" in text_of(client.get(START).text)
    assert "研究计划，250 到 2600 个字" in text_of(client.get("/apply/").text)


@pytest.mark.usefixtures("loaded")
def test_a_route_named_in_the_address_is_chosen_already(client: FlaskClient) -> None:
    assert chosen(client.get(f"{START}?route=phd-assessment").text) == ["phd-assessment"]
    assert chosen(client.get(f"{START}?route=no-such-route").text) == []


def test_the_only_route_is_chosen_already(app: Flask, client: FlaskClient) -> None:
    add_call("only-one", opens_at=clock.now() - DAY)
    assert chosen(client.get(START).text) == ["only-one"]


@pytest.mark.usefixtures("loaded")
def test_starting_begins_a_draft_of_the_route(client: FlaskClient) -> None:
    hidden = hidden_fields(client.get(START).text)
    response = client.post(START, data={**hidden, "route": "phd-assessment"})
    [draft] = drafts()
    assert (response.status_code, response.location) == (303, f"/en/apply/draft/{hidden['form_key']}/")
    assert (draft.key, draft.route.key, draft.locale, draft.answers) == (
        hidden["form_key"], "phd-assessment", "en", {},
    )  # fmt: skip


@pytest.mark.usefixtures("loaded")
def test_pressing_twice_begins_one_draft(client: FlaskClient) -> None:
    data = {**hidden_fields(client.get(START).text), "route": "phd-assessment"}
    assert client.post(START, data=data).location == client.post(START, data=data).location
    assert len(drafts()) == 1


@pytest.mark.usefixtures("loaded")
def test_going_back_for_another_route_begins_another_draft(client: FlaskClient) -> None:
    hidden = hidden_fields(client.get(START).text)
    for key in ("phd-assessment", "postdoc"):
        assert client.post(START, data={**hidden, "route": key}).status_code == 303
    assert [draft.route.key for draft in drafts()] == ["phd-assessment", "postdoc"]


@pytest.mark.usefixtures("loaded")
def test_going_back_after_sending_begins_a_new_draft(client: FlaskClient) -> None:
    apply(client)
    hidden = hidden_fields(client.get(START).text) | {"form_key": the_application().form_key}
    response = client.post(START, data={**hidden, "route": "recommended-exemption-master"})
    [draft] = drafts()
    assert draft.key != the_application().form_key
    assert response.location == f"/en/apply/draft/{draft.key}/"


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("route", [None, "", "no-such-route", "\0"])
def test_without_a_route_nothing_begins(client: FlaskClient, route: str | None) -> None:
    hidden = hidden_fields(client.get(START).text)
    response = client.post(START, data=hidden if route is None else {**hidden, "route": route})
    assert response.status_code == 422
    assert "<title>Error: Apply" in response.text
    assert text_of(response.text).count("Choose how you would like to join") == 2
    assert '<a href="#route">' in response.text
    assert 'id="route"' in response.text
    assert drafts() == []


@pytest.mark.usefixtures("loaded")
def test_an_ended_session_keeps_the_choice(client: FlaskClient) -> None:
    hidden = hidden_fields(client.get(START).text)
    del hidden["csrf_token"]
    response = client.post(START, data={**hidden, "route": "postdoc"})
    assert response.status_code == 422
    assert "Your session had ended; nothing was sent yet. Press the button again." in response.text
    assert chosen(response.text) == ["postdoc"]
    again = client.post(START, data={**hidden_fields(response.text), "route": "postdoc"})
    assert again.location == f"/en/apply/draft/{hidden['form_key']}/"


@pytest.mark.usefixtures("loaded")
def test_a_route_that_filled_in_between_begins_nothing(client: FlaskClient) -> None:
    hidden = hidden_fields(client.get(START).text)
    with transaction() as session:
        session.execute(update(AdmissionRoute).where(AdmissionRoute.key == "postdoc").values(filled=True))
    response = client.post(START, data={**hidden, "route": "postdoc"})
    assert response.status_code == 422
    assert "Postdoctoral researcher: all places are taken. These are the other ways." in text_of(response.text)
    assert drafts() == []


@pytest.mark.usefixtures("loaded")
def test_starting_after_the_end_is_refused(client: FlaskClient) -> None:
    hidden = hidden_fields(client.get(START).text)
    with transaction() as session:
        session.execute(update(Call).values(closes_at=clock.now()))
    response = client.post(START, data={**hidden, "route": "postdoc"})
    assert response.status_code == 409
    assert "No call is open at the moment" in response.text
    assert drafts() == []


@pytest.mark.usefixtures("loaded")
def test_a_post_with_a_name_is_a_whole_application(client: FlaskClient) -> None:
    assert apply(client).status_code == 303
    assert (applications(), drafts()) == (1, [])
    assert the_application().route.key == "recommended-exemption-master"


@pytest.mark.usefixtures("loaded")
def test_everything_on_one_page_is_sent_to_the_start_page(client: FlaskClient) -> None:
    page = client.get("/en/apply/form/?route=national-exam-master").text
    assert 'action="/en/apply/" enctype="multipart/form-data"' in page
    assert "<title>Apply: Master&#39;s by national entrance exam" in page
    assert "about ten minutes" not in page and "About ten minutes. You need your CV" in page
    assert "About twenty minutes. You need" in client.get("/en/apply/form/?route=phd-assessment").text
    assert hidden_fields(page)["route"] == "national-exam-master"
    assert apply(client, "/en/apply/", route="national-exam-master", exemption_status=None).status_code == 303
    assert the_application().route.key == "national-exam-master"


@pytest.mark.usefixtures("loaded")
def test_a_route_may_ask_for_little(client: FlaskClient) -> None:
    add_call("only-one", opens_at=clock.now() - DAY)
    response = apply(client, university=None, college=None, major=None)
    assert response.status_code == 303
    mail = db.session.scalars(select(OutboxMail).filter_by(message="application_received")).first()
    assert mail is not None
    assert mail.subject == "虚构 only-one-Test Applicant"
    sign_in(client, Role.PI)
    assert client.get("/en/review/").status_code == 200
    page = client.get(f"/en/review/{the_application().reference}/").text
    # Neither a university nor a major between the route and the state.
    assert "<p> Fictional only-one · <b>" in " ".join(page.split())


@pytest.mark.usefixtures("loaded")
def test_a_blocking_requirement_stops_a_whole_application_and_keeps_what_was_typed(client: FlaskClient) -> None:
    route = db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.id).limit(1)).one()
    [kept] = route.requirement_sets
    stricter = [kept.requirements[0] | {"level": "blocking"}]
    with transaction() as session:
        kept.requirements = stricter
        session.add(kept)
    response = apply(client, exemption_status="no", name="Test Kept")
    assert response.status_code == 422
    assert "Holds the quota: Does not hold the quota." in text_of(response.text)
    assert 'value="Test Kept"' in response.text
    assert applications() == 0
    assert apply(client, exemption_status="unsure").status_code == 303


@pytest.mark.usefixtures("loaded")
def test_the_number_of_queries_does_not_grow_with_the_drafts(client: FlaskClient) -> None:
    counts = []
    for _ in range(2):
        hidden = hidden_fields(client.get(START).text)
        with recorded_statements() as statements:
            client.post(START, data={**hidden, "route": "phd-assessment"})
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 2
