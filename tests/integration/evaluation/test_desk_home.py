"""The home page: each number leads to a list of exactly so many rows, of what its reader may see."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from bench.season import write_season
from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.accounts.services import add_account, grant_role
from s2group.admissions.facts.services import rebuild_facts
from s2group.admissions.models import AdmissionRoute, Application, Call
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.localized import Locale
from s2group.core.permissions import Role
from s2group.evaluation.access import facts_visible_to
from s2group.evaluation.assignments.models import Conflict
from s2group.evaluation.desk.home import home_of
from s2group.evaluation.looks.services import remember_look
from s2group.evaluation.reviews.models import EarlyLook
from s2group.evaluation.search import Expression, found, read
from s2group.extensions import db
from tests.support.applying import MORNING, load_fictional_content
from tests.support.queries import recorded_statements
from tests.support.rating import add_reviewer, give
from tests.support.staff import PASSWORD


@pytest.fixture
def readers(app: Flask) -> list[str]:
    """One who sees everything, one who sees a route, and one who sees nothing."""
    load_fictional_content(app)
    write_season(40)
    rebuild_facts()
    for name, role in (("pi", Role.PI), ("one", Role.EDITOR), ("none", Role.EDITOR)):
        add_account(email=f"{name}@example.org", password=PASSWORD, role=role, now=MORNING)
    route = db.session.scalars(select(AdmissionRoute.id).order_by(AdmissionRoute.id)).first()
    db.session.execute(update(Call).values(hide_ratings=True))
    for place, application in enumerate(db.session.scalars(select(Application).order_by(Application.id))):
        if place % 2:
            give(account("pi@example.org"), application, 1 + place % 5)
    grant_role(email="one@example.org", role=Role.REVIEWER, route_id=route, now=MORNING)
    return ["pi@example.org", "one@example.org", "none@example.org"]


def account(email: str) -> User:
    found = user_by_email(email)
    assert found
    return found


def read_some(pi: User, *, is_hidden: bool) -> None:
    """Some have been seen; one that the PI has not rated is rated by somebody else, and they looked at that early."""
    some = db.session.scalars(select(Application).order_by(Application.id).limit(5)).all()
    for application in some[:4]:
        remember_look(application=application, user=pi, now=MORNING)
    give(add_reviewer("other"), some[0], 4)
    give(add_reviewer("another"), some[2], 2)
    with transaction() as session:
        session.add(EarlyLook(application_id=some[0].id, user_id=pi.id, looked_at=MORNING))
        session.add(Conflict(application_id=some[1].id, user_id=pi.id, reason="", declared_at=MORNING))
        session.execute(update(Call).values(hide_ratings=is_hidden))


@pytest.mark.parametrize(("locale", "is_hidden"), [("zh", True), ("en", False)])
def test_each_number_leads_to_as_many_rows(readers: list[str], locale: Locale, is_hidden: bool) -> None:
    read_some(account("pi@example.org"), is_hidden=is_hidden)
    sums = []
    for user in map(account, readers):
        numbers = home_of(user, locale, clock.now()).numbers
        for name, number in numbers.items():
            expression = read(number.query, user, clock.now())
            assert isinstance(expression, Expression), number.query
            assert number.count == len(db.session.scalars(found(user, expression)).all()), (name, number.query)
        sums.append(numbers["all"].count)
    assert (
        sums[0] == 40 > sums[1] == len(db.session.scalars(facts_visible_to(account(readers[1]))).all()) > sums[2] == 0
    )


def test_ratings_that_are_hidden_count_in_no_chart(readers: list[str]) -> None:
    pi, one = (home_of(account(email), "en", clock.now()) for email in readers[:2])
    assert pi.numbers["rated"].count == sum(number.count for number in pi.means.values()) == 20
    assert [(each.count, each.leaning) for each in pi.leanings] == [(20, None)]
    assert one.numbers["rated"].count == 0 == len(one.leanings) < one.numbers["hidden"].count


def test_the_page_takes_a_handful_of_statements(readers: list[str]) -> None:
    with recorded_statements() as statements:
        home_of(account(readers[0]), "zh", clock.now())
    # On SQLite one for each of the universities, of which there are eight at most.
    assert sum(statement.startswith("SELECT") for statement in statements) <= 8 + 12
