"""What a group did with a season of bench.season: looks, ratings, tags and a million events, written in bulk."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any, cast

from sqlalchemy import Table, insert, select

from bench.season import END, reference_of
from s2group.accounts.queries import user_by_email
from s2group.accounts.services import add_account
from s2group.admissions.models import AdmissionRoute, Application
from s2group.audit.models import Event
from s2group.audit.rules import Opened, Rated
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.core.text import comparable
from s2group.evaluation.looks.models import ApplicationLook
from s2group.evaluation.reviews.models import ApplicationScore, Review, Rubric
from s2group.evaluation.reviews.rules import aggregate
from s2group.evaluation.tags.models import Tag, Tagging
from s2group.extensions import db
from tests.support.staff import PASSWORD

AT_ONCE = 5000
REVIEWERS = 6
# The PI has seen all but so many of the newest ones; of the older ones one of five is rated, by two.
UNSEEN, RATED, RATERS = 300, 0.2, 2
TAGS, TAGGED = ("重点", "待定", "语音"), 0.05
Row = dict[str, Any]


def write_readings(count: int, events: int, *, seed: int = 1) -> None:
    """Write what the PI and some reviewers did with so many applications, and events until there are so many."""
    staff = [_account("pi", Role.PI), *(_account(f"reviewer{each}", Role.REVIEWER) for each in range(REVIEWERS))]
    rubrics, tags = _rubrics(), _tags()
    routes = dict(db.session.execute(select(Application.id, Application.route_id)).all())
    db.session.rollback()
    for begin in range(1, count + 1, AT_ONCE):
        chance = Random(f"readings {seed} {begin}")  # noqa: S311 - the same every time
        numbers = range(begin, min(begin + AT_ONCE, count + 1))
        reviews = [row for each in numbers for row in _reviews(each, rubrics[routes[each]], staff, chance)]
        with transaction() as session:
            for model, rows in (
                (Review, reviews),
                (ApplicationScore, list(_scores(reviews))),
                (Tagging, [row for each in numbers for row in _taggings(each, tags, chance)]),
                (ApplicationLook, [_look(each, staff[0]) for each in numbers if each <= count - UNSEEN]),
            ):
                if rows:
                    session.execute(insert(cast("Table", model.__table__)), rows)
    for begin in range(0, events - 2 * count, AT_ONCE):
        with transaction() as session:
            some = range(begin, min(begin + AT_ONCE, events - 2 * count))
            session.execute(
                insert(cast("Table", Event.__table__)), [_event(each, count, events, staff) for each in some]
            )


def _account(name: str, role: Role) -> int:
    email = f"{name}@example.org"
    known = user_by_email(email)
    return (known or add_account(email=email, role=role, password=PASSWORD, now=END)).id


def _rubrics() -> dict[int, int]:
    """The id of a rubric by that of its route."""
    with transaction() as session:
        routes = session.scalars(select(AdmissionRoute.id)).all()
        made = [Rubric(route_id=route, version=1, criteria=[], created_at=END) for route in routes]
        session.add_all(made)
        session.flush()
        return {each.route_id: each.id for each in made}


def _tags() -> list[int]:
    with transaction() as session:
        made = [Tag(name=name, name_key=comparable(name), colour="plain", created_at=END) for name in TAGS]
        session.add_all(made)
        session.flush()
        return [each.id for each in made]


def _reviews(number: int, rubric: int, staff: list[int], chance: Random) -> Iterator[Row]:
    if chance.random() < RATED:
        for reviewer in chance.sample(staff, RATERS):
            yield {
                "application_id": number, "user_id": reviewer, "saves": 1, "saved_at": END, "submitted_at": END,
                "rubric_id": rubric, "marks": {}, "overall": chance.randint(4, 20) / 4,
            }  # fmt: skip


def _scores(reviews: list[Row]) -> Iterator[Row]:
    by_application: dict[int, list[float]] = {}
    for each in reviews:
        by_application.setdefault(each["application_id"], []).append(each["overall"])
    for application_id, marks in by_application.items():
        yield {"application_id": application_id, **vars(aggregate(marks))}


def _taggings(number: int, tags: list[int], chance: Random) -> Iterator[Row]:
    for tag in tags:
        if chance.random() < TAGGED:
            yield {"tag_id": tag, "application_id": number, "at": END}


def _look(number: int, reader: int) -> Row:
    return {"user_id": reader, "application_id": number, "at": END, "version": 1, "event_id": 2 * number}


def _event(place: int, count: int, events: int, staff: list[int]) -> Row:
    """Looks and marks of the staff, spread over the two years before END."""
    number, details = place % count + 1, (Rated if place % 4 == 0 else Opened)()
    return {
        "at": END - timedelta(days=700) * (1 - place / events), "kind": details.kind.value,
        "actor_id": staff[place % len(staff)], "subject_kind": "application", "subject_key": reference_of(number),
        "application_id": number, "details": vars(details),
    }  # fmt: skip
