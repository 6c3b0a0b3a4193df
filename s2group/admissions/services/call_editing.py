"""Changing calls and routes by hand: every change is a revision and an event, and nobody's work is undone unseen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.admissions.call_kinds import CALL, ROUTE
from s2group.admissions.models import AdmissionRoute, Call
from s2group.admissions.services.call_files import as_read, clash, refresh_facts_of, tell_of_requirements
from s2group.admissions.services.reevaluation import OutdatedPreviewError, judge, trial
from s2group.audit.rules import CallChanged
from s2group.audit.services import record
from s2group.content.editing import RESERVED_KEY, KeyTakenError
from s2group.content.records.errors import ContentError
from s2group.content.records.keys import told_apart
from s2group.content.records.kinds import Values
from s2group.content.records.services import ConflictError, save_revision
from s2group.core.database import transaction


class ClashError(ContentError):
    """The call would be open at the same time as another one that has a route of the same name."""

    def __init__(self, other: Call, field: str) -> None:
        problem = lazy_gettext("is open at the same time, with a route of the same name")
        super().__init__(other.key, problem, lazy_gettext("Change it"), field=field)
        self.other = other


def save_call(call_id: int, values: Values, *, seen: int, actor: int, now: datetime) -> Call:
    """Make a call say what `values` say; all of it or nothing. Gives the call.

    `seen` is the number of the revision that its author started from, and `actor` the id of their account. Raises
    ConflictError where somebody has changed or removed it since, and ClashError.
    """
    with transaction() as session:
        call = session.get(Call, call_id, with_for_update=True)
        if call is None:
            raise ConflictError
        before = CALL.of(call)
        save_revision(session, CALL, call, values, seen=seen, actor=actor, now=now, known={})
        other = CALL.changed(before, values)
        if {"opens_at", "closes_at"}.intersection(other):
            _expect_no_clash(session, call, field="opens_at")
        record(session, CallChanged(), about=call.subject, at=now, actor_id=actor)
        if "answer_days" in other:
            refresh_facts_of(session, call)
    return call


def add_call(values: Values, routes: Sequence[Values], *, actor: int, now: datetime) -> Call:
    """Make a call with these routes, their requirements in a first version each; all of it or nothing. Gives the call.

    Raises KeyTakenError where another call has its key, and ClashError.
    """
    with transaction() as session:
        if session.scalar(select(Call.id).where(Call.key == values["key"])) is not None:
            raise KeyTakenError(values["key"])
        call = Call()
        save_revision(session, CALL, call, values, seen=0, actor=actor, now=now, known={})
        for position, each in enumerate(routes):
            route = AdmissionRoute(call=call, position=position)
            write_route(session, route, each, seen=0, actor=actor, now=now)
        session.flush()
        _expect_no_clash(session, call, field="opens_at")
    return call


def add_route(call_id: int, values: Values, *, actor: int, now: datetime) -> AdmissionRoute:
    """Make a route of a call, the last one; where the call has one of its key it gets a number. Raises ClashError."""
    with transaction() as session:
        call = session.get(Call, call_id, with_for_update=True)
        if call is None:
            raise ConflictError
        (key,) = told_apart([values["key"]], taken=[RESERVED_KEY, *(route.key for route in call.routes)])
        route = AdmissionRoute(call=call, position=len(call.routes))
        write_route(session, route, {**values, "key": key}, seen=0, actor=actor, now=now)
        session.flush()
        _expect_no_clash(session, call, field="title")
    return route


def save_route(route_id: int, values: Values, *, seen: int, actor: int, now: datetime) -> AdmissionRoute:
    """The same for a route of a call; requirements that it did not have become a new version, for new applications."""
    with transaction() as session:
        route = session.get(AdmissionRoute, route_id, with_for_update=True)
        if route is None:
            raise ConflictError
        write_route(session, route, values, seen=seen, actor=actor, now=now)
    return route


def save_requirements(
    route_id: int,
    requirements: list[dict[str, Any]],
    *,
    seen: int,
    previewed: str,
    judges_again: bool,
    actor: int,
    now: datetime,
) -> AdmissionRoute:
    """Give a route another version of its requirements, and where that is wanted judge those again who wait.

    Applications that were invited to an interview, or further, keep the version that judged them, as all do unless it
    `judges_again`. `previewed` is the fingerprint of the trial that the editor has seen: raises OutdatedPreviewError
    where it would change something else by now, and ConflictError as `save_route` does.
    """
    with transaction() as session:
        route = session.get(AdmissionRoute, route_id, with_for_update=True)
        if route is None:
            raise ConflictError
        found = trial(route, requirements, hold=True)
        write_route(session, route, {**ROUTE.of(route), "requirements": requirements}, seen=seen, actor=actor, now=now)
        if found.fingerprint != previewed:
            raise OutdatedPreviewError
        if judges_again:
            judge(session, found.before_interview, route.requirement_sets[0], actor_id=actor, now=now)
    return route


def write_route(
    session: Session, route: AdmissionRoute, values: Values, *, seen: int, actor: int, now: datetime
) -> None:
    """The same within a transaction that holds the route."""
    before = ROUTE.of(route) if route.id else {}
    version = route.requirement_sets[0].version if route.id else 0
    save_revision(session, ROUTE, route, values, seen=seen, actor=actor, now=now, known={})
    tell_of_requirements(session, route, since=version, now=now, actor_id=actor)
    if {name for name, value in values.items() if before.get(name) != value} != {"requirements"}:
        record(session, CallChanged(), about=route.call.subject, at=now, actor_id=actor)


def _expect_no_clash(session: Session, call: Call, *, field: str) -> None:
    """Raise ClashError where nobody could choose between a route of the call and one of another call."""
    for other in session.scalars(select(Call).where(Call.id != call.id)):
        if clash(as_read(call), as_read(other)):
            raise ClashError(other, field)
