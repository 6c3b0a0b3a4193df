"""A draft: saved topic by topic, found again, told apart from an older tab, and sent."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from s2group.admissions.models import AdmissionRoute, Call, Draft, RequirementSet
from s2group.admissions.services import drafts
from s2group.core import clock
from s2group.core.database import transaction
from s2group.documents.services import take_upload
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.rules import TO_A_DRAFT, Purpose
from s2group.links.services import issue
from s2group.mail.models import OutboxMail
from tests.support.applying import applications, hidden_fields, load_fictional_content, pdf, the_application
from tests.support.headings import text_of

KEY = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
DRAFT = f"/en/apply/draft/{KEY}/"
ABOUT: dict[str, Any] = {"name": "Test Applicant", "email": "Applicant@example.org", "phone": "138 0013 8000"}
STUDIES: dict[str, Any] = {
    "university": "Test University", "college": "Test College", "major": "Test Studies", "exemption_status": "has",
}  # fmt: skip
ERROR = re.compile(r'<li><a href="#([^"]*)">([^<]+)</a></li>')


@pytest.fixture
def route(app: Flask) -> AdmissionRoute:
    load_fictional_content(app)
    return db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.id)).first() or pytest.fail()


@pytest.fixture
def draft(route: AdmissionRoute) -> Draft:
    return drafts.start_draft(route=route, key=KEY, answers={}, locale="en", now=clock.now())


def save(client: FlaskClient, topic: str, seen: int | None = None, **answers: Any) -> TestResponse:
    """Open the page of a topic, fill it in, press the button."""
    hidden = hidden_fields(client.get(DRAFT + f"{topic}/").text)
    changed = {} if seen is None else {"seen": seen}
    return client.post(DRAFT + f"{topic}/", data={**hidden, **answers, **changed})


def saved() -> dict[str, Any]:
    """The answers as they are kept."""
    answers: dict[str, Any] = db.session.scalars(select(Draft.answers)).one()
    return answers


def errors(page: str) -> list[str]:
    return [words for _, words in ERROR.findall(page)]


def complete(client: FlaskClient, draft: Draft) -> None:
    assert save(client, "about", **ABOUT).status_code == 303
    assert save(client, "studies", **STUDIES).status_code == 303
    stream, name = pdf()
    document = take_upload(stream=stream, original_name=name, now=clock.now())
    drafts.attach(draft=draft, kind="resume", document=document, now=clock.now())


def send(client: FlaskClient, hidden: dict[str, str] | None = None) -> TestResponse:
    hidden = hidden or hidden_fields(client.get(DRAFT + "check/").text)
    return client.post(DRAFT + "check/", data={**hidden, "consent": "y"})


def mails(message: str) -> list[OutboxMail]:
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.message == message)))


def test_the_steps_say_how_far_each_has_come(client: FlaskClient, draft: Draft) -> None:
    page = text_of(client.get(DRAFT).text)
    assert "About you To do" in page
    assert "Your English Optional" in page
    assert "Your files To do" in page
    assert "Check your answers and submit After the other steps" in page
    save(client, "about", name="Test Applicant")
    save(client, "studies", **STUDIES)
    page = text_of(client.get(DRAFT).text)
    assert "About you Begun" in page
    assert "Your studies Done" in page


def test_every_step_says_which_of_how_many_it_is(client: FlaskClient, draft: Draft) -> None:
    links = re.findall(rf'href="{DRAFT}([a-z]+)/"', client.get(DRAFT).text)
    steps = links[: links.index("check") + 1]
    assert (steps[0], steps[-2]) == ("about", "files")
    for number, step in enumerate(steps, 1):
        assert f"Step {number} of {len(steps)}" in text_of(client.get(f"{DRAFT}{step}/").text)


def test_what_is_right_is_saved_though_something_else_is_wrong(client: FlaskClient, draft: Draft) -> None:
    response = save(client, "about", **ABOUT | {"phone": "12"})
    assert response.status_code == 422
    assert errors(response.text) == ["Enter a mobile number such as 138 0013 8000, or +65 8123 4567 from abroad"]
    assert 'value="12"' in response.text
    assert saved() == {"name": "Test Applicant", "email": "Applicant@example.org"}
    assert save(client, "about", **ABOUT).status_code == 303
    assert saved()["phone"] == "+8613800138000"


def test_what_was_saved_is_shown_again(client: FlaskClient, draft: Draft) -> None:
    save(client, "english", cet4="441", cet6_status="awaited", ielts="6.5")
    assert saved() == {"cet4": 441, "cet6": "awaited", "ielts": 6.5, "toefl": None}
    page = client.get(DRAFT + "english/").text
    assert re.search(r'name="cet4"[^>]*value="441"', page)
    assert '<option selected value="awaited">' in page
    assert re.search(r'name="ielts"[^>]*value="6.5"', page)


def test_an_older_tab_is_told_and_may_save_on_purpose(client: FlaskClient, draft: Draft) -> None:
    save(client, "english", cet4="441")
    response = save(client, "english", seen=0, cet4="500")
    assert response.status_code == 409
    assert "This page was saved in another tab" in errors(response.text)[0]
    assert re.search(r'name="cet4"[^>]*value="500"', response.text)
    assert saved()["cet4"] == 441
    again = hidden_fields(response.text)
    assert again["seen"] == "1"
    assert client.post(DRAFT + "english/", data={**again, "cet4": "500"}).status_code == 303
    assert saved()["cet4"] == 500


def test_an_older_tab_that_says_the_same_is_left_alone(client: FlaskClient, draft: Draft) -> None:
    save(client, "english", cet4="441")
    assert save(client, "english", seen=0, cet4="441").status_code == 303


def test_tabs_of_different_topics_do_not_disturb_each_other(client: FlaskClient, draft: Draft) -> None:
    first, second = (hidden_fields(client.get(DRAFT + f"{topic}/").text) for topic in ("english", "studies"))
    assert client.post(DRAFT + "english/", data={**first, "cet4": "441"}).status_code == 303
    assert client.post(DRAFT + "studies/", data={**second, **STUDIES}).status_code == 303
    assert saved()["cet4"] == 441
    assert saved()["major"] == "Test Studies"


def test_silent_saving_answers_in_few_words(client: FlaskClient, draft: Draft) -> None:
    response = save(client, "english", cet4="7", ielts="6", autosave="1")
    assert response.status_code == 200
    assert response.json["errors"] == {"cet4": "CET-4: enter a whole number from 220 to 710, or leave it empty"}  # type: ignore[index]
    assert response.json["seen"] == 1  # type: ignore[index]
    words = r"Saved at \d\d:\d\d as you typed it; still to finish before you submit: CET-4"
    assert re.fullmatch(words, response.json["said"])  # type: ignore[index]
    assert saved()["ielts"] == 6
    assert "cet4" not in saved()
    assert save(client, "english", seen=0, cet4="500", autosave="1").status_code == 409


def test_an_ended_session_loses_nothing(app: Flask, client: FlaskClient, draft: Draft) -> None:
    hidden = hidden_fields(client.get(DRAFT + "english/").text)
    stranger = app.test_client()
    response = stranger.post(DRAFT + "english/", data={**hidden, "cet4": "441"})
    assert response.status_code == 422
    assert errors(response.text) == ["Your session had ended; nothing was sent yet. Press the button again."]
    assert re.search(r'name="cet4"[^>]*value="441"', response.text)
    assert stranger.post(DRAFT + "english/", data={**hidden_fields(response.text), "cet4": "441"}).status_code == 303
    assert saved()["cet4"] == 441


def test_the_first_address_gets_a_link_and_a_corrected_one_instead_of_it(client: FlaskClient, draft: Draft) -> None:
    save(client, "about", **ABOUT)
    save(client, "about", **ABOUT)
    assert [mail.recipient for mail in mails("draft_continue")] == ["applicant@example.org"]
    save(client, "about", **ABOUT | {"email": "other@example.org"})
    assert [mail.recipient for mail in mails("draft_continue")] == ["other@example.org"]


def test_the_mailed_link_leads_to_the_draft_when_the_button_is_pressed(
    app: Flask, client: FlaskClient, draft: Draft
) -> None:
    save(client, "about", **ABOUT)
    link = re.search(r"/apply/continue/[\w-]+/", mails("draft_continue")[0].text)
    assert link
    other_device = app.test_client()
    page = other_device.get("/en" + link[0])
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "same-origin")
    for _ in range(2):
        response = other_device.post("/en" + link[0], data=hidden_fields(page.text))
        assert (response.status_code, response.location) == (303, DRAFT)


def test_a_link_that_expired_or_never_was_leads_nowhere(client: FlaskClient, draft: Draft) -> None:
    with transaction() as session:
        token = issue(session, purpose=Purpose.CONTINUE, subject=draft.key, now=clock.now() - timedelta(days=31))
    for address in (f"/en/apply/continue/{token}/", "/en/apply/continue/nothing/"):
        response = client.get(address)
        assert response.status_code == 410
        assert "This link no longer works" in response.text


def test_asking_for_a_link_tells_a_stranger_nothing(client: FlaskClient, draft: Draft) -> None:
    save(client, "about", **ABOUT)
    hidden = hidden_fields(client.get("/en/apply/continue/").text)
    pages = [
        client.post("/en/apply/continue/", data={**hidden, "email": email}).text.replace(email, "…")
        for email in ("APPLICANT@example.org", "stranger@example.org")
    ]
    assert pages[0] == pages[1]
    assert [mail.recipient for mail in mails("draft_continue")] == ["applicant@example.org"] * 2


def test_nobody_is_annoyed_with_links(client: FlaskClient, draft: Draft) -> None:
    save(client, "about", **ABOUT)
    for _ in range(10):
        drafts.mail_links(email="applicant@example.org", now=clock.now())
    assert len(mails("draft_continue")) == drafts.LINKS_A_DAY


def test_what_is_missing_is_said_step_by_step(client: FlaskClient, draft: Draft) -> None:
    save(client, "about", name="Test Applicant")
    response = send(client)
    assert response.status_code == 422
    assert ERROR.findall(response.text) == [
        ("about", "About you, still needed: E-mail address, Mobile phone"),
        ("studies", "Your studies, still needed: University, College, Major, Recommended-exemption quota"),
        ("files", "Your files, still needed: CV"),
    ]
    assert applications() == 0


def test_a_draft_becomes_one_application(client: FlaskClient, draft: Draft) -> None:
    complete(client, draft)
    hidden = hidden_fields(client.get(DRAFT + "check/").text)
    response = send(client, hidden)
    assert response.status_code == 303
    application = the_application()
    assert response.location == f"/en/apply/received/{application.reference}/"
    assert (application.name, application.email, application.form_key) == (
        "Test Applicant", "Applicant@example.org", KEY,
    )  # fmt: skip
    assert application.answers["university"] == "Test University"
    assert [entry.kind for entry in application.documents] == ["resume"]
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0
    assert db.session.scalar(select(func.count()).select_from(Link).where(Link.purpose.in_(TO_A_DRAFT))) == 0
    assert send(client, hidden).location == response.location
    for page in ("", "about/", "files/", "check/"):
        assert client.get(DRAFT + page).location == response.location
    assert applications() == 1


def test_without_consent_nothing_is_sent(client: FlaskClient, draft: Draft) -> None:
    complete(client, draft)
    hidden = hidden_fields(client.get(DRAFT + "check/").text)
    response = client.post(DRAFT + "check/", data=hidden)
    assert response.status_code == 422
    assert errors(response.text) == [
        "Tick the box to agree to the use of your data: the group may not read it otherwise"
    ]
    assert applications() == 0


def test_somebody_elses_address_is_no_draft(client: FlaskClient, draft: Draft) -> None:
    response = client.get("/en/apply/draft/" + "x" * 32 + "/")
    assert response.status_code == 404
    assert "This draft is not here" in response.text


def test_pages_of_a_draft_are_kept_by_nobody(client: FlaskClient, draft: Draft) -> None:
    for page in ("", "about/", "check/"):
        headers = client.get(DRAFT + page).headers
        assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")
        assert headers["Referrer-Policy"] == "same-origin"


def test_an_address_that_looks_mistyped_is_a_question(client: FlaskClient, draft: Draft) -> None:
    response = save(client, "about", **ABOUT | {"email": "applicant@gmial.com"})
    assert (response.status_code, response.location) == (303, DRAFT + "email/")
    assert mails("draft_continue") == []
    page = client.get(DRAFT + "email/").text
    assert "You typed applicant@gmial.com. Did you mean applicant@gmail.com?" in text_of(page)
    kept = client.post(DRAFT + "email/", data=hidden_fields(page))
    assert (kept.status_code, kept.location) == (303, DRAFT + "studies/")
    assert saved()["email"] == "applicant@gmial.com"
    assert [mail.recipient for mail in mails("draft_continue")] == ["applicant@gmial.com"]
    link = re.search(r"/apply/continue/[\w-]+/", mails("draft_continue")[0].text)
    assert link
    client.post(DRAFT + "email/", data={**hidden_fields(page), "correct": "y"})
    assert saved()["email"] == "applicant@gmail.com"
    assert [mail.recipient for mail in mails("draft_continue")] == ["applicant@gmail.com"]
    assert client.get(link[0]).status_code == 410
    # A mail may have been sent to the former address: the draft has another one now.
    moved = client.get(DRAFT + "email/").location
    assert moved != DRAFT + "email/"
    assert client.get(moved).location == moved.replace("email/", "studies/")


def test_a_closed_call_sends_nothing_and_keeps_the_draft(client: FlaskClient, draft: Draft) -> None:
    complete(client, draft)
    hidden = hidden_fields(client.get(DRAFT + "check/").text)
    with transaction() as session:
        session.execute(update(Call).values(closes_at=clock.now() + timedelta(days=1)))
        session.execute(update(AdmissionRoute).values(filled=True))
    response = send(client, hidden)
    assert response.status_code == 409
    for words in ("All places are taken.", "Your application was not sent"):
        assert words in response.text
    assert "Applications were taken until" not in response.text
    assert applications() == 0
    for page in ("", "check/"):
        assert "All places are taken. This draft cannot be sent now." in text_of(client.get(DRAFT + page).text)
    assert "Submit before" not in client.get(DRAFT).text


def test_in_the_grace_the_draft_says_until_when_it_is_taken(client: FlaskClient, draft: Draft) -> None:
    assert "cannot be sent" not in client.get(DRAFT).text
    closed_at = clock.now() - timedelta(minutes=5)
    with transaction() as session:
        session.execute(update(Call).values(closes_at=closed_at))
        session.execute(update(Draft).values(started_at=closed_at - timedelta(hours=1)))
    page = client.get(DRAFT).text
    assert "It may still be sent until" in page
    assert "Submit before" not in page
    with transaction() as session:
        session.execute(update(Draft).values(started_at=closed_at + timedelta(minutes=1)))
    page = client.get(DRAFT).text
    assert "Applications were taken until" in page
    assert "It may still be sent until" not in page


def test_a_rule_that_blocks_says_why(client: FlaskClient, draft: Draft, route: AdmissionRoute) -> None:
    with transaction() as session:
        newest = session.scalars(select(RequirementSet).where(RequirementSet.route_id == route.id)).one()
        first, *others = newest.requirements
        changed = [{**first, "level": "blocking"}, *others]
        session.add(RequirementSet(route_id=route.id, version=2, requirements=changed, created_at=clock.now()))
    complete(client, draft)
    save(client, "studies", **STUDIES | {"exemption_status": "no"})
    response = send(client)
    assert response.status_code == 422
    assert errors(response.text) == ["Holds the quota: Does not hold the quota."]
    save(client, "studies", **STUDIES | {"exemption_status": "unsure"})
    assert send(client).status_code == 303


def test_silent_saving_mails_nobody(client: FlaskClient, draft: Draft) -> None:
    save(client, "about", **ABOUT, autosave="1")
    assert mails("draft_continue") == []
    assert "With a link by e-mail you can go on on any device." in text_of(client.get(DRAFT).text)
    save(client, "english", cet4="441")
    assert [mail.recipient for mail in mails("draft_continue")] == ["applicant@example.org"]
    assert "was mailed to applicant@example.org" in text_of(client.get(DRAFT).text)


@pytest.mark.parametrize("name", ["papers-²-title", "papers-" + "9" * 5000 + "-title", "papers-x-title", "papers-0"])
def test_names_of_rows_that_nobody_has_are_left_alone(
    client: FlaskClient, draft: Draft, route: AdmissionRoute, name: str
) -> None:
    with transaction() as session:
        form = {**route.form, "optional": [*route.form["optional"], "papers"]}
        session.execute(update(AdmissionRoute).where(AdmissionRoute.id == route.id).values(form=form))
    assert save(client, "works", **dict[str, Any]({name: "x"})).status_code == 303
    assert saved()["papers"] in (None, [])


def shows(client: FlaskClient, topic: str) -> str:
    return client.application.test_client().get(f"{DRAFT}{topic}/").text


def test_what_is_no_answer_yet_is_kept_as_it_was_typed(client: FlaskClient, draft: Draft) -> None:
    complete(client, draft)
    response = save(client, "about", **ABOUT | {"phone": "12 "})
    assert "as you typed it; still to finish before you submit: Mobile phone" in text_of(response.text)
    assert saved()["phone"] == "+8613800138000"
    page = shows(client, "about")
    assert 'value="12"' in page
    assert errors(page) == ["Enter a mobile number such as 138 0013 8000, or +65 8123 4567 from abroad"]
    page = text_of(client.get(DRAFT + "check/").text)
    assert "Mobile phone Not finished yet" in page
    assert "13800138000" not in page.replace(" ", "")
    assert send(client).status_code == 422
    assert save(client, "about", **ABOUT).status_code == 303
    assert send(client).location.startswith("/en/apply/received/")


def test_a_text_that_is_too_short_is_saved_and_says_what_is_missing(client: FlaskClient, draft: Draft) -> None:
    told = save(client, "statement", statement="I like waves.", autosave="1").json or {}
    assert re.fullmatch(r"Saved at \d\d:\d\d; 287 characters are still missing", told["said"])
    assert "I like waves.</textarea>" in shows(client, "statement")
    assert "In your own words Begun" in text_of(client.get(DRAFT).text)
    told = save(client, "statement", statement="", autosave="1").json or {}
    assert re.fullmatch(r"Saved at \d\d:\d\d", told["said"])
    assert "I like waves." not in shows(client, "statement")


def test_an_answer_that_was_emptied_stays_empty_and_the_links_stay(client: FlaskClient, draft: Draft) -> None:
    save(client, "about", **ABOUT)
    save(client, "about", **ABOUT | {"email": "", "name": ""})
    page = shows(client, "about")
    assert re.search(r'name="name"[^>]*value=""', page)
    assert len(errors(page)) == 2
    assert db.session.scalars(select(Draft.email)).one() == "applicant@example.org"


def test_before_it_is_sent_the_last_look_says_what_is_missing_and_what_the_answers_say(
    client: FlaskClient, draft: Draft
) -> None:
    save(client, "about", **ABOUT | {"email": "qian@gmial.com"})
    save(client, "research", declared="foundations")
    page = client.get(DRAFT + "check/").text
    assert f'<a href="{DRAFT}files/">Your files, still needed: CV</a>' in page
    for words in ("Did you mean qian@gmail.com?", "What your answers say", "Sound mathematics and core courses Met"):
        assert words in text_of(page)
    assert "Your research 1 of 4 required declarations ticked In your own words" in text_of(client.get(DRAFT).text)
    assert "<legend>Required declarations" in " ".join(client.get(DRAFT + "research/").text.split())


def test_declarations_that_are_not_ticked_are_neither_optional_nor_done(client: FlaskClient, draft: Draft) -> None:
    assert "Your research 0 of 4 required declarations ticked In your own words" in text_of(client.get(DRAFT).text)
