"""One table of links: each has one purpose, works for a time, and ends with what it leads to."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from s2group.admissions.models import Application, Draft, Referee
from s2group.admissions.services import drafts
from s2group.core.database import transaction
from s2group.core.identifiers import token_hash
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.queries import find
from s2group.links.rules import LIFETIMES, ONCE, PORTAL, Purpose
from s2group.links.services import forget_expired, issue, remove, use
from s2group.privacy.deletion import delete_application
from tests.support.applying import MORNING
from tests.support.backups import fill

SECOND = timedelta(seconds=1)


def made(purpose: Purpose, subject: str = "a-key", now: datetime = MORNING) -> str:
    with transaction() as session:
        return issue(session, purpose=purpose, subject=subject, now=now)


def used(token: str, *purposes: Purpose, now: datetime = MORNING) -> bool:
    with transaction() as session:
        return use(session, token, *purposes, now=now) is not None


def kept() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(row.purpose, row.subject) for row in db.session.scalars(select(Link).order_by(Link.id))]


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_serves_its_purpose_for_its_time(app: Flask, purpose: Purpose) -> None:
    token, end = made(purpose), MORNING + LIFETIMES[purpose]
    found = find(token, purpose, now=end - SECOND)
    assert found
    assert (found.purpose, found.subject, found.token_hash) == (purpose, "a-key", token_hash(token))
    assert (found.created_at, found.expires_at, found.used_at) == (MORNING, end, None)
    assert find(token, *(other for other in Purpose if other != purpose), now=MORNING) is None
    assert (find(token, purpose, now=end), used(token, purpose, now=end)) == (None, False)
    assert (forget_expired(now=end - SECOND), forget_expired(now=end)) == (0, 1)


@pytest.mark.parametrize("purpose", Purpose)
def test_what_works_once_works_once(app: Flask, purpose: Purpose) -> None:
    token, later = made(purpose), MORNING + SECOND
    assert not used(token, *(other for other in Purpose if other != purpose))
    assert not used("another token", purpose)
    assert [used(token, purpose), used(token, purpose, now=later)] == [True, purpose not in ONCE]
    db.session.rollback()
    assert (find(token, purpose, now=later) is None) == (purpose in ONCE)


def test_of_many_at_once_one_uses_a_link(app: Flask) -> None:
    token = made(Purpose.HANDOFF)
    db.session.remove()
    start, outcomes = Barrier(4), list[bool]()

    def follow() -> None:
        with app.app_context():
            start.wait()
            outcomes.append(used(token, Purpose.HANDOFF))

    threads = [Thread(target=follow) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, False, False, True]


def test_what_is_undone_has_used_no_link(app: Flask) -> None:
    token = made(Purpose.SIGN_IN)
    with pytest.raises(ZeroDivisionError), transaction() as session:
        assert use(session, token, Purpose.SIGN_IN, now=MORNING)
        raise ZeroDivisionError
    assert used(token, Purpose.SIGN_IN)


def test_links_to_one_subject_are_removed_by_purpose(app: Flask) -> None:
    for purpose in (Purpose.CONTINUE, Purpose.HANDOFF):
        made(purpose, "one")
        made(purpose, "two")
    with transaction() as session:
        remove(session, (Purpose.CONTINUE, Purpose.MANAGE), ["one", "no such"])
    assert kept() == [("continue", "two"), ("handoff", "one"), ("handoff", "two")]


def test_what_is_deleted_takes_its_links_along_and_no_others(app: Flask, client: FlaskClient) -> None:
    first, second = fill(app, client)
    with transaction() as session:
        session.execute(delete(Link))
    application = db.session.scalars(select(Application).where(Application.reference == second)).one()
    change = db.session.scalars(select(Draft).where(Draft.application_id == application.id)).one()
    new = db.session.scalars(select(Draft).where(Draft.application_id.is_(None))).one()
    referee = db.session.scalars(select(Referee)).one()
    others = [(Purpose.MANAGE, first), (Purpose.LETTER, str(referee.id + 1)), (Purpose.FIRST_ADMIN, PORTAL)]
    for purpose, subject in (
        *others,
        (Purpose.MANAGE, second),
        (Purpose.CONTINUE, change.key),
        (Purpose.HANDOFF, change.key),
        (Purpose.LETTER, str(referee.id)),
        (Purpose.CONTINUE, new.key),
        (Purpose.HANDOFF, new.key),
    ):
        made(purpose, subject)
    with transaction() as session:
        drafts.forget(session, new.id)
    delete_application(reference=second, reason="request", actor=None, now=MORNING)
    assert kept() == others
