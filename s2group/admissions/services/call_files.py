"""Loading the calls from the files that the group edits by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.admissions.call_fields import as_kept
from s2group.admissions.call_kinds import CALL, ROUTE
from s2group.admissions.facts.services import refresh_facts
from s2group.admissions.models import AdmissionRoute, Application, Call, RequirementSet
from s2group.admissions.services.ended_calls import Ended, end_calls
from s2group.audit.rules import CallChanged, RequirementsChanged
from s2group.audit.services import record
from s2group.content.records.entries import Entry, each_once, entries_of
from s2group.content.records.errors import ContentError
from s2group.content.records.files import toml_table
from s2group.core.database import transaction

FOLDER = "calls"


@dataclass(frozen=True)
class ReadCall:
    """A call of a file, and its routes in their order."""

    call: Entry
    routes: list[Entry]


def load_calls(folder: Path, *, now: datetime) -> Ended:
    """Make the calls and their routes what the files in `folder` say, by their keys; which calls that has ended.

    A route gets a new version of its requirements only where they changed. A call that no file describes any more
    closes, and opens again when its file comes back. A route that is no longer in the file of its call stays as it is.
    Nothing is changed when any file is wrong; then ContentError says which, and what to mend.
    """
    read = read_calls(folder)
    with transaction() as session:
        _save_calls(session, read, now)
        return end_calls(session, but={each.call.values["key"] for each in read}, now=now)


def add_calls(folder: Path, *, now: datetime) -> None:
    """The same for the calls in `folder` alone: what else there is stays as it is."""
    read = read_calls(folder)
    with transaction() as session:
        _save_calls(session, read, now)


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
        raise ContentError(place, "the call has no route", "Begin each one with [[routes]]")
    values = CALL.read({name: value for name, value in written.items() if name != "routes"}, place)
    return ReadCall(Entry(place, values), routes)


def _tell_apart(one: ReadCall, other: ReadCall) -> None:
    """ContentError where two calls have a route of one name and are open at once: nobody could choose the second."""
    if both := clash(one, other):
        names = f"'{one.call.values['key']}' and '{other.call.values['key']}'"
        problem = f"{names} are open at the same time, and both have the route {', '.join(sorted(both))}"
        raise ContentError(other.call.place, problem, "Give the route another key in one of them, or close the first")


def clash(one: ReadCall, other: ReadCall) -> set[str]:
    """The routes that two calls have in common, where they are open at the same time."""
    both = {route.values["key"] for route in one.routes} & {route.values["key"] for route in other.routes}
    first, second = sorted((one.call, other.call), key=lambda call: call.values["opens_at"])
    closes_at = first.values["closes_at"]
    return both if closes_at is None or closes_at > second.values["opens_at"] else set()


def _save_calls(session: Session, read: Sequence[ReadCall], now: datetime) -> None:
    for each in read:
        _save_call(session, each, now)


def _save_call(session: Session, read: ReadCall, now: datetime) -> None:
    call = session.scalar(select(Call).where(Call.key == read.call.values["key"])) or Call()
    answer_days = call.answer_days
    CALL.put(call, read.call.values, {}, read.call.place, now)
    session.add(call)
    is_other = session.is_modified(call)
    session.flush()
    are_other = [_save_route(session, call, position, route, now) for position, route in enumerate(read.routes)]
    if is_other or any(are_other):
        record(session, CallChanged(), about=call.subject, at=now)
    if call.answer_days != answer_days:
        refresh_facts(
            session, session.scalars(select(Application.id).join(Application.route).filter_by(call_id=call.id)).all()
        )


def _save_route(session: Session, call: Call, position: int, read: Entry, now: datetime) -> bool:
    """Whether the file says something else of the route itself; its requirements have events of their own."""
    found = select(AdmissionRoute).filter_by(call_id=call.id, key=read.values["key"])
    route = session.scalar(found) or AdmissionRoute(call_id=call.id)
    ROUTE.put(route, read.values, {}, read.place, now)
    route.position = position
    session.add(route)
    is_other = session.is_modified(route)
    session.flush()
    _save_requirements(session, route, read.values["requirements"], now)
    return is_other


def _save_requirements(
    session: Session, route: AdmissionRoute, requirements: list[dict[str, Any]], now: datetime
) -> None:
    newest = select(RequirementSet).where(RequirementSet.route_id == route.id).order_by(RequirementSet.version.desc())
    current = session.scalar(newest.limit(1))
    if current and as_kept(current.requirements) == requirements:
        return
    version = current.version + 1 if current else 1
    record(session, RequirementsChanged(version), about=route.subject, at=now)
    session.add(RequirementSet(route_id=route.id, version=version, requirements=requirements, created_at=now))
