"""What the worker does besides mail: once per interval however many workers run, and whatever fails."""

import io
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from s2group import create_app
from s2group.admissions.models import AdmissionRoute, Draft
from s2group.admissions.services import drafts
from s2group.cli import worker
from s2group.cli.worker import JOBS, group_clock
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.custody import services
from s2group.documents import inspection
from s2group.documents.models import Document
from s2group.documents.services import take_upload
from s2group.extensions import db
from s2group.jobs.models import JobRun
from s2group.jobs.services import Job, daily, every, run_due
from s2group.mail.models import OutboxMail
from tests.support import applying
from tests.support.databases import SqliteDatabases, settings
from tests.support.mail import add_templates, put_into_outbox
from tests.support.pdf import encrypted_pdf, make_pdf, pageless_pdf, pdf_with_javascript
from tests.support.pictures import png_without_pixels
from tests.support.refereeing import apply_with_referees
from tests.support.server import Portal, running_portal
from tests.support.staff import add_staff
from tests.support.stored import path_of

pytestmark = pytest.mark.inspector

NOW = datetime(2026, 9, 2, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOON = timedelta(seconds=1)
WORDS = "测试甲"
DAILY = [job for job in JOBS if job.name in ("forget drafts", "remind of drafts", "remind of letters")]

only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


class Work:
    """A job that counts how often it was done."""

    def __init__(self, name: str = "work") -> None:
        self.moments: list[datetime] = []
        self.job = Job(name, every(HOUR), self.run)

    def run(self, now: datetime) -> dict[str, Any]:
        time.sleep(0.05)
        self.moments.append(now)
        return {"done": len(self.moments)}


def fail(now: datetime) -> dict[str, Any]:
    raise ValueError(WORDS)


def reports() -> dict[str, dict[str, Any]]:
    rows = db.session.scalars(select(JobRun).execution_options(populate_existing=True))
    return {row.name: row.report for row in rows}


def test_a_job_is_done_at_once_and_again_after_its_interval(app: Flask) -> None:
    work = Work()
    assert run_due([work.job], now=NOW) == ["work"]
    assert run_due([work.job], now=NOW + HOUR) == []
    assert run_due([work.job], now=NOW + HOUR + SOON) == ["work"]
    assert work.moments == [NOW, NOW + HOUR + SOON]
    [(name, report)] = reports().items()
    assert (name, report["done"], report["at"]) == ("work", 2, "2026-09-02T07:00:01+00:00")
    assert 0 < report["seconds"] < 5


@pytest.mark.parametrize("first_time", [True, False])
def test_of_several_workers_one_does_it(app: Flask, first_time: bool) -> None:
    work, answers, together = Work(), [], threading.Barrier(4)
    if not first_time:
        run_due([work.job], now=NOW - 2 * HOUR)

    def worker() -> None:
        with app.app_context():
            together.wait()
            answers.append(run_due([work.job], now=NOW))

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [[], [], [], ["work"]]
    assert work.moments[-1:] == [NOW]
    assert len(work.moments) == (1 if first_time else 2)


def test_one_that_fails_is_logged_without_its_words_and_stops_no_other(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    broken, work = Job("broken", every(HOUR), fail), Work()
    assert run_due([broken, work.job], now=NOW) == ["broken", "work"]
    assert work.moments == [NOW]
    assert reports()["broken"]["failed"] == "ValueError"
    assert run_due([broken], now=NOW + HOUR + SOON) == ["broken"]
    assert "the job 'broken' failed: ValueError" in caplog.text
    assert WORDS not in caplog.text


def test_a_check_that_finds_something_is_an_error_in_the_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    digest = upload(make_pdf()).sha256
    assert run_due(JOBS, now=NOW) == [job.name for job in JOBS]
    assert reports()["check"]["differences"] == 0
    assert reports()["verify"]["verified"] == 1
    assert "ERROR" not in caplog.text
    path_of(digest).unlink()
    run_due(JOBS, now=NOW + HOUR + SOON)
    assert (reports()["check"]["differences"], reports()["check"]["kinds"]) == (1, {"file that is missing": 1})
    assert "the check found differences: {'file that is missing': 1}" in caplog.text


def test_a_daily_job_is_done_from_eight_by_the_groups_clock(app: Flask) -> None:
    applying.load_fictional_content(app)  # a group in Shanghai, eight hours ahead of UTC
    work = Work()
    job = Job("daily", daily(8, group_clock), work.run)
    for hours in range(-40, 40):
        run_due([job], now=datetime(2026, 9, 2, 0, 0, tzinfo=UTC) + timedelta(hours=hours))
    assert [f"{moment:%d %H:%M}" for moment in work.moments] == ["31 08:00", "01 00:00", "02 00:00", "03 00:00"]


def test_administrators_are_told_of_stuck_mail_once_a_day(app: Flask) -> None:
    add_templates(app)
    add_staff(Role.ADMIN)
    add_staff(Role.REVIEWER)
    [mail_id] = put_into_outbox(NOW)
    with transaction() as session:
        session.execute(update(OutboxMail).where(OutboxMail.id == mail_id).values(state="stuck"))
    for minutes in (0, 30, 60):
        run_due(JOBS, now=NOW + timedelta(minutes=minutes))
    told = select(OutboxMail.recipient).where(OutboxMail.message == "stuck_mail_digest")
    assert db.session.scalars(told).all() == ["admin@example.org"]
    assert reports()["tell of stuck mail"]["stuck"] == 1


def test_whoever_has_a_draft_is_reminded_at_nine_three_days_before_it_ends(app: Flask) -> None:
    applying.load_fictional_content(app)
    route = db.session.scalars(select(AdmissionRoute)).first()
    assert route
    draft = drafts.start_draft(route=route, key="draft", answers={}, locale="en", now=NOW)
    drafts.save_topic(draft=draft, topic="about", answers={"email": "a@example.org"}, seen=0, now=NOW)
    ran = []
    for hours in range(24 * 62):
        now = NOW + hours * HOUR
        if "remind of drafts" in run_due(DAILY, now=now) and reports()["remind of drafts"]["reminded"]:
            ran.append(now)
    # It lives for sixty days, until 14:00 by the group's clock.
    assert ran == [datetime(2026, 10, 30, 1, 0, tzinfo=UTC)]
    [mail] = db.session.scalars(select(OutboxMail).where(OutboxMail.message == "draft_reminder"))
    assert (mail.recipient, mail.subject) == ("a@example.org", "Your draft has not been sent yet")
    assert "Submit it by 1 November 2026, 14:00 (UTC+8)" in mail.text
    assert "http://127.0.0.1:8000/en/apply/continue/" in mail.text
    assert db.session.scalars(select(Draft)).all() == []


def test_ended_drafts_and_links_go_at_four(app: Flask) -> None:
    applying.load_fictional_content(app)
    route = db.session.scalars(select(AdmissionRoute)).first()
    assert route
    draft = drafts.start_draft(route=route, key="draft", answers={}, locale="en", now=NOW)
    drafts.hand_over(draft=draft, now=NOW)
    for days, gone in ((0, (0, 0)), (1, (0, 1)), (60, (0, 0)), (61, (1, 0))):
        now = datetime(2026, 9, 2, 20, 0, tzinfo=UTC) + timedelta(days=days - 1)
        run_due(DAILY, now=now)
        report = reports()["forget drafts"]
        assert (report["drafts"], report["links"]) == gone, days


def test_referees_are_reminded_at_nine(app: Flask) -> None:
    applying.load_fictional_content(app)
    apply_with_referees()
    for days, reminded in ((0, 0), (7, 0), (8, 2), (9, 0), (11, 0), (12, 2), (13, 0)):
        run_due(DAILY, now=datetime(2026, 9, 2, 1, 0, tzinfo=UTC) + timedelta(days=days))
        assert reports()["remind of letters"]["reminded"] == reminded, days


def upload(content: bytes) -> Document:
    return take_upload(stream=io.BytesIO(content), original_name="cv.pdf", now=NOW)


def uninspected(content: bytes) -> int:
    """A document that could not be looked through when it came, as on a machine under load; its id."""
    document_id = upload(content).id
    with transaction() as session:
        values: dict[str, Any] = {"inspection": "not_machine_checked", "pages": None, "findings": [], "inspections": 1}
        session.execute(update(Document).where(Document.id == document_id).values(values))
    return document_id


def seen(document_id: int) -> tuple[str, int | None, list[str], int]:
    document = db.session.get_one(Document, document_id, populate_existing=True)
    return document.inspection, document.pages, document.findings, document.inspections


def test_a_document_is_inspected_again_after_ten_minutes(app: Flask) -> None:
    document_id = uninspected(pdf_with_javascript())
    assert services.inspect_again(now=NOW + timedelta(minutes=9)) == 0
    assert seen(document_id) == ("not_machine_checked", None, [], 1)
    assert services.inspect_again(now=NOW + timedelta(minutes=10)) == 1
    assert seen(document_id) == ("checked", 1, ["javascript"], 2)
    assert services.inspect_again(now=NOW + timedelta(days=30)) == 0


def test_one_that_no_parser_can_read_is_tried_five_times_with_growing_pauses(app: Flask) -> None:
    document_id = uninspected(pageless_pdf())
    tries: list[int] = []
    for minutes in range(0, 3 * 24 * 60, 10):
        services.inspect_again(now=NOW + timedelta(minutes=minutes))
        if seen(document_id)[3] > len(tries) + 1:
            tries.append(minutes)
    assert tries == [10, 60, 6 * 60, 24 * 60]
    assert seen(document_id) == ("not_machine_checked", None, [], 5)


@pytest.mark.parametrize("content", [encrypted_pdf("secret"), png_without_pixels()], ids=["password", "no pixels"])
def test_one_that_nobody_can_read_or_is_missing_stays_for_people(app: Flask, content: bytes) -> None:
    unreadable, missing = uninspected(pageless_pdf()), uninspected(make_pdf())
    path_of(db.session.get_one(Document, unreadable).sha256).write_bytes(content)
    path_of(db.session.get_one(Document, missing).sha256).unlink()
    assert services.inspect_again(now=NOW + HOUR) == 0
    assert seen(unreadable) == ("checked", None, [], 2)
    assert db.session.get_one(Document, unreadable).fault == ("encrypted" if b"%PDF" in content else "damaged")
    assert seen(missing) == ("not_machine_checked", None, [], 2)
    assert db.session.get_one(Document, missing).fault is None


def test_what_had_no_time_is_looked_at_soon(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "glance", lambda _path: inspection.Inspection(is_waiting=True))
    waiting = [upload(data).id for data in (pdf_with_javascript(), encrypted_pdf("secret"), pageless_pdf())]
    assert [db.session.get_one(Document, each).is_waiting for each in waiting] == [True] * 3
    assert services.inspect_waiting(now=NOW) == 3
    assert [seen(each) for each in waiting] == [
        ("checked", 1, ["javascript"], 1), ("checked", None, [], 1), ("not_machine_checked", None, [], 1)
    ]  # fmt: skip
    assert [db.session.get_one(Document, each).fault for each in waiting] == [None, "encrypted", "unreadable"]
    assert services.inspect_waiting(now=NOW) == 0


@pytest.fixture
def portal(tmp_path: Path, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    folder = tmp_path / "data"
    with running_portal(settings(folder, sqlite_databases.fresh(folder))) as portal:
        yield portal


def test_the_worker_beside_the_server_does_them_and_ends_in_order(portal: Portal) -> None:
    app = create_app(portal.environ)
    with app.app_context():
        deadline = time.monotonic() + 60
        while reports().get("check", {}).get("differences") != 0:
            assert time.monotonic() < deadline, portal.log
            db.session.rollback()
            time.sleep(0.5)
        assert reports().keys() == {job.name for job in JOBS}
        assert not any("failed" in report for report in reports().values())
        db.session.remove()
        db.engine.dispose()
    begun = time.monotonic()
    portal.stop()
    assert time.monotonic() - begun < 10


def test_the_operator_reads_what_the_kernel_lacks(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "missing_protections", lambda: ["landlock"])
    worker.warn_of_missing_protections()
    assert "the kernel offers no landlock: the process that looks into uploads is confined less" in caplog.messages
