"""Portals to back up and to restore into, and what they hold."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group import create_app
from s2group.accounts.models import Passkey, User
from s2group.accounts.second_factor import hashes_of, new_app_key
from s2group.accounts.services import add_account
from s2group.admissions.models import AdmissionRoute, Referee
from s2group.admissions.queries import application_by_reference
from s2group.admissions.services.changes import begin_change
from s2group.admissions.services.document_requests import ask_for_document, send_document
from s2group.admissions.services.drafts import attach, invite, save_topic, start_draft
from s2group.backup.services import PASSING_TABLES
from s2group.backup.tables import GENERATION
from s2group.content.news.files import NEWS
from s2group.content.news.models import NewsItem
from s2group.content.outgoing_links.models import FailingLink
from s2group.content.outgoing_links.rules import LinkFault
from s2group.content.settling.models import DistinctPapers
from s2group.content.stored_files.models import ContentFile
from s2group.content.trash.services import remove_record
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.custody.models import Deletion
from s2group.evaluation import search
from s2group.evaluation.search.services import save_search
from s2group.extensions import Base, db
from s2group.jobs.models import JobRun
from s2group.links.rules import PORTAL, Purpose
from s2group.links.services import issue
from s2group.mail.models import MailServer, OutboxMail
from tests.support.applying import MORNING, apply, load_fictional_content, pdf
from tests.support.changing import CHANGED_AT, change, upload
from tests.support.contributing import contribution_values
from tests.support.databases import Databases, settings
from tests.support.evaluating import evaluate
from tests.support.pdf import make_pdf
from tests.support.record import add_a_record
from tests.support.snapshots import made_once
from tests.support.staff import PASSWORD

Rows = dict[str, list[tuple[Any, ...]]]
NO_MORE: Mapping[str, str] = MappingProxyType({})


@contextmanager
def portal(folder: Path, database_url: str, more: Mapping[str, str] = NO_MORE) -> Iterator[Flask]:
    """A portal over a data folder of its own, with `more` settings; inside, its application context."""
    app = create_app(settings(folder, database_url) | dict(more))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@contextmanager
def empty_portal(folder: Path, databases: Databases, more: Mapping[str, str] = NO_MORE) -> Iterator[Flask]:
    """One with an empty, migrated database."""
    with portal(folder, databases.fresh(folder), more) as app:
        yield app


# Of the administrator.
RECOVERY_CODE = "0123-4567-89ab-cdef"


def fill(app: Flask, client: FlaskClient) -> list[str]:
    """Put something into every table, two applications among it; their references."""
    return made_once("something in every table", lambda: _fill(app, client))


def _fill(app: Flask, client: FlaskClient) -> list[str]:
    load_fictional_content(app)
    actor = add_account(email="admin@example.org", role=Role.ADMIN, password=PASSWORD, now=MORNING)
    references = [_apply(client, "测试甲"), _apply(client, "Test Applicant")]
    _replace_a_mail(references[0])
    _go_on(references[1], actor)
    judged = application_by_reference(references[0])
    assert judged
    evaluate(judged, actor)
    _begin_a_draft()
    add_a_record(now=MORNING)
    contribution_values()
    removed = db.session.scalars(select(NewsItem).order_by(NewsItem.id)).first()
    assert removed and remove_record(NEWS, removed.id, actor=actor.id, now=MORNING)
    expression = search.read("status:new", actor, MORNING)
    assert isinstance(expression, search.Expression)
    save_search(name="New ones", expression=expression, shared=True, owner=actor, now=MORNING)
    paper = upload(make_pdf("grades"))  # bytes that are there already
    hashes = hashes_of([RECOVERY_CODE])
    with transaction() as session:
        actor.tf_primary_method, actor.tf_totp_secret, actor.mf_recovery_codes = "authenticator", new_app_key(), hashes
        key = Passkey(credential_id="AAAA", public_key="BBBB", sign_count=1, name="blue key", created_at=MORNING)
        actor.passkeys.append(key)
        session.add(ContentFile(path="papers/paper-of-a-test.pdf", document_id=paper.id))
        issue(session, purpose=Purpose.FIRST_ADMIN, subject=PORTAL, now=MORNING)
        session.add(DistinctPapers(one_key="jia2026first", other_key="other2026second"))
        link = "https://nowhere.example.org/"
        session.add(
            FailingLink(url=link, fault=LinkFault.STATUS, status=404, failed_first=MORNING, failed_last=MORNING)
        )
        session.add(JobRun(name="check", begun_at=MORNING + timedelta(microseconds=1), report={"differences": 0}))
        session.add(MailServer(state="down", failures=3, since=MORNING, next_probe_at=MORNING, reply_text="451 busy"))
        session.add(Deletion(at=MORNING, reference="0000-0000-0000-0000", reason="request", actor_id=actor.id))
    return references


def rows(app: Flask) -> Rows:
    """Every row of every table that a backup keeps, as the models read them."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for name, table in Base.metadata.tables.items()
            if name not in PASSING_TABLES | {GENERATION}
        }


def files(app: Flask) -> Mapping[str, bytes]:
    """Every stored file, by its path within the store."""
    folder = Path(app.config["STORAGE_URL"])
    found = (path for path in folder.glob("[0-9a-f][0-9a-f]/*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def run(app: Flask, *command: str) -> str:
    """Run one of the app's commands; what it printed. It must succeed."""
    result = _invoke(app, command)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def refusal(app: Flask, *command: str) -> str:
    """Run one of the app's commands, which must fail; the last line that it printed."""
    result = _invoke(app, command)
    assert result.exit_code == 1, (result.output, result.exception)
    return str(result.output.strip().splitlines()[-1])


def _invoke(app: Flask, command: Sequence[str]) -> Result:
    """Within a context of the app's own: a command would take another app's, where that is open."""
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(command))


def _apply(client: FlaskClient, name: str) -> str:
    response = apply(client, name=name, resume=pdf(make_pdf(name)))
    assert response.status_code == 303, response.text
    return response.location.rstrip("/").rpartition("/")[2]


def _go_on(reference: str, actor: User) -> None:
    """An application that was changed, is being changed once more, and of which more was asked."""
    application = application_by_reference(reference)
    assert application
    change(application, {"cet4": 500}, files={"resume": make_pdf("newer")}, key="key-of-the-first-change-")
    draft = begin_change(application=application, key="key-of-the-second-change", now=CHANGED_AT)
    attach(draft=draft, kind="transcript", document=upload(make_pdf("grades")), now=CHANGED_AT)
    asked = ask_for_document(
        application=application, text="A certificate", due_at=None, told_at=CHANGED_AT, actor=actor, now=CHANGED_AT
    )
    send_document(asked=asked, document=upload(make_pdf("certificate")), now=CHANGED_AT)
    letter = upload(make_pdf("letter"))
    with transaction() as session:
        session.add(Referee(application_id=application.id, position=1, name="测试丙", email="referee@example.org",
                            title="Professor", asked_at=CHANGED_AT, received_at=CHANGED_AT,
                            document_id=letter.id))  # fmt: skip


def _begin_a_draft() -> None:
    """Somebody who has not applied yet."""
    route = db.session.scalars(select(AdmissionRoute)).first()
    assert route
    draft = start_draft(route=route, key="key-of-a-draft-in-a-test", answers={}, locale="en", now=MORNING)
    saved = save_topic(draft=draft, topic="about", answers={"email": "draft@example.org"}, seen=0, now=MORNING)
    invite(draft=saved, now=MORNING)
    attach(draft=draft, kind="resume", document=upload(make_pdf("a draft's CV"), now=MORNING), now=MORNING)


def _replace_a_mail(topic: str) -> None:
    """A row that refers to one behind it."""
    with transaction() as session:
        first = session.scalars(select(OutboxMail).where(OutboxMail.topic == topic).order_by(OutboxMail.id)).first()
        assert first is not None
        columns = {column.key: getattr(first, column.key) for column in OutboxMail.__table__.columns}
        second = OutboxMail(
            **columns | {"id": None, "message_id": "<second@example.org>", "recipient": "b@example.org"}
        )
        session.add(second)
        session.flush()
        first.state, first.replaced_by_id = "replaced", second.id
