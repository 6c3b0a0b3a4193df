"""A right ends when its ground ends: who was let in by a mail to a wrong address is let in no longer."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.accounts.models import BrowserSession
from s2group.admissions.models import AdmissionRoute, Draft, Referee
from s2group.admissions.services import changes, drafts
from s2group.core import clock
from s2group.core.database import transaction
from s2group.extensions import db
from s2group.links.queries import find
from s2group.links.rules import Purpose
from s2group.links.services import forget_expired, issue
from s2group.mail.models import OutboxMail
from s2group.privacy.deletion import delete_application
from tests.support.applying import MORNING, hidden_fields, load_fictional_content
from tests.support.changing import change, mails
from tests.support.drafting import ROUTE
from tests.support.refereeing import FIRST, SECOND, THIRD, apply_with_referees, token_in

KEY = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
DRAFT = f"/en/apply/draft/{KEY}/"
ABOUT: dict[str, Any] = {"name": "Test Applicant", "phone": "138 0013 8000"}
MISTYPED, RIGHT = "mistyped@example.org", "right@example.org"


@pytest.fixture
def route(app: Flask) -> AdmissionRoute:
    load_fictional_content(app)
    return db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == ROUTE)).one()


@pytest.fixture
def draft(route: AdmissionRoute) -> Draft:
    return drafts.start_draft(route=route, key=KEY, answers={}, locale="en", now=clock.now())


def save_address(client: FlaskClient, email: str, address: str = DRAFT, **more: str) -> str:
    """Where the browser is led after the address was given."""
    page = client.get(address + "about/", follow_redirects=True)
    sent = client.post(address + "about/", data={**hidden_fields(page.text), **ABOUT, "email": email, **more})
    assert sent.status_code == (200 if more else 303)
    return sent.location or ""


def token_of(mail: OutboxMail) -> str:
    found = re.search(r"/apply/continue/([\w-]+)/", mail.text)
    assert found
    return found[1]


def test_who_followed_the_link_in_a_misdirected_mail_has_nothing_after_the_correction(app: Flask, draft: Draft) -> None:
    owner, stranger = app.test_client(), app.test_client()
    assert save_address(owner, MISTYPED) == DRAFT + "studies/"
    link = f"/en/apply/continue/{token_of(mails('draft_continue')[0])}/"
    followed = stranger.post(link, data=hidden_fields(stranger.get(link).text))
    assert (followed.status_code, followed.location) == (303, DRAFT)
    elsewhere = stranger.post(DRAFT + "elsewhere/", data=hidden_fields(stranger.get(DRAFT + "elsewhere/").text))
    handoff = re.search(r"/apply/continue/([\w-]{32})/", elsewhere.text)
    assert handoff
    assert find(handoff[1], Purpose.HANDOFF, now=clock.now())
    open_form = hidden_fields(stranger.get(DRAFT + "about/").text)

    led_to = save_address(owner, RIGHT)
    new = led_to.removesuffix("studies/")
    assert new.startswith("/en/apply/draft/")
    assert new != DRAFT
    assert stranger.get(link).status_code == 410
    assert stranger.get(f"/en/apply/continue/{handoff[1]}/").status_code == 410
    for page in ("", "about/", "files/", "check/", "elsewhere/"):
        assert stranger.get(DRAFT + page).status_code == 404
        answer = owner.get(DRAFT + page)
        assert (answer.status_code, answer.location) == (303, new + page)
    assert stranger.post(DRAFT + "about/", data=open_form | ABOUT | {"email": MISTYPED}).status_code == 404
    # What lies open in another tab of the owner's browser is taken.
    sent = owner.post(DRAFT + "studies/", data={**hidden_fields(owner.get(led_to).text), "university": "Test"})
    assert "Test" in owner.get(led_to).text
    assert sent.status_code in (303, 422)
    db.session.expire_all()
    assert (draft.email, DRAFT.replace(KEY, draft.key)) == (RIGHT, new)
    assert [mail.recipient for mail in mails("draft_continue")] == [RIGHT]


def test_a_silent_save_leads_on_as_well_and_twice(app: Flask, draft: Draft) -> None:
    owner = app.test_client()
    save_address(owner, MISTYPED)
    save_address(owner, RIGHT, autosave="y")
    first = draft_key(draft)
    save_address(owner, RIGHT)
    assert draft_key(draft) == first
    save_address(owner, "third@example.org")
    second = draft_key(draft)
    assert len({KEY, first, second}) == 3
    assert [owner.get(f"/en/apply/draft/{key}/").location for key in (KEY, first)] == [f"/en/apply/draft/{second}/"] * 2
    # Nothing was mailed there yet: nobody can have followed a link.
    save_address(owner, "fourth@example.org", autosave="y")
    before = draft_key(draft)
    save_address(owner, "fifth@example.org", autosave="y")
    assert draft_key(draft) == before != second


def draft_key(draft: Draft) -> str:
    db.session.rollback()
    return db.session.scalars(select(Draft.key).where(Draft.id == draft.id)).one()


def test_the_correction_of_a_likely_slip_leads_on(client: FlaskClient, draft: Draft) -> None:
    assert save_address(client, RIGHT) == DRAFT + "studies/"
    asked = save_address(client, "test@gmial.com")
    assert asked.endswith("/email/")
    address = asked.removesuffix("email/")
    sent = client.post(asked, data={**hidden_fields(client.get(asked).text), "correct": "y"})
    assert (sent.status_code, sent.location) == (303, f"/en/apply/draft/{draft_key(draft)}/studies/")
    assert client.get(address).status_code in (200, 303)


def test_a_link_that_has_expired_was_a_way_in_once(app: Flask, draft: Draft) -> None:
    drafts.save_topic(draft=draft, topic="about", answers={"email": MISTYPED}, seen=0, now=MORNING)
    drafts.invite(draft=draft, now=MORNING)
    all_were_accepted()
    later = MORNING + timedelta(days=31)
    assert forget_expired(now=later) == 1
    drafts.save_topic(draft=draft, topic="about", answers={"email": RIGHT}, seen=1, now=later)
    assert draft_key(draft) != KEY


def test_nobody_else_is_noted_anything(app: Flask, draft: Draft) -> None:
    """A browser that only looks has no session."""
    app.test_client().get(DRAFT)
    assert db.session.scalars(select(BrowserSession)).all() == []


def all_were_accepted() -> None:
    with transaction() as session:
        session.execute(update(OutboxMail).values(state="accepted", accepted_at=MORNING))


def waiting_letters() -> list[str]:
    return [mail.recipient for mail in mails("letter_asked")]


def test_what_waits_for_a_replaced_referee_is_not_sent(app: Flask) -> None:
    load_fictional_content(app)
    application = apply_with_referees()
    assert waiting_letters() == [FIRST["email"], SECOND["email"]]
    former = token_in(mails("letter_asked")[1])
    change(application, {"referees": [FIRST, THIRD]})
    assert waiting_letters() == [FIRST["email"], THIRD["email"]]
    assert app.test_client().get(f"/en/apply/letter/{former}/").status_code == 410


def test_what_was_sent_to_a_replaced_referee_stays_on_record_and_its_link_is_dead(app: Flask) -> None:
    load_fictional_content(app)
    application = apply_with_referees()
    all_were_accepted()
    sent = mails("letter_asked")[1]
    change(application, {"referees": [FIRST, THIRD]})
    assert waiting_letters() == [FIRST["email"], SECOND["email"], THIRD["email"]]
    assert app.test_client().get(f"/en/apply/letter/{token_in(sent)}/").status_code == 410


def test_who_withdraws_has_nobody_asked_and_who_comes_back_does(app: Flask) -> None:
    load_fictional_content(app)
    application = apply_with_referees([FIRST])
    letter = f"/en/apply/letter/{token_in(mails('letter_asked')[0])}/"
    changes.withdraw(application=application, now=MORNING)
    assert waiting_letters() == []
    gone = app.test_client().get(letter)
    assert (gone.status_code, "No letter is needed any more" in gone.text) == (410, True)
    changes.take_back_withdrawal(application=application, now=MORNING)
    [again] = mails("letter_asked")
    assert again.recipient == FIRST["email"]
    assert app.test_client().get(f"/en/apply/letter/{token_in(again)}/").status_code == 200


def test_the_letter_link_of_an_application_that_was_deleted_leads_nowhere(app: Flask) -> None:
    load_fictional_content(app)
    application = apply_with_referees([FIRST])
    letter = f"/en/apply/letter/{token_in(mails('letter_asked')[0])}/"
    client = app.test_client()
    form = hidden_fields(client.get(letter).text)
    delete_application(reference=application.reference, reason="request", actor=None, farewell=True, now=MORNING)
    assert client.get(letter).status_code == 410
    assert client.post(letter, data=form).status_code == 410
    assert db.session.scalars(select(Referee)).all() == []


def test_a_hand_off_link_ends_with_its_draft(app: Flask, draft: Draft) -> None:
    now = clock.now()
    token = drafts.hand_over(draft=draft, now=now)
    client = app.test_client()
    page = client.get(f"/en/apply/continue/{token}/")
    assert page.status_code == 200
    with transaction() as session:
        drafts.forget(session, draft.id)
    sent = client.post(f"/en/apply/continue/{token}/", data=hidden_fields(page.text))
    assert sent.status_code == 410


def test_a_link_to_continue_cannot_change_an_application_nor_send_a_letter(app: Flask, draft: Draft) -> None:
    now = clock.now()
    with transaction() as session:
        token = issue(session, purpose=Purpose.CONTINUE, subject=draft.key, now=now)
    assert find(token, Purpose.LETTER, now=now) is None
    assert find(token, Purpose.MANAGE, Purpose.HANDOFF, now=now) is None
    assert app.test_client().get(f"/en/apply/letter/{token}/").status_code == 410
