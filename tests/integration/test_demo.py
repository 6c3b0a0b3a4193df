"""The demo: forty people who do not exist, staff who can sign in, and nobody mailed."""

import email
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pypdfium2
import pytest
from flask import Flask
from flask_security import verify_password
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.admissions.services.call_files import load_calls
from s2group.demo import DemoRefusedError, DemoReport, make_demo
from s2group.demo.people import applicants
from s2group.demo.resumes import resume_pdf
from s2group.documents.models import Document
from s2group.extensions import db
from s2group.mail.models import OutboxMail

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def call(app: Flask) -> None:
    load_calls(app.config["CONTENT_DIR"] / "calls", now=NOW)


@pytest.fixture
def report(call: None) -> DemoReport:
    return make_demo(now=NOW)


def resume_text(number: int) -> str:
    document = pypdfium2.PdfDocument(resume_pdf(applicants()[number - 1]))
    return str(document[0].get_textpage().get_text_range())


def test_the_fictional_people_are_always_the_same() -> None:
    first, second = applicants(), applicants()
    assert first == second
    assert resume_pdf(first[0]) == resume_pdf(second[0])
    assert len({applicant.name for applicant in first}) == 40
    assert {applicant.email.rpartition("@")[2] for applicant in first} == {"example.org"}
    assert all(applicant.name.startswith(("测试·", "Test ")) for applicant in first)


def test_resumes_are_in_the_applicants_language() -> None:
    chinese, english = resume_text(1), resume_text(3)
    assert all(words in chinese for words in ("测试·林甲", "教育经历", "虚构简历，仅供演示", "applicant01@example.org"))
    assert all(
        words in english for words in ("Test Zhao One", "Education", "A fictional CV", "applicant03@example.org")
    )


def test_forty_apply_over_two_months_with_varied_outcomes(app: Flask, report: DemoReport) -> None:
    assert report.added == 40
    applications = db.session.scalars(select(Application).order_by(Application.id)).all()
    times = [application.submitted_at for application in applications]
    assert times == sorted(times)
    assert NOW - timedelta(days=60) <= times[0] < NOW - timedelta(days=50) < times[-1] < NOW
    assert Counter(application.locale for application in applications) == {"zh": 27, "en": 13}
    for requirement in ("exemption_quota", "cet4"):
        outcomes = [
            outcome["verdict"] for application in applications for outcome in application.outcomes
            if outcome["key"] == requirement
        ]  # fmt: skip
        assert set(outcomes) == {"met", "not_met", "unknown"}
    assert set(db.session.scalars(select(Document.inspection))) == {"checked"}
    opened = sum(entry.event == "opened" for application in applications for entry in application.history)
    assert opened == sum(applicant.before > timedelta(days=14) for applicant in applicants())


@only_sqlite
def test_every_mail_lies_in_a_file_with_the_resume_byte_for_byte(app: Flask, report: DemoReport) -> None:
    assert set(db.session.scalars(select(OutboxMail.state))) == {"written"}
    files = list((app.config["DATA_DIR"] / "mail").glob("*.eml"))
    assert len(files) == 40 * 3
    attached = set()
    for path in files:
        message = email.message_from_bytes(path.read_bytes())
        for part in message.walk():
            if part.get_content_type() == "application/pdf":
                attached.add(sha256(part.get_payload(decode=True)).hexdigest())  # type: ignore[arg-type]
    assert attached == {sha256(resume_pdf(applicant)).hexdigest() for applicant in applicants()}


@only_sqlite
def test_each_role_has_an_account_and_a_second_run_only_renews_passwords(app: Flask, report: DemoReport) -> None:
    again = make_demo(now=NOW + timedelta(days=1))
    users = db.session.scalars(select(User)).all()
    assert {user.email: user.role for user in users} == {
        f"demo-{role}@example.org": role for role in ("admin", "pi", "reviewer", "editor")
    }
    assert all(verify_password(again.passwords[user.email], user.password) for user in users)
    assert not any(verify_password(report.passwords[user.email], user.password) for user in users)
    assert (again.added, len(db.session.scalars(select(Application)).all())) == (0, 40)
    assert len(db.session.scalars(select(Document)).all()) == 40


def test_the_report_says_what_was_done() -> None:
    first = DemoReport(40, {"demo-pi@example.org": "a password"})
    assert str(first) == (
        "Added 40 fictional applicants.\nStaff accounts, with new passwords:\n  demo-pi@example.org  a password"
    )
    assert str(DemoReport(0, {})).startswith("The fictional applicants are there already.\n")


@pytest.mark.parametrize(("name", "value"), [("ENV_NAME", "production"), ("MAIL_SERVER", "mail.example.org")])
def test_no_fiction_where_real_people_could_be_mailed(app: Flask, call: None, name: str, value: str) -> None:
    app.config[name] = value
    with pytest.raises(DemoRefusedError):
        make_demo(now=NOW)
    assert db.session.scalars(select(User)).all() == []


def test_no_fiction_without_a_call(app: Flask) -> None:
    with pytest.raises(DemoRefusedError, match="content load"):
        make_demo(now=NOW)
