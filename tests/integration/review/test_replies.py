"""Replies that came to a mailbox of the staff become part of the application's mail."""

import io
import json
from datetime import UTC, datetime
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.accounts.queries import user_by_email
from s2group.admissions.models import Application
from s2group.admissions.replies.models import Reply, ReplyDocument
from s2group.audit.rules import Kind
from s2group.core.permissions import Role
from s2group.custody.queries import abandoned_documents, applications_with_file
from s2group.documents.models import Document
from s2group.documents.store import store
from s2group.evaluation.replies.services import add_reply
from s2group.extensions import db
from s2group.mail.incoming import read_mail
from s2group.mail.queries import mails_of
from s2group.privacy.data_export import write_data_export
from s2group.privacy.deletion import delete_application
from s2group.privacy.retention import _remove_files as remove_files
from tests.support.applying import apply, load_fictional_content, the_application
from tests.support.headings import text_of
from tests.support.moving import move
from tests.support.pdf import make_pdf
from tests.support.replying import reply_with_file, saved_mail
from tests.support.staff import form_token, sign_in

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture
def application(app: Flask, client: FlaskClient) -> Application:
    load_fictional_content(app)
    assert apply(client).status_code == 303
    sign_in(client, Role.PI)
    return the_application()


def drop(client: FlaskClient, path: str, raw: bytes) -> tuple[int, str]:
    """Send a form with a mail; the status, and the words of the page that follows or the complaint."""
    data = {"csrf_token": form_token(client.get(path).text), "file": (io.BytesIO(raw), "reply.eml")}
    answer = client.post(path, data=data)
    shown = client.get(answer.headers["Location"]) if answer.status_code == 303 else answer
    return answer.status_code, text_of(shown.text)


def replies() -> list[Reply]:
    return list(db.session.scalars(select(Reply).order_by(Reply.id)))


def press(client: FlaskClient, reply: Reply, action: str) -> str:
    path = f"/en/review/{reply.application.reference}/replies/{reply.key}/"
    data = {"csrf_token": form_token(client.get(path).text), "action": action}
    answer = client.post(path, data=data)
    assert answer.status_code == 303
    return text_of(client.get(answer.headers["Location"]).text)


def test_on_the_page_of_an_application_a_reply_joins_its_mail(client: FlaskClient, application: Application) -> None:
    page = f"/en/review/{application.reference}/"
    raw = saved_mail("=?utf-8?q?<script>?=", files={"证明.pdf": make_pdf("C"), "a.docx": b"PK\x03\x04", "b.pdf": b""})
    for _ in range(2):  # the same file twice is one reply
        status, said = drop(client, f"{page}replies/add/", raw)
        assert status == 303
        assert "The reply is part of the application's mail now." in said
        for part in ("Mail from applicant@example.org", "证明.pdf", "Not kept a.docx · b.pdf", "I can come."):
            assert part in said
    [reply] = replies()
    assert [event.kind for event in application.events].count(Kind.REPLY_ADDED) == 1
    shown = client.get(page).text
    assert "Reply applicant@example.org <script> 3 September 2026, 09:30 (UTC+8)" in text_of(shown)
    assert "<script> 3" not in shown
    saved = client.get(f"{page}replies/{reply.key}/1.pdf")
    assert (saved.data, saved.headers["Content-Disposition"]) == (
        make_pdf("C"), f"attachment; filename=reply-1-{application.reference}.pdf"
    )  # fmt: skip
    assert client.get(f"{page}replies/{reply.key}/2.pdf").status_code == 404
    reviewer = client.application.test_client()
    sign_in(reviewer, Role.REVIEWER)
    assert "Reply applicant@example.org" in text_of(reviewer.get(page).text)
    assert reviewer.get(f"{page}replies/{reply.key}/").status_code == 404
    digest = reply.files[0].document.sha256
    assert "The reply is gone." in press(client, reply, "remove")
    assert (replies(), store.has(digest), db.session.scalar(select(ReplyDocument))) == ([], False, None)


@pytest.mark.parametrize("by", ["subject", "thread"])
def test_at_the_mail_desk_a_reply_finds_its_application_and_asks(
    client: FlaskClient, application: Application, by: str
) -> None:
    raw = {
        "subject": saved_mail(f"回复：关于申请 {application.reference.lower()}"),
        "thread": saved_mail("Yes", answers=mails_of(application.reference)[-1].message_id),
    }[by]
    status, said = drop(client, "/en/review/mail/reply/", raw)
    assert (status, "It seems to be about the application of Test Applicant" in said) == (303, True)
    page = f"/en/review/{application.reference}/"
    assert "Reply applicant@example.org" not in text_of(client.get(page).text)
    assert "Replies of which to say where they belong 1 applicant@example.org Test Applicant?" in text_of(
        client.get("/en/review/mail/").text
    )
    [reply] = replies()
    if by == "subject":
        assert "Reply applicant@example.org" in press(client, reply, "confirm")
    else:
        assert press(client, reply, "remove").startswith("Mail")
        assert replies() == []
    assert [event.kind for event in application.events].count(Kind.REPLY_ADDED) == (by == "subject")


def test_what_names_no_application_or_is_no_mail_is_said(client: FlaskClient, application: Application) -> None:
    status, said = drop(client, "/en/review/mail/reply/", saved_mail("Hello"))
    assert (status, "It names no application." in said) == (422, True)
    status, said = drop(client, "/en/review/mail/reply/", b"%PDF-1.7")
    assert (status, "This is no saved mail." in said) == (422, True)
    assert replies() == []


def test_a_reply_is_kept_exported_and_goes_with_its_application(application: Application) -> None:
    pi = user_by_email("pi@example.org")
    assert pi
    reply = reply_with_file(application, pi)
    referee = read_mail(saved_mail(sender="referee@example.org", text="In confidence", message_id="<3@x.example.org>"))
    add_reply(application=application, incoming=referee, confirmed=True, actor=pi, now=NOW)
    digest = reply.files[0].document.sha256
    assert applications_with_file(digest) == [application.reference]
    assert digest not in [row.sha256 for row in abandoned_documents(datetime(2100, 1, 1, tzinfo=UTC))]
    archive = io.BytesIO()
    write_data_export(archive, application=application, mails=[], now=NOW)
    with ZipFile(archive) as opened:
        [told] = json.loads(opened.read("application.json"))["replies"]
        assert (told["from"], told["text"], told["subject"]) == (
            "applicant@example.org",
            "I can come.",
            "Re: your mail",
        )
        assert opened.read(told["files"][0]["name"]) == make_pdf("Certificate")
    move(application, "declined")
    assert remove_files(application.reference, datetime(2100, 1, 1, tzinfo=UTC))
    assert (len(replies()), store.has(digest), db.session.scalar(select(ReplyDocument))) == (2, False, None)
    delete_application(reference=application.reference, reason="request", actor=None, now=NOW)
    assert (replies(), db.session.scalar(select(Document))) == ([], None)
