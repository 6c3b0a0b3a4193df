"""A file that turned out, after it was sent, to be one that nobody can open: applicant and group are written to."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.admissions.models import Application
from s2group.admissions.services.changes import withdraw
from s2group.core import clock
from s2group.core.database import transaction
from s2group.custody.services import inspect_again, inspect_waiting
from s2group.documents import inspection
from s2group.documents.models import Document
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support import applying
from tests.support.changing import change, mails
from tests.support.pdf import encrypted_pdf, make_pdf, pageless_pdf
from tests.support.stored import path_of

LOCKED = encrypted_pdf("secret")


@pytest.fixture(autouse=True)
def busy(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has time to look into an upload at once."""
    applying.load_fictional_content(app)
    monkeypatch.setattr(inspection, "glance", lambda _path: inspection.Inspection(is_waiting=True))


def sent(client: FlaskClient, path: str = "/en/apply/", /, **files: bytes) -> Application:
    assert applying.apply(client, path, **{kind: applying.pdf(data) for kind, data in files.items()}).status_code == 303
    return applying.the_application()


def written() -> list[tuple[str, str]]:
    """Every mail about such files: its kind and recipient."""
    found = db.session.scalars(
        select(OutboxMail).where(OutboxMail.message.startswith("file_unreadable")).order_by(OutboxMail.id)
    )
    return [(mail.message, mail.recipient) for mail in found]


APPLICANT = ("file_unreadable", "applicant@example.org")
GROUP = [("file_unreadable_notice", "pi@example.org"), ("file_unreadable_notice", "co@example.org")]


def test_the_applicant_reads_which_file_and_what_to_do(client: FlaskClient) -> None:
    application = sent(client, resume=LOCKED, transcript=pageless_pdf(), rank_proof=make_pdf("rank"))
    inspect_waiting(now=clock.now())
    assert written() == [APPLICANT, *GROUP]
    [mail] = mails("file_unreadable")
    reference = application.reference
    assert (mail.topic, mail.reply_to) == (reference, "pi@example.org")
    assert mail.subject == f"A file of your application could not be opened: {reference}"
    assert mail.text == (
        "Sample Research Group · Sample University\n\n"
        "The portal has looked into the files of your application to Master's by recommended exemption, and not every"
        " one could be opened. They are stored as you sent them.\n\n"
        "CV: This file asks for a password, which nobody here knows.\nReplace it with one that needs none.\n\n"
        "Transcript: The portal could not open this file: look at it on your device.\nReplace it if it does not open"
        " there.\n\n"
        "To replace a file, change your application from its status page. Where it can be changed no longer, answer"
        " this mail.\n\n"
        f"Reference: {reference}\n"
        f"Status: http://127.0.0.1:8000/en/apply/status/{reference}/\n"
    )


def test_the_group_is_told_likewise_in_its_language(client: FlaskClient) -> None:
    application = sent(client, resume=LOCKED)
    inspect_waiting(now=clock.now())
    mail = mails("file_unreadable_notice")[0]
    reference = application.reference
    assert (mail.reply_to, mail.attachments) == ("applicant@example.org", [])
    assert mail.subject == "有文件打不开：" + mails("application_received")[0].subject
    assert mail.text == (
        "系统查看了这份申请的文件，有的打不开。同时也写信告诉了申请人。\n\n"
        f"受理编号：{reference}\n姓名：Test Applicant\n\n简历：打开这份文件要密码。\n"
        f"在系统中查看：http://127.0.0.1:8000/review/{reference}/\n"
    )


def test_whoever_applied_in_chinese_reads_it_in_chinese(client: FlaskClient) -> None:
    application = sent(client, "/apply/", resume=pageless_pdf())
    inspect_waiting(now=clock.now())
    [mail] = mails("file_unreadable")
    assert mail.subject == f"申请 {application.reference} 里有文件打不开"
    assert "简历：系统打不开这份文件：在你的设备上打开看看。\n如果在那里也打不开，换一份。" in mail.text


def test_nobody_is_written_to_about_a_good_file(client: FlaskClient) -> None:
    sent(client, resume=make_pdf("good"), transcript=make_pdf("good too"))
    assert inspect_waiting(now=clock.now()) == 2
    assert written() == []


def test_nobody_is_told_twice_of_one_file(client: FlaskClient) -> None:
    sent(client, resume=pageless_pdf())
    inspect_waiting(now=clock.now())
    for days in range(1, 5):
        inspect_again(now=clock.now() + timedelta(days=days))
    assert db.session.scalars(select(Document.inspections)).all() == [5]
    assert written() == [APPLICANT, *GROUP]


def test_a_fault_found_at_a_later_look_is_told(client: FlaskClient) -> None:
    sent(client, resume=LOCKED)
    path = path_of(db.session.scalars(select(Document.sha256)).one())
    path.rename(path.with_suffix(".away"))
    inspect_waiting(now=clock.now())
    assert written() == []
    path.with_suffix(".away").rename(path)
    inspect_again(now=clock.now() + timedelta(days=1))
    assert written() == [APPLICANT, *GROUP]


def test_one_mail_waits_for_the_last_of_the_files(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(client, resume=LOCKED, transcript=pageless_pdf())
    monkeypatch.setattr("s2group.custody.services.INSPECTIONS_AT_ONCE", 1)
    inspect_waiting(now=clock.now())
    assert written() == []
    inspect_waiting(now=clock.now())
    assert written() == [APPLICANT, *GROUP]


def test_a_file_of_nobody_yet_a_replaced_one_and_a_withdrawn_application_are_not_written_about(
    client: FlaskClient,
) -> None:
    application = sent(client, resume=LOCKED)
    change(application, files={"resume": make_pdf("better")}, now=clock.now())
    assert inspect_waiting(now=clock.now()) == 2
    with transaction() as session:
        session.execute(update(Document).values(inspections=0, inspection="not_machine_checked", fault=None))
    withdraw(application=applying.the_application(), now=clock.now())
    path_of(application.documents[0].document.sha256).write_bytes(LOCKED)
    assert inspect_waiting(now=clock.now()) == 2
    assert written() == []
