"""The demo: sixty people who do not exist over every route and state, staff who can sign in, and nobody mailed."""

import email
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from flask_security import verify_password
from sqlalchemy import select

from s2group import create_app
from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.admissions.models import AdmissionRoute, Application, Call, DocumentRequest, Draft, FormerVersion, Referee
from s2group.admissions.queries import open_calls
from s2group.admissions.rules.states import State
from s2group.admissions.services.call_files import load_calls
from s2group.admissions.services.drafts import missing_from
from s2group.admissions.services.reevaluation import previews
from s2group.content.loading import load_content
from s2group.content.news.models import NewsItem
from s2group.core.permissions import Role
from s2group.custody.reconciliation import check
from s2group.demo import DemoRefusedError, DemoReport, make_demo
from s2group.demo.people import REVIEWER_OF_A_ROUTE, REVIEWERS, account, applicants
from s2group.demo.resumes import resume_pdf
from s2group.documents.models import Document
from s2group.evaluation.access import visible_to
from s2group.evaluation.queries import likely_duplicates
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.databases import SqliteDatabases, settings

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
REAL = ["imucslr@imu.edu.cn"]


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, DemoReport]]:
    """A portal with the demo in it; it takes a while, and the tests of what it shows change nothing."""
    folder = tmp_path_factory.mktemp("demo")
    databases = SqliteDatabases(folder)
    app = create_app(settings(folder / "data", databases.renewed()))
    with app.app_context():
        load_content(app.config["CONTENT_DIR"], now=NOW)
        load_calls(Path("content/calls"), now=NOW)
        report = make_demo(now=NOW)
        db.session.remove()
    yield app, report
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def report(season: tuple[Flask, DemoReport]) -> Iterator[DemoReport]:
    app, report = season
    with app.app_context():
        yield report
        db.session.remove()


@pytest.fixture
def applications(report: DemoReport) -> list[Application]:
    return list(db.session.scalars(select(Application).order_by(Application.id)))


def resume_text(number: int) -> str:
    document = pypdfium2.PdfDocument(resume_pdf(applicants()[number - 1]))
    return str(document[0].get_textpage().get_text_range())


def test_the_fictional_people_are_always_the_same() -> None:
    first, second = applicants(), applicants()
    assert first == second
    assert resume_pdf(first[0]) == resume_pdf(second[0])
    assert [who.number for who in first] == list(range(1, 61))
    # Two are somebody who applied before.
    assert (len({who.name for who in first}), len({who.email for who in first})) == (58, 59)
    assert {who.email.rpartition("@")[2] for who in first} == {"example.org"}
    assert all(who.name.startswith(("测试·", "Test ")) for who in first)


def test_resumes_are_in_the_applicants_language() -> None:
    chinese, english = resume_text(1), resume_text(3)
    assert all(words in chinese for words in ("测试·林甲", "教育经历", "虚构材料，仅供演示", "applicant01@example.org"))
    assert all(words in english for words in ("Test Zhao One", "Education", "Fictional", "applicant03@example.org"))


def test_sixty_apply_over_a_season_to_every_route(report: DemoReport, applications: list[Application]) -> None:
    assert report.added == len(applications) == 60
    times = [application.submitted_at for application in applications]
    assert times == sorted(times)
    assert NOW - timedelta(days=150) <= times[0] < NOW - timedelta(days=140) < times[-1] < NOW
    every = set(db.session.scalars(select(AdmissionRoute.key)))
    assert every == {
        "demo-summer-school", "national-exam-master", "phd-assessment", "postdoc", "recommended-exemption-master",
        "research-assistant",
    }  # fmt: skip
    by_route = Counter(application.route.key for application in applications)
    assert {route: count >= 8 for route, count in by_route.items()} == dict.fromkeys(every, True)


def test_every_state_occurs_shown_and_not_shown(applications: list[Application]) -> None:
    found = {(State(application.state), State(application.shown_state)) for application in applications}
    assert {state for state, _shown in found} == set(State)
    decided = {State.SCREENING, State.INTERVIEW, State.WAITLIST, State.OFFER, State.DECLINED}
    assert {state for state, shown in found if state is shown} >= decided
    assert {state for state, shown in found if state is not shown} == decided


def test_answers_fit_the_route_and_outcomes_are_of_every_kind(applications: list[Application]) -> None:
    missing = [application.reference for application in applications if not application.answers.get("phone")]
    assert missing == []
    verdicts = {(outcome["level"], outcome["verdict"]) for each in applications for outcome in each.outcomes}
    assert verdicts == {
        ("required", "met"), ("required", "not_met"), ("required", "unknown"), ("preferred", "met"),
        ("preferred", "not_met"), ("preferred", "unknown"), ("blocking", "met"),
    }  # fmt: skip
    by_route = {application.route.key: set(application.answers) for application in applications}
    assert "referees" in by_route["phd-assessment"] & by_route["postdoc"]
    assert {"x_arrival", "x_experience", "x_wish"} <= by_route["demo-summer-school"]
    assert "exam_total" in by_route["national-exam-master"]
    assert not {"exam_total", "referees"} & by_route["recommended-exemption-master"]


def test_the_history_has_something_of_everything(applications: list[Application]) -> None:
    events = Counter(event.kind for application in applications for event in application.events)
    assert set(events) == {
        "submitted", "opened", "moved", "shown", "changed", "taken_back", "document_asked", "document_sent",
        "letter_received", "mail_came_back", "mail_sent_elsewhere", "release_queued", "release_taken_back",
        "message_sent", "waitlist_step", "rated", "abstained", "assigned", "conflict_declared", "outcome_verified",
        "outcome_overridden", "interview_invited", "interview_booked", "interview_cancelled", "interview_reminded",
        "interview_none_fits", "tagged", "commented", "release_skipped",
    }  # fmt: skip
    readers = [
        {
            db.session.get_one(User, event.actor_id).grants[0].role
            for event in application.events
            if event.kind == "opened"
        }
        for application in applications
    ]
    assert {"pi", "reviewer", "admin"} in readers
    assert set() in readers
    assert {application.version for application in applications} == {1, 2, 3}
    versions = db.session.scalars(select(FormerVersion.number))
    assert set(versions) == {1, 2}
    assert max(event.at for application in applications for event in application.events) <= NOW


def test_letters_and_documents_are_asked_for_and_come(report: DemoReport) -> None:
    letters = {
        (referee.document_id is not None, referee.late, referee.reminded_at is not None)
        for referee in db.session.scalars(select(Referee))
    }
    assert letters == {(True, False, False), (True, False, True), (True, True, True), (False, False, True)}
    answered = {asked.answered_at is not None for asked in db.session.scalars(select(DocumentRequest))}
    assert answered == {True, False}


def test_one_person_applies_twice_and_another_seems_to(applications: list[Application]) -> None:
    same_address = Counter(application.email for application in applications)
    assert [address for address, count in same_address.items() if count > 1] == ["applicant21@example.org"]
    twice = [application for application in applications if application.email == "applicant21@example.org"]
    assert len({application.route.key for application in twice}) == 2
    pi = user_by_email(account(Role.PI))
    assert pi
    alike = {
        application.email: {other.email for other in likely_duplicates(pi, application)} for application in applications
    }
    assert {address: others for address, others in alike.items() if others} == {
        "applicant21@example.org": {"applicant21@example.org"},
        "applicant27@example.org": {"applicant44@example.org"},
        "applicant44@example.org": {"applicant27@example.org"},
    }


def test_one_reviewer_sees_the_applications_of_one_route(applications: list[Application]) -> None:
    reviewer = user_by_email(REVIEWER_OF_A_ROUTE)
    assert reviewer
    seen = {application.route.key for application in db.session.scalars(visible_to(reviewer))}
    assert len(seen) == 1 < len({application.route.key for application in applications})


def test_drafts_stand_at_their_beginning_and_near_their_end(report: DemoReport) -> None:
    drafts = {draft.key: draft for draft in db.session.scalars(select(Draft))}
    assert set(drafts) == {"demo-draft-59", "demo-draft-60", "demo-change-02"}
    assert missing_from(drafts["demo-draft-60"], now=NOW) == ["resume"]
    assert len(missing_from(drafts["demo-draft-59"], now=NOW)) > 3


def test_only_the_planted_damage_is_found(report: DemoReport) -> None:
    assert [(each.what, len(each.which.split())) for each in check(now=NOW)] == [
        ("file with other bytes than its hash says", 3)
    ]
    documents = db.session.scalars(select(Document)).all()
    # The paper of the public record waits for the worker to look at it.
    unchecked = {document.original_name: document.fault for document in documents if document.inspection != "checked"}
    assert unchecked == {"further.pdf": "unreadable", "jia2026first.pdf": None}
    assert Counter(document.damaged_at is not None for document in documents)[True] == 1
    assert all(document.verified_at or document.damaged_at for document in documents)


def test_mail_is_in_every_state_and_goes_to_nobody(season: tuple[Flask, DemoReport], report: DemoReport) -> None:
    mails = db.session.scalars(select(OutboxMail)).all()
    by_state = Counter(mail.state for mail in mails)
    assert by_state.pop("written") > 250
    assert by_state == {"accepted": 2, "waiting": 1, "stuck": 1, "bounced": 1, "replaced": 1}
    columns = (Application.email, FormerVersion.email, Referee.email, Draft.email, User.email)
    addresses: set[str | None] = {address for column in columns for address in db.session.scalars(select(column))}
    addresses |= {address for mail in mails for address in (mail.recipient, *mail.to, *mail.copies, mail.reply_to)}
    assert {address.rpartition("@")[2] for address in addresses if address} == {"example.org"}
    written = [email.message_from_bytes(path.read_bytes()) for path in season[0].config["DATA_DIR"].glob("mail/*.eml")]
    assert {message["To"].rpartition("@")[2] for message in written} == {"example.org"}
    attached = {
        sha256(part.get_payload(decode=True)).hexdigest()  # type: ignore[arg-type]
        for message in written for part in message.walk() if part.get_content_type() == "application/pdf"
    }  # fmt: skip
    # The group's mail about two of them was given to a mail server.
    assert attached >= {sha256(resume_pdf(who)).hexdigest() for who in applicants() if who.number not in (6, 7)}


def test_the_groups_own_calls_keep_their_addresses(report: DemoReport) -> None:
    calls = {call.key: call.recipients for call in db.session.scalars(select(Call))}
    assert calls.pop("demo-summer-school") == ["demo-pi@example.org"]
    assert list(calls.values()) == [REAL] * 4
    assert len(open_calls(NOW)) == 5


def test_requirements_have_changed_and_news_are_being_written(report: DemoReport) -> None:
    (preview,) = previews(db.session.scalars(select(AdmissionRoute)).all())
    assert (preview.route.key, preview.newest.version) == ("demo-summer-school", 2)
    assert preview.flipped
    news = db.session.scalars(select(NewsItem).where(NewsItem.slug.startswith("demo-")).order_by(NewsItem.id)).all()
    assert [item.published_at for item in news] == [None, NOW + timedelta(days=30)]


def test_a_second_run_only_renews_passwords(report: DemoReport) -> None:
    def rows() -> list[int]:
        models = (Application, Document, OutboxMail, Draft, NewsItem, Referee, Call, AdmissionRoute)
        return [len(db.session.scalars(select(model)).all()) for model in models]

    before = rows()
    again = make_demo(now=NOW + timedelta(days=1))
    assert (again.added, rows()) == (0, before)
    users = db.session.scalars(select(User)).all()
    assert {user.email: user.grants[0].role for user in users} == {
        f"demo-{role}@example.org": role for role in ("admin", "pi", "reviewer", "editor")
    } | dict.fromkeys((*REVIEWERS, REVIEWER_OF_A_ROUTE), "reviewer")
    assert all(verify_password(again.passwords[user.email], user.password) for user in users)
    assert not any(verify_password(report.passwords[user.email], user.password) for user in users)


def test_the_report_says_what_was_done() -> None:
    first = DemoReport(60, {"demo-pi@example.org": "a password"})
    assert str(first) == (
        "Added 60 fictional applicants.\nStaff accounts, with new passwords:\n  demo-pi@example.org  a password"
    )
    assert str(DemoReport(0, {})).startswith("The fictional applicants are there already.\n")


@pytest.mark.parametrize(("name", "value"), [("ENV_NAME", "production"), ("MAIL_SERVER", "mail.example.org")])
def test_no_fiction_where_real_people_could_be_mailed(app: Flask, name: str, value: str) -> None:
    load_calls(app.config["CONTENT_DIR"] / "calls", now=NOW)
    app.config[name] = value
    with pytest.raises(DemoRefusedError):
        make_demo(now=NOW)
    assert db.session.scalars(select(User)).all() == []


def test_no_fiction_without_a_call(app: Flask) -> None:
    with pytest.raises(DemoRefusedError, match="content load"):
        make_demo(now=NOW)
