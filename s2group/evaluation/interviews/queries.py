"""Reads of interviews for the staff: what belongs to an application begins with what they may see."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from s2group.accounts.models import RoleGrant, User
from s2group.admissions.interviews.models import Interview, InterviewChange, InterviewRound, InterviewSlot
from s2group.admissions.models import AdmissionRoute, Application, ApplicationFacts
from s2group.admissions.rules.states import State
from s2group.core.permissions import RIGHTS, Action, reach
from s2group.evaluation.access import facts_visible_to, routes_visible_to, visible_to
from s2group.evaluation.interviews.models import InterviewNote
from s2group.extensions import db


def rounds_visible_to(user: User, action: Action = Action.READ_APPLICATIONS) -> Select[InterviewRound]:
    """The rounds for some of whose routes `user` may do `action`; to decide, for all of them."""
    routes = routes_visible_to(user, action).with_only_columns(AdmissionRoute.id)
    statement = select(InterviewRound).where(InterviewRound.routes.any(AdmissionRoute.id.in_(routes)))
    if action is Action.READ_APPLICATIONS:
        return statement
    return statement.where(~InterviewRound.routes.any(AdmissionRoute.id.not_in(routes)))


def rounds_of(user: User) -> Sequence[InterviewRound]:
    """What `user` sees, the newest first, with their routes."""
    statement = rounds_visible_to(user).order_by(InterviewRound.id.desc())
    return db.session.scalars(statement.options(selectinload(InterviewRound.routes))).all()


def round_by_key(user: User, key: str, action: Action = Action.READ_APPLICATIONS) -> InterviewRound | None:
    """A round on which `user` may do `action`, with its routes, slots and interviewers."""
    slots = selectinload(InterviewRound.slots)
    statement = (
        rounds_visible_to(user, action)
        .where(InterviewRound.key == key)
        .options(
            selectinload(InterviewRound.routes).joinedload(AdmissionRoute.call),
            slots.selectinload(InterviewSlot.interviewers),
            slots.joinedload(InterviewSlot.interview),
            slots.joinedload(InterviewSlot.change).joinedload(InterviewChange.interview),
        )
    )
    return db.session.scalars(statement).unique().one_or_none()


def interviews_visible_to(user: User, action: Action = Action.READ_APPLICATIONS) -> Select[Interview]:
    """The interviews of the applications on which `user` may do `action`, in no order, each with its application."""
    statement = visible_to(user, action).join(Interview, Interview.application_id == Application.id)
    return statement.with_only_columns(Interview).options(contains_eager(Interview.application))


def interviews_in(user: User, interview_round: InterviewRound) -> Sequence[Interview]:
    """Those of a round that `user` sees, in the order of the invitations."""
    statement = interviews_visible_to(user).where(Interview.round_id == interview_round.id).order_by(Interview.id)
    with_route = contains_eager(Interview.application).joinedload(Application.route)
    change = joinedload(Interview.change).joinedload(InterviewChange.slot)
    return db.session.scalars(statement.options(with_route, joinedload(Interview.slot), change)).all()


def interview_by_key(user: User, key: str, action: Action = Action.READ_APPLICATIONS) -> Interview | None:
    """One of them."""
    return db.session.scalar(interviews_visible_to(user, action).where(Interview.key == key))


def interviews_about(user: User, application: Application) -> Sequence[Interview]:
    """Those of one application, with round and slot."""
    statement = interviews_visible_to(user).where(Interview.application_id == application.id).order_by(Interview.id)
    slot = joinedload(Interview.slot).selectinload(InterviewSlot.interviewers)
    change = joinedload(Interview.change).joinedload(InterviewChange.slot)
    return db.session.scalars(statement.options(joinedload(Interview.round), slot, change)).all()


def counts_of(user: User) -> dict[int, tuple[int, int]]:
    """For each round how many are invited whom `user` sees, and how many of them have chosen."""
    statement = (
        visible_to(user)
        .join(Interview, Interview.application_id == Application.id)
        .with_only_columns(Interview.round_id, func.count(), func.count(Interview.chosen_at))
        .group_by(Interview.round_id)
    )
    return {round_id: (invited, chosen) for round_id, invited, chosen in db.session.execute(statement)}


def to_invite(user: User, interview_round: InterviewRound) -> Sequence[ApplicationFacts]:
    """Who is in interviews, as they know, on a route of the round, and not invited yet; by name."""
    invited = interviews_visible_to(user).with_only_columns(Interview.application_id)
    statement = (
        facts_visible_to(user)
        .join(ApplicationFacts.application)
        .options(contains_eager(ApplicationFacts.application).joinedload(Application.route))
        .where(
            ApplicationFacts.route_id.in_([route.id for route in interview_round.routes]),
            ApplicationFacts.state == State.INTERVIEW,
            ApplicationFacts.shown_state == State.INTERVIEW,
            ApplicationFacts.application_id.not_in(invited.where(Interview.round_id == interview_round.id)),
        )
        .order_by(ApplicationFacts.name_key, ApplicationFacts.application_id)
    )
    return db.session.scalars(statement).all()


def possible_interviewers(routes: Collection[AdmissionRoute]) -> list[User]:
    """The accounts that can sign in and may read the applications of every one of these routes, by address."""
    readers = [role.value for role, rights in RIGHTS.items() if Action.READ_APPLICATIONS in rights]
    statement = select(User).where(User.active, User.grants.any(RoleGrant.role.in_(readers))).order_by(User.email)
    users = db.session.scalars(statement.options(selectinload(User.grants)))
    return [user for user in users if all(reach(user, Action.READ_APPLICATIONS).covers(route) for route in routes)]


def notes_of(user: User, interviews: Collection[Interview]) -> Sequence[InterviewNote]:
    """What was noted of these interviews, in the order of the accounts, for whoever may read their applications."""
    if not interviews:
        return []
    statement = (
        interviews_visible_to(user)
        .join(InterviewNote, InterviewNote.interview_id == Interview.id)
        .with_only_columns(InterviewNote)
        .where(Interview.id.in_([each.id for each in interviews]))
        .order_by(InterviewNote.user_id)
        .options(joinedload(InterviewNote.user))
    )
    return db.session.scalars(statement).all()


def note_by(user: User, interview: Interview) -> InterviewNote | None:
    """What `user` noted of an interview that they see."""
    return next((note for note in notes_of(user, [interview]) if note.user_id == user.id), None)
