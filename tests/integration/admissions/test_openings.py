"""Which calls and routes take applications."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.admissions.models import AdmissionRoute, Call, Draft, RequirementSet
from s2group.admissions.openings import CallOpening, admissions_at, openings, why_not_send
from s2group.admissions.queries import call_by_key
from s2group.admissions.rules.openings import Closure
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.applying import MORNING, apply, load_fictional_content
from tests.support.calls import DAY, add_call
from tests.support.moving import move_all
from tests.support.queries import recorded_statements


def keys(calls: list[CallOpening]) -> list[str]:
    return [each.call.key for each in calls]


def test_calls_are_open_coming_or_lately_closed(app: Flask) -> None:
    add_call("rolling", opens_at=MORNING - 400 * DAY)
    add_call("dated", opens_at=MORNING - 30 * DAY, closes_at=MORNING + 30 * DAY)
    add_call("next-year", opens_at=MORNING + 300 * DAY, closes_at=MORNING + 400 * DAY)
    add_call("next-month", opens_at=MORNING + 30 * DAY)
    add_call("just-closed", opens_at=MORNING - 60 * DAY, closes_at=MORNING)
    add_call("closed-in-spring", opens_at=MORNING - 200 * DAY, closes_at=MORNING - 179 * DAY)
    add_call("forgotten", opens_at=MORNING - 300 * DAY, closes_at=MORNING - 180 * DAY)
    found = admissions_at(MORNING)
    assert keys(found.open) == ["dated", "rolling"]
    assert keys(found.coming) == ["next-month", "next-year"]
    assert keys(found.closed) == ["just-closed", "closed-in-spring"]
    assert [opening.route.key for opening in found.open_routes] == ["dated", "rolling"]
    assert {opening.closure for opening in found.closed} == {Closure.CLOSED}


def test_offers_fill_the_places_of_their_route_alone(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    apply(client)
    route = db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.id).limit(1)).one()
    other = db.session.scalars(select(AdmissionRoute.id).where(AdmissionRoute.id != route.id)).all()
    with transaction() as session:
        session.execute(update(AdmissionRoute).values(places=1))

    def left() -> dict[int, int | None]:
        calls = db.session.scalars(select(Call)).all()
        return {each.route.id: each.places_left for opening in openings(calls, MORNING) for each in opening.routes}

    assert left() == {route.id: 1, **dict.fromkeys(other, 1)}
    for state, release, expected in (
        ("interview", True, 1),
        ("offer", False, 1),
        ("declined", False, 1),
        ("offer", True, 0),
    ):
        move_all(state, release=release)
        assert left() == {route.id: expected, **dict.fromkeys(other, 1)}, (state, release)


def test_a_draft_is_taken_in_the_grace_and_not_where_the_places_are_gone(app: Flask) -> None:
    add_call("dated", opens_at=MORNING - 30 * DAY, closes_at=MORNING + 30 * DAY, places=1)
    route = db.session.scalars(select(AdmissionRoute)).one()
    begun, in_grace = Draft(started_at=MORNING, route=route), MORNING + 30 * DAY + timedelta(minutes=29)
    assert why_not_send(begun, now=in_grace) is None
    assert why_not_send(Draft(started_at=in_grace, route=route), now=in_grace) is Closure.CLOSED
    with transaction() as session:
        session.execute(update(AdmissionRoute).values(filled=True))
    assert why_not_send(begun, now=MORNING) is Closure.FILLED


def test_the_newest_requirements_count(app: Flask) -> None:
    add_call("rolling", opens_at=MORNING - DAY)
    route = db.session.scalars(select(AdmissionRoute)).one()
    newer = [{"key": "promise", "kind": "declared", "level": "required", "wording": {"zh": "承诺", "en": "Promise"}}]
    with transaction() as session:
        session.add(RequirementSet(route_id=route.id, version=2, requirements=newer, created_at=MORNING))
        session.add(RequirementSet(route_id=route.id, version=3, requirements=[], created_at=MORNING))
        session.add(RequirementSet(route_id=route.id, version=4, requirements=newer, created_at=MORNING))
    [opening] = admissions_at(MORNING).open_routes
    assert (opening.requirement_set.version, [each.key for each in opening.requirements]) == (4, ["promise"])


def test_all_calls_take_four_statements_however_many_there_are(app: Flask) -> None:
    counts = []
    for number in range(3):
        add_call(f"call-{number}", opens_at=MORNING - number * DAY)
        with recorded_statements() as statements:
            assert len(admissions_at(MORNING).open_routes) == number + 1
        counts.append(len([each for each in statements if each.startswith("SELECT")]))
    assert counts == [4, 4, 4]


@pytest.mark.parametrize("key", ["", "no-such-call", "Dated", "\0", "x" * 61, "课题", "../dated"])
def test_a_key_that_no_call_has_finds_none(app: Flask, key: str) -> None:
    add_call("dated", opens_at=MORNING - 30 * DAY)
    assert call_by_key(key) is None
    found = call_by_key("dated")
    assert found is not None
    assert found.key == "dated"
