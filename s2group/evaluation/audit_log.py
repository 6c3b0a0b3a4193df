"""The audit log: who did what to what and when, the latest first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, tuple_

from s2group.accounts.models import User
from s2group.accounts.queries import names_of
from s2group.admissions.models import Application
from s2group.admissions.wording import event_names
from s2group.audit.models import Event
from s2group.audit.rules import Kind, Reevaluated, SubjectKind
from s2group.audit.wording import in_words
from s2group.core.paging import Page, fetch_page
from s2group.core.permissions import Action
from s2group.evaluation.access import events_visible_to, visible_to
from s2group.extensions import db

PAGE_SIZE = 50
# In the place of an account: who is none, an applicant, a referee, the worker or the operator.
NOBODY = "none"


@dataclass(frozen=True)
class Filters:
    """Which events are asked for; what is None or empty asks for all."""

    actor: str = ""
    kind: Kind | None = None
    reference: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Line:
    """An event in the reader's words; `who` is empty where it was no account."""

    event: Event
    words: str
    who: str
    # Of the application that it belongs to, where the reader may open that.
    reference: str
    name: str
    # What else it is about is called: an account by its name; empty for what has none that says anything.
    subject: str


def events_page(user: User, filters: Filters, timezone: str, after: int | None) -> Page[Line]:
    """What `user` may read of what is asked for, behind the event with the number `after`; days are those of the zone.

    Takes the same few statements whatever there is, each along an index.
    """
    statement = asked_events(user, filters, timezone).order_by(Event.at.desc(), Event.id.desc())
    if after is not None:
        statement = statement.where(tuple_(Event.at, Event.id) < _place_of(user, after))
    page = fetch_page(statement, size=PAGE_SIZE, key=lambda event: str(event.id))
    return Page(_lines(user, page.rows, timezone), page.next_key)


def asked_events(user: User, filters: Filters, timezone: str) -> Select[Event]:
    """What `user` may read of what is asked for, in no order."""
    statement = events_visible_to(user)
    if filters.actor == NOBODY:
        statement = statement.where(Event.actor_id.is_(None))
    elif filters.actor:
        statement = statement.where(Event.actor_id == int(filters.actor))
    if filters.kind:
        statement = statement.where(Event.kind == filters.kind)
    if filters.reference:
        about = visible_to(user, Action.READ_AUDIT).with_only_columns(Application.id)
        statement = statement.where(
            Event.application_id == about.where(Application.reference == filters.reference).scalar_subquery()
        )
    if filters.since:
        statement = statement.where(Event.at >= _begin(filters.since, timezone))
    if filters.until:
        statement = statement.where(Event.at < _begin(filters.until + timedelta(days=1), timezone))
    return statement


def _begin(day: date, timezone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone))


def _place_of(user: User, number: int) -> tuple[Any, ...]:
    """Where the event stands; before all others where the reader sees none with this number."""
    found = db.session.execute(
        events_visible_to(user).with_only_columns(Event.at, Event.id).where(Event.id == number)
    ).one_or_none()
    return tuple(found or (datetime.max.replace(tzinfo=ZoneInfo("UTC")), 0))


def _lines(user: User, events: Sequence[Event], timezone: str) -> list[Line]:
    names, people = event_names(_requirements(events), timezone), names_of(_accounts(events))
    applicants = _names(user, [event.application_id for event in events if event.application_id])
    return [
        Line(
            event=event,
            words=in_words(event.details, names),
            who=people.get(event.actor_id, ""),
            reference=(about := applicants.get(event.application_id or 0, ("", "")))[0],
            name=about[1],
            subject=_subject(event, people),
        )
        for event in events
    ]


def _accounts(events: Iterable[Event]) -> Iterator[int | None]:
    """Whoever did something, and whoever it was done to."""
    for event in events:
        yield event.actor_id
        if event.subject_kind == SubjectKind.ACCOUNT:
            yield int(event.subject_key)


def _subject(event: Event, people: Mapping[int | None, str]) -> str:
    if event.subject_kind == SubjectKind.ACCOUNT:
        return people.get(int(event.subject_key), "")
    is_number = event.subject_key.isdigit()
    return "" if is_number or event.subject_kind in (SubjectKind.MAIL, SubjectKind.PORTAL) else event.subject_key


def _requirements(events: Iterable[Event]) -> Mapping[str, str]:
    """A requirement is told by its key: what it is called is each version's own."""
    found = [event.details for event in events if event.kind == Kind.REEVALUATED]
    return {
        change.requirement: change.requirement
        for details in found
        if isinstance(details, Reevaluated)
        for change in details.changes
    }


def _names(user: User, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    statement = visible_to(user).with_only_columns(Application.id, Application.reference, Application.name)
    return {row.id: (row.reference, row.name) for row in db.session.execute(statement.where(Application.id.in_(ids)))}
