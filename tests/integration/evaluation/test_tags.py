"""Tags: who sees them, what is kept of them, and what goes with them."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.audit.models import Event
from s2group.audit.rules import Details, TagChanged, Tagged, TagMade, TagRemoved, TagRestored, Untagged
from s2group.core.database import transaction
from s2group.evaluation.tags import queries, services
from s2group.evaluation.tags.models import Tag, Tagging
from s2group.evaluation.tags.rules import RESTORABLE, Colour
from s2group.extensions import db
from tests.support.applying import MORNING
from tests.support.colleagues import Team, make_team, signed_in
from tests.support.queries import recorded_statements
from tests.support.staff import form_token, submit


@pytest.fixture
def team(app: Flask) -> Team:
    return make_team(app)


def made(name: str, actor: User, *, shared: bool = True) -> Tag:
    return services.make_tag(name=name, colour=Colour.GREY, shared=shared, actor=actor, now=MORNING)


def put(tag: Tag, team: Team, actor: User) -> None:
    with transaction() as session:
        ids = [team.here.id, team.elsewhere.id]
        services.add_to(session, tag, ids, actor=actor, now=MORNING)


def names_of(user: User, *ids: int) -> dict[int, list[str]]:
    return {each: [tag.name for tag in tags] for each, tags in queries.tags_of(user, ids).items()}


def events(subject_kind: str) -> list[tuple[Details, int | None]]:
    found = select(Event).where(Event.subject_kind == subject_kind, Event.kind.contains("tag")).order_by(Event.id)
    return [(event.details, event.actor_id) for event in db.session.scalars(found)]


def test_each_sees_the_shared_tags_and_their_own(team: Team) -> None:
    put(made("强", team.reviewer), team, team.reviewer)
    put(made("留意", team.reviewer, shared=False), team, team.reviewer)
    here, elsewhere = team.here.id, team.elsewhere.id
    assert names_of(team.reviewer, here, elsewhere) == {here: ["强", "留意"], elsewhere: ["强", "留意"]}
    # Not even whoever may do everything sees what somebody noted for themselves.
    assert names_of(team.pi, here, elsewhere) == {here: ["强"], elsewhere: ["强"]}
    assert names_of(team.of_here, here, elsewhere) == {here: ["强"]}
    assert [tag.name for tag in queries.tags_visible_to(team.pi)] == ["强"]
    assert list(queries.tag_counts(team.pi).values()) == [2]
    assert list(queries.tag_counts(team.of_here).values()) == [1]


def test_whoever_reads_one_route_tags_there_alone(team: Team) -> None:
    tag = made("强", team.of_here)
    put(tag, team, team.of_here)
    assert names_of(team.pi, team.here.id, team.elsewhere.id) == {team.here.id: ["强"]}
    with transaction() as session:
        services.add_to(session, tag, [team.elsewhere.id], actor=team.pi, now=MORNING)
        assert services.take_from(session, tag, [team.elsewhere.id], actor=team.of_here, now=MORNING) == []
        assert services.add_to(session, tag, [team.here.id], actor=team.pi, now=MORNING) == []
    assert names_of(team.pi, team.elsewhere.id) == {team.elsewhere.id: ["强"]}


def test_choosing_tags_leaves_alone_what_the_chooser_cannot_see(team: Team) -> None:
    strong, kept, own = made("强", team.pi), made("待补材料", team.pi), made("留意", team.reviewer, shared=False)
    services.set_tags(application=team.here, chosen=[strong, own], actor=team.reviewer, now=MORNING)
    services.set_tags(application=team.here, chosen=[kept, own], actor=team.pi, now=MORNING)
    assert names_of(team.reviewer, team.here.id) == {team.here.id: ["待补材料", "留意"]}
    assert events("application") == [
        (Tagged("强"), team.reviewer.id),
        (Tagged("待补材料"), team.pi.id),
        (Untagged("强"), team.pi.id),
    ]


def test_a_tag_tells_what_was_done_to_it_and_a_private_one_nothing(team: Team) -> None:
    for shared in (True, False):
        tag = made("强", team.pi, shared=shared) if shared else made("留意", team.pi, shared=shared)
        services.change_tag(tag=tag, name=f"很{tag.name}", colour=Colour.RED, actor=team.reviewer, now=MORNING)
        services.change_tag(tag=tag, name=tag.name, colour=Colour.BLUE, actor=team.reviewer, now=MORNING)
        for _ in range(2):
            services.remove_tag(tag=tag, actor=team.pi, now=MORNING)
        for _ in range(2):
            services.restore_tag(tag=tag, actor=team.pi, now=MORNING)
    assert events("tag") == [
        (TagMade("强"), team.pi.id),
        (TagChanged("强", "很强"), team.reviewer.id),
        (TagRemoved("很强"), team.pi.id),
        (TagRestored("很强"), team.pi.id),
    ]


def test_a_removed_tag_comes_back_to_where_it_was_for_a_while(team: Team) -> None:
    tag = made("强", team.pi)
    put(tag, team, team.pi)
    services.remove_tag(tag=tag, actor=team.pi, now=MORNING)
    assert (names_of(team.pi, team.here.id), queries.tags_visible_to(team.pi)) == ({}, [])
    assert queries.removed_tags(team.reviewer, now=MORNING + timedelta(days=1)) == [tag]
    assert services.forget_removed(now=MORNING + RESTORABLE - timedelta(seconds=1)) == 0
    services.restore_tag(tag=tag, actor=team.pi, now=MORNING)
    assert names_of(team.pi, team.here.id) == {team.here.id: ["强"]}
    services.remove_tag(tag=tag, actor=team.pi, now=MORNING)
    assert services.forget_removed(now=MORNING + RESTORABLE) == 1
    assert db.session.scalars(select(Tagging)).all() == []


def test_the_tags_of_a_page_are_one_statement(team: Team) -> None:
    for name in ("强", "留意"):
        put(made(name, team.pi), team, team.pi)
    email, ids = team.pi.email, (team.here.id, team.elsewhere.id)
    with recorded_statements() as statements:
        user = db.session.scalars(select(User).where(User.email == email)).one()
        assert user.grants
        before = len(statements)
        assert len(queries.tags_of(user, ids)) == 2
        assert len(statements) == before + 1


def test_a_tag_is_made_changed_removed_and_brought_back_on_its_page(app: Flask, team: Team) -> None:
    browser = signed_in(app, team.reviewer)
    assert "No tag yet" in browser.get("/en/review/tags/").text
    assert submit(browser, "/en/review/tags/", name="Strong", colour="good", who="shared").status_code == 303
    page = browser.get("/en/review/tags/").text
    assert '<span class="tag good">Strong</span>' in page
    assert "The tag is made." in page
    tag = db.session.scalars(select(Tag)).one()
    refused = submit(browser, "/en/review/tags/", name="strong ", colour="bad", who="private")
    assert (refused.status_code, 'value="strong"' in refused.text) == (422, True)
    assert "There is a tag of this name. Choose another one" in refused.text
    quoted = submit(browser, "/en/review/tags/", name='"x"', colour="mute", who="private")
    assert (quoted.status_code, "Leave the quotation marks out" in quoted.text) == (422, True)
    address = f"/en/review/tags/{tag.key}/"
    assert submit(browser, address, name="Very strong", colour="wait").status_code == 303
    for verb, words in (("remove", "It can be brought back"), ("restore", "The tag is back")):
        assert submit_to(browser, f"{address}{verb}/") == 303
        assert words in browser.get("/en/review/tags/").text


def submit_to(browser: FlaskClient, address: str) -> int:
    token = form_token(browser.get("/en/review/tags/").text)
    return int(browser.post(address, data={"csrf_token": token}).status_code)


def test_the_tags_of_an_application_are_chosen_on_a_page_of_it(app: Flask, team: Team) -> None:
    strong, own = made("强", team.pi), made("留意", team.reviewer, shared=False)
    browser = signed_in(app, team.reviewer)
    address = f"/en/review/{team.here.reference}/tags/"
    answer = submit(browser, address, tags=strong.key)
    assert (answer.status_code, answer.location) == (303, f"/en/review/{team.here.reference}/")
    assert names_of(team.pi, team.here.id) == {team.here.id: ["强"]}
    assert "留意" in browser.get(address).text
    other = signed_in(app, team.pi)
    assert "留意" not in other.get(address).text + other.get("/en/review/tags/").text
    assert submit(other, address, tags=own.key).status_code == 422
    assert other.get(f"/en/review/tags/{own.key}/").status_code == 404
    assert submit_to(other, f"/en/review/tags/{own.key}/remove/") == 404
    limited = signed_in(app, team.of_here)
    assert limited.get(f"/en/review/{team.elsewhere.reference}/tags/").status_code == 404
