"""The check finds what differs between rows, files, hashes and mail, sets orphans aside, and touches nothing else."""

import io
import os
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text, update

from s2group.admissions.models import ApplicationDocument
from s2group.audit.models import Event
from s2group.core.database import transaction
from s2group.custody import queries, services
from s2group.custody.models import Deletion
from s2group.custody.reconciliation import Difference, check, reconcile
from s2group.documents.models import Document
from s2group.documents.services import take_upload
from s2group.documents.store import held, read_bytes, store
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support import applying
from tests.support.applying import REQUIRED, RESUME
from tests.support.events import without_event_triggers
from tests.support.mail import add_templates, put_into_outbox
from tests.support.pdf import make_pdf
from tests.support.queries import recorded_statements
from tests.support.stored import path_of

DIGEST = sha256(RESUME).hexdigest()
# Files are as old as the clock of this machine says.
NOW = datetime.now().astimezone()
LATER = NOW + timedelta(days=1, hours=1)
UNKNOWN = "7K3M-Q0ZT-9XHB-4WPD"

only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def reference(app: Flask, client: FlaskClient) -> str:
    """Of an application that is in order."""
    applying.load_fictional_content(app)
    applying.apply(client)
    return applying.the_application().reference


def found(now: datetime = NOW) -> list[str]:
    db.session.rollback()
    return [str(difference) for difference in reconcile(now=now)]


def change(*statements: object) -> None:
    with transaction() as session:
        for statement in statements:
            session.execute(statement)  # type: ignore[call-overload]


def about(message: str) -> Callable[[], object]:
    return lambda: delete(OutboxMail).where(OutboxMail.message == message)


def forget_events() -> object:
    """As no code of the portal may."""
    for statement in without_event_triggers():
        db.session.execute(text(statement))
    db.session.commit()
    return delete(Event)


def orphan(content: bytes = b"%PDF-1.5 nobody's") -> str:
    """Put a file into the store that no row names, as a process does that is killed before it writes the row."""
    with store.receive([content], limit=1000) as incoming:
        store.put(incoming)
    return incoming.sha256


def set_aside_in(app: Flask) -> list[bytes]:
    return [path.read_bytes() for path in sorted((app.config["DATA_DIR"] / "orphans").glob("*"))]


def test_nothing_differs_after_an_application_nor_before_the_first(app: Flask, client: FlaskClient) -> None:
    assert found() == []
    applying.load_fictional_content(app)
    applying.apply(client)
    assert found(LATER) == []


def _lose(path: Path) -> None:
    path.unlink()


def _spoil(path: Path) -> None:
    path.write_bytes(b"X" + RESUME[1:])


def _cut(path: Path) -> None:
    path.write_bytes(RESUME[:-1])


@pytest.mark.parametrize(
    ("harm", "differences"),
    [
        (_lose, ["file that is missing", "mail with a file that is missing"]),
        (_spoil, ["file with other bytes than its hash says"]),
        (_cut, ["file of another size than its row says"]),
    ],
)
def test_a_file_that_is_not_as_it_came_is_told_with_its_application(
    reference: str, harm: Callable[[Path], None], differences: list[str]
) -> None:
    harm(path_of(DIGEST))
    told = found()
    assert told[0] == f"{differences[0]}: {DIGEST} of {reference}"
    assert sorted({words.partition(":")[0] for words in told}) == sorted(differences)


@pytest.mark.parametrize(
    ("harm", "difference"),
    [
        (lambda: delete(ApplicationDocument), "application without a résumé: {}"),
        (forget_events, "application without the event 'submitted': {}"),
        (about("application_received"), "application without a mail to the group: {}"),
        (about("application_confirmation"), "application without its one confirmation: {}"),
        (
            lambda: delete(OutboxMail).where(OutboxMail.recipient == "co@example.org"),
            "message without a mail to each recipient: {} application_received, 1 missing",
        ),
    ],
)
def test_an_application_that_lacks_something_is_told(
    reference: str, harm: Callable[[], object], difference: str
) -> None:
    change(harm())
    assert found() == [difference.format(reference)]


def _put_confirmation(reference: str, to: str) -> int:
    add_templates(current_app._get_current_object())  # type: ignore[attr-defined]
    [mail_id] = put_into_outbox(NOW, topic=reference, to=[to])
    change(update(OutboxMail).where(OutboxMail.id == mail_id).values(message="application_confirmation"))
    return mail_id


def test_a_second_confirmation_is_told(reference: str) -> None:
    _put_confirmation(reference, REQUIRED["email"])
    assert found() == [f"application without its one confirmation: {reference}"]


def test_a_confirmation_sent_to_another_address_instead_is_still_one(reference: str) -> None:
    successor = _put_confirmation(reference, "corrected@example.org")
    change(
        update(OutboxMail)
        .where(OutboxMail.message == "application_confirmation", OutboxMail.id != successor)
        .values(state="replaced", replaced_by_id=successor)
    )
    assert found() == []


def test_what_refers_to_a_deleted_application_is_told(reference: str) -> None:
    with transaction() as session:
        session.add(Deletion(at=NOW, reference=reference, reason="request", actor_id=None))
    change(update(OutboxMail).where(OutboxMail.message == "application_confirmation").values(topic=UNKNOWN))
    assert found() == [
        f"application without its one confirmation: {reference}",
        f"application that was recorded as deleted: {reference}",
        f"mail about an application that is not there: {UNKNOWN}",
    ]


def test_an_orphan_is_told_and_set_aside_only_when_it_is_a_day_old(app: Flask, reference: str) -> None:
    digest = orphan()
    assert check(now=NOW + timedelta(hours=23)) == []
    assert check(now=LATER) == [Difference("file without a row", digest)]
    assert set_aside_in(app) == [b"%PDF-1.5 nobody's"]
    assert not path_of(digest).exists()
    assert check(now=LATER) == []
    assert read_bytes(DIGEST) == RESUME


def test_a_second_orphan_with_the_same_bytes_replaces_none(app: Flask) -> None:
    for hours in (0, 1):
        orphan()
        check(now=LATER + timedelta(hours=hours))
    assert set_aside_in(app) == [b"%PDF-1.5 nobody's"] * 2


@only_sqlite
def test_files_that_are_not_named_like_ours_are_left_alone(app: Flask) -> None:
    folder = Path(app.config["STORAGE_URL"])
    for name in ("lost+found/x", "ab/README", "incoming/x"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("somebody else's")
    assert check(now=LATER) == []
    assert set_aside_in(app) == []


@only_sqlite
def test_a_file_is_set_aside_onto_another_file_system(app: Flask) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        app.config["DATA_DIR"] = Path(elsewhere)
        digest = orphan()
        check(now=LATER)
        assert set_aside_in(app) == [b"%PDF-1.5 nobody's"]
        assert not path_of(digest).exists()


def test_an_upload_of_the_same_bytes_at_the_same_moment_keeps_the_file(app: Flask) -> None:
    digest = orphan()
    begun, answers = threading.Event(), []

    def set_aside() -> None:
        with app.app_context():
            begun.set()
            answers.append(services.set_aside(sha256=digest, now=LATER))

    thread = threading.Thread(target=set_aside)
    with held():  # as an upload does, from the moment when it finds the file until its row is there
        thread.start()
        begun.wait()
        with transaction() as session:
            session.add(_document(digest))
    thread.join()
    assert answers == [False]
    assert path_of(digest).exists()


def _document(digest: str) -> Document:
    return Document(token="t", sha256=digest, size=17, original_name="cv.pdf", inspection="checked", pages=1,
                    findings=[], stored_at=NOW)  # fmt: skip


def _upload(content: bytes) -> Document:
    return take_upload(stream=io.BytesIO(content), original_name="cv.pdf", now=NOW)


def test_the_upload_of_an_abandoned_form_is_forgotten_after_a_day_and_its_file_set_aside(
    app: Flask, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "DOCUMENTS_AT_ONCE", 1)
    abandoned = [make_pdf(text) for text in ("abandoned", "left")]
    for content in abandoned:
        _upload(content)
    assert services.discard_abandoned(now=NOW + timedelta(hours=23)) == 0
    assert services.discard_abandoned(now=LATER) == 2
    assert sorted(set_aside_in(app)) == sorted(abandoned)
    assert list(db.session.scalars(select(Document.sha256))) == [DIGEST]
    assert found(LATER) == []


def test_an_abandoned_upload_of_bytes_that_an_application_holds_leaves_the_file(app: Flask, reference: str) -> None:
    _upload(RESUME)
    assert services.discard_abandoned(now=LATER) == 1
    assert read_bytes(DIGEST) == RESUME
    assert found(LATER) == []


def test_a_form_that_comes_in_while_its_upload_is_discarded_wins(app: Flask, client: FlaskClient) -> None:
    """On either side of the deletion: the application is whole, or the form asks for the file again."""
    applying.load_fictional_content(app)
    refused = applying.apply(client, email="no address")
    hidden = applying.hidden_fields(refused.text)
    document_id = db.session.scalars(select(Document.id)).one()
    assert applying.send(client, hidden, resume=None).status_code == 303
    assert services._discard(document_id) is False
    assert found(LATER) == []


def test_the_command_tells_what_differs_and_nothing_about_people(app: Flask, reference: str) -> None:
    runner = app.test_cli_runner()
    well = runner.invoke(args=["check"])
    assert (well.exit_code, well.output) == (0, "Nothing differs.\n")
    digest = orphan()
    old = (NOW - timedelta(days=2)).timestamp()
    os.utime(path_of(digest), (old, old))
    change(about("application_confirmation")())
    differs = runner.invoke(args=["check"])
    assert differs.exit_code == 1
    assert differs.stdout == (
        f"file without a row: {digest}\napplication without its one confirmation: {reference}\n2 differences\n"
    )


def test_a_check_asks_no_more_often_for_more_applications(app: Flask, client: FlaskClient) -> None:
    applying.load_fictional_content(app)
    counts = []
    for applicants in (1, 2):
        for number in range(applicants):
            applying.apply(client, resume=applying.pdf(make_pdf(f"{applicants}-{number}")))
        with recorded_statements() as statements:
            assert list(reconcile(now=NOW)) == []
        counts.append(len(statements))
    assert applying.applications() == 3
    assert counts[0] == counts[1]


def test_the_hourly_check_reads_no_file_and_believes_its_verification(reference: str) -> None:
    _spoil(path_of(DIGEST))
    assert list(reconcile(now=NOW, reread=False)) == []
    change(update(Document).where(Document.sha256 == DIGEST).values(damaged_at=NOW))
    told = [str(difference) for difference in reconcile(now=NOW, reread=False)]
    assert told == [f"file with other bytes than its hash says: {DIGEST} of {reference}"]
    _cut(path_of(DIGEST))
    assert next(iter(reconcile(now=NOW, reread=False))).what == "file of another size than its row says"
