"""Every mail, full of long answers, as wide as people read mail: nothing sideways, nothing squeezed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import select, update

from s2group.accounts.models import User
from s2group.accounts.rules import Notify
from s2group.accounts.services import add_account
from s2group.admissions.models import AdmissionRoute, Application, Call, Referee
from s2group.admissions.rules.states import State
from s2group.admissions.services import document_requests, drafts, letters, referees
from s2group.admissions.services.changes import take_back_withdrawal, withdraw
from s2group.admissions.services.notices import mail_manage_link, tell_of_unreadable
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.documents import inspection
from s2group.evaluation.pipeline.services import Choice, decide
from s2group.evaluation.releases.services import (
    decision_messages,
    free_messages,
    free_template,
    release,
    take_effect,
)
from s2group.evaluation.reminders.jobs import remind_of_answers
from s2group.extensions import db
from s2group.mail.digest import send_digest
from s2group.mail.models import OutboxMail
from s2group.privacy.deletion import delete_application
from tests.support.applying import MORNING, load_fictional_content
from tests.support.changing import change, upload
from tests.support.inspecting import patiently
from tests.support.mailing import (
    ask_once_more,
    extend_for_one,
    let_a_member_propose,
    let_somebody_in,
    mention_a_colleague,
    recipients,
    tell_of_an_offer,
    tell_of_interviews,
)
from tests.support.pdf import make_pdf
from tests.support.refereeing import ANSWERS, FIRST, SECOND, apply_with_referees
from tests.support.staff import submit

only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
LONG = {
    "university": "测试大学" * 12,
    "college": "A College Of A Very Long Name " * 4,
    "major": "x" * 120,
    "statement": "很长的一段话，" * 200 + "https://example.org/" + "a" * 300,
    "research_plan": "A plan of some length. " * 40 + "\n第二行\n" + "y" * 200,
    "rank": 27,
    "cohort_size": 181,
    "gpa": 3.62,
    "gpa_scale": "4.0",
    "cet4": 561,
}
FOLDERS = {path.name for path in Path("templates/mail").iterdir() if path.is_dir()} - {"letter"}
# Staff who are written to, and everybody else who is.
INSIDE = {f"{name}@example.org" for name in ("pi", "admin", "colleague", "elsewhere", "invited", "editor", "member")}
OUTSIDE = {"applicant@example.org", FIRST["email"], SECOND["email"], "draft@example.org", "later@example.org"}
# What a column of words must have at least; a label of two Chinese words has 64 px.
NARROWEST = 80
SQUEEZED = f"""() => [...document.querySelectorAll('th, td, p, li, h1, h2')]
    .filter(each => each.getBoundingClientRect().width < {NARROWEST}).map(each => each.outerHTML.slice(0, 200))"""


@pytest.fixture
def mails(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, OutboxMail]]:
    """One mail of every kind, the first that was written."""
    # On a busy machine a second is not enough, and of files that wait to be looked into nothing is written.
    monkeypatch.setattr(inspection, "glance", patiently)
    load_fictional_content(app)
    application = apply_with_referees(
        answers={**ANSWERS, **LONG, "referees": [FIRST, SECOND]}, name="Test Applicant " + "甲" * 30
    )
    actor = _ask_and_answer(application)
    change(application, {"cet4": 399, "statement": "z" * 400, "phone": "13800138001"}, {"resume": make_pdf("newer")})
    _tell_of_a_file(application)
    withdraw(application=application, now=MORNING + DAY)
    take_back_withdrawal(application=application, now=MORNING + DAY)
    _remind(application)
    submit(client, "/en/account/sign-in-link/", email=actor.email)
    mail_manage_link(application=application, now=MORNING)
    decide(application=application, choice=Choice(State.SCREENING), actor=actor, now=MORNING)
    _write(application, actor)
    tell_of_interviews(application, actor)
    tell_of_an_offer(application)
    mention_a_colleague(application, client, actor, MORNING)
    extend_for_one(application, actor, MORNING)
    let_somebody_in(client)
    let_a_member_propose(client)
    reference, found = application.reference, _kinds()
    delete_application(
        reference=reference,
        reason="request",
        actor=None,
        farewell=True,
        now=MORNING,
    )
    yield found | _kinds()


def _write(application: Application, actor: User) -> None:
    """A decision, and a message without one."""
    told = [decision_messages([application]), free_messages([application], free_template())]
    for messages in told:
        release(items=messages, actor=actor, now=MORNING)
    take_effect(now=MORNING + DAY)


def _tell_of_a_file(application: Application) -> None:
    resume = next(entry.document for entry in application.documents if entry.kind == "resume")
    with transaction() as session:
        resume.fault = "encrypted"
        tell_of_unreadable(session, application=application, document=resume, now=MORNING)


def _ask_and_answer(application: Application) -> User:
    actor = add_account(email="pi@example.org", role=Role.PI, password="a long fictional passphrase", now=MORNING)
    asked = document_requests.ask_for_document(
        application=application,
        text="一份文件，" * 80,
        due_at=MORNING + DAY,
        told_at=MORNING,
        actor=actor,
        now=MORNING,
    )
    document_requests.send_document(asked=asked, document=upload(make_pdf("asked"), now=MORNING), now=MORNING)
    ask_once_more(application, actor, MORNING)
    remind_of_answers(notify=Notify.AT_ONCE, now=application.answer_due_at - DAY)
    [first, _] = db.session.scalars(select(Referee).order_by(Referee.id)).all()
    letters.receive_letter(referee_id=first.id, document=upload(make_pdf("letter"), now=MORNING), now=MORNING)
    return actor


def _remind(application: Application) -> None:
    route = db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == "phd-assessment")).one()
    with transaction() as session:
        session.execute(update(Call).values(closes_at=MORNING + 15 * DAY))
    draft = drafts.start_draft(route=route, key="d", answers={}, locale="en", now=MORNING)
    drafts.save_topic(draft=draft, topic="about", answers={"email": "draft@example.org"}, seen=0, now=MORNING)
    drafts.mail_links(email="draft@example.org", now=MORNING)
    drafts.remind(now=MORNING + 13 * DAY, before=3 * DAY)
    referees.remind_referees(now=MORNING + 12 * DAY)
    with transaction() as session:
        session.execute(update(OutboxMail).where(OutboxMail.message == "manage_link").values(state="stuck"))
        session.execute(update(OutboxMail).where(OutboxMail.message == "application_received").values(state="stuck"))
    send_digest(to=["admin@example.org"], locale="zh", now=MORNING + DAY)


def _kinds() -> dict[str, OutboxMail]:
    found: dict[str, OutboxMail] = {}
    for mail in db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)):
        found.setdefault(mail.message, mail)
    db.session.expunge_all()
    return found


@only_sqlite
def test_every_mail_holds_on_a_phone_and_in_a_mail_program(mails: dict[str, OutboxMail], browser: Browser) -> None:
    page = browser.new_page()
    assert set(mails) == FOLDERS
    for width in (320, 600):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            for message, mail in mails.items():
                page.set_content(mail.html)
                where = f"{message} at {width} px, {scheme}"
                assert page.evaluate("document.documentElement.scrollWidth") <= width, where
                assert page.evaluate(SQUEEZED) == [], where


@only_sqlite
def test_the_group_reads_first_who_it_is_and_how_they_stand(mails: dict[str, OutboxMail]) -> None:
    lines = mails["application_received"].text.splitlines()
    assert lines[0].startswith("Test Applicant")
    assert lines[1].startswith("测试大学")
    assert lines[2] == "27/181 = 14.9 % · GPA 3.62/4.0"
    assert lines[3] == "1 项符合 · 2 项待确认"
    assert "英语四级：561 → 399" in mails["application_changed"].text


@only_sqlite
def test_every_mail_names_the_group_and_is_answered_by_it(mails: dict[str, OutboxMail]) -> None:
    assert recipients(mails) <= INSIDE | OUTSIDE
    for message in (name for name, mail in mails.items() if OUTSIDE & set(mail.to)):
        assert mails[message].text.splitlines()[0] in (
            "示例研究组 · 示例大学",
            "Sample Research Group · Sample University",
        ), message
        assert mails[message].reply_to == "pi@example.org", message
