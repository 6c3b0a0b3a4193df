"""A notice that came back by mail is pasted or dropped at the desk, and the mail it names is marked."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from s2group.accounts.queries import names_of
from s2group.audit.rules import MailCameBack
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.extensions import db
from s2group.mail.bounces import LONGEST_NOTICE
from s2group.mail.models import OutboxMail
from s2group.mail.rules import State
from tests.support import applying, bounces
from tests.support.staff import form_token, sign_in

FORM = "/en/review/mail/bounce/"
SENT = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
EVERY_SYSTEM = (bounces.postfix, bounces.exim, bounces.old_exim, bounces.qq, bounces.netease, bounces.microsoft)


@pytest.fixture
def staff(app: Flask, client: FlaskClient) -> FlaskClient:
    """The PI, signed in, after Test Applicant has applied and all mail was accepted."""
    applying.load_fictional_content(app)
    applying.apply(client)
    _set(state="accepted", accepted_at=SENT, reply_code=250, reply_text="2.0.0 OK")
    sign_in(client, Role.PI)
    return client


def _set(**values: Any) -> None:
    with transaction() as session:
        session.execute(update(OutboxMail).where(OutboxMail.recipient == bounces.RECIPIENT).values(**values))


def _mail() -> OutboxMail:
    """The mail to the PI."""
    db.session.expire_all()
    return db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == bounces.RECIPIENT)).one()


def _send(client: FlaskClient, **fields: Any) -> TestResponse:
    if "file" in fields:
        fields["file"] = io.BytesIO(fields["file"]), "notice.eml"
    response = client.post(
        FORM,
        data={"csrf_token": form_token(client.get(FORM).text), **fields},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    response.request.environ["wsgi.input"].close()
    return response


@pytest.mark.parametrize("notice", EVERY_SYSTEM, ids=lambda notice: notice.__name__)
def test_a_notice_from_any_system_marks_the_mail_it_names(staff: FlaskClient, notice: Callable[[str], bytes]) -> None:
    response = _send(staff, file=notice(_mail().message_id))
    assert response.request.path == f"/en/review/mail/{_mail().key}/"
    assert "Recorded: this mail came back." in response.text
    mail = _mail()
    assert (mail.state, mail.accepted_at, mail.reply_code) == ("bounced", SENT, 250)
    assert mail.bounce_text is not None
    assert "550" in mail.bounce_text or "552" in mail.bounce_text
    others = select(OutboxMail.state).where(OutboxMail.recipient != bounces.RECIPIENT)
    assert set(db.session.scalars(others)) == {"waiting"}
    event = applying.the_application().events[-1]
    assert event.details == MailCameBack("pi@example.org")
    assert names_of([event.actor_id]) == {event.actor_id: "pi"}


def test_a_notice_may_be_pasted(staff: FlaskClient) -> None:
    pasted = "\r\n" + bounces.microsoft(_mail().message_id).decode().replace("\n", "\r\n")
    assert _send(staff, text=pasted).status_code == 200
    assert _mail().bounce_text is not None
    assert str(_mail().bounce_text).startswith(
        "Final-Recipient: pi@example.org\nStatus: 5.1.10\nDiagnostic-Code: 550 5.1.10"
    )
    desk = staff.get("/en/review/mail/").text
    assert "Needs somebody" in desk
    assert 'Status code: <span lang="en">5.1.10</span>' in desk


def test_what_came_back_is_shown_as_text_only(staff: FlaskClient) -> None:
    _send(staff, text=f"<script>evil()</script> 550 no {_mail().message_id}")
    page = staff.get(f"/en/review/mail/{_mail().key}/").text
    assert "&lt;script&gt;evil()" in page
    assert "<script>evil" not in page


@pytest.mark.parametrize("state", ["waiting", "sending", "stuck", "bounced"])
def test_a_notice_about_a_mail_in_another_state_changes_nothing_and_is_told_kindly(
    staff: FlaskClient, state: State
) -> None:
    _set(state=state, bounce_text="before")
    response = _send(staff, file=bounces.postfix(_mail().message_id))
    assert "The notice is about this mail. Nothing was changed" in response.text
    assert (_mail().state, _mail().bounce_text) == (state, "before")
    assert [event.kind for event in applying.the_application().events] == ["submitted"]


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (bounces.exim_warning, "says that it is only late"),
        (lambda message_id: bounces.postfix(message_id, action="delayed"), "says that it is only late"),
        (lambda message_id: bounces.postfix(message_id, action="relayed"), "reports no failure"),
    ],
)
def test_a_notice_that_is_no_failure_moves_nothing(
    staff: FlaskClient, notice: Callable[[str], bytes], words: str
) -> None:
    assert words in _send(staff, file=notice(_mail().message_id)).text
    assert (_mail().state, _mail().bounce_text) == ("accepted", None)


def test_a_notice_about_no_mail_of_ours_is_refused_and_what_was_pasted_is_kept(staff: FlaskClient) -> None:
    foreign = bounces.postfix("<0123456789abcdef0123456789abcdef@portal.example.org>").decode()
    response = _send(staff, text=foreign)
    assert response.status_code == 422
    assert response.text.count("No mail of this portal is named in it.") == 2
    assert "I&#39;m sorry to have to inform you" in response.text
    assert _mail().state == "accepted"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Paste the source of the notice, or choose its file"),
        ({"text": " \n"}, "Paste the source of the notice, or choose its file"),
        ({"file": b""}, "Paste the source of the notice, or choose its file"),
        ({"file": b"x" * (LONGEST_NOTICE + 1)}, "The notice is larger than 1 MB."),
        ({"text": "x" * (LONGEST_NOTICE + 1)}, "The notice is larger than 1 MB."),
        ({"file": b"\xff\x00" * 100}, "No mail of this portal is named in it."),
    ],
)
def test_what_is_no_notice_gets_a_clear_answer(staff: FlaskClient, fields: dict[str, Any], words: str) -> None:
    response = _send(staff, **fields)
    assert (response.status_code, response.text.count(words)) == (422, 2)
