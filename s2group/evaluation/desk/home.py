"""What the home page counts, each as a search: a number leads to the list of exactly what it counted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func
from sqlalchemy.orm import contains_eager

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, ApplicationFacts, Call
from s2group.admissions.rules.states import State
from s2group.admissions.wording import first_clause
from s2group.content.group.queries import group_zone
from s2group.core.localized import Locale, LocalizedText
from s2group.core.paging import MOST_COUNTED
from s2group.evaluation.access import facts_visible_to
from s2group.evaluation.blind import knows_person
from s2group.evaluation.calibration.queries import calibration_for, names_of_reviewers
from s2group.evaluation.calibration.rules import Leaning
from s2group.evaluation.desk.facets import TO_RATE
from s2group.evaluation.looks.queries import number_unseen_by
from s2group.evaluation.queries import routes_of
from s2group.evaluation.reviews.models import ApplicationScore
from s2group.evaluation.reviews.queries import RATED_IN, facts_with_shown_ratings
from s2group.evaluation.reviews.rules import FAR_APART, LOW
from s2group.evaluation.search import Expression, counted
from s2group.evaluation.search.fields import fields
from s2group.evaluation.search.rules.expressions import All, Node, Not, Period, Some, Span, Test, together
from s2group.evaluation.search.rules.fields import Field
from s2group.evaluation.search.rules.kinds import Choice
from s2group.evaluation.search.rules.writing import written
from s2group.extensions import db

DAYS = 28
MOST_UNIVERSITIES = 8
MOST_CALLS = 2
# How far ahead the days are drawn to show a deadline.
DAYS_AHEAD = 14
# Where the classes of means begin; the last one ends with the scale.
MEANS = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5)
CLASSES = tuple(zip(MEANS, (*MEANS[1:], None), strict=True))
# Of the search, beside single requirements.
LEVELS = ("required", "preferred")
SOON = Span(3, "d")
WAITING = (State.SUBMITTED, State.SCREENING)
SEEN = Test("score", ">=", LOW)
OFFERED = (State.OFFER, State.ACCEPTED, State.REFUSED, State.LAPSED)


@dataclass(frozen=True)
class Number:
    """How many a search finds, and the search as its reader types it."""

    count: int
    query: str


@dataclass(frozen=True)
class Home:
    """Everything on the page, by the names of its parts; `longest` waits longest of all that wait for an answer."""

    numbers: Mapping[Any, Number]
    days: Sequence[Period]
    routes: Sequence[AdmissionRoute]
    # The names of those that can be met or not, by their keys.
    requirements: Mapping[str, str]
    universities: Sequence[str]
    longest: ApplicationFacts | None
    leanings: Sequence[Leaning]
    # What colleagues call them, by their ids.
    reviewers: Mapping[int, str]

    @property
    def day_counts(self) -> list[int]:
        """How many came on each of the days."""
        return [self.numbers["day", day].count for day in self.days]

    @property
    def means(self) -> dict[float, Number]:
        """How many have which mean, by where its class begins."""
        return {low: self.numbers["mean", low] for low in MEANS}

    def closing(self, now: datetime) -> list[Call]:
        """The calls that close next, the first one first."""
        calls = {route.call.id: route.call for route in self.routes if route.call.closes_at}
        ahead = [call for call in calls.values() if call.closes_at and call.closes_at > now]
        return sorted(ahead, key=lambda call: (call.closes_at, call.id))[:MOST_CALLS]

    @property
    def deadlines(self) -> dict[date, int]:
        """The days on which calls close, as far as they are drawn: how many days after the first of the days."""
        first, zone = self.days[0].first, group_zone()
        closing = {route.call.closes_at.astimezone(zone).date() for route in self.routes if route.call.closes_at}
        places = {day: (day - first).days for day in sorted(closing)}
        return {day: place for day, place in places.items() if 0 <= place < DAYS + DAYS_AHEAD}


def home_of(user: User, locale: Locale, now: datetime) -> Home:
    """The page as `user` may see it, in a constant number of statements."""
    known, routes = fields(user), routes_of(user)
    requirements = _requirements(known, locale)
    universities, days = _universities(user), list(_days(now))
    asked = dict(_asked(routes, requirements, universities, days))
    everything = Expression(All(), now, group_zone())
    expressions = {key: replace(everything, node=node) for key, node in asked.items()}
    known_already = {**_ratings(user), "new": number_unseen_by(user)}
    others = {key: each for key, each in expressions.items() if key not in known_already}
    counts = counted(user, others) | known_already
    leanings = calibration_for(user).leanings
    reviewers = names_of_reviewers([each.reviewer_id for each in leanings])
    numbers = {key: Number(counts[key], written(each, known, locale)) for key, each in expressions.items()}
    return Home(numbers, days, routes, requirements, universities, _longest(user), leanings, reviewers)


def _asked(
    routes: Iterable[AdmissionRoute], requirements: Iterable[str], universities: Iterable[str], days: Iterable[Period]
) -> Iterator[tuple[Any, Node]]:
    """Each number's search by its name: a word, or a word with what it is about."""
    yield "all", All()
    yield "to screen", _in(State.SUBMITTED)
    yield "to rate", TO_RATE
    yield "to rate first", together(All, [TO_RATE, Test("reviewed", "=", "nobody")])
    yield "rated", SEEN
    yield "hidden", together(All, [Not(Test("reviewed", "=", "nobody")), Not(SEEN)])
    for low, high in CLASSES:
        upper = [] if high is None else [Test("score", "<", high)]
        yield ("mean", low), together(All, [Test("score", ">=", low), *upper])
    yield "apart", Test("spread", ">=", FAR_APART)
    yield "new", Test("new", "=", "me")
    yield "letters", together(All, [Test("has", "=", "awaited-letter"), _in(*RATED_IN)])
    yield "waiting", _in(*WAITING)
    due, overdue = Test("due", "<=", SOON), Test("due", "<", Span(0, "d"))
    yield "due", due
    yield "overdue", overdue
    yield "soon", together(All, [due, Test("due", ">=", Span(0, "d"))])
    yield "unreleased", _unreleased(*State)
    yield "differences", Test("has", "=", "difference")
    yield "unknown", together(All, [_in(*WAITING), Test("unknown", "=", "required")])
    yield "required met", Test("met", "=", "required")
    yield "interview", _in(State.INTERVIEW, State.WAITLIST, *OFFERED)
    yield "offer", _in(*OFFERED)
    yield "accepted", _in(State.ACCEPTED)
    for day in days:
        yield ("day", day), Test("submitted", "=", day)
    for key in requirements:
        for verdict in ("met", "unknown", "unmet"):
            yield (verdict, key), Test(verdict, "=", key)
    for name in universities:
        yield ("university", name), Test("university", "=", name)
    for key in {route.key: None for route in routes}:
        of_route = Test("route", "=", key)
        yield ("accepted", key), together(All, [of_route, _in(State.ACCEPTED)])
        yield ("offer", key), together(All, [of_route, _in(State.OFFER), Test("shown", "=", State.OFFER)])
        yield ("pending", key), together(All, [of_route, _unreleased(State.OFFER)])
        yield ("waitlist", key), together(All, [of_route, _in(State.WAITLIST)])


def _ratings(user: User) -> dict[Any, int]:
    """Those of the numbers that tell of ratings, in one walk through all that `user` may see."""
    mean, width = ApplicationScore.mean, ApplicationScore.high - ApplicationScore.low
    asked: dict[Any, ColumnElement[bool]] = {
        ("mean", low): mean >= low if high is None else and_(mean >= low, mean < high) for low, high in CLASSES
    }
    asked |= {"rated": mean >= LOW, "apart": width >= FAR_APART}
    counts = [func.count().filter(each) for each in asked.values()]
    row = db.session.execute(
        facts_with_shown_ratings(user).with_only_columns(*counts, maintain_column_froms=True)
    ).one()
    return {key: min(count, MOST_COUNTED + 1) for key, count in zip(asked, row, strict=True)}


def _requirements(known: Iterable[Field], locale: Locale) -> dict[str, str]:
    [kind] = [field.kind for field in known if field.key == "met"]
    values = kind.values() if isinstance(kind, Choice) else ()
    names = {value.key: LocalizedText(value.name.zh, value.name.en).in_locale(locale)[0] for value in values}
    return {key: first_clause(name) for key, name in names.items() if key not in LEVELS}


def _in(*states: State) -> Node:
    return together(Some, [Test("status", "=", str(state)) for state in states])


def _unreleased(*states: State) -> Node:
    """Decided otherwise than the applicant is shown."""
    return together(
        Some,
        [together(All, [Test("status", "=", str(each)), Not(Test("shown", "=", str(each)))]) for each in states],
    )


def _days(now: datetime) -> Iterator[Period]:
    today = now.astimezone(group_zone()).date()
    for ago in reversed(range(DAYS)):
        day = today - timedelta(days=ago)
        yield Period(day, day)


def _universities(user: User) -> list[str]:
    """Whose applicants are the most; written as the first of them wrote it."""
    facts = ApplicationFacts
    known = facts_visible_to(user).where(facts.university_key.is_not(None), knows_person(user, facts.route_id))
    most = known.group_by(facts.university_key).order_by(func.count().desc(), facts.university_key)
    firsts = db.session.scalars(most.with_only_columns(func.min(facts.application_id)).limit(MOST_UNIVERSITIES)).all()
    named = facts_visible_to(user).with_only_columns(facts.application_id, facts.university)
    names = dict(db.session.execute(named.where(facts.application_id.in_(firsts))).all())
    return [names[each] for each in firsts]


def _longest(user: User) -> ApplicationFacts | None:
    """The first one of each state by its index, and of these the first."""
    facts = ApplicationFacts
    order = (facts.submitted_at, facts.application_id)
    ids = facts_visible_to(user).with_only_columns(facts.application_id).order_by(*order).limit(1)
    firsts = [ids.where(facts.state == state).scalar_subquery() for state in WAITING]
    statement = facts_visible_to(user).join(facts.application).options(contains_eager(facts.application))
    return db.session.scalars(statement.where(facts.application_id.in_(firsts)).order_by(*order)).first()
