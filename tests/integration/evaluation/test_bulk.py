"""Doing one thing to many applications: a dry run, all or nothing, and back again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from s2group.accounts.models import User
from s2group.accounts.services import add_account
from s2group.admissions.models import AdmissionRoute, Application
from s2group.audit.models import Event
from s2group.audit.rules import BulkApplied, BulkUndone, Kind, Moved, MoveUndone
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation.bulk import services
from s2group.evaluation.bulk.models import BulkRun
from s2group.evaluation.releases import services as releases
from s2group.evaluation.tags.queries import tags_of
from s2group.evaluation.tags.rules import Colour
from s2group.evaluation.tags.services import make_tag
from s2group.extensions import db
from tests.support.applying import load_fictional_content
from tests.support.changing import mails
from tests.support.moving import move
from tests.support.refereeing import apply_with_referees
from tests.support.staff import PASSWORD

NOW = datetime(2026, 9, 5, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def pi(app: Flask) -> User:
    load_fictional_content(app)
    return add_account(email="pi@example.org", role=Role.PI, password=PASSWORD, now=NOW)


@pytest.fixture
def three(pi: User) -> list[Application]:
    return [apply_with_referees([], key=f"form-{number}", now=NOW + number * MINUTE) for number in range(3)]


def planned(pi: User, applications: list[Application], to: str = "screening") -> BulkRun:
    ids = [each.id for each in applications]
    return services.plan_run(action="move", argument={"to": to}, ids=ids, actor=pi, now=NOW)


def states(applications: list[Application]) -> list[str]:
    db.session.expire_all()
    return [each.state for each in applications]


def counts(run: BulkRun, pi: User) -> tuple[int, list[str]]:
    plan = services.preview(run, pi)
    return len(plan.changes), [skip.why for skip in plan.skips]


def test_a_dry_run_changes_nothing_and_says_what_it_skips(pi: User, three: list[Application]) -> None:
    move(three[1], "screening", release=False)
    move(three[2], "withdrawn")
    run = planned(pi, three)
    assert counts(run, pi) == (1, ["已经在那里", "申请人已撤回"])
    assert states(three) == ["submitted", "screening", "withdrawn"]
    assert services.apply_run(run=run, actor=pi, now=NOW) == 1
    assert states(three) == ["screening", "screening", "withdrawn"]


def test_all_change_and_all_go_back(pi: User, three: list[Application]) -> None:
    before = [each.state_at for each in three]
    run = planned(pi, three)
    assert services.apply_run(run=run, actor=pi, now=NOW + MINUTE) == 3
    assert services.apply_run(run=run, actor=pi, now=NOW + MINUTE) == 0
    assert states(three) == ["screening"] * 3
    assert services.undo_run(run=run, actor=pi, now=NOW + 30 * MINUTE)
    assert states(three) == ["submitted"] * 3
    assert [each.state_at for each in three] == before
    assert [each.facts.state for each in three] == ["submitted"] * 3
    assert not services.undo_run(run=run, actor=pi, now=NOW + 30 * MINUTE)
    told = [event.details for event in three[0].events if event.kind != Kind.SUBMITTED]
    assert told == [Moved("submitted", "screening"), MoveUndone("screening", "submitted")]
    kinds = (Kind.BULK_APPLIED, Kind.BULK_UNDONE)
    at_large = db.session.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.id))
    assert [event.details for event in at_large] == [BulkApplied("move", 3), BulkUndone("move", 3)]


def test_after_thirty_minutes_nothing_is_undone(pi: User, three: list[Application]) -> None:
    run = planned(pi, three)
    services.apply_run(run=run, actor=pi, now=NOW)
    assert not services.undo_run(run=run, actor=pi, now=NOW + 30 * MINUTE)
    assert states(three) == ["screening"] * 3


def withdrawn(application: Application) -> None:
    move(application, "withdrawn")


def released(application: Application) -> None:
    move(application, application.state, release=True)
    move(application, "interview", release=True)


@pytest.mark.parametrize("meanwhile", [withdrawn, released])
def test_one_that_was_changed_meanwhile_keeps_all_as_they_are(
    pi: User, three: list[Application], meanwhile: Callable[[Application], None]
) -> None:
    run = planned(pi, three)
    meanwhile(three[1])
    with pytest.raises(services.ChangedMeanwhileError) as error:
        services.apply_run(run=run, actor=pi, now=NOW)
    assert error.value.names == [three[1].name]
    assert states(three)[::2] == ["submitted", "submitted"]


@pytest.mark.parametrize("meanwhile", [withdrawn, released])
def test_what_was_answered_or_sent_is_not_undone(
    pi: User, three: list[Application], meanwhile: Callable[[Application], None]
) -> None:
    run = planned(pi, three)
    services.apply_run(run=run, actor=pi, now=NOW)
    meanwhile(three[1])
    with pytest.raises(services.ChangedMeanwhileError):
        services.undo_run(run=run, actor=pi, now=NOW + MINUTE)
    assert states(three)[::2] == ["screening", "screening"]


def test_undoing_keeps_what_is_held_from_being_told(pi: User, three: list[Application]) -> None:
    """The release goes out as it was queued, and says that this one was decided otherwise meanwhile."""
    run = planned(pi, three, "declined")
    services.apply_run(run=run, actor=pi, now=NOW)
    held = releases.release(items=releases.decision_messages(three), actor=pi, now=NOW)
    assert services.undo_run(run=run, actor=pi, now=NOW + MINUTE)
    assert releases.take_effect(now=NOW + 11 * MINUTE) == 0
    assert states(three) == ["submitted"] * 3
    assert {each.shown_state for each in three} == {"submitted"}
    assert ({item.outcome for item in held.items}, mails("decision_told")) == ({"changed"}, [])


def test_more_offers_than_places_want_a_reason(pi: User, three: list[Application]) -> None:
    with transaction() as session:
        session.execute(update(AdmissionRoute).values(places=2))
    db.session.expire_all()
    run = planned(pi, three, "offer")
    assert services.preview(run, pi).question == "拟录取会多于名额。为什么？"
    with pytest.raises(services.UnansweredError):
        services.apply_run(run=run, actor=pi, now=NOW)
    assert states(three) == ["submitted"] * 3
    assert services.apply_run(run=run, answer="One will refuse", actor=pi, now=NOW) == 3
    reasons = [event.stored for each in three for event in each.events if event.kind == Kind.MORE_OFFERS_THAN_PLACES]
    assert reasons == [{"offers": 3, "places": 2, "reason": "One will refuse"}]


def test_a_tag_is_put_on_those_that_have_it_not(pi: User, three: list[Application]) -> None:
    tag = make_tag(name="strong", colour=next(iter(Colour)), shared=True, actor=pi, now=NOW)
    ids = [each.id for each in three]
    first = services.plan_run(action="tag", argument={"tag": tag.key}, ids=ids[:1], actor=pi, now=NOW)
    services.apply_run(run=first, actor=pi, now=NOW)
    run = services.plan_run(action="tag", argument={"tag": tag.key}, ids=ids, actor=pi, now=NOW)
    assert counts(run, pi) == (2, ["已经有这个标签"])
    services.apply_run(run=run, actor=pi, now=NOW)
    assert set(tags_of(pi, ids)) == set(ids)
    services.undo_run(run=run, actor=pi, now=NOW)
    assert set(tags_of(pi, ids)) == set(ids[:1])


def test_who_may_not_decide_changes_nothing(pi: User, three: list[Application]) -> None:
    reader = add_account(email="reader@example.org", role=Role.REVIEWER, password=PASSWORD, now=NOW)
    run = planned(reader, three)
    assert counts(run, reader) == (0, ["你无权决定这个方式的申请"] * 3)
    assert services.apply_run(run=run, actor=reader, now=NOW) == 0
    assert states(three) == ["submitted"] * 3


def test_old_runs_are_forgotten(pi: User, three: list[Application]) -> None:
    planned(pi, three)
    assert [services.forget_runs(now=NOW + hours * timedelta(hours=1)) for hours in (23, 24)] == [0, 1]
