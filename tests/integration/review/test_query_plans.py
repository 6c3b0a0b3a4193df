"""No page and no job walks through all applications or all mail: what the database plans for each statement says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from s2group.accounts.models import User
from s2group.accounts.services import add_account
from s2group.admissions import queries as admissions
from s2group.admissions.models import Application
from s2group.admissions.openings import admissions_at
from s2group.core.permissions import Role
from s2group.custody.queries import lost_files, oldest_unsent
from s2group.documents.queries import least_recently_read
from s2group.evaluation import queries
from s2group.evaluation.access import mails_visible_to
from s2group.evaluation.desk.columns import NEWEST_FIRST
from s2group.evaluation.desk.paging import page_of_ids
from s2group.evaluation.desk.queries import navigation_counts
from s2group.evaluation.desk.rows import rows_of
from s2group.evaluation.reviews.queries import facts_with_ratings
from s2group.evaluation.search import Expression, counted, read
from s2group.extensions import db
from s2group.mail.queries import free_at, mails_by_state, mails_for_a_person, mails_of, mails_under_way, room_at
from tests.support.applying import MORNING, load_fictional_content
from tests.support.refereeing import apply_with_referees
from tests.support.staff import PASSWORD

LARGE = ("application", "application_facts", "outbox_mail", "document", "event")


@pytest.fixture
def application(app: Flask) -> Application:
    load_fictional_content(app)
    return apply_with_referees()


@pytest.fixture
def pi(app: Flask) -> User:
    return add_account(email="pi@example.org", role=Role.PI, password=PASSWORD, now=MORNING)


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any]]]:
    """Statements and their parameters, as the database gets them."""
    found: list[tuple[str, Any]] = []

    def record(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            found.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", record)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", record)


def full_scans(statement: str, parameters: Any) -> set[str]:
    """The large tables that the plan reads from one end to the other, an index or not."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            steps = [row[3].split() for row in rows]
            return {words[1] for words in steps if words[0] == "SCAN" and "INDEX" not in words} & {*LARGE}
        for setting in ("enable_seqscan", "enable_bitmapscan"):
            connection.execute(text(f"SET LOCAL {setting} = off"))
        [[plan]] = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).all()
        return set(_sequential(plan[0]["Plan"])) & {*LARGE}


def _sequential(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield str(plan["Relation Name"])
    for part in plan.get("Plans", []):
        yield from _sequential(part)


def test_no_read_walks_through_everything(application: Application, pi: User) -> None:
    reference, email = application.reference, application.email
    found_application = queries.application_in_full(pi, reference)
    assert found_application
    with recorded() as statements:
        page_of_ids(pi, facts_with_ratings(pi), NEWEST_FIRST, None)
        page_of_ids(pi, facts_with_ratings(pi), NEWEST_FIRST, reference)
        rows_of(pi, [application.id], "zh", MORNING)
        navigation_counts(pi)
        queries.application_in_full(pi, reference)
        queries.likely_duplicates(pi, found_application)
        admissions.earlier_applications(found_application)
        admissions.application_by_form_key("form-of-a-test")
        admissions_at(MORNING)
        mails_of(reference)
        mails_by_state(mails_visible_to(pi))
        mails_for_a_person(mails_visible_to(pi))
        mails_under_way(mails_visible_to(pi))
        admissions.unsent_bytes(since=MORNING)
        admissions.unsent_bytes(since=MORNING, visitor="a")
        lost_files()
        oldest_unsent(MORNING)
        free_at(email, now=MORNING)
        room_at("draft_continue", email, a_day=5, now=MORNING)
        least_recently_read(limit=10, sound_before=MORNING, damaged_before=MORNING - timedelta(hours=1))
    assert len(statements) > 15
    assert {statement: scans for statement, each in statements if (scans := full_scans(statement, each))} == {}


def test_the_test_would_notice(application: Application) -> None:
    with recorded() as statements:
        db.session.execute(text("SELECT id FROM application WHERE lower(email) = 'a@example.org'"))
    assert [full_scans(statement, each) for statement, each in statements] == [{"application"}]


def test_words_are_never_read_one_after_the_other(application: Application, pi: User) -> None:
    with recorded() as statements:
        counted(
            pi, {typed: each for typed in ("语音", "-语音") if isinstance(each := read(typed, pi, MORNING), Expression)}
        )
    [(statement, parameters)] = [each for each in statements if "search_index" in each[0]]
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            assert [row[3].split()[2:4] for row in rows if "search_index" in row[3]] == [["VIRTUAL", "TABLE"]] * 2
        else:
            [[plan]] = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).all()
            assert list(_sequential(plan[0]["Plan"])) == []
