"""The audit log: who may read which events, filters, pages by key, statements that stay as few, words for all."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from s2group.accounts.models import User
from s2group.accounts.services import set_role
from s2group.admissions.models import Application
from s2group.audit.models import Event
from s2group.audit.rules import AccountMade, Kind, Moved, Opened, SubjectKind
from s2group.audit.services import record
from s2group.audit.wording import KINDS, SUBJECTS
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation.audit_log import NOBODY, PAGE_SIZE, Filters, asked_events, events_page
from s2group.extensions import db
from tests.support.applying import load_fictional_content
from tests.support.events import ONE_OF_EACH
from tests.support.interviewing import colleague
from tests.support.queries import recorded_statements
from tests.support.refereeing import apply_with_referees
from tests.support.staff import PASSWORD, submit

AT = datetime(2026, 9, 10, 8, tzinfo=UTC)
ZONE = "Asia/Shanghai"
BASE = "/en/review/audit/"


@pytest.fixture
def application(app: Flask) -> Application:
    load_fictional_content(app)
    return apply_with_referees(())


@pytest.fixture
def pi(application: Application) -> User:
    return colleague()


def signed_in(app: Flask, user: User) -> FlaskClient:
    client = app.test_client()
    submit(client, "/en/account/login", email=user.email, password=PASSWORD)
    return client


def write(application: Application, count: int, actor: User | None = None) -> None:
    with transaction() as session:
        for number in range(count):
            at = AT + timedelta(minutes=number // 2)  # two of one moment
            record(session, Opened(), about=application.subject, at=at, actor_id=actor.id if actor else None)


def limited(name: str, role: Role, route_id: int) -> User:
    user = colleague(name, role)
    set_role(email=user.email, role=role, route_id=route_id, now=AT)
    return user


def test_every_kind_and_every_subject_has_words() -> None:
    assert KINDS.keys() == set(Kind)
    assert SUBJECTS.keys() == set(SubjectKind)


@pytest.mark.parametrize("language", ["", "/en"])
def test_all_kinds_are_told_in_words(app: Flask, application: Application, pi: User, language: str) -> None:
    with transaction() as session:
        for details in ONE_OF_EACH.values():
            record(session, details, about=application.subject, at=AT, actor_id=pi.id)
    client, path, table = signed_in(app, pi), f"{language}/review/audit/", ""
    while path:
        page = client.get(path)
        assert page.status_code == 200
        table += re.sub(r"<[^>]+>", " ", page.text.partition("<tbody>")[2].partition("</tbody>")[0])
        path = "".join(re.findall(r'rel="next" href="([^"]+)"', page.text))
    assert not re.search(r"\b[a-z]+_[a-z]+(?<!exemption_quota)\b", table)
    assert not re.search(r"\d{4}-\d\d-\d\d\D", table)
    local = AT.astimezone(ZoneInfo(ZONE))
    assert (
        f"{local.day} September 2026, {local:%H:%M:%S}" in table
        or f"2026 年 9 月 {local.day} 日 {local:%H:%M:%S}" in table
    )
    assert ("moved · 12" if language else "移动 · 12") in table


def test_pages_follow_by_key_and_leave_nothing_out(application: Application, pi: User) -> None:
    write(application, 2 * PAGE_SIZE + 7)
    seen, after = [], None
    while True:
        page = events_page(pi, Filters(), ZONE, after)
        seen += [line.event.id for line in page.rows]
        if page.next_key is None:
            break
        after = int(page.next_key)
    every = db.session.scalars(select(Event.id).order_by(Event.at.desc(), Event.id.desc())).all()
    assert seen == every


def test_filters_ask_for_less(application: Application, pi: User) -> None:
    other = apply_with_referees((), key="other", email="other@example.org")
    with transaction() as session:
        record(session, Opened(), about=application.subject, at=AT, actor_id=pi.id)
        record(session, Moved("submitted", "screening"), about=other.subject, at=AT + timedelta(days=1), actor_id=pi.id)

    def found(**asked: object) -> list[str]:
        return [line.event.kind for line in events_page(pi, Filters(**asked), ZONE, None).rows]  # type: ignore[arg-type]

    assert found(actor=str(pi.id)) == ["moved", "opened"]
    assert {"opened", "moved", "submitted"} & set(found(actor=NOBODY)) == {"submitted"}
    assert found(kind=Kind.OPENED) == ["opened"]
    assert found(reference=other.reference) == ["moved", "submitted"]
    assert found(since=datetime(2026, 9, 11, tzinfo=UTC).date()) == ["role_granted", "account_made", "moved"]
    day = datetime(2026, 9, 10, tzinfo=UTC).date()
    assert found(since=day, until=day) == ["opened"]


def test_who_reads_one_route_reads_its_applications_alone(app: Flask, application: Application, pi: User) -> None:
    elsewhere = next(route.id for route in application.route.call.routes if route.id != application.route_id)
    with transaction() as session:
        record(session, AccountMade(), about=pi.subject, at=AT)
    here, there = limited("here", Role.PI, application.route_id), limited("there", Role.PI, elsewhere)
    kinds = {line.event.kind for line in events_page(here, Filters(), ZONE, None).rows}
    assert kinds == {"submitted"}
    assert events_page(there, Filters(), ZONE, None).rows == []
    assert events_page(there, Filters(reference=application.reference), ZONE, None).rows == []
    assert "account_made" in {line.event.kind for line in events_page(pi, Filters(), ZONE, None).rows}
    assert application.name in signed_in(app, here).get(BASE).text
    assert signed_in(app, limited("reader", Role.REVIEWER, application.route_id)).get(BASE).status_code == 404
    assert signed_in(app, colleague("editor", Role.EDITOR)).get(BASE).status_code == 404


def test_what_cannot_be_read_is_said_and_kept(app: Flask, pi: User) -> None:
    page = signed_in(app, pi).get(BASE + "?since=yesterday&reference=nonsense&actor=99&kind=other&after=x")
    assert page.status_code == 422
    assert "Write the day as 2026-09-02" in page.text
    assert "Write the reference as" in page.text
    assert 'value="yesterday"' in page.text


def test_the_log_asks_as_often_with_more_events_and_along_an_index(
    app: Flask, application: Application, pi: User
) -> None:
    client, counts, asked = signed_in(app, pi), [], list[str]()
    for count in (1, 40):
        write(application, count, pi)
        with recorded_statements() as statements:
            assert client.get(BASE + "?after=99999").status_code == 200
        asked = [each for each in statements if "FROM event" in each]
        counts.append(len([each for each in statements if each.startswith("SELECT")]))
        application = db.session.scalars(select(Application)).one()
        pi = db.session.scalars(select(User)).one()
    assert counts[0] == counts[1]
    assert asked


@pytest.mark.parametrize("filters", [Filters(), Filters(kind=Kind.OPENED), Filters(actor="1"), Filters(actor=NOBODY)])
def test_the_latest_are_found_without_sorting(application: Application, pi: User, filters: Filters) -> None:
    route_pi = limited("here", Role.PI, application.route_id)
    for user in (pi, route_pi):
        statement = asked_events(user, filters, ZONE).order_by(Event.at.desc(), Event.id.desc()).limit(51)
        compiled = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
        with db.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET enable_seqscan = off"))
                connection.execute(text("SET enable_sort = off"))
                connection.execute(text("SET enable_bitmapscan = off"))
            explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
            plan = "\n".join(str(row) for row in connection.execute(text(f"{explain} {compiled}")))
        assert "ix_event_" in plan
        assert "B-TREE" not in plan


def test_whatever_an_event_is_about_has_a_word() -> None:
    assert set(SUBJECTS) == set(SubjectKind)
