"""A sitting keeps its order, leads through what is not rated, and goes when it is old."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.accounts.models import RoleGrant, User
from s2group.admissions.models import Application, ApplicationFacts
from s2group.core.database import transaction
from s2group.core.paging import Place
from s2group.evaluation.reviews.queries import RATED_IN
from s2group.evaluation.sittings.models import Sitting, SittingPlace
from s2group.evaluation.sittings.queries import next_unrated, place_in, sitting_of, sittings_of, waiting_ids
from s2group.evaluation.sittings.services import NothingToReadError, begin
from s2group.extensions import db
from s2group.privacy.deletion import delete_application
from tests.support.applying import MORNING, hidden_fields
from tests.support.rating import account_of, add_reviewer, give, sign_in_as, some_applications


@pytest.fixture
def applications(app: Flask) -> list[Application]:
    found = some_applications(app, 6)
    add_reviewer("ada")
    return found


@pytest.fixture
def ada(applications: list[Application]) -> User:
    return account_of("ada")


def test_the_order_stays_whatever_happens(applications: list[Application], ada: User) -> None:
    order = [applications[place] for place in (4, 1, 3)]
    sitting = begin(user=ada, ids=[each.id for each in order], now=MORNING)
    give(ada, order[1], 5)
    refs = [each.reference for each in order]
    assert [place_in(sitting, each) for each in refs] == [
        Place(1, 3, None, refs[1]), Place(2, 3, refs[0], refs[2]), Place(3, 3, refs[1], None),
    ]  # fmt: skip
    assert place_in(sitting, applications[0].reference) is None
    delete_application(reference=refs[1], reason="request", actor=None, now=MORNING)
    assert [place_in(sitting, each) for each in (refs[0], refs[2])] == [
        Place(1, 3, None, refs[2]), Place(3, 3, refs[0], None),
    ]  # fmt: skip


def test_the_next_one_is_not_rated_yet(applications: list[Application], ada: User) -> None:
    refs = [each.reference for each in applications]
    sitting = begin(user=ada, ids=[each.id for each in applications], now=MORNING)
    assert next_unrated(sitting) == refs[0]
    give(ada, applications[2], 3)
    assert next_unrated(sitting, refs[1]) == refs[3]
    for place in (0, 1, 3, 4):
        give(ada, applications[place], 3)
    assert next_unrated(sitting, refs[5]) is None
    assert next_unrated(sitting, refs[4]) == refs[5]
    assert sittings_of(ada) == [(sitting, 1)]


def test_a_sitting_shows_nothing_that_is_not_visible_any_more(applications: list[Application], ada: User) -> None:
    sitting = begin(user=ada, ids=[each.id for each in applications], now=MORNING)
    route_id = applications[0].route_id
    with transaction() as session:
        session.execute(update(RoleGrant).where(RoleGrant.user_id == ada.id).values(route_id=route_id))
    db.session.expire_all()
    seen = [each.reference for each in applications if each.route_id == route_id]
    walked = [seen[0]]
    while place := place_in(sitting, walked[-1]):
        if not place.next:
            break
        walked.append(place.next)
    assert walked == seen
    with pytest.raises(NothingToReadError):
        begin(user=ada, ids=[each.id for each in applications if each.route_id != route_id], now=MORNING)


def test_what_waits_comes_with_the_fewest_reviews_first(applications: list[Application], ada: User) -> None:
    add_reviewer("ben")
    with transaction() as session:
        session.execute(update(ApplicationFacts).values(state=RATED_IN[0]))
    ids = [each.id for each in applications]
    give(account_of("ben"), applications[0], 4)
    give(ada, applications[1], 4)
    assert list(waiting_ids(ada)) == [*ids[2:], ids[0]]


def test_old_sittings_go_and_others_are_nobody_elses(applications: list[Application], ada: User) -> None:
    add_reviewer("ben")
    old = begin(user=ada, ids=[applications[0].id], now=MORNING - timedelta(days=31))
    assert sitting_of(account_of("ben"), old.key) is None
    assert sitting_of(ada, old.key) == old
    begin(user=account_of("ben"), ids=[applications[1].id], now=MORNING)
    assert sittings_of(ada) == []
    assert db.session.scalars(select(SittingPlace.application_id)).all() == [applications[1].id]
    assert len(db.session.scalars(select(Sitting)).all()) == 1


def test_save_and_next_leads_through_and_ends(client: FlaskClient, applications: list[Application], ada: User) -> None:
    sign_in_as(client, "ada")
    page = client.get("/en/review/sittings/").text
    token = hidden_fields(page[page.index("<main") :])["csrf_token"]
    begun = client.post("/en/review/sittings/", data={"csrf_token": token, "q": "state:any OR cet4:>0"})
    if "sitting=" not in (begun.location or ""):
        begun = client.post("/en/review/sittings/", data={"csrf_token": token})
    address, rated = begun.location or "", []
    while "sitting=" in address:
        page = client.get(address).text
        tab = hidden_fields(page[page.index("data-rating") :])
        reference = address.split("/")[3]
        rated.append(reference)
        answer = client.post(
            f"/en/review/{reference}/rating/?{address.partition('?')[2]}",
            data={**tab, "do": "submit", "mark-overall": "4"},
        )
        assert answer.status_code == 303
        address = answer.location or ""
    assert address == "/en/review/sittings/"
    assert len(rated) == len(set(rated)) > 1
    assert "You have rated everything in this sitting." in client.get(address).text
