"""Reads of decisions that wait to be told, and of releases."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from s2group.accounts.models import User
from s2group.admissions.decision_words import TOLD
from s2group.admissions.models import AdmissionRoute, Application, ApplicationFacts
from s2group.admissions.rules.states import State
from s2group.core.permissions import Action
from s2group.evaluation.access import items_to_tell, release_items_visible_to, visible_to
from s2group.evaluation.releases.models import MessageRelease, ReleaseItem
from s2group.extensions import db

# More than anybody releases at a time; the rest follows when these are told.
MOST_PENDING = 200
MOST_DONE = 20
# In the order of the letters that matter most.
ORDER = (State.OFFER, State.WAITLIST, State.INTERVIEW, State.DECLINED, State.SCREENING)


def pending_decisions(user: User) -> Sequence[Application]:
    """What `user` decides on and the applicants have not been told, by state and route; no more than MOST_PENDING."""
    statement = (
        visible_to(user, Action.DECIDE_APPLICATIONS)
        .join(Application.facts)
        .join(Application.route)
        .where(ApplicationFacts.state != ApplicationFacts.shown_state, ApplicationFacts.state.in_(TOLD))
        .options(contains_eager(Application.route).joinedload(AdmissionRoute.call))
        .order_by(AdmissionRoute.call_id.desc(), AdmissionRoute.position, Application.id)
    )
    found = db.session.scalars(statement.limit(MOST_PENDING)).all()
    return sorted(found, key=lambda application: ORDER.index(State(application.state)))


def applications_to_tell(user: User, references: Iterable[str]) -> Sequence[Application]:
    """Those of these applications that `user` decides on, in the order in which they came."""
    statement = visible_to(user, Action.DECIDE_APPLICATIONS).where(Application.reference.in_(references))
    eager = joinedload(Application.route).joinedload(AdmissionRoute.call)
    return db.session.scalars(statement.options(eager).order_by(Application.id)).all()


def open_releases(user: User) -> Sequence[MessageRelease]:
    """What is prepared, held or being told, and is of `user`'s concern, oldest first."""
    statement = select(MessageRelease).where(MessageRelease.done_at.is_(None), _concerns(user))
    eager = (joinedload(MessageRelease.actor), selectinload(MessageRelease.items))
    return db.session.scalars(statement.options(*eager).order_by(MessageRelease.id)).all()


def done_releases(user: User) -> Sequence[MessageRelease]:
    """The latest that were told and are of `user`'s concern, newest first."""
    statement = select(MessageRelease).where(MessageRelease.done_at.is_not(None), _concerns(user))
    eager = (joinedload(MessageRelease.actor), selectinload(MessageRelease.items))
    return db.session.scalars(statement.options(*eager).order_by(MessageRelease.id.desc()).limit(MOST_DONE)).all()


def release_by_key(user: User, key: str) -> MessageRelease | None:
    """One release with its actor; None where it concerns nobody about whom `user` decides."""
    statement = select(MessageRelease).where(MessageRelease.key == key, _concerns(user))
    return db.session.scalar(statement.options(joinedload(MessageRelease.actor)))


def items_of(user: User, release: MessageRelease) -> Sequence[ReleaseItem]:
    """The messages of a release to those about whom `user` decides, in their order, with their applications."""
    about = contains_eager(ReleaseItem.application).joinedload(Application.route).joinedload(AdmissionRoute.call)
    items = release_items_visible_to(user).where(ReleaseItem.release_id == release.id)
    return db.session.scalars(items.options(about).order_by(ReleaseItem.id)).all()


def may_rule(user: User, release: MessageRelease) -> bool:
    """Whether `user` may decide about everybody in it: only then may they let it go, or take it back."""
    seen = release_items_visible_to(user).where(ReleaseItem.release_id == release.id)
    return len(db.session.scalars(seen.with_only_columns(ReleaseItem.id)).all()) == len(release.items)


def waiting_elsewhere(user: User, release: MessageRelease | None, application_ids: Iterable[int]) -> set[int]:
    """Whom of these another release that is queued has a message for."""
    queued = (
        release_items_visible_to(user)
        .join(ReleaseItem.release)
        .where(
            ReleaseItem.application_id.in_(application_ids),
            ReleaseItem.done_at.is_(None),
            ReleaseItem.held_back.is_(False),
            MessageRelease.effective_at.is_not(None),
            MessageRelease.id != (release.id if release else 0),
        )
    )
    return set(db.session.scalars(queued.with_only_columns(ReleaseItem.application_id)))


def is_due(now: datetime) -> bool:
    """Whether the worker has anything to begin or to go on with."""
    due = (MessageRelease.done_at.is_(None), MessageRelease.effective_at <= now)
    return bool(db.session.scalar(select(exists().where(*due))))


def ids_to_tell() -> Sequence[int]:
    """What is left of the releases that have begun, in their order."""
    return db.session.scalars(items_to_tell().with_only_columns(ReleaseItem.id).order_by(ReleaseItem.id)).all()


def unfinished_ids() -> set[int]:
    """The releases that have begun and of which something is left."""
    return set(db.session.scalars(items_to_tell().with_only_columns(ReleaseItem.release_id)))


def _concerns(user: User) -> ColumnElement[bool]:
    return MessageRelease.id.in_(release_items_visible_to(user).with_only_columns(ReleaseItem.release_id))
