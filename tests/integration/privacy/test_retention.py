"""What was kept long enough goes, when each call says so, and nothing else does."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from s2group.admissions.models import AdmissionRoute, Application, Call, Draft, DraftDocument, Referee
from s2group.admissions.services import drafts, letters
from s2group.admissions.services.changes import begin_change
from s2group.audit.rules import FilesRemoved
from s2group.core import database
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.custody import services
from s2group.custody.models import Deletion
from s2group.custody.reconciliation import check
from s2group.documents.models import Document
from s2group.documents.pages import draw_wanted, page_image
from s2group.extensions import db
from s2group.links.models import Link
from s2group.mail.models import OutboxMail
from s2group.privacy import retention
from s2group.privacy.deletion import delete_application
from s2group.privacy.retention import Due, Fate, Kept
from tests.support import moving
from tests.support.applying import MORNING, load_fictional_content
from tests.support.backups import files, rows
from tests.support.changing import change, upload
from tests.support.drafting import ROUTE
from tests.support.pdf import make_pdf
from tests.support.refereeing import apply_with_referees
from tests.support.staff import sign_in
from tests.support.stored import path_of

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
# The fictional call is always open, keeps files for 180 days and all else for 730.
FILES_END = MORNING + 180 * DAY
END = MORNING + 730 * DAY
NOTHING = Due(files=0, whole=0, undecided=0, drafts=0, links=0, mails=0)


@pytest.fixture
def portal(app: Flask) -> Flask:
    load_fictional_content(app)
    return app


@pytest.fixture
def application(portal: Flask) -> Application:
    """One with two versions of its résumé and a letter, which moved last when it came."""
    application = apply_with_referees()
    change(application, files={"resume": make_pdf("newer")})
    letters.receive_letter(
        referee_id=application.referees[0].id, document=upload(make_pdf("letter")), now=MORNING + DAY
    )
    return application


def move(application: Application, state: str, at: datetime = MORNING) -> str:
    """Move it, as if that had been at that moment; its reference."""
    moving.move(application, state, at=at)
    return application.reference


def set_call(**columns: Any) -> None:
    with transaction() as session:
        session.execute(update(Call).values(columns))


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def references() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(Application.reference).order_by(Application.id)))


def told(act: Callable[..., Due], at: datetime) -> list[Kept]:
    """What a run, or a look at what is due, tells of applications; its counts say the same."""
    found: list[Kept] = []
    counts = act(now=at, tell=found.append)
    fates = Counter(kept.fate for kept in found)
    assert fates == Counter(files=counts.files, whole=counts.whole, undecided=counts.undecided)
    return found


def of_applications(found: list[Kept]) -> tuple[list[str], list[str], list[str]]:
    files, whole, undecided = ([kept.reference for kept in found if kept.fate == fate] for fate in Fate)
    return files, whole, undecided


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_the_files_of_the_rejected_go_first(portal: Flask, application: Application, state: str) -> None:
    reference = move(application, state)
    kept_by_another = apply_with_referees(key="another").reference
    digests = [document.sha256 for document in db.session.scalars(select(Document))]
    own = {digest for digest in digests if digest not in {entry.document.sha256 for entry in _documents("another")}}
    assert len(own) == 4
    draw_wanted()
    assert page_image(next(iter(own)), 1)
    assert of_applications(told(retention.run, FILES_END - SECOND)) == ([], [], [])
    assert len(files(portal)) == 6

    done = told(retention.run, FILES_END)
    assert done == [Kept(reference, state, MORNING, 180, Fate.FILES)]
    assert of_applications(done) == ([reference], [], [])
    assert references() == [reference, kept_by_another]
    assert not any(path_of(digest).exists() for digest in own)
    assert len(files(portal)) == count(Document) == 2
    assert {path.name for path in portal.config["DATA_DIR"].glob("cache/pages/*")} == set(digests) - own
    found = _application(reference)
    assert (found.all_documents, [referee.document for referee in found.referees]) == ([], [None, None])
    assert found.referees[0].received_at == MORNING + DAY
    assert (found.files_removed_at, found.name) == (FILES_END, "Test Applicant")
    last = found.events[-1]
    assert (last.details, last.at, last.actor_id) == (FilesRemoved(4), FILES_END, None)
    assert [str(difference) for difference in check(now=FILES_END)] == []


def _documents(form_key: str) -> list[Any]:
    return db.session.scalars(select(Application).where(Application.form_key == form_key)).one().all_documents


def _application(reference: str) -> Application:
    db.session.expire_all()
    return db.session.scalars(select(Application).where(Application.reference == reference)).one()


def test_a_change_that_was_begun_goes_with_the_files(portal: Flask, application: Application) -> None:
    draft = begin_change(application=application, key="a-change", now=FILES_END - DAY)
    drafts.attach(draft=draft, kind="other", document=upload(make_pdf("more")), now=FILES_END - DAY)
    move(application, "declined")
    retention.run(now=FILES_END)
    assert (count(Draft), count(DraftDocument), count(Document), files(portal)) == (0, 0, 0, {})


@pytest.mark.parametrize("state", ["submitted", "screening", "interview", "waitlist", "offer"])
def test_the_files_of_others_stay(portal: Flask, application: Application, state: str) -> None:
    move(application, state)
    assert of_applications(told(retention.run, END - SECOND)) == ([], [], [])
    assert len(files(portal)) == 4


@pytest.mark.parametrize("state", ["offer", "declined", "withdrawn"])
def test_what_is_decided_goes_whole_in_the_end(portal: Flask, application: Application, state: str) -> None:
    reference = move(application, state)
    assert of_applications(told(retention.due, END - SECOND))[1:] == ([], [])
    done = told(retention.run, END)
    assert done == [Kept(reference, state, MORNING, 730, Fate.WHOLE)]
    assert of_applications(done) == ([], [reference], [])
    assert (references(), files(portal), count(Document), count(Referee), count(OutboxMail)) == ([], {}, 0, 0, 0)
    deleted = db.session.scalars(select(Deletion)).one()
    assert (deleted.reference, deleted.reason, deleted.at, deleted.actor_id) == (reference, "retention", END, None)
    assert [str(difference) for difference in check(now=END)] == []


@pytest.mark.parametrize("state", ["submitted", "screening", "interview", "waitlist"])
def test_what_is_undecided_stays_and_is_told(portal: Flask, application: Application, state: str) -> None:
    reference = move(application, state)
    for _ in range(2):
        done = told(retention.run, END)
        assert done == [Kept(reference, state, MORNING, 730, Fate.UNDECIDED)]
        assert of_applications(done) == ([], [], [reference])
    assert (references(), len(files(portal))) == ([reference], 4)


def test_the_time_counts_from_the_close_or_the_last_move_whichever_is_later(application: Application) -> None:
    reference = move(application, "declined")
    set_call(closes_at=MORNING + 30 * DAY)
    assert told(retention.due, MORNING + 210 * DAY - SECOND) == []
    assert told(retention.due, MORNING + 210 * DAY) == [
        Kept(reference, "declined", MORNING + 30 * DAY, 180, Fate.FILES)
    ]
    move(application, "screening")
    move(application, "declined", at=MORNING + 40 * DAY)
    assert told(retention.due, MORNING + 220 * DAY - SECOND) == []
    assert told(retention.due, MORNING + 220 * DAY) == [
        Kept(reference, "declined", MORNING + 40 * DAY, 180, Fate.FILES)
    ]


def test_each_call_has_periods_of_its_own(application: Application) -> None:
    reference = move(application, "declined")
    set_call(files_retention_days=10, retention_days=20)
    assert of_applications(told(retention.due, MORNING + 10 * DAY)) == ([reference], [], [])
    assert of_applications(told(retention.due, MORNING + 20 * DAY)) == ([], [reference], [])


def test_whoever_is_reconsidered_meanwhile_stays(
    portal: Flask, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    for now in (FILES_END, END):
        move(application, "declined")
        found = told(retention.due, now)
        move(application, "screening")
        with monkeypatch.context() as patch:
            patch.setattr(retention, "_over_at", Mock(return_value=found))
            assert of_applications(told(retention.run, now)) == ([], [], [])
    assert len(files(portal)) == 4


def start_draft(key: str, at: datetime) -> Draft:
    """A draft whose address was mailed a link."""
    route = db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == ROUTE)).one()
    draft = drafts.start_draft(route=route, key=key, answers={}, locale="zh", now=at)
    saved = drafts.save_topic(draft=draft, topic="about", answers={"email": f"{key}@example.org"}, seen=0, now=at)
    drafts.invite(draft=saved, now=at)
    return saved


def test_drafts_links_and_mails_about_drafts_go(portal: Flask) -> None:
    start_draft("old", MORNING)
    start_draft("new", MORNING + 30 * DAY)
    # A draft lives for 60 days, its link for 30.
    assert retention.run(now=MORNING + 30 * DAY - SECOND) == NOTHING
    assert retention.run(now=MORNING + 30 * DAY) == Due(0, 0, 0, drafts=0, links=1, mails=0)
    assert retention.run(now=MORNING + 60 * DAY + SECOND) == Due(0, 0, 0, drafts=1, links=1, mails=1)
    assert db.session.scalars(select(Draft.key)).all() == ["new"]
    assert db.session.scalars(select(OutboxMail.recipient)).all() == ["new@example.org"]
    assert count(Link) == 0


def test_the_mail_about_a_younger_draft_that_was_sent_stays_for_a_while(portal: Flask) -> None:
    draft = start_draft("sent", MORNING)
    with transaction() as session:
        drafts.forget(session, draft.id)
    assert retention.run(now=MORNING + 60 * DAY - SECOND).mails == 0
    assert retention.run(now=MORNING + 60 * DAY).mails == 1
    assert count(OutboxMail) == 0


def test_the_farewell_of_a_deleted_application_goes_too(application: Application) -> None:
    delete_application(reference=application.reference, reason="request", actor=None, farewell=True, now=MORNING)
    assert count(OutboxMail) == 3
    assert retention.run(now=MORNING + 60 * DAY - SECOND) == NOTHING
    assert retention.run(now=MORNING + 60 * DAY).mails == 3
    assert count(OutboxMail) == 0


def test_the_files_of_a_draft_stay_as_long_as_the_draft(portal: Flask) -> None:
    draft = start_draft("in-use", MORNING)
    document = upload(make_pdf("in use"), now=MORNING)
    drafts.attach(draft=draft, kind="resume", document=document, now=MORNING)
    assert services.discard_abandoned(now=MORNING + 30 * DAY) == 0
    assert len(files(portal)) == count(Document) == 1
    assert drafts.forget_ended(now=MORNING + 60 * DAY + SECOND) == 1
    assert services.discard_abandoned(now=MORNING + 60 * DAY + SECOND) == 1
    assert (files(portal), count(Document)) == ({}, 0)


@pytest.fixture
def everything(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Something of all that a run looks at, at the end of the longest period; references by what becomes of them.

    It is read one by one, as what is much is read some at a time.
    """
    for module, name in ((retention, "AT_ONCE"), (drafts, "AT_ONCE"), (database, "DELETED_AT_ONCE")):
        monkeypatch.setattr(module, name, 1)
    found = {
        name: move(apply_with_referees(key=name), state, END - 730 * DAY if name in ("whole", "stays") else at)
        for name, state, at in (
            ("files", "declined", END - 180 * DAY),
            ("whole", "offer", MORNING),
            ("stays", "waitlist", MORNING),
            ("young", "withdrawn", END - 179 * DAY),
        )
    }
    for key in ("old", "older"):
        start_draft(key, END - 61 * DAY)
    return found


def runner(app: Flask, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(args=["retention", "run", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def expected(found: dict[str, str]) -> str:
    return (
        f"files of {found['files']}: declined, kept for 180 days since 2028-03-05\n"
        f"application {found['whole']}: offer, kept for 730 days since 2026-09-02\n"
        f"{found['stays']}: undecided since 2026-09-02, stays: decide\n"
    )


def test_a_dry_run_tells_what_a_run_does_and_changes_nothing(portal: Flask, everything: dict[str, str]) -> None:
    before, kept = rows(portal), files(portal)
    with time_machine.travel(END, tick=False):
        told = runner(portal, "--dry-run")
        assert told == f"{expected(everything)}drafts: 2, links: 10, mails: 2\nNothing was changed.\n"
        assert (rows(portal), files(portal)) == (before, kept)
        assert runner(portal) == told.replace("Nothing was changed.", "Done.")
        after = rows(portal), files(portal)
        nothing = f"{everything['stays']}: undecided since 2026-09-02, stays: decide\ndrafts: 0, links: 0, mails: 0\n"
        assert runner(portal) == f"{nothing}Done.\n"
        assert (rows(portal), files(portal)) == after
    assert references() == [everything[name] for name in ("files", "stays", "young")]
    assert len(files(portal)) == 4
    for word in ("Test Applicant", "example.org", "测试"):
        assert word not in told


def test_a_disk_that_refuses_is_told_and_the_run_goes_on_later(
    portal: Flask, everything: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (portal.config["DATA_DIR"] / "deletions.jsonl").mkdir()
    with time_machine.travel(END, tick=False):
        result = portal.test_cli_runner().invoke(args=["retention", "run"])
        assert (result.exit_code, "Run it again: it goes on where it stopped." in result.output) == (1, True)
        assert len(references()) == 4
        (portal.config["DATA_DIR"] / "deletions.jsonl").rmdir()
        assert f"application {everything['whole']}" in runner(portal)
    assert len(references()) == 3


def test_pages_of_an_application_without_files_still_open(
    portal: Flask, client: FlaskClient, application: Application
) -> None:
    reference = move(application, "declined")
    retention.run(now=FILES_END)
    for path in ("received", "status"):
        assert client.get(f"/en/apply/{path}/{reference}/").status_code == 200
    sign_in(client, Role.PI)
    page = client.get(f"/en/review/{reference}/")
    assert page.status_code == 200
    assert "Files removed" in page.text
    assert client.get(f"/en/review/{reference}/resume.pdf").status_code == 404
    assert client.get(f"/en/review/{reference}/letters/1.pdf").status_code == 404
