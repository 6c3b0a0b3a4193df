"""A mark beside each look says whether something has happened since: a trigger writes it, for every kind of news."""

from flask import Flask
from sqlalchemy import insert, select

from s2group.audit.models import Event
from s2group.audit.rules import Kind
from s2group.core.database import own_transaction
from s2group.evaluation.looks.models import ApplicationLook
from s2group.evaluation.looks.queries import new_to
from s2group.evaluation.looks.rules import NEWS
from s2group.evaluation.looks.services import remember_look
from s2group.extensions import db
from tests.support.applying import MORNING
from tests.support.rating import account_of, add_reviewer, some_applications


def happens(kind: Kind, application_id: int, actor_id: int | None = None) -> None:
    """On a connection of its own, as by another process."""
    with own_transaction() as connection:
        connection.execute(
            insert(Event).values(
                at=MORNING, kind=kind, actor_id=actor_id, subject_kind="application", subject_key="x",
                application_id=application_id, stored={},
            )
        )  # fmt: skip


def test_exactly_the_news_of_others_is_new_until_the_next_look(app: Flask) -> None:
    first, second = some_applications(app, 2)
    for name in ("ada", "bob"):
        add_reviewer(name)
    ada, bob, ids = account_of("ada"), account_of("bob"), [first.id, second.id]
    for kind in Kind:
        for user in (ada, bob):
            remember_look(application=first, user=user, now=MORNING)
            db.session.rollback()
        assert new_to(ada, ids) == new_to(bob, ids) == {second.id}
        happens(kind, first.id, actor_id=bob.id)
        db.session.rollback()
        assert (new_to(ada, ids) == {first.id, second.id}, new_to(bob, ids)) == (kind in NEWS, {second.id}), kind
        happens(kind, first.id)
        db.session.rollback()
        assert (new_to(bob, ids) == {first.id, second.id}) == (kind in NEWS), kind


def test_what_happens_while_somebody_reads_stays_new_to_them(app: Flask) -> None:
    [application] = some_applications(app, 1)
    add_reviewer("ada")
    ada = account_of("ada")
    assert application.events  # as its page has read it
    happens(Kind.MOVED, application.id)
    remember_look(application=application, user=ada, now=MORNING)
    db.session.rollback()
    assert new_to(ada, [application.id]) == {application.id}
    remember_look(application=application, user=ada, now=MORNING)
    db.session.rollback()
    assert new_to(ada, [application.id]) == set()
    assert db.session.scalars(select(ApplicationLook.has_news)).all() == [False]
