"""Loading the calls from the files that the group edits by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations, product
from pathlib import Path

from flask_babel import lazy_gettext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from s2group.admissions.call_kinds import CALL, ROUTE
from s2group.admissions.facts.services import refresh_facts
from s2group.admissions.models import AdmissionRoute, Application, Call
from s2group.admissions.services.ended_calls import Ended, end_calls
from s2group.audit.rules import CallChanged, RequirementsChanged
from s2group.audit.services import record
from s2group.content.records.entries import Entry, each_once, entries_of
from s2group.content.records.errors import ContentError
from s2group.content.records.files import toml_table
from s2group.content.records.loading import Change, Loader
from s2group.content.records.ordering import put_in_order
from s2group.core.database import transaction

FOLDER = "calls"


@dataclass(frozen=True)
class ReadCall:
    """A call of a file, and its routes in their order."""

    call: Entry
    routes: list[Entry]


@dataclass(frozen=True)
class Loaded:
    """Which calls a load has ended, and what it did to each call and route of the files."""

    ended: Ended
    changes: Sequence[Change]


def load_calls(folder: Path, *, now: datetime, take_files: bool = False, dry_run: bool = False) -> Loaded:
    """Make the calls and their routes what the files in `folder` say, by their keys, but for what a person has edited.

    That is left and reported, unless `take_files` says otherwise. A route gets a new version of its requirements only
    where they changed. A call that no file describes any more closes, and opens again when its file comes back; one
    that was made in the portal stays. A route that is no longer in the file of its call stays as it is.

    With `dry_run` nothing is kept. Nothing is changed when any file is wrong; then ContentError says which, and what to
    mend.
    """
    read = read_calls(folder)
    with transaction() as session:
        loader = Loader(session, now=now, take_files=take_files)
        _save_calls(loader, read)
        ended = end_calls(loader, but={each.call.values["key"] for each in read})
        _expect_no_clash(session, read, now)
        if dry_run:
            session.rollback()
    return Loaded(ended, loader.changes)


def add_calls(folder: Path, *, now: datetime) -> None:
    """The same for the calls in `folder` alone: what else there is stays as it is."""
    read = read_calls(folder)
    with transaction() as session:
        _save_calls(Loader(session, now=now), read)


def read_calls(folder: Path) -> list[ReadCall]:
    """The calls and routes in the files of `folder`. Raises ContentError that says which is wrong, and what to mend."""
    read = [_read_file(path) for path in sorted(folder.glob("*.toml"))]
    list(each_once((each.call for each in read), "key"))
    for one, other in combinations(read, 2):
        _tell_apart(one, other)
    return read


def _read_file(path: Path) -> ReadCall:
    place = f"{FOLDER}/{path.name}"
    written = toml_table(path, place)
    routes = entries_of(ROUTE, written, "routes", place)
    if not routes:
        raise ContentError(place, lazy_gettext("the call has no route"), lazy_gettext("Begin each one with [[routes]]"))
    values = CALL.read({name: value for name, value in written.items() if name != "routes"}, place)
    return ReadCall(Entry(place, values), routes)


def _tell_apart(one: ReadCall, other: ReadCall) -> None:
    """ContentError where two calls have a route of one name and are open at once: nobody could choose the second."""
    if both := clash(one, other):
        names = f"'{one.call.values['key']}' and '{other.call.values['key']}'"
        problem = lazy_gettext(
            "%(names)s are open at the same time, and both have the route %(both)s",
            names=names,
            both=", ".join(sorted(both)),
        )
        raise ContentError(
            other.call.place, problem, lazy_gettext("Give the route another key in one of them, or close the first")
        )


def clash(one: ReadCall, other: ReadCall) -> set[str]:
    """The routes that two calls have in common, where they are open at the same time."""
    both = {route.values["key"] for route in one.routes} & {route.values["key"] for route in other.routes}
    first, second = sorted((one.call, other.call), key=lambda call: call.values["opens_at"])
    closes_at = first.values["closes_at"]
    return both if closes_at is None or closes_at > second.values["opens_at"] else set()


def _expect_no_clash(session: Session, read: Sequence[ReadCall], now: datetime) -> None:
    """ContentError where a call of a file is open beside one that was made in the portal, with a route of one name."""
    session.flush()
    keys = {each.call.values["key"] for each in read}
    is_over = Call.closes_at <= now
    others = session.scalars(select(Call).where(Call.key.not_in(keys), or_(Call.closes_at.is_(None), ~is_over)))
    for one, other in product(map(as_read, others), read):
        _tell_apart(one, other)


def as_read(call: Call) -> ReadCall:
    """A call of the portal, as its file would say it."""
    return ReadCall(Entry(call.key, CALL.of(call)), [Entry(route.key, ROUTE.of(route)) for route in call.routes])


def _save_calls(loader: Loader, read: Sequence[ReadCall]) -> None:
    for each in read:
        _save_call(loader, each)


def _save_call(loader: Loader, read: ReadCall) -> None:
    session, begun = loader.session, len(loader.changes)
    call = session.scalar(select(Call).where(Call.key == read.call.values["key"])) or Call()
    answer_days = call.answer_days
    loader.load_each(CALL, [(read.call, call)])
    moved = _save_routes(loader, call, read.routes)
    if moved or any(map(_is_told, loader.changes[begun:])):
        record(session, CallChanged(), about=call.subject, at=loader.now)
    if call.answer_days != answer_days:
        refresh_facts_of(session, call)


def _is_told(change: Change) -> bool:
    """Whether the file has changed a call or a route; its requirements have events of their own."""
    return change.what != "left" and set(change.fields) != {"requirements"}


def _save_routes(loader: Loader, call: Call, read: Sequence[Entry]) -> bool:
    """Whether routes have other places now; those that the file does not have come last."""
    session = loader.session
    found = {route.key: route for route in session.scalars(select(AdmissionRoute).filter_by(call_id=call.id))}
    routes = [
        found.pop(key) if (key := entry.values["key"]) in found else AdmissionRoute(call_id=call.id, position=position)
        for position, entry in enumerate(read)
    ]
    begun = len(loader.changes)
    before = [route.requirement_sets[0].version if route.id else 0 for route in routes]
    loader.load_each(ROUTE, list(zip(read, routes, strict=True)))
    loader.changes[begun:] = [replace(each, key=f"{call.key}/{each.key}") for each in loader.changes[begun:]]
    for route, version in zip(routes, before, strict=True):
        tell_of_requirements(session, route, since=version, now=loader.now)
    put_in_order([*routes, *sorted(found.values(), key=lambda route: route.position)])
    return any(session.is_modified(route) for route in routes)


def tell_of_requirements(
    session: Session, route: AdmissionRoute, *, since: int, now: datetime, actor_id: int | None = None
) -> None:
    """Leave an event where the route has a newer version of its requirements than `since`."""
    version = route.requirement_sets[0].version
    if version != since:
        record(session, RequirementsChanged(version), about=route.subject, at=now, actor_id=actor_id)


def refresh_facts_of(session: Session, call: Call) -> None:
    """Say of every application of a call by when it is answered now."""
    of_call = select(Application.id).join(Application.route).filter_by(call_id=call.id)
    refresh_facts(session, session.scalars(of_call).all())
