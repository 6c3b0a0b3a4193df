"""The list of applications: every column sorts both ways, page by page, and each number leads to so many rows."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from bench.season import COMMON_WORD, write_season
from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.accounts.services import add_account, grant_role
from s2group.admissions.facts.services import rebuild_facts
from s2group.admissions.models import AdmissionRoute, Application, ApplicationFacts, Call
from s2group.core import clock
from s2group.core import paging as core_paging
from s2group.core import paging as counting
from s2group.core.permissions import Role
from s2group.evaluation.desk import paging
from s2group.evaluation.desk.columns import SORTABLE, Order, read_order
from s2group.evaluation.desk.facets import facets_of, ways_out
from s2group.evaluation.desk.rows import rows_of
from s2group.evaluation.desk.scores import Score, scores_of
from s2group.evaluation.reviews.models import Review
from s2group.evaluation.reviews.queries import RATED_IN, facts_with_ratings
from s2group.evaluation.search import Expression, Hits, found, hits_of, read
from s2group.extensions import db
from s2group.review.views import application_list
from tests.support.applying import MORNING, load_fictional_content
from tests.support.queries import recorded_statements
from tests.support.rating import give
from tests.support.staff import PASSWORD, sign_in

COUNT = 40
LISTED = (COMMON_WORD, f"-{COMMON_WORD}", f"{COMMON_WORD} cet4:>=420", "met:cet4 OR lang:zh", "met:cet4 has:paper")
QUERIES = ("", "cet4:>=500", "status:new -has:letter", "unmet:preferred OR unknown:required", "rank:<=10%")


@pytest.fixture
def season(app: Flask) -> None:
    load_fictional_content(app)
    write_season(COUNT)
    rebuild_facts()


@pytest.fixture
def pi(season: None) -> User:
    return add_account(email="pi@example.org", password=PASSWORD, role=Role.PI, now=MORNING)


@pytest.fixture
def reviewer_of_one_route(season: None) -> User:
    user = add_account(email="one@example.org", password=PASSWORD, role=Role.EDITOR, now=MORNING)
    route = db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.id)).first()
    assert route
    grant_role(email=user.email, role=Role.REVIEWER, route_id=route.id, now=MORNING)
    return user


def walked(user: User, order: Order, hits: Hits | None = None) -> list[int]:
    """The ids of all pages, of everything or of these hits, each found by the last row of the one before."""
    ids: list[int] = []
    after, has_more = None, True
    while has_more:
        if hits is None:
            some, has_more = paging.page_of_ids(user, facts_with_ratings(user), order, after)
        else:
            some, has_more = paging.page_of_hits(user, hits, order, after)
        ids += some
        after = db.session.scalars(select(Application.reference).where(Application.id == ids[-1])).one()
    return ids


def rate_some(user: User) -> None:
    """By the reader, and by another whose marks alone are hidden from them."""
    db.session.execute(update(Call).values(hide_ratings=True))
    for place, application in enumerate(db.session.scalars(select(Application).order_by(Application.id))):
        if place % 2:
            give(user, application, 1 + place % 5)
        if place % 3 == 0:
            give(other_reviewer(), application, 5 - place % 5)


def other_reviewer() -> User:
    return user_by_email("two@example.org") or add_account(
        email="two@example.org", password=PASSWORD, role=Role.REVIEWER, now=MORNING
    )


def values_by_id(user: User, key: str) -> dict[int, Any]:
    """What each application is sorted by."""
    ids, by = ApplicationFacts.application_id, SORTABLE[key].sorts_by
    if by is not None:
        return dict(db.session.execute(select(ids, by)).all())
    seen = select(Review.application_id).where(Review.user_id == user.id)
    means = select(Review.application_id, func.avg(Review.overall)).group_by(Review.application_id)
    known: dict[int, Any] = dict(db.session.execute(means.where(Review.application_id.in_(seen))).all())
    return {each: known.get(each) for each in db.session.scalars(select(ids))}


@pytest.mark.parametrize("is_descending", [False, True])
@pytest.mark.parametrize("key", SORTABLE)
def test_every_column_sorts_both_ways(pi: User, monkeypatch: pytest.MonkeyPatch, key: str, is_descending: bool) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 7)
    order = Order(SORTABLE[key], is_descending)
    rate_some(pi)
    values = values_by_id(pi, key)
    valued = sorted((value, each) for each, value in values.items() if value is not None)
    empty = sorted(each for each, value in values.items() if value is None)
    step = -1 if is_descending else 1
    assert walked(pi, order) == [each for _, each in valued][::step] + empty[::step]


@pytest.mark.parametrize("key", ["received", "cet4", "score"])
def test_what_a_search_finds_keeps_its_order(pi: User, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    rate_some(pi)
    order = Order(SORTABLE[key], is_descending=True)
    everything = walked(pi, order)
    monkeypatch.setattr(paging, "PAGE_SIZE", 4)
    monkeypatch.setattr(core_paging, "MOST_COUNTED", 3)
    expressions = [read(typed, pi, clock.now()) for typed in (*QUERIES, *LISTED)]
    for looked_through, apart in ((5, 1000), (15, 1000), (15, 16), (1000, 1000)):
        monkeypatch.setattr(paging, "LOOKED_THROUGH", looked_through)
        monkeypatch.setattr(paging, "MOST_APART", apart)
        for expression in expressions:
            assert isinstance(expression, Expression)
            ids = set(db.session.scalars(found(pi, expression).with_only_columns(ApplicationFacts.application_id)))
            hits = hits_of(pi, expression)
            assert hits.are_many and walked(pi, order, hits) == [each for each in everything if each in ids]


def test_a_score_shows_what_its_reader_may_see(pi: User) -> None:
    db.session.execute(update(Call).values(hide_ratings=True))
    first, second, third = db.session.scalars(select(Application).order_by(Application.id).limit(3))
    give(other_reviewer(), first, 5)
    give(other_reviewer(), second, 2)
    give(pi, second, 5)
    cells = scores_of(pi, [first.id, second.id, third.id])
    assert cells[first.id] == Score(1, waits=True)
    assert cells[second.id] == Score(2, waits=False, mean=3.5, own=5, others=(2,))
    assert (cells[second.id].low, cells[second.id].high, cells[second.id].is_far_apart) == (2, 5, True)
    assert cells[third.id] == Score(0, waits=third.state in RATED_IN)


def test_a_page_takes_as_many_statements_for_one_row_as_for_thirty(pi: User) -> None:
    rate_some(pi)
    ids = list(db.session.scalars(select(Application.id).order_by(Application.id)))
    taken = []
    for some in (ids[1:2], ids[:30]):
        with recorded_statements() as statements:
            reader = user_by_email("pi@example.org")
            assert reader
            rows_of(reader, some, "zh", MORNING)
        taken.append(sum(statement.startswith("SELECT") for statement in statements))
    assert taken[0] == taken[1] <= 11


def test_an_order_is_what_an_address_says() -> None:
    assert [str(read_order(text)) for text in ("rank", "-rank", "-nonsense", "", None)] == [
        "rank", "-rank", "-received", "-received", "-received"
    ]  # fmt: skip


def rows_found(user: User, query: str) -> int:
    expression = read(query, user, clock.now())
    assert isinstance(expression, Expression), query
    return len(db.session.scalars(found(user, expression)).all())


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_each_filter_leads_to_as_many_rows_as_it_says(
    pi: User, reviewer_of_one_route: User, query: str, locale: str
) -> None:
    rate_some(pi)
    for user in (pi, reviewer_of_one_route):
        expression = read(query, user, clock.now())
        assert isinstance(expression, Expression)
        for facet in facets_of(user, hits_of(user, expression), locale):  # type: ignore[arg-type]
            chosen = [value for value in facet.choices if value.is_chosen]
            assert [value.count for value in chosen] == [rows_found(user, query)], (facet.name, query)
            assert all(value.count == rows_found(user, value.query) for value in facet.choices), (facet.name, query)


def test_a_search_that_finds_nothing_says_what_to_leave_out(pi: User) -> None:
    expression = read("cet4:>709 lang:zh", pi, clock.now())
    assert isinstance(expression, Expression)
    [way] = ways_out(pi, expression, "en")
    assert (way.query, way.count) == ("lang:Chinese", rows_found(pi, "lang:zh"))


def links(page: str) -> list[tuple[str, str]]:
    """The query and the number of each filter of a page."""
    found = re.findall(r'href="/en/review/applications/(?:\?q=([^"]*))?"[^>]*>[^<]*<small>(\d+)</small>', page)
    return [(unquote(query.replace("+", " ")), number) for query, number in found]


def test_the_page_shows_what_the_address_asks(app: Flask, season: None) -> None:
    client: FlaskClient = app.test_client()
    sign_in(client, Role.PI)
    page = client.get("/en/review/applications/?sort=-cet4").text
    assert f'<b class="count">{COUNT}</b>' in page and 'aria-sort="descending"' in page
    some = dict(links(client.get("/en/review/applications/").text))
    assert some.pop("") == str(COUNT)
    for query, number in list(some.items())[:3]:
        shown = client.get("/en/review/applications/", query_string={"q": query}).text
        assert shown.count('name="r"') == int(number)
    assert client.get("/en/review/applications/?state=offer").location == "/en/review/applications/?q=status%3Aoffer"
    assert client.get("/en/review/?state=offer").location == "/en/review/applications/?state=offer"
    mistaken = client.get("/en/review/applications/?q=statu:offer")
    assert 'aria-invalid="true"' in mistaken.text and mistaken.text.count('name="r"') == COUNT
    assert mistaken.status_code == 400


def test_filters_beside_a_word_that_very_many_hold_have_no_numbers(
    app: Flask, season: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client: FlaskClient = app.test_client()
    sign_in(client, Role.PI)
    for module in (counting, application_list):
        monkeypatch.setattr(module, "MOST_COUNTED", 2)
    numbers = {
        query: bool(links(client.get("/en/review/applications/", query_string={"q": query}).text))
        for query in ("测试", "-(测试 status:new)", "university:示例", '"测试 7"', "cet4:>0")
    }
    assert list(numbers.values()) == [False, False, False, True, True]


def test_columns_are_kept_for_the_account(app: Flask, season: None) -> None:
    client: FlaskClient = app.test_client()
    sign_in(client, Role.PI)
    app.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(
        "/en/review/applications/columns/", data={"column": ["toefl", "nonsense"], "compact": "on", "q": "has:paper"}
    )
    assert (answer.status_code, answer.location) == (303, "/en/review/applications/?q=has%3Apaper")
    page = client.get("/en/review/applications/").text
    assert "one-line" in page
    assert re.findall(r'scope="col" class="(?:n )?c-(\w+)"', page) == ["name", "toefl"]
