"""A deletion takes all that an application was and nothing else, and no restore undoes it."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from s2group.accounts.models import User
from s2group.admissions.models import Application, ApplicationDocument
from s2group.audit.models import Event
from s2group.core.database import transaction
from s2group.custody.models import Deletion
from s2group.documents.models import Document
from s2group.documents.pages import draw_wanted, page_image
from s2group.documents.services import take_upload
from s2group.documents.store import held, read_bytes
from s2group.extensions import Base, db
from s2group.mail.models import OutboxMail
from s2group.privacy import deletion_log
from s2group.privacy.deletion import UnknownApplicationError, delete_application
from tests.support.applying import MORNING, RESUME, apply, load_fictional_content, pdf, the_application
from tests.support.backups import Rows, empty_portal, files, fill, refusal, rows, run
from tests.support.databases import Databases, SqliteDatabases
from tests.support.pdf import make_pdf

# What an application leaves behind in each table.
TRACES: tuple[type[Base], ...] = (Application, ApplicationDocument, Document, OutboxMail)


def traces() -> list[int]:
    """And how many events in the end."""
    events = select(func.count(Event.application_id))
    return [db.session.scalar(each) or 0 for each in (*(select(func.count()).select_from(t) for t in TRACES), events)]


def lines(app: Flask) -> list[dict[str, Any]]:
    path: Path = app.config["DATA_DIR"] / "deletions.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def without_deletions(found: Rows) -> Rows:
    """And without the events that tell of them."""
    events = [row for row in found["event"] if "application_deleted" not in row]
    return {name: rows for name, rows in found.items() if name != "deletion"} | {"event": events}


def test_everything_of_it_goes_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    apply(client, resume=pdf(make_pdf("stays")))
    before, kept = rows(app), files(app)
    location = apply(client, email="leaving@example.org", resume=pdf(make_pdf("goes"))).location
    reference = location.rstrip("/").rpartition("/")[2]
    [gone] = files(app).keys() - kept.keys()
    draw_wanted()
    assert page_image(gone.replace("/", ""), 1)
    assert traces() == [2, 2, 2, 6, 2]

    delete_application(reference=reference, reason="request", actor=None, now=MORNING)
    assert without_deletions(rows(app)) == without_deletions(before)
    assert files(app) == kept
    drawn = {path.name for path in app.config["DATA_DIR"].glob("cache/pages/*")}
    assert drawn == {name.replace("/", "") for name in kept}
    record = db.session.scalars(select(Deletion)).one()
    assert (record.reference, record.reason, record.at, record.actor_id) == (reference, "request", MORNING, None)
    entry = {"reference": reference, "at": "2026-09-02T06:06:00+00:00", "reason": "request", "actor": None}
    assert lines(app) == [entry]
    assert (app.config["DATA_DIR"] / "deletions.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_file_that_somebody_else_sent_too_stays(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    apply(client)
    apply(client, email="other@example.org")
    kept = files(app)
    first, second = db.session.scalars(select(Application.reference).order_by(Application.id))
    delete_application(reference=first, reason="request", actor=None, now=MORNING)
    assert files(app) == kept
    delete_application(reference=second, reason="request", actor=None, now=MORNING)
    assert (files(app), traces()) == ({}, [0, 0, 0, 0, 0])


def test_a_file_that_comes_again_at_the_same_moment_stays(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    apply(client)
    reference, kept = the_application().reference, files(app)
    digest = sha256(RESUME).hexdigest()
    again = Document(token="again", sha256=digest, size=len(RESUME), original_name="cv.pdf", inspection="checked",
                     findings=[], stored_at=MORNING)  # fmt: skip

    def delete() -> None:
        with app.app_context():
            delete_application(reference=reference, reason="request", actor=None, now=MORNING)

    with ThreadPoolExecutor(1) as pool:
        # An upload has found its bytes in the store and has not committed its row yet.
        with held():
            deletion = pool.submit(delete)
            while traces()[0]:
                db.session.remove()
            with transaction() as session:
                session.add(again)
            assert not deletion.done()
        deletion.result()
    assert (files(app), traces()) == (kept, [0, 0, 1, 0, 0])


def test_an_upload_waits_while_files_are_removed(app: Flask) -> None:
    def upload() -> str:
        with app.app_context():
            return take_upload(stream=io.BytesIO(RESUME), original_name="cv.pdf", now=MORNING).sha256

    with ThreadPoolExecutor(1) as pool:
        with held(alone=True):
            arriving = pool.submit(upload)
            with pytest.raises(TimeoutError):
                arriving.result(timeout=2)
            assert files(app) == {}
        assert read_bytes(arriving.result()) == RESUME


def test_an_unknown_reference_deletes_nothing(app: Flask, client: FlaskClient) -> None:
    fill(app, client)
    before = rows(app)
    with pytest.raises(UnknownApplicationError):
        delete_application(reference="0000-0000-0000-0001", reason="request", actor=None, now=MORNING)
    assert (rows(app), lines(app)) == (before, [])


def test_nothing_is_deleted_that_the_journal_cannot_keep(app: Flask, client: FlaskClient) -> None:
    references = fill(app, client)
    before, kept = rows(app), files(app)
    (app.config["DATA_DIR"] / "deletions.jsonl").mkdir()
    with pytest.raises(IsADirectoryError):
        delete_application(reference=references[0], reason="request", actor=None, now=MORNING)
    assert (rows(app), files(app)) == (before, kept)


def test_the_journal_is_only_ever_appended_to(app: Flask, client: FlaskClient) -> None:
    references = fill(app, client)
    path: Path = app.config["DATA_DIR"] / "deletions.jsonl"
    # The power failed while a line was written.
    path.write_bytes(b'{"reference": "half a li')
    for reference in references:
        delete_application(reference=reference, reason="retention", actor=None, now=MORNING)
    assert path.read_bytes().startswith(b'{"reference": "half a li\n')
    assert [json.loads(line)["reference"] for line in path.read_text().splitlines()[1:]] == references
    with pytest.raises(deletion_log.DeletionLogError, match=r"Line 1 of .* cannot be read"):
        deletion_log.read(path)


@pytest.mark.parametrize("where", ["in the data folder", "elsewhere"])
def test_what_was_deleted_after_the_backup_is_deleted_again(
    app: Flask, client: FlaskClient, databases: Databases, tmp_path: Path, where: str
) -> None:
    references = fill(app, client)
    run(app, "backup", "create", str(tmp_path / "portal.tar"))
    admin = db.session.scalars(select(User)).one()
    admin_id = admin.id
    delete_application(reference=references[0], reason="request", actor=admin, now=MORNING)
    # One that came and went after the backup, by somebody whose account did too.
    deletion_log.append([deletion_log.Entry("1111-1111-1111-1111", MORNING.isoformat(), "request", "gone@example.org")])
    kept = files(app)
    after, entries = without_deletions(rows(app)), (app.config["DATA_DIR"] / "deletions.jsonl").read_bytes()

    with empty_portal(tmp_path / "other", databases) as other:
        path = tmp_path / "copy.jsonl" if where == "elsewhere" else other.config["DATA_DIR"] / "deletions.jsonl"
        path.write_bytes(entries)
        options = ["--deletions", str(path)] if where == "elsewhere" else []
        assert "Deleted again: 1\n" in run(other, "backup", "restore", str(tmp_path / "portal.tar"), *options)
        assert without_deletions(rows(other)) == after
        assert files(other) == kept
        recorded = {deletion.reference: deletion.actor_id for deletion in db.session.scalars(select(Deletion))}
        assert recorded == {"0000-0000-0000-0000": admin_id, references[0]: admin_id, "1111-1111-1111-1111": None}
        # The journal of the new place knows all of them, for a restore of an even older backup.
        assert {line["reference"]: line["actor"] for line in lines(other)} == {
            "0000-0000-0000-0000": "admin@example.org",
            references[0]: "admin@example.org",
            "1111-1111-1111-1111": None if where == "elsewhere" else "gone@example.org",
        }
        assert len(lines(other)) == 3


@pytest.fixture
def sqlite_app(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Any:
    with empty_portal(tmp_path / "sqlite", sqlite_databases) as app:
        load_fictional_content(app)
        apply(app.test_client())
        yield app


def test_the_command_asks_for_the_reference_again(sqlite_app: Flask) -> None:
    reference = the_application().reference
    command = ["applications", "delete", "--reference", reference]
    runner = sqlite_app.test_cli_runner()
    for typed in ("yes\n", "\n0000\n", ""):
        result = runner.invoke(args=command, input=typed)
        assert result.exit_code == 1, result.output
        assert "applicant@example.org" in result.output
        assert traces()[0] == 1
    result = runner.invoke(args=command, input=f"{reference}\n")
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, f"Deleted {reference}")
    assert traces() == [0, 0, 0, 0, 0]


def test_the_command_with_yes_asks_nothing(sqlite_app: Flask) -> None:
    reference = the_application().reference
    assert run(sqlite_app, "applications", "delete", "--reference", reference, "--yes") == f"Deleted {reference}\n"
    answer = refusal(sqlite_app, "applications", "delete", "--reference", reference, "--yes")
    assert answer == f"Error: There is no application {reference}."
