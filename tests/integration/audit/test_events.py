"""Events are written with what they tell of, read by an index, never changed, and gone with their application."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Row, event, select, text
from sqlalchemy.exc import IntegrityError

from s2group.accounts.models import User
from s2group.accounts.services import add_account, set_active, set_password, set_role, sign_out_everywhere
from s2group.admissions.models import Application
from s2group.admissions.timeline import TOLD
from s2group.admissions.wording import event_names
from s2group.audit.models import Event
from s2group.audit.rules import (
    AccountClosed,
    AccountMade,
    AccountOpened,
    Details,
    Kind,
    Moved,
    Opened,
    PasswordChanged,
    RoleGranted,
    RoleRevoked,
    SessionsEnded,
    SignedIn,
    Subject,
    SubjectKind,
    Submitted,
)
from s2group.audit.services import record
from s2group.audit.wording import for_applicant, in_words
from s2group.core.database import transaction
from s2group.core.i18n import in_language
from s2group.core.permissions import Role
from s2group.evaluation import queries
from s2group.evaluation.desk.rows import rows_of
from s2group.extensions import db
from s2group.privacy.deletion import delete_application
from tests.support.applying import MORNING, apply, load_fictional_content, the_application
from tests.support.backups import empty_portal, run
from tests.support.databases import Databases
from tests.support.events import ONE_OF_EACH
from tests.support.staff import PASSWORD, add_staff, sign_in

NOW = datetime(2026, 9, 5, 8, 0, tzinfo=UTC)
# The migration before the one that made the table.
BEFORE = "0019"
# What the day before wrote down of ONE_OF_EACH: event, note and shown.
NOTES = [
    ("submitted", "", None),
    ("opened", "", None),
    ("mail_sent_again", "pi@example.org", None),
    ("mail_sent_elsewhere", "pi@example.org → co@example.org", None),
    ("mail_came_back", "pi@example.org", None),
    ("letter_received", "测试丙", None),
    ("files_removed", "2", None),
    ("judged_again", "1 → 2; exemption_quota: met → not_met; gone: – → unknown", None),
    ("changed", "1 → 2", None),
    ("moved", "submitted → screening", None),
    ("shown", "", "screening"),
    ("taken_back", "", "screening"),
    ("document_asked", "A certificate; 证明", None),
    ("document_sent", "A certificate; 证明", None),
]
only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def application(app: Flask, client: FlaskClient) -> Application:
    load_fictional_content(app)
    apply(client)
    return the_application()


def record_one_of_each(application: Application) -> None:
    """One event of each kind that the day before knew, but the one that is there, by an account."""
    add_staff(Role.PI)
    with transaction() as session:
        actor_id = session.scalar(text("SELECT id FROM user_account"))
        for details in list(ONE_OF_EACH.values())[1 : len(NOTES)]:
            record(session, details, about=application.subject, at=NOW, actor_id=actor_id)


def events() -> list[Row[Any]]:
    """All that is kept of every event of an application but its number and its request."""
    columns = [column for column in Event.__table__.columns if column.name not in ("id", "request_id")]
    with db.engine.connect() as connection:
        of_applications = select(*columns).where(Event.application_id.is_not(None))
        return list(connection.execute(of_applications.order_by(Event.id)))


def refused(statement: str) -> str:
    """The database's words of refusal."""
    with pytest.raises(IntegrityError) as error, transaction() as session:
        session.execute(text(statement))
    return str(error.value.orig).splitlines()[0]


@pytest.mark.parametrize(
    "what", ["details = '{}'", "at = at", "application_id = NULL", "actor_id = NULL", "id = id + 9"]
)
def test_no_event_is_changed(application: Application, what: str) -> None:
    assert refused(f"UPDATE event SET {what}") == "an event is never changed"


def test_no_event_of_an_application_that_is_there_goes(application: Application) -> None:
    assert refused("DELETE FROM event") == "an event goes with its application alone"
    assert [event.details for event in application.events] == [Submitted()]


def test_an_event_of_no_application_never_goes(app: Flask) -> None:
    with transaction() as session:
        record(session, Opened(), about=Subject(SubjectKind.MAIL, "some"), at=NOW)
    assert refused("DELETE FROM event") == "an event goes with its application alone"


def test_no_event_is_put_in_the_place_of_another(application: Application, databases: Databases) -> None:
    columns = "id, at, kind, subject_kind, subject_key, details"
    values = "SELECT id, at, 'opened', subject_kind, subject_key, '{}' FROM event"
    if databases.name == "sqlite":
        assert refused(f"INSERT OR REPLACE INTO event ({columns}) {values}") == "an event is never changed"
        return
    refused(f"INSERT INTO event ({columns}) {values} ON CONFLICT (id) DO UPDATE SET kind = excluded.kind")
    assert refused("TRUNCATE event") == "an event is never changed"


def test_events_of_a_deleted_application_are_gone(app: Flask, client: FlaskClient, application: Application) -> None:
    apply(client, email="other@example.org")
    record_one_of_each(application)
    delete_application(reference=application.reference, reason="request", actor=None, now=MORNING)
    [left] = db.session.scalars(select(Event).where(Event.application_id.is_not(None)))
    assert (left.application_id, left.details) == (the_application().id, Submitted())


def test_an_event_bears_the_id_of_its_request(client: FlaskClient, application: Application) -> None:
    sign_in(client, Role.PI)
    told = client.get(f"/review/{application.reference}/").headers["X-Request-ID"]
    with transaction() as session:
        record(session, Moved("submitted", "screening"), about=application.subject, at=NOW)
    opened, moved = db.session.scalars(select(Event).where(Event.kind.in_(["opened", "moved"])).order_by(Event.id))
    assert (opened.details, opened.request_id, moved.request_id) == (Opened(), told, None)


@only_sqlite
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_event_has_words_in_both_languages(app: Flask, locale: Any) -> None:
    with app.test_request_context(), in_language(locale):
        names = event_names({"exemption_quota": "Q"})
        for details in ONE_OF_EACH.values():
            assert in_words(details, names)
        told = {kind: for_applicant(ONE_OF_EACH[kind], names) for kind in TOLD}
        other = {kind: str(in_words(ONE_OF_EACH[kind], names)) for kind in Kind}
    assert all(words.endswith("。" if locale == "zh" else ".") for words in told.values())
    assert all(words.isascii() is (locale == "en") for words in told.values())
    assert other[Kind.MOVED] == ("状态变化 · 待初筛 → 初筛" if locale == "zh" else "Moved · To screen → Screening")


def plans(statements: list[tuple[str, Any]]) -> Iterator[str]:
    """How the database would carry out what the portal has asked of the events."""
    explain = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")  # a table of two rows is read faster as a whole
        for statement, values in statements:
            yield "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, values))


def test_events_of_an_application_read_the_index_and_lists_read_none(application: Application) -> None:
    asked: list[tuple[str, Any]] = []
    reader = add_account(email="pi@example.org", role=Role.PI, password=PASSWORD, now=NOW)

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if re.search(r"\b(FROM|JOIN) event\b", statement):
            asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        queries.application_in_full(reader, application.reference)
        rows_of(reader, [application.id], "zh", NOW)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 1
    for plan in plans(asked):
        assert "ix_event_application_id_kind_at" in plan


def test_the_history_of_the_day_before_becomes_events_and_the_way_back(application: Application) -> None:
    record_one_of_each(application)
    before = events()
    assert len(before) == len(NOTES)
    db.session.remove()
    flask_migrate.downgrade(revision=BEFORE)
    with db.engine.connect() as connection:
        entries = connection.execute(text("SELECT event, note, shown FROM history_entry ORDER BY id")).all()
    assert [tuple(entry) for entry in entries] == NOTES
    flask_migrate.upgrade()
    assert events() == before
    assert refused("UPDATE event SET kind = 'opened'") == "an event is never changed"


def test_a_backup_of_the_day_before_comes_back_with_its_history(
    app: Flask, application: Application, databases: Databases, tmp_path: Path
) -> None:
    record_one_of_each(application)
    before = events()
    db.session.remove()
    flask_migrate.downgrade(revision=BEFORE)
    run(app, "backup", "create", str(tmp_path / "before.tar"))
    with empty_portal(tmp_path / "other", databases) as other:
        assert "1 application" in run(other, "backup", "restore", str(tmp_path / "before.tar"))
        assert events() == before
        assert refused("DELETE FROM event") == "an event goes with its application alone"


def subjects(kind: Kind) -> list[tuple[str, str, Any]]:
    found = db.session.scalars(select(Event).where(Event.kind == kind).order_by(Event.subject_key))
    return [(event.subject_kind, event.subject_key, event.details.to_dict()) for event in found]


@only_sqlite
def test_calls_tell_what_is_new_in_their_files_and_nothing_else(app: Flask) -> None:
    load_fictional_content(app)
    calls = subjects(Kind.CALL_CHANGED)
    requirements = subjects(Kind.REQUIREMENTS_CHANGED)
    assert calls == [("call", "fictional-call", {})]
    assert ("route", "fictional-call/recommended-exemption-master", {"version": 1}) in requirements
    load_fictional_content(app)
    assert (subjects(Kind.CALL_CHANGED), subjects(Kind.REQUIREMENTS_CHANGED)) == (calls, requirements)


@only_sqlite
def test_a_deletion_leaves_an_event_about_the_reference_alone(application: Application) -> None:
    reference = application.reference
    delete_application(reference=reference, reason="request", actor=None, now=NOW)
    assert subjects(Kind.APPLICATION_DELETED) == [("application", reference, {"reason": "request"})]
    [left] = db.session.scalars(select(Event).where(Event.kind == Kind.APPLICATION_DELETED))
    assert (left.application_id, left.at, left.actor_id) == (None, NOW, None)


def told_of(user: User) -> list[tuple[Details, int | None]]:
    own = select(Event).where(Event.subject_kind == "account", Event.subject_key == str(user.id)).order_by(Event.id)
    return [(event.details, event.actor_id) for event in db.session.scalars(own)]


@only_sqlite
def test_an_account_tells_what_was_done_to_it(app: Flask, client: FlaskClient) -> None:
    email = "editor@example.org"
    user = add_account(email=email, role=Role.EDITOR, password=PASSWORD, now=NOW)
    set_password(email=email, password="four other plain words", now=NOW)
    set_role(email=email, role=Role.REVIEWER, now=NOW)
    set_role(email=email, role=Role.REVIEWER, now=NOW)
    for active in (False, True):
        set_active(email=email, active=active, now=NOW)
    assert sign_out_everywhere(email=email, now=NOW) == 0
    assert [details for details, _actor in told_of(user)] == [
        AccountMade(),
        RoleGranted("editor"),
        PasswordChanged(),
        RoleGranted("reviewer"),
        RoleRevoked("editor"),
        AccountClosed(),
        AccountOpened(),
        SessionsEnded(0),
    ]


@only_sqlite
def test_a_sign_in_is_kept_of_whoever_signed_in(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.PI)
    user = db.session.scalars(select(User)).one()
    assert told_of(user) == [(AccountMade(), None), (RoleGranted("pi"), None), (SignedIn(), user.id)]
