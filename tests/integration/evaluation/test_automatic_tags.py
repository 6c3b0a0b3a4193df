"""Tags that a search puts on applications: as the search of each reader finds them, in a handful of statements."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.evaluation.automatic_tags import all_tags_of
from s2group.evaluation.tags import queries, services
from s2group.evaluation.tags.models import Tag, Tagging
from s2group.evaluation.tags.rules import Colour
from s2group.extensions import db
from tests.support.applying import MORNING
from tests.support.colleagues import Team, make_team, signed_in
from tests.support.queries import recorded_statements
from tests.support.staff import submit


@pytest.fixture
def team(app: Flask) -> Team:
    return make_team(app)


def automatic(name: str, query: str, actor: User, *, shared: bool = True) -> Tag:
    return services.make_tag(name=name, colour=Colour.BLUE, shared=shared, query=query, actor=actor, now=MORNING)


def shown(user: User, team: Team) -> dict[str, list[str]]:
    found = all_tags_of(user, [team.here.id, team.elsewhere.id], MORNING)
    names = {team.here.id: "here", team.elsewhere.id: "elsewhere"}
    return {names[each]: [tag.name for tag in tags] for each, tags in found.items()}


def test_it_is_where_the_search_finds_something(team: Team) -> None:
    by_hand = services.make_tag(name="强", colour=Colour.GREEN, shared=True, actor=team.pi, now=MORNING)
    services.set_tags(application=team.here, chosen=[by_hand], actor=team.pi, now=MORNING)
    automatic("新", "status:submitted", team.pi)
    automatic("有论文", "papers:>=1", team.pi)
    automatic("只有我", "name:Testbeta", team.reviewer, shared=False)
    automatic("看不懂", "route:gone", team.pi)
    assert shown(team.pi, team) == {"here": ["强", "新"], "elsewhere": ["新"]}
    assert shown(team.reviewer, team) == {"here": ["强", "新"], "elsewhere": ["新", "只有我"]}
    assert shown(team.of_here, team) == {"here": ["强", "新"]}


def test_the_list_shows_it_to_whom_its_search_finds_something(app: Flask, team: Team) -> None:
    automatic("有论文", "has:paper", team.pi)
    automatic("乙", "name:Testbeta", team.reviewer, shared=False)
    for user, expected in ((team.pi, []), (team.reviewer, ["乙"])):
        page = signed_in(app, user).get("/review/applications/").text
        assert re.findall(r'<span class="tag plain">([^<]+)', page) == expected


def test_nobody_puts_it_anywhere(team: Team) -> None:
    tag = automatic("新", "status:submitted", team.pi)
    services.set_tags(application=team.here, chosen=[tag], actor=team.pi, now=MORNING)
    assert db.session.scalars(select(Tagging)).all() == []
    assert queries.tags_by_hand(team.pi) == []


def test_the_number_of_statements_does_not_grow_with_the_tags(team: Team) -> None:
    email, ids, counts = team.pi.email, [team.here.id, team.elsewhere.id], []
    for number in range(3):
        user = db.session.scalars(select(User).where(User.email == email)).one()
        automatic(f"新{number}", "status:submitted route:phd-assessment", user)
        with recorded_statements() as statements:
            user = db.session.scalars(select(User).where(User.email == email)).one()
            assert len(all_tags_of(user, ids, MORNING)[ids[0]]) == number + 1
        counts.append(len(statements))
    assert len(set(counts)) == 1


def test_its_search_is_written_and_changed_on_the_page(app: Flask, team: Team) -> None:
    browser = signed_in(app, team.reviewer)
    wrong = submit(browser, "/en/review/tags/", name="New", colour="plain", who="shared", q="nofield:x")
    assert (wrong.status_code, 'value="nofield:x"' in wrong.text) == (422, True)
    assert (
        submit(browser, "/en/review/tags/", name="New", colour="plain", who="shared", q="状态:待初筛").status_code
        == 303
    )
    tag = db.session.scalars(select(Tag)).one()
    assert tag.query == "status:submitted"
    page = browser.get("/en/review/tags/").text
    assert "by a search" in page
    address = f"/en/review/tags/{tag.key}/"
    assert submit(browser, address, name="New", colour="plain", q="").status_code == 422
    assert submit(browser, address, name="New", colour="plain", q="papers:>=1").status_code == 303
    db.session.expire_all()
    assert tag.query == "papers:>=1"
