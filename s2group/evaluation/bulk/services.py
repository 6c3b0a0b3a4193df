"""Planning, applying and undoing a run: all of its applications change, or none."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.audit.rules import BulkApplied, BulkUndone, Subject, SubjectKind
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.identifiers import new_token
from s2group.evaluation.blind import shown_name
from s2group.evaluation.bulk.models import BulkItem, BulkRun
from s2group.evaluation.bulk.protocol import Argument, CannotApplyError, Plan
from s2group.evaluation.bulk.queries import applications_of, applications_with
from s2group.evaluation.bulk.registry import ACTIONS
from s2group.evaluation.bulk.rules import KEPT, may_be_undone


class ChangedMeanwhileError(Exception):
    """Somebody has changed some of the applications; nothing was done. `names` are those of their applicants."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"{len(names)} applications are not as they were")
        self.names = names


class UnansweredError(Exception):
    """The plan asks something, and nobody has answered."""


def plan_run(
    *, action: str, argument: Argument, ids: Collection[int], search: str = "", actor: User, now: datetime
) -> BulkRun:
    """Keep what is to be done to which applications, as they are now. Raises UnfitArgumentError."""
    with transaction() as session:
        return _plan(session, action, argument, ids, search, actor, now)


def preview(run: BulkRun, actor: User) -> Plan:
    """What the run would do now."""
    return ACTIONS[run.action].plan(actor, applications_of(actor, run), run.argument)


def apply_run(*, run: BulkRun, answer: str = "", actor: User, now: datetime) -> int:
    """Do to all applications of a run what was planned; how many were changed. A second time does nothing.

    Raises ChangedMeanwhileError where any of them is not as it was at the dry run, UnansweredError, CannotApplyError.
    """
    with transaction() as session:
        session.refresh(run, with_for_update=True)
        return 0 if run.applied_at else _apply(session, run, answer, actor, now)


def apply_at_once(
    *, action: str, argument: Argument, application: Application, actor: User, now: datetime
) -> BulkRun | None:
    """Do it to one application without a dry run, so that it can be undone; None where it is skipped.

    Raises UnfitArgumentError, UnansweredError, CannotApplyError.
    """
    with transaction() as session:
        run = _plan(session, action, argument, [application.id], "", actor, now)
        if _apply(session, run, "", actor, now):
            return run
        session.delete(run)
        return None


def undo_run(*, run: BulkRun, actor: User, now: datetime) -> bool:
    """Put all applications back to how they were before the run; False where its time is over, or it is undone.

    Raises ChangedMeanwhileError where any of them is not as the run left it: something was sent, answered or changed.
    """
    with transaction() as session:
        session.refresh(run, with_for_update=True)
        if not may_be_undone(applied_at=run.applied_at, undone_at=run.undone_at, now=now):
            return False
        changed = _held(session, run, actor, {item.application_id: item.after for item in run.items if item.after})
        before = {item.application_id: item.before for item in run.items}
        ACTIONS[run.action].undo(session, actor, changed, run.argument, before, now)
        run.undone_at = now
        _record(session, BulkUndone(run.action, len(changed)), actor, now)
    return True


def forget_runs(*, now: datetime) -> int:
    """Delete the runs that are older than KEPT; how many there were."""
    with transaction() as session:
        gone = delete(BulkRun).where(BulkRun.planned_at <= now - KEPT).returning(BulkRun.id)
        return len(session.scalars(gone).all())


def _plan(
    session: Session, action: str, argument: Argument, ids: Collection[int], search: str, actor: User, now: datetime
) -> BulkRun:
    kind = ACTIONS[action]
    applications = applications_with(actor, list(ids))
    told = kind.read(actor, argument)
    snapshots = kind.snapshots(actor, applications, told)
    run = BulkRun(
        key=new_token(),
        action=action,
        argument=dict(told),
        search=search,
        actor_id=actor.id,
        planned_at=now,
        items=[BulkItem(application_id=each.id, before=snapshots[each.id]) for each in applications],
    )
    session.add(run)
    session.flush()
    return run


def _apply(session: Session, run: BulkRun, answer: str, actor: User, now: datetime) -> int:
    action = ACTIONS[run.action]
    held = _held(session, run, actor, {item.application_id: item.before for item in run.items})
    plan = action.plan(actor, held, run.argument)
    if plan.question and not answer:
        raise UnansweredError(plan.question)
    changing = [change.application for change in plan.changes]
    action.apply(session, actor, changing, run.argument, answer, now)
    session.flush()
    after = action.snapshots(actor, changing, run.argument)
    for item in run.items:
        item.after = after.get(item.application_id)
    run.applied_at = now
    if len(changing) > 1:
        _record(session, BulkApplied(run.action, len(changing)), actor, now)
    return len(changing)


def _held(session: Session, run: BulkRun, actor: User, expected: dict[int, dict[str, object]]) -> list[Application]:
    """The applications that are expected, held, each as it is expected to be."""
    session.flush()
    applications = [each for each in applications_of(actor, run, hold=True) if each.id in expected]
    if len(applications) < len(expected):  # deleted, or out of the actor's reach by now
        raise CannotApplyError
    now = ACTIONS[run.action].snapshots(actor, applications, run.argument)
    others = [shown_name(actor, each) for each in applications if now[each.id] != expected[each.id]]
    if others:
        raise ChangedMeanwhileError(others)
    return applications


def _record(session: Session, details: BulkApplied | BulkUndone, actor: User, now: datetime) -> None:
    record(session, details, about=Subject(SubjectKind.PORTAL, "bulk"), at=now, actor_id=actor.id)
