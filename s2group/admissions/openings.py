"""Which calls and routes take applications at a moment, and why the others do not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from s2group.admissions import queries
from s2group.admissions.models import AdmissionRoute, Call, Draft, RequirementSet
from s2group.admissions.rules import Level, Requirement, read_requirements
from s2group.admissions.rules.openings import Closure, closure, places_left, why_not, why_not_submit
from s2group.admissions.rules.route_form import RouteForm, read_form
from s2group.core.days import end_of_day
from s2group.core.localized import LocalizedText

# For so long the admissions page names a call that has closed; its own page stays.
SHOWN_AFTER_CLOSING = timedelta(days=180)


@dataclass(frozen=True)
class RouteOpening:
    """A route at a moment: why it takes no application (None: it does), and how many places are left, where known."""

    route: AdmissionRoute
    closure: Closure | None
    places_left: int | None
    requirement_set: RequirementSet

    @property
    def requirements(self) -> list[Requirement]:
        """What the route asks for at present."""
        return read_requirements(self.requirement_set.requirements)

    @property
    def form(self) -> RouteForm:
        """Which questions it asks."""
        return read_form(self.route.form)


@dataclass(frozen=True)
class DateToKnow:
    """A line of a call's timeline; without a moment it is still to be announced."""

    at: datetime | None
    text: LocalizedText


@dataclass(frozen=True)
class CallOpening:
    """A call at a moment: why none of its routes takes an application (None: one does), and its routes."""

    call: Call
    closure: Closure | None
    routes: list[RouteOpening]

    @property
    def open_routes(self) -> list[RouteOpening]:
        """The routes that take applications."""
        return [each for each in self.routes if each.closure is None]

    @property
    def for_whom(self) -> list[LocalizedText]:
        """Whom it is for: the ways in that are open, or of a single one the first thing that everybody has to meet."""
        if len(self.open_routes) > 1:
            return [each.route.title for each in self.open_routes]
        needed = (one for each in self.open_routes for one in each.requirements if one.level is not Level.PREFERRED)
        return [LocalizedText(one.wording.zh, one.wording.en) for one in needed][:1]

    @property
    def timeline(self) -> list[DateToKnow]:
        """The dates to know, in the order of the content file."""
        return [
            DateToKnow(datetime.fromisoformat(entry["at"]) if entry["at"] else None, LocalizedText.of(entry["text"]))
            for entry in self.call.timeline
        ]

    @property
    def questions_answers(self) -> list[tuple[LocalizedText, LocalizedText]]:
        """What applicants ask, and what the group answers."""
        return [
            (LocalizedText.of(entry["question"]), LocalizedText.of(entry["answer"]))
            for entry in self.call.questions_answers
        ]


@dataclass(frozen=True)
class Admissions:
    """All calls that a visitor may want to know of."""

    open: list[CallOpening]
    filled: list[CallOpening]
    coming: list[CallOpening]
    closed: list[CallOpening]

    @property
    def calls(self) -> list[CallOpening]:
        """All of them, those that take applications first."""
        return [*self.open, *self.filled, *self.coming, *self.closed]

    @property
    def routes(self) -> list[RouteOpening]:
        """All routes, those that take applications first."""
        every = [route for call in self.calls for route in call.routes]
        return sorted(every, key=lambda route: route.closure is not None)

    @property
    def open_routes(self) -> list[RouteOpening]:
        """The routes that take applications, those of the latest call first."""
        return [route for call in self.open for route in call.open_routes]


def admissions_at(now: datetime) -> Admissions:
    """The calls that are open, full, that will open, soonest first, and that have closed lately, latest first.

    Takes four statements however many there are.
    """
    calls = openings(queries.calls_not_closed_before(now - SHOWN_AFTER_CLOSING), now)
    by_closure = {why: [each for each in calls if each.closure is why] for why in (None, *Closure)}
    return Admissions(
        open=by_closure[None],
        filled=by_closure[Closure.FILLED],
        coming=by_closure[Closure.NOT_YET][::-1],
        closed=sorted(by_closure[Closure.CLOSED], key=lambda each: each.call.closes_at or now, reverse=True),
    )


def openings(calls: Iterable[Call], now: datetime) -> list[CallOpening]:
    """Each call with its routes, in two statements however many there are."""
    listed = list(calls)
    ids = [route.id for call in listed for route in call.routes]
    offers, newest = queries.offers(ids), queries.newest_requirements(ids)

    def opening(route: AdmissionRoute, call: Call) -> RouteOpening:
        taken = offers.get(route.id, 0)
        why = why_not(route, call, offers=taken, now=now)
        return RouteOpening(route, why, places_left(route, taken), newest[route.id])

    def call_opening(call: Call) -> CallOpening:
        routes = [opening(route, call) for route in call.routes]
        is_full = bool(routes) and all(each.closure for each in routes)
        return CallOpening(call, closure(call, now) or (Closure.FILLED if is_full else None), routes)

    return [call_opening(call) for call in listed]


def next_change(now: datetime) -> datetime | None:
    """When some call next opens, closes, leaves the list of calls, or has a day less to go; None where none will."""
    moments = [
        moment
        for opens_at, closes_at, timezone in queries.times_of_calls()
        for moment in (opens_at, closes_at, closes_at and closes_at + SHOWN_AFTER_CLOSING, _midnight(now, timezone))
        if moment and moment > now
    ]
    return min(moments, default=None)


def _midnight(now: datetime, timezone: str) -> datetime:
    """When the day of `now` ends in a time zone."""
    zone = ZoneInfo(timezone)
    return end_of_day(now.astimezone(zone).date(), zone)


def why_not_send(draft: Draft, *, now: datetime) -> Closure | None:
    """Why a new draft cannot be sent at `now`; None where it can, in time, in the grace after that or by extension."""
    route, until = draft.route, draft.extended_until
    offers = queries.offers([route.id]).get(route.id, 0)
    return why_not_submit(draft.started_at, route.call, route, now, offers=offers, extended_until=until)
