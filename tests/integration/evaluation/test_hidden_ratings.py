"""Who has rated what, looked early, declared a conflict: each sees exactly what a plain filter in Python gives."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from s2group.admissions.models import Application, ApplicationFacts, Call
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation.assignments.models import Assignment, Conflict
from s2group.evaluation.reviews.models import ApplicationScore, EarlyLook, Review
from s2group.evaluation.reviews.queries import RATED_IN, others_reviews, scores_for, shows_ratings, waiting_for
from s2group.evaluation.reviews.rules import Rating
from s2group.evaluation.reviews.services import look_early
from s2group.extensions import db
from tests.support.applying import MORNING
from tests.support.extent import chosen
from tests.support.rating import account_of, add_reviewer, give, say, some_applications

NAMES = ("ada", "ben", "chief")
COUNT = 6
EXAMPLES = {"sqlite": chosen(short=10, long=25), "postgresql": chosen(short=3, long=8)}
PAIR = st.tuples(st.sampled_from(NAMES), st.integers(0, COUNT - 1))
STEPS = st.one_of(
    st.tuples(st.just("rate"), PAIR, st.integers(1, 5)),
    st.tuples(st.just("draft"), PAIR, st.integers(1, 5)),
    st.tuples(st.just("abstain"), PAIR, st.none()),
    st.tuples(st.just("look"), PAIR, st.none()),
    st.tuples(st.just("conflict"), PAIR, st.none()),
    st.tuples(st.just("assign"), PAIR, st.none()),
)
Place = tuple[str, int]


@dataclass
class World:
    """What is so, in plain Python; `applications` are those of the portal."""

    applications: list[Application]
    hides: bool = True
    marks: dict[Place, int] = field(default_factory=dict)
    abstains: set[Place] = field(default_factory=set)
    looks: set[Place] = field(default_factory=set)
    conflicts: set[Place] = field(default_factory=set)
    assigned: set[Place] = field(default_factory=set)

    def marks_of(self, place: int) -> list[int]:
        return [mark for (_, at), mark in self.marks.items() if at == place]

    def is_open(self, name: str, place: int) -> bool:
        at = (name, place)
        return at not in self.conflicts and (not self.hides or at in self.marks or at in self.looks)

    def scores(self, name: str) -> dict[int, tuple[int, float, int, int, int | None]]:
        found = {}
        for place, application in enumerate(self.applications):
            if (marks := self.marks_of(place)) and self.is_open(name, place):
                own = self.marks.get((name, place))
                found[application.id] = (len(marks), round(fmean(marks), 9), min(marks), max(marks), own)
        return found

    def waits(self, name: str) -> set[int]:
        done = self.marks.keys() | self.abstains | self.conflicts
        found = set()
        for place, application in enumerate(self.applications):
            nobody = not any(at == place for _, at in self.assigned)
            is_for = (name, place) in self.assigned or nobody
            if is_for and (name, place) not in done and application.state in RATED_IN:
                found.add(application.id)
        return found

    def others(self, name: str, place: int) -> set[str]:
        said = self.marks.keys() | self.abstains
        return {other for other, at in said if at == place and other != name} if self.is_open(name, place) else set()


def do_rate(world: World, at: Place, mark: int) -> None:
    if at not in world.conflicts:
        give(account_of(at[0]), world.applications[at[1]], mark)
        world.marks[at] = mark
        world.abstains.discard(at)


def do_draft(world: World, at: Place, mark: int) -> None:
    if at not in world.conflicts:
        rating = Rating({"overall": mark}, shared_note="unfinished")
        say(account_of(at[0]), world.applications[at[1]], rating, submitted=False)


def do_abstain(world: World, at: Place, _: None) -> None:
    if at not in world.conflicts:
        say(account_of(at[0]), world.applications[at[1]], Rating(abstains=True, reason="too near"))
        world.marks.pop(at, None)
        world.abstains.add(at)


def do_look(world: World, at: Place, _: None) -> None:
    if at not in world.conflicts:
        if not world.is_open(*at):
            world.looks.add(at)
        look_early(application=world.applications[at[1]], actor=account_of(at[0]), now=MORNING)


def do_conflict(world: World, at: Place, _: None) -> None:
    if at not in world.conflicts and at not in world.marks:
        row = Conflict(
            application_id=world.applications[at[1]].id, user_id=account_of(at[0]).id, reason="", declared_at=MORNING
        )
        with transaction() as session:
            session.add(row)
        world.conflicts.add(at)


def do_assign(world: World, at: Place, _: None) -> None:
    if at not in world.assigned:
        row = Assignment(application_id=world.applications[at[1]].id, user_id=account_of(at[0]).id, assigned_at=MORNING)
        with transaction() as session:
            session.add(row)
        world.assigned.add(at)


DO: dict[str, Callable[[World, Place, Any], None]] = {
    "rate": do_rate, "draft": do_draft, "abstain": do_abstain, "look": do_look, "conflict": do_conflict,
    "assign": do_assign,
}  # fmt: skip


@pytest.fixture
def applications(app: Flask) -> list[Application]:
    found = some_applications(app, COUNT)
    add_reviewer("ada")
    add_reviewer("ben", Role.PI)
    add_reviewer("chief", Role.PI)
    return found


def test_each_sees_what_a_plain_filter_gives(applications: list[Application]) -> None:
    @settings(
        max_examples=EXAMPLES[db.engine.dialect.name],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.booleans(), st.lists(STEPS, max_size=14))
    def explore(hides: bool, steps: list[tuple[str, Place, Any]]) -> None:
        begin_anew(hides)
        world = World(applications, hides)
        for what, at, value in steps:
            DO[what](world, at, value)
        for name in NAMES:
            sees_exactly(world, name)

    explore()


def begin_anew(hides: bool) -> None:
    with transaction() as session:
        for table in (Review, ApplicationScore, EarlyLook, Conflict, Assignment):
            session.execute(delete(table))
        session.execute(update(Call).values(hide_ratings=hides))


def sees_exactly(world: World, name: str) -> None:
    user = account_of(name)
    scores = scores_for(user)
    columns = (scores.c[each] for each in ("application_id", "count", "mean", "low", "high", "own"))
    found = {row[0]: (row[1], round(row[2], 9), *row[3:]) for row in db.session.execute(select(*columns))}
    assert found == world.scores(name)
    waiting = waiting_for(user).with_only_columns(ApplicationFacts.application_id)
    assert set(db.session.scalars(waiting)) == world.waits(name)
    for place, application in enumerate(world.applications):
        assert shows_ratings(user, application) == world.is_open(name, place)
        assert {each.user.email.partition("@")[0] for each in others_reviews(user, application)} == world.others(
            name, place
        )


def test_who_may_not_read_a_route_is_told_nothing_of_it(applications: list[Application]) -> None:
    first, other = applications[0], next(each for each in applications if each.route_id != applications[0].route_id)
    add_reviewer("dora", route_id=first.route_id)
    dora, ada = account_of("dora"), account_of("ada")
    give(ada, other, 5)
    give(ada, first, 4)
    give(dora, first, 2)
    scores = scores_for(dora)
    assert db.session.execute(select(scores.c.application_id, scores.c.mean)).all() == [(first.id, 3.0)]
    assert not shows_ratings(dora, other)
    assert others_reviews(dora, other) == []


def test_an_administrator_waits_for_nothing_but_what_is_assigned(applications: list[Application]) -> None:
    add_reviewer("root", Role.ADMIN)
    found = waiting_for(account_of("root")).with_only_columns(ApplicationFacts.application_id)
    assert db.session.scalars(found).all() == []
    world = World(applications)
    wanted = next(place for place, each in enumerate(applications) if each.state in RATED_IN)
    do_assign(world, ("root", wanted), None)
    assert db.session.scalars(found).all() == [applications[wanted].id]
