"""A changed application is in custody as a new one is: its steps_of begins anew, the check knows its versions, a
deletion takes all of them."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, delete, func, select, update

from s2group.accounts.models import User
from s2group.accounts.services import add_account
from s2group.admissions.facts.services import rebuild_facts
from s2group.admissions.models import (
    Application,
    ApplicationDocument,
    DraftDocument,
    FormerVersion,
    Referee,
)  # fmt: skip
from s2group.admissions.services.changes import begin_change
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.custody.delivery_status import applicants_delivery_status, delivery_status
from s2group.custody.reconciliation import reconcile
from s2group.custody.rules import DeliveryStep
from s2group.documents.models import Document
from s2group.documents.verification import verify_stored
from s2group.evaluation.desk.rows import rows_of
from s2group.evaluation.services import open_application
from s2group.extensions import Base, db
from s2group.links.models import Link
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mails_of
from s2group.privacy.deletion import delete_application
from tests.support.applying import MORNING, apply, load_fictional_content, pdf, the_application
from tests.support.backups import files, fill, rows
from tests.support.changing import CHANGED_AT, change, mails
from tests.support.pdf import make_pdf
from tests.support.staff import PASSWORD

BEFORE = CHANGED_AT - timedelta(hours=1)


@pytest.fixture
def application(app: Flask, client: FlaskClient) -> Application:
    load_fictional_content(app)
    apply(client, transcript=pdf(make_pdf("grades"), "grades.pdf"))
    with transaction() as session:
        session.execute(update(Application).values(submitted_at=MORNING, state_at=MORNING))
        session.execute(update(OutboxMail).values(created_at=MORNING))
    rebuild_facts()
    return the_application()


@pytest.fixture
def pi(app: Flask) -> User:
    return add_account(email="pi@example.org", role=Role.PI, password=PASSWORD, now=MORNING)


def found() -> list[str]:
    db.session.rollback()
    return [str(difference) for difference in reconcile(now=CHANGED_AT)]


def steps_of(application: Application) -> tuple[DeliveryStep, ...]:
    db.session.expire_all()
    return delivery_status(application, mails_of(application.reference), {}, held=False)


def is_new_to(user: User, application: Application) -> bool:
    """As their next request finds it: a look is written on a connection of its own."""
    db.session.rollback()
    [row] = rows_of(user, [application.id], "zh", CHANGED_AT)
    return row.is_new


def accept(**when: Any) -> None:
    with transaction() as session:
        session.execute(update(OutboxMail).filter_by(**when).values(state="accepted", accepted_at=CHANGED_AT))


def test_nothing_differs_after_a_change_and_nothing_is_nobodys(application: Application) -> None:
    change(application, {"cet4": 500}, files={"resume": make_pdf("newer")}, removed=("transcript",))
    assert found() == []


@pytest.mark.parametrize(
    ("harm", "difference"),
    [
        (lambda: delete(FormerVersion), "application without one of its versions"),
        (
            lambda: delete(OutboxMail).where(OutboxMail.message == "application_changed"),
            "changed application without a mail to the group",
        ),
        (
            lambda: delete(ApplicationDocument).where(
                ApplicationDocument.kind == "resume", ApplicationDocument.until.is_(None)
            ),
            "application without a résumé",
        ),
    ],
)
def test_a_change_that_lacks_something_is_told(application: Application, harm: Any, difference: str) -> None:
    change(application, files={"resume": make_pdf("newer")})
    with transaction() as session:
        session.execute(harm())
    assert found() == [f"{difference}: {application.reference}"]


def test_an_application_whose_files_were_removed_is_not_told(application: Application) -> None:
    with transaction() as session:
        session.execute(delete(ApplicationDocument))
        session.execute(update(Application).values(files_removed_at=CHANGED_AT))
    assert found() == []
    received, stored, *_ = steps_of(application)
    assert (received.files, stored.state, stored.at, stored.files) == ([], "done", CHANGED_AT, ())


def test_a_damaged_letter_is_told_with_the_application_it_is_about(application: Application) -> None:
    letter = db.session.scalars(select(ApplicationDocument).where(ApplicationDocument.kind == "transcript")).one()
    document_id, digest = letter.document_id, letter.document.sha256
    with transaction() as session:
        session.execute(delete(ApplicationDocument).where(ApplicationDocument.document_id == document_id))
        session.add(Referee(application_id=application.id, position=1, name="测试丙", email="c@example.org", title="",
                            asked_at=MORNING, document_id=document_id))  # fmt: skip
        session.execute(update(Document).where(Document.id == document_id).values(size=1))
    assert found() == [f"file of another size than its row says: {digest} of {application.reference}"]


def test_the_delivery_status_begins_anew_with_each_version(application: Application, pi: User) -> None:
    verify_stored(limit=10, now=BEFORE)
    accept(message="application_received")
    open_application(reference=application.reference, actor=pi, now=BEFORE)
    assert [step.state for step in steps_of(application)] == ["done"] * 4
    change(application, files={"resume": make_pdf("newer")})

    received, stored, mailed, opened = steps_of(application)
    assert received.at == CHANGED_AT
    assert [(file.kind, file.state) for file in stored.files] == [("resume", "under way"), ("transcript", "done")]
    # The first mails still count: they brought the transcript.
    assert [mail.progress for mail in mailed.mails] == ["accepted", "accepted", "waiting", "waiting"]
    assert (mailed.state, opened.state, opened.looks) == ("under way", "under way", [])
    assert is_new_to(pi, application) is True

    open_application(reference=application.reference, actor=pi, now=CHANGED_AT + timedelta(hours=1))
    open_application(reference=application.reference, actor=pi, now=CHANGED_AT + timedelta(hours=2))
    assert [look.at for look in steps_of(application)[3].looks] == [CHANGED_AT + timedelta(hours=1)]
    assert applicants_delivery_status(application, [])[3].state == "done"
    assert is_new_to(pi, application) is False


def test_of_a_change_that_replaces_every_file_only_its_own_mails_count(application: Application) -> None:
    change(application, files={"resume": make_pdf("newer"), "transcript": make_pdf("better grades")})
    assert len(steps_of(application)[2].mails) == 2


def tables_about_applications() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if "application_id" in table.columns]


def links() -> list[str]:
    return list(db.session.scalars(select(Link.purpose).order_by(Link.purpose)))


def test_a_deletion_empties_every_table_that_knows_of_applications(app: Flask, client: FlaskClient) -> None:
    references = fill(app, client)
    before = {table.name: _count(table) for table in tables_about_applications()}
    assert all(before.values()), "tests/support/backups.fill() puts something into each"
    for reference in references:
        delete_application(reference=reference, reason="request", actor=None, now=MORNING)
    assert [table.name for table in tables_about_applications() if _count(table)] == []
    assert _count(Base.metadata.tables["application"]) == 0
    # Of somebody who has not applied yet, and a paper of the public record.
    assert (_count_all("draft"), links(), len(files(app))) == (1, ["continue", "contribute", "first_admin"], 2)


def test_a_deletion_takes_former_versions_drafts_and_their_files(app: Flask, application: Application) -> None:
    change(application, files={"resume": make_pdf("newer")}, key="key-of-the-first-change-")
    draft = begin_change(application=application, key="key-of-the-second-change", now=CHANGED_AT)
    with transaction() as session:
        document = Document(token="t" * 20, sha256="0" * 64, size=1, original_name="x.pdf", inspection="checked",
                            findings=[], stored_at=CHANGED_AT)  # fmt: skip
        session.add(document)
        session.flush()
        session.add(DraftDocument(draft_id=draft.id, kind="other", document_id=document.id))
    delete_application(reference=application.reference, reason="request", actor=None, now=CHANGED_AT)
    kept = {"call", "admission_route", "requirement_set", "deletion"}
    about = [table for table in Base.metadata.sorted_tables if table.name not in kept]
    emptied = {table.name for table in about if not _count(table)}
    assert {"application", "former_version", "draft", "draft_document", "document", "outbox_mail"} <= emptied
    assert files(app) == {}


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_farewell_outlives_what_it_is_about(app: Flask, application: Application, locale: str) -> None:
    reference = application.reference
    with transaction() as session:
        session.execute(update(Application).values(locale=locale))
    delete_application(reference=reference, reason="request", actor=None, farewell=True, now=CHANGED_AT)
    [mail] = mails("application_deleted")
    assert (mail.recipient, mail.locale, mail.topic, mail.attachments) == (
        "applicant@example.org", locale, reference, [],
    )  # fmt: skip
    assert "3 September 2026, 14:06 (UTC+8)" in mail.text or "2026 年 9 月 3 日 14:06（UTC+8）" in mail.text
    notices = mails("deletion_notice")
    assert [each.recipient for each in notices] == ["pi@example.org", "co@example.org"]
    assert all(reference in part for part in (notices[0].subject, notices[0].text, notices[0].html))
    assert "Test Applicant" not in notices[0].subject + notices[0].text + notices[0].html
    assert len(rows(app)["outbox_mail"]) == 3
    assert found() == []


def _count(table: Table) -> int:
    """How many of its rows are about an application, where they can be about something else."""
    statement = select(func.count()).select_from(table)
    if "application_id" in table.c:
        statement = statement.where(table.c.application_id.is_not(None))
    return db.session.scalar(statement) or 0


def _count_all(name: str) -> int:
    return db.session.scalar(select(func.count()).select_from(Base.metadata.tables[name])) or 0
