"""What becomes of a call that no file describes any more."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.accounts.models import RoleGrant
from s2group.admissions.call_kinds import CALL, ROUTE
from s2group.admissions.models import AdmissionRoute, Call, RequirementSet
from s2group.audit.rules import CallChanged, RoleRevoked
from s2group.audit.services import record
from s2group.content.records.kinds import Kind
from s2group.content.records.loading import Change, Loader
from s2group.content.records.services import add_revision, head


@dataclass(frozen=True)
class Ended:
    """The keys of calls that were closed, and of those that had not opened yet and were removed."""

    closed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def changes(self) -> Iterator[str]:
        """A line for each call, for a trial run."""
        yield from (f"closed call {key}" for key in self.closed)
        yield from (f"removed call {key}" for key in self.removed)

    def sentences(self) -> Iterator[str]:
        """A line for each call, for the operator."""
        for key in self.closed:
            yield f"Closed the call {key}: no file describes it any more. Its applications and drafts stay."
        for key in self.removed:
            yield f"Removed the call {key}, which had not opened: no file describes it any more."


def end_calls(loader: Loader, *, but: Collection[str]) -> Ended:
    """Close every call but those with these keys, and those that a person has edited; which ones that were.

    One that has not opened yet is removed, for it would be listed as one that was open. It is closed, too, where
    something refers to it: once it was open, and somebody applied. Roles for the routes of a removed call end with it.
    """
    ended, session, now = Ended(), loader.session, loader.now
    is_over = Call.closes_at <= now
    statement = select(Call).where(Call.key.not_in(but), or_(Call.closes_at.is_(None), ~is_over)).order_by(Call.key)
    for call in session.scalars(statement).all():
        if not loader.may_remove(CALL, call):
            loader.changes.append(Change("left", CALL.name, call.key))
        elif call.opens_at >= now and _remove(session, call, now):
            ended.removed.append(call.key)
        else:
            call.closes_at = now
            call.opens_at = min(call.opens_at, now - timedelta(seconds=1))  # a call closes after it has opened
            record(session, CallChanged(), about=call.subject, at=now)
            ended.closed.append(call.key)
    session.flush()
    return ended


def _remove(session: Session, call: Call, now: datetime) -> bool:
    """Remove a call with its routes; False, and nothing done, where an application or anything else refers to it."""
    routes = select(AdmissionRoute.id).where(AdmissionRoute.call_id == call.id)
    try:
        with session.begin_nested():
            _end_grants(session, routes, now)
            _keep_history(session, call, now)
            session.execute(delete(RequirementSet).where(RequirementSet.route_id.in_(routes)))
            session.execute(delete(AdmissionRoute).where(AdmissionRoute.call_id == call.id))
            session.execute(delete(Call).where(Call.id == call.id))
    except IntegrityError:
        return False
    return True


def _keep_history(session: Session, call: Call, now: datetime) -> None:
    """What was said of the call and its routes stays, and says when they went."""
    rows: list[tuple[Kind, Call | AdmissionRoute]] = [(CALL, call), *((ROUTE, route) for route in call.routes)]
    for kind, row in rows:
        number = head(session, kind, row).number + 1
        add_revision(session, kind.name, row.id, number, None, actor=None, now=now, in_files=True)


def _end_grants(session: Session, routes: Select[int], now: datetime) -> None:
    """With its route a grant would go by itself, and nobody would hear of it."""
    for grant in session.scalars(select(RoleGrant).where(RoleGrant.route_id.in_(routes)).order_by(RoleGrant.id)).all():
        record(session, RoleRevoked(grant.role, grant.route_id), about=grant.user.subject, at=now)
        session.delete(grant)
    session.flush()
