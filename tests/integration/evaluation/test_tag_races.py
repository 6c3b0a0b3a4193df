"""Tags where two do something at once, and where the database keeps what is right."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.audit.models import Event
from s2group.audit.rules import Kind, Tagged
from s2group.core.database import transaction
from s2group.evaluation.tags import queries, services
from s2group.evaluation.tags.models import Tag, Tagging
from s2group.evaluation.tags.rules import Colour
from s2group.extensions import db
from s2group.privacy.deletion import delete_application
from tests.support.applying import MORNING
from tests.support.colleagues import Team, make_team


@pytest.fixture
def team(app: Flask) -> Team:
    return make_team(app)


def made(name: str, actor: User, *, shared: bool = True) -> Tag:
    return services.make_tag(name=name, colour=Colour.GREY, shared=shared, actor=actor, now=MORNING)


def test_a_name_is_given_once_among_what_its_readers_see(team: Team) -> None:
    strong, own = made("Strong", team.pi), made("留意", team.reviewer, shared=False)
    for actor, name, shared in ((team.reviewer, "ＳＴＲＯＮＧ", True), (team.reviewer, "留意", True)):
        with pytest.raises(services.NameTakenError):
            made(name, actor, shared=shared)
    # Of another's private tag nobody hears, also not by being refused.
    made("留意", team.pi, shared=False)
    services.remove_tag(tag=strong, actor=team.pi, now=MORNING)
    made("strong", team.reviewer)
    with pytest.raises(services.NameTakenError):
        services.restore_tag(tag=strong, actor=team.pi, now=MORNING)
    with pytest.raises(services.NameTakenError):
        services.change_tag(tag=own, name="STRONG", colour=Colour.GREY, actor=team.reviewer, now=MORNING)
    assert [tag.name for tag in queries.tags_visible_to(team.reviewer)] == ["strong", "留意"]


def test_two_who_tag_at_once_tag_once(app: Flask, team: Team) -> None:
    tag = made("强", team.pi)
    key, tag_id, emails = team.here.id, tag.id, (team.pi.email, team.reviewer.email)
    db.session.remove()
    start = threading.Barrier(2)

    def add(email: str) -> None:
        with app.app_context():
            start.wait()
            with transaction() as session:
                actor = session.scalars(select(User).where(User.email == email)).one()
                services.add_to(session, session.get_one(Tag, tag_id), [key], actor=actor, now=MORNING)

    threads = [threading.Thread(target=add, args=(email,)) for email in emails]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(db.session.scalars(select(Tagging)).all()) == 1
    assert [event.details for event in db.session.scalars(select(Event).where(Event.kind == Kind.TAGGED))] == [
        Tagged("强")
    ]


def test_tags_go_with_their_application(team: Team) -> None:
    tag = made("强", team.pi)
    with transaction() as session:
        services.add_to(session, tag, [team.here.id, team.elsewhere.id], actor=team.pi, now=MORNING)
    kept = team.elsewhere.id
    delete_application(reference=team.here.reference, reason="request", actor=None, now=MORNING)
    assert [row.application_id for row in db.session.scalars(select(Tagging))] == [kept]
