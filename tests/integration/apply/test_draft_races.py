"""Two browsers at the same draft in the same instant, on real threads: nothing is lost, doubled or overwritten."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from s2group.admissions.models import AdmissionRoute, Application, Draft
from s2group.admissions.services import drafts, submissions
from s2group.apply.views import handoff
from s2group.apply.views import links as links_view
from s2group.apply.views import start as start_view
from s2group.core import clock
from s2group.documents.services import take_upload
from s2group.extensions import db
from s2group.links.models import Link
from s2group.mail.models import OutboxMail
from tests.support.applying import hidden_fields, load_fictional_content, pdf, the_application
from tests.support.owning import let_change

KEY = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
DRAFT = f"/en/apply/draft/{KEY}/"
ANSWERS = {
    "name": "Test Applicant", "email": "applicant@example.org", "phone": "+8613800138000",
    "university": "Test University", "college": "Test College", "major": "Test Studies", "exemption_status": "has",
    "cet4": 430,
}  # fmt: skip
# Nobody waits for longer than this for somebody who does not come.
PATIENCE = 20
Request = Callable[[FlaskClient], TestResponse]


@pytest.fixture
def route(app: Flask) -> AdmissionRoute:
    load_fictional_content(app)
    return db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.id)).first() or pytest.fail()


@pytest.fixture
def draft(route: AdmissionRoute) -> Draft:
    """One that lacks nothing."""
    draft = drafts.start_draft(route=route, key=KEY, answers=ANSWERS, locale="en", now=clock.now())
    stream, name = pdf()
    document = take_upload(stream=stream, original_name=name, now=clock.now())
    drafts.attach(draft=draft, kind="resume", document=document, now=clock.now())
    return draft


class Race:
    """Requests of several browsers that meet just before they write, each having read what there was."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app, self.monkeypatch = app, monkeypatch
        self.gate = threading.Barrier(1)
        self.arrived, self.answered = threading.Event(), threading.Event()

    def meet(self, *places: tuple[ModuleType, str]) -> None:
        """Let everybody wait for the others before these functions."""
        for module, name in places:
            self._hold_up(module, name, lambda: self.gate.wait(PATIENCE))

    def follow(self, module: ModuleType, name: str, first: Request) -> Request:
        """`first`, begun when somebody else has come to this function; who came waits until it is answered."""

        def wait() -> None:
            self.arrived.set()
            assert self.answered.wait(PATIENCE)

        def request(browser: FlaskClient) -> TestResponse:
            assert self.arrived.wait(PATIENCE)
            answer = first(browser)
            self.answered.set()
            return answer

        self._hold_up(module, name, wait)
        return request

    def _hold_up(self, module: ModuleType, name: str, wait: Callable[[], object]) -> None:
        service = getattr(module, name)

        def held_up(**arguments: Any) -> Any:
            wait()
            return service(**arguments)

        self.monkeypatch.setattr(module, name, held_up)

    def run(self, *requests: Request) -> list[TestResponse]:
        """The answers, in the order of the requests; each comes from a browser of its own."""
        self.gate = threading.Barrier(len(requests))
        db.session.rollback()
        with ThreadPoolExecutor(len(requests)) as browsers:
            answers = list(browsers.map(self._ask, requests))
        db.session.rollback()
        return answers

    def _ask(self, request: Request) -> TestResponse:
        with self.app.app_context():
            return request(self.app.test_client())


@pytest.fixture
def race(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Race:
    return Race(app, monkeypatch)


def submits(browser: FlaskClient) -> TestResponse:
    hidden = hidden_fields(browser.get(DRAFT + "check/").text)
    return browser.post(DRAFT + "check/", data={**hidden, "consent": "y"})


def saves(topic: str, **answers: str) -> Request:
    def request(browser: FlaskClient) -> TestResponse:
        hidden = hidden_fields(browser.get(DRAFT + f"{topic}/").text)
        return browser.post(DRAFT + f"{topic}/", data={**hidden, **answers})

    return request


def count(model: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def receipt() -> str:
    return f"/en/apply/received/{the_application().reference}/"


def mails() -> list[tuple[str, str]]:
    rows = db.session.execute(select(OutboxMail.message, OutboxMail.recipient))
    return sorted((message, recipient) for message, recipient in rows)


@pytest.mark.parametrize("number", [2, 4])
def test_submissions_at_once_make_one_application_and_all_get_its_receipt(
    draft: Draft, race: Race, number: int
) -> None:
    race.meet((submissions, "submit_draft"))
    answers = race.run(*[submits] * number)
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, receipt())] * number
    assert (count(Application), count(Draft)) == (1, 0)
    assert mails() == [
        ("application_confirmation", "applicant@example.org"),
        ("application_received", "co@example.org"),
        ("application_received", "pi@example.org"),
    ]


def test_a_save_and_a_submission_at_once_agree_on_what_was_sent(draft: Draft, race: Race) -> None:
    race.meet((submissions, "submit_draft"), (drafts, "save_topic"))
    sent, saved = race.run(submits, saves("english", cet4="500"))
    assert (sent.status_code, sent.location) == (303, receipt())
    was_saved_first = saved.location == DRAFT + "research/"
    assert (saved.status_code, was_saved_first or saved.location == DRAFT + "english/") == (303, True)
    assert the_application().answers["cet4"] == (500 if was_saved_first else 430)
    assert count(Draft) == 0


@pytest.mark.parametrize("autosave", [{}, {"autosave": "1"}])
def test_whoever_saves_what_was_sent_meanwhile_is_led_to_the_receipt(
    app: Flask, draft: Draft, race: Race, autosave: dict[str, str]
) -> None:
    submits_first = race.follow(drafts, "save_topic", submits)
    sent, saved = race.run(submits_first, saves("english", cet4="500", **autosave))
    assert (sent.status_code, sent.location) == (303, receipt())
    assert (saved.status_code, saved.location) == (303, DRAFT + "english/")
    assert app.test_client().get(saved.location).location == receipt()
    assert the_application().answers["cet4"] == 430


def test_what_was_saved_while_the_submission_was_under_way_is_sent(draft: Draft, race: Race) -> None:
    saves_first = race.follow(submissions, "submit_draft", saves("english", cet4="500"))
    sent, saved = race.run(submits, saves_first)
    assert (saved.status_code, saved.location) == (303, DRAFT + "research/")
    assert (sent.status_code, sent.location) == (303, receipt())
    assert the_application().answers["cet4"] == 500


def test_what_was_taken_out_while_the_submission_was_under_way_is_asked_for(draft: Draft, race: Race) -> None:
    def removes_the_resume(browser: FlaskClient) -> TestResponse:
        hidden = hidden_fields(browser.get(DRAFT + "files/").text)
        return browser.post(DRAFT + "files/resume/", data={"csrf_token": hidden["csrf_token"], "remove": "y"})

    sent, removed = race.run(submits, race.follow(submissions, "submit_draft", removes_the_resume))
    assert removed.status_code == 303
    assert (sent.status_code, sent.location) == (303, DRAFT + "check/")
    assert (count(Application), count(Draft)) == (0, 1)


def test_a_file_that_comes_after_the_submission_leads_to_the_receipt(app: Flask, draft: Draft, race: Race) -> None:
    submits_first = race.follow(drafts, "attach", submits)

    def uploads(browser: FlaskClient) -> TestResponse:
        hidden = hidden_fields(browser.get(DRAFT + "files/").text)
        return browser.post(DRAFT + "files/transcript/", data={"csrf_token": hidden["csrf_token"], "transcript": pdf()})

    sent, uploaded = race.run(submits_first, uploads)
    assert (sent.status_code, sent.location) == (303, receipt())
    assert uploaded.status_code == 303
    assert app.test_client().get(uploaded.location).location == receipt()
    assert [entry.kind for entry in the_application().documents] == ["resume"]


@pytest.mark.parametrize("number", [2, 4])
def test_of_tabs_that_save_different_answers_at_once_all_but_one_are_told(
    draft: Draft, race: Race, number: int
) -> None:
    race.meet((drafts, "save_topic"))
    scores = [str(500 + tab) for tab in range(number)]
    answers = race.run(*[saves("english", cet4=score) for score in scores])
    assert sorted(answer.status_code for answer in answers) == [303, *[409] * (number - 1)]
    told = {score: answer.text for score, answer in zip(scores, answers, strict=True) if answer.status_code == 409}
    assert all(re.search(rf'name="cet4"[^>]*value="{score}"', page) for score, page in told.items())
    assert all(hidden_fields(page)["seen"] == "1" for page in told.values())
    (stored,) = db.session.scalars(select(Draft))
    assert str(stored.answers["cet4"]) in set(scores) - set(told)
    assert stored.saves == {"english": 1}


def test_tabs_that_save_the_same_at_once_are_both_content_and_one_link_is_mailed(draft: Draft, race: Race) -> None:
    race.meet((drafts, "save_topic"))
    about = saves("about", name="Test Applicant", email="other@example.org", phone="138 0013 8000")
    assert [answer.status_code for answer in race.run(about, about)] == [303, 303]
    assert mails() == [("draft_continue", "other@example.org")]


def test_tabs_of_different_topics_lose_nothing_at_once(draft: Draft, race: Race) -> None:
    race.meet((drafts, "save_topic"))
    english, studies = saves("english", cet4="500"), saves(
        "studies", university="Other University", college="Test College", major="Other Studies",
        exemption_status="expected",
    )  # fmt: skip
    assert [answer.status_code for answer in race.run(english, studies)] == [303, 303]
    (stored,) = db.session.scalars(select(Draft))
    assert stored.answers["cet4"] == 500
    assert (stored.answers["university"], stored.answers["exemption_status"]) == ("Other University", "expected")
    assert stored.saves == {"english": 1, "studies": 1}


def test_a_hand_off_link_that_two_browsers_open_at_once_lets_one_in(
    app: Flask, client: FlaskClient, draft: Draft, race: Race
) -> None:
    shown = client.post(DRAFT + "elsewhere/", data=hidden_fields(client.get(DRAFT + "elsewhere/").text))
    found = re.search(r"/en/apply/continue/[\w-]+/", shown.text)
    assert found
    link = found[0]

    def opens(browser: FlaskClient) -> TestResponse:
        return browser.post(link, data=hidden_fields(browser.get(link).text))

    race.meet((links_view, "follow_link"))
    first, second = sorted(race.run(opens, opens), key=lambda answer: answer.status_code)
    assert (first.status_code, first.location) == (303, DRAFT)
    assert second.status_code == 410
    assert "This link no longer works" in second.text
    assert app.test_client().get(link).status_code == 410


@pytest.mark.parametrize("service", [(links_view, "mail_links"), (handoff, "hand_over")])
def test_a_link_that_is_asked_for_during_the_submission_does_no_harm(
    draft: Draft, race: Race, service: tuple[ModuleType, str]
) -> None:
    db.session.execute(Draft.__table__.update().values(email="applicant@example.org"))  # type: ignore[attr-defined]
    db.session.commit()
    page, field = {
        "mail_links": ("/en/apply/continue/", {"email": "applicant@example.org"}),
        "hand_over": (DRAFT + "elsewhere/", {}),
    }[service[1]]

    def asks(browser: FlaskClient) -> TestResponse:
        return browser.post(page, data={**hidden_fields(browser.get(page).text), **field})

    race.meet((submissions, "submit_draft"), service)
    sent, asked = race.run(submits, asks)
    assert (sent.status_code, sent.location) == (303, receipt())
    assert asked.status_code in (200, 303)
    assert (count(Draft), count(Link)) == (0, 0)


def test_a_start_button_pressed_twice_at_once_starts_one_draft(route: AdmissionRoute, race: Race) -> None:
    race.meet((start_view, "start_draft"))
    key = "s" * 32

    def starts(browser: FlaskClient) -> TestResponse:
        hidden = hidden_fields(browser.get("/en/apply/").text)
        return browser.post("/en/apply/", data={**hidden, "form_key": key, "route": "recommended-exemption-master"})

    answers = race.run(starts, starts)
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, f"/en/apply/draft/{key}/")] * 2
    assert count(Draft) == 1


def test_an_edit_button_pressed_twice_at_once_begins_one_change(
    client: FlaskClient, draft: Draft, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second one would later be gone on with, and undo what the first one said."""
    submits(client)
    reference = the_application().reference
    both, start_change = threading.Barrier(2), drafts.start_change

    def together(*arguments: Any, **named: Any) -> Draft:
        with suppress(threading.BrokenBarrierError):
            both.wait(0.5)  # nobody else comes where only one may begin
        return start_change(*arguments, **named)

    def edits(browser: FlaskClient) -> TestResponse:
        let_change(browser, the_application())
        hidden = hidden_fields(browser.get(f"/en/apply/status/{reference}/").text)
        return browser.post(f"/en/apply/status/{reference}/edit/", data={"csrf_token": hidden["csrf_token"]})

    monkeypatch.setattr(drafts, "start_change", together)
    first, second = race.run(edits, edits)
    (begun,) = db.session.scalars(select(Draft))
    assert [first.location, second.location] == [f"/en/apply/draft/{begun.key}/"] * 2
