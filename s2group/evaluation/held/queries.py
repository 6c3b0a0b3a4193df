"""What is held: settled by the staff, told to its applicant in a while, and to be taken back until then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, Subquery, func, select, union_all
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from s2group.accounts.models import User
from s2group.admissions.interviews.models import Interview, InterviewChange
from s2group.admissions.models import Application, DocumentRequest, Extension
from s2group.admissions.offers.models import Offer
from s2group.core.permissions import Action
from s2group.evaluation.access import extensions_visible_to, release_items_visible_to, visible_to
from s2group.evaluation.releases.models import MessageRelease, ReleaseItem
from s2group.extensions import db


@dataclass(frozen=True)
class Held:
    """How many messages are held that somebody may take back, and when the first and the last of them go out."""

    count: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True)
class AllHeld:
    """All of them, each kind in the order in which it goes out."""

    releases: Sequence[MessageRelease]
    requests: Sequence[DocumentRequest]
    interviews: Sequence[InterviewChange]
    offers: Sequence[Offer]
    extensions: Sequence[Extension]


def held_for(user: User, now: datetime) -> Held:
    """Their number, in one statement."""
    moments = union_all(
        _releases(user).with_only_columns(ReleaseItem.id, MessageRelease.effective_at.label("at")),
        _requests(user, now).with_only_columns(DocumentRequest.id, DocumentRequest.told_at),
        _interviews(user).with_only_columns(InterviewChange.interview_id, InterviewChange.told_at),
        _offers(user).with_only_columns(Offer.application_id, Offer.told_at),
        _extensions(user).with_only_columns(Extension.id, Extension.told_at),
    ).subquery()
    return Held(*db.session.execute(_count_and_ends(moments)).one())


def _count_and_ends(moments: Subquery) -> Select[int, datetime | None, datetime | None]:
    return select(func.count(), func.min(moments.c.at), func.max(moments.c.at))


def all_held(user: User, now: datetime) -> AllHeld:
    """What `user` may take back."""
    scalars = db.session.scalars
    releases = _releases(user).with_only_columns(MessageRelease).distinct().order_by(MessageRelease.effective_at)
    requests = _requests(user, now).options(contains_eager(DocumentRequest.application))
    interviews = _interviews(user).options(
        contains_eager(InterviewChange.interview).options(
            contains_eager(Interview.application), joinedload(Interview.round), joinedload(Interview.slot)
        ),
        joinedload(InterviewChange.slot),
    )
    offers = _offers(user).options(contains_eager(Offer.application).joinedload(Application.route))
    extensions = _extensions(user).options(joinedload(Extension.route))
    return AllHeld(
        releases=scalars(releases.options(selectinload(MessageRelease.items))).all(),
        requests=scalars(requests.order_by(DocumentRequest.told_at, DocumentRequest.id)).all(),
        interviews=scalars(interviews.order_by(InterviewChange.told_at, InterviewChange.interview_id)).all(),
        offers=scalars(offers.order_by(Offer.told_at, Offer.application_id)).all(),
        extensions=scalars(extensions.order_by(Extension.told_at, Extension.id)).all(),
    )


def _releases(user: User) -> Select[ReleaseItem]:
    return (
        release_items_visible_to(user)
        .join(ReleaseItem.release)
        .where(
            MessageRelease.effective_at.is_not(None),
            MessageRelease.begun_at.is_(None),
            ReleaseItem.held_back.is_(False),
        )
    )


def _requests(user: User, now: datetime) -> Select[DocumentRequest]:
    asked = _decided(user).join(DocumentRequest, DocumentRequest.application_id == Application.id)
    return asked.with_only_columns(DocumentRequest).where(
        DocumentRequest.told_at > now, DocumentRequest.answered_at.is_(None), DocumentRequest.taken_back_at.is_(None)
    )


def _interviews(user: User) -> Select[InterviewChange]:
    joined = _decided(user).join(Interview, Interview.application_id == Application.id).join(Interview.change)
    return joined.with_only_columns(InterviewChange)


def _offers(user: User) -> Select[Offer]:
    joined = _decided(user).join(Offer, Offer.application_id == Application.id)
    return joined.with_only_columns(Offer).where(Offer.told_at.is_not(None))


def _extensions(user: User) -> Select[Extension]:
    return extensions_visible_to(user).where(Extension.is_told.is_(False))


def _decided(user: User) -> Select[Application]:
    return visible_to(user, Action.DECIDE_APPLICATIONS)
