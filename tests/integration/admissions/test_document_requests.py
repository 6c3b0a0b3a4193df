"""Further documents: asked for in words, sent once, mailed to the group; and the links that open an application."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from s2group.accounts.models import User
from s2group.accounts.services import add_account
from s2group.admissions.models import Application, DocumentRequest
from s2group.admissions.services.asked_again import ask_again
from s2group.admissions.services.document_requests import NothingAskedError, ask_for_document, send_document
from s2group.admissions.services.notices import LINKS_A_DAY, mail_manage_link
from s2group.audit.rules import DocumentAsked, DocumentSent
from s2group.core.permissions import Role
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.queries import find
from s2group.links.rules import LIFETIMES, TOKEN, Purpose
from s2group.mail.delivery import deliver_due
from tests.support.applying import apply, load_fictional_content, the_application
from tests.support.changing import CHANGED_AT, change, mails, upload
from tests.support.mail import Files
from tests.support.moving import move
from tests.support.pdf import make_pdf
from tests.support.pictures import make_jpeg
from tests.support.staff import PASSWORD

DUE = datetime(2026, 9, 10, 15, 59, tzinfo=UTC)
TEXT = "A certificate of your degree,\nin any language <b>."
MINUTE = timedelta(minutes=1)
PROOF = make_pdf("a certificate")


@pytest.fixture
def application(app: Flask, client: FlaskClient) -> Application:
    load_fictional_content(app)
    apply(client)
    return the_application()


@pytest.fixture
def pi(app: Flask) -> User:
    return add_account(email="pi@example.org", role=Role.PI, password=PASSWORD, now=CHANGED_AT)


def ask(
    application: Application, pi: User, due_at: datetime | None = DUE, told_at: datetime = CHANGED_AT
) -> DocumentRequest:
    return ask_for_document(
        application=application, text=TEXT, due_at=due_at, told_at=told_at, actor=pi, now=CHANGED_AT
    )


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_applicant_is_asked_by_mail_with_a_link_that_works(application: Application, pi: User) -> None:
    asked = ask(application, pi)
    assert (asked.text, asked.due_at, asked.asked_at, asked.actor_id) == (TEXT, DUE, CHANGED_AT, pi.id)
    [mail] = mails("documents_asked")
    assert (mail.recipient, mail.subject) == (
        "applicant@example.org",
        f"The group asks for a further document: {application.reference}",
    )
    assert f"{TEXT}\n" in mail.text
    assert "A certificate of your degree,<br>in any language &lt;b&gt;." in mail.html
    for part in (mail.text, mail.html):
        assert "10 September 2026, 23:59 (UTC+8)" in part
        assert f"http://127.0.0.1:8000/en/apply/status/{application.reference}/" in part
        tokens = re.findall(r"/en/apply/continue/([\w-]+)/", part)
        link = find(tokens[0], Purpose.MANAGE, now=CHANGED_AT + timedelta(days=6))
        assert link and link.subject == application.reference
    db.session.expire_all()
    last = application.events[-1]
    assert (last.details, last.actor_id) == (DocumentAsked(TEXT), pi.id)


@pytest.mark.parametrize(
    ("message", "purpose"), [("documents_asked", Purpose.MANAGE), ("answer_asked", Purpose.ANSWER)]
)
def test_a_link_works_for_its_time_from_when_its_mail_goes_out(
    application: Application, pi: User, message: str, purpose: Purpose
) -> None:
    """It was held, and then nobody delivered it for days."""
    told_at, sent_at = CHANGED_AT + timedelta(minutes=10), CHANGED_AT + timedelta(days=5)
    ask(application, pi, told_at=told_at)
    ask_again(application=application, question="cet4", text=TEXT, due_at=DUE, told_at=told_at, actor=pi,
              now=CHANGED_AT)  # fmt: skip
    [mail] = mails(message)
    [token] = [match[0] for match in TOKEN.finditer(mail.text)]
    deliver_due(now=CHANGED_AT, read_attachment=Files().read)
    assert find(token, purpose, now=CHANGED_AT + LIFETIMES[purpose]) is None
    deliver_due(now=sent_at, read_attachment=Files().read)
    assert find(token, purpose, now=sent_at + LIFETIMES[purpose] - MINUTE)
    assert find(token, purpose, now=sent_at + LIFETIMES[purpose] + MINUTE) is None


def test_without_a_day_none_is_named(application: Application, pi: User) -> None:
    ask(application, pi, due_at=None)
    assert "Send it by" not in mails("documents_asked")[0].text


def test_what_was_asked_for_comes_once_and_goes_to_the_group(application: Application, pi: User) -> None:
    asked = ask(application, pi)
    send_document(asked=asked, document=upload(PROOF), now=CHANGED_AT + timedelta(hours=1))
    with pytest.raises(NothingAskedError):
        send_document(asked=asked, document=upload(PROOF), now=CHANGED_AT)
    db.session.expire_all()
    assert asked.answered_at == CHANGED_AT + timedelta(hours=1)
    assert [(each.kind, each.since, each.until) for each in application.documents] == [
        (f"requested_{asked.id}", 1, None),
        ("resume", 1, None),
    ]
    assert application.events[-1].details == DocumentSent(TEXT)
    sent = mails("document_sent")
    assert [mail.recipient for mail in sent] == ["pi@example.org", "co@example.org"]
    name = f"requested_{asked.id}-{application.reference}.pdf"
    title = f"推免硕士-TestApplicant-TestUniversity-补交材料{asked.id}.pdf"
    assert sent[0].attachments == [{"sha256": sha256(PROOF).hexdigest(), "name": name, "title": title}]
    assert sent[0].subject == "补充材料：推免硕士-Test Applicant-Test University Test College Test Studies"
    assert sent[0].reply_to == "applicant@example.org"
    assert f"http://127.0.0.1:8000/review/{application.reference}/" in sent[0].text


def test_it_stays_when_the_application_is_changed(application: Application, pi: User) -> None:
    send_document(asked=ask(application, pi), document=upload(PROOF), now=CHANGED_AT)
    change(application, files={"resume": make_pdf("newer")})
    assert [each.kind.split("_")[0] for each in application.documents] == ["requested", "resume"]


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_of_what_is_over_nothing_is_asked_and_nothing_comes(application: Application, pi: User, state: str) -> None:
    asked = ask(application, pi)
    move(application, state)
    with pytest.raises(NothingAskedError):
        ask(application, pi)
    with pytest.raises(NothingAskedError):
        send_document(asked=asked, document=upload(PROOF), now=CHANGED_AT)
    assert (count(DocumentRequest), len(application.documents), len(mails("document_sent"))) == (1, 1, 0)


def test_a_decision_that_is_not_shown_keeps_no_document_back(application: Application, pi: User) -> None:
    asked = ask(application, pi)
    move(application, "declined", release=False)
    with pytest.raises(NothingAskedError):
        ask(application, pi)
    send_document(asked=asked, document=upload(PROOF), now=CHANGED_AT)
    assert (len(application.documents), len(mails("document_sent"))) == (2, 2)


def test_a_picture_keeps_its_kind_in_the_mail(application: Application, pi: User) -> None:
    asked = ask(application, pi)
    send_document(asked=asked, document=upload(make_jpeg(), "proof.jpg"), now=CHANGED_AT)
    assert mails("document_sent")[0].attachments[0]["name"] == f"requested_{asked.id}-{application.reference}.jpg"


def test_a_link_goes_to_the_address_of_the_application_and_not_too_often(application: Application) -> None:
    for _ in range(LINKS_A_DAY + 2):
        mail_manage_link(application=application, now=CHANGED_AT)
    assert (len(mails("manage_link")), count(Link)) == (LINKS_A_DAY, LINKS_A_DAY)
    mail = mails("manage_link")[0]
    assert (mail.recipient, mail.subject) == (
        "applicant@example.org",
        f"Your link to the application {application.reference}",
    )
    assert "Test Applicant" not in mail.text + mail.html
    mail_manage_link(application=application, now=CHANGED_AT + timedelta(days=1, seconds=1))
    assert len(mails("manage_link")) == LINKS_A_DAY + 1
