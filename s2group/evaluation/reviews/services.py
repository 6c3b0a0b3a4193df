"""Saving a review, and looking at ratings before one's own is in."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.rules.rubrics import STANDARD
from s2group.audit.rules import Abstained, Rated, RatingsSeenEarly
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.permissions import Action, authorize
from s2group.evaluation.assignments.queries import conflict_of
from s2group.evaluation.assignments.services import remove
from s2group.evaluation.reviews.models import ApplicationScore, EarlyLook, Review, Rubric
from s2group.evaluation.reviews.queries import criteria_of, overalls_of, own_review, score_of, shows_ratings
from s2group.evaluation.reviews.rules import Rating, aggregate, fitting, missing, overall


class StaleReviewError(Exception):
    """Another tab has saved something else since; what was sent is not stored."""


class NotTheirsError(Exception):
    """Whoever wants to rate may not review the application."""


class ConflictOfInterestError(Exception):
    """Whoever wants to rate has declared a conflict."""


@dataclass(frozen=True)
class Saved:
    """The review as it is stored now, and what keeps it from being submitted, as rules.missing tells it."""

    review: Review
    missing: list[str]


def rate(*, application: Application, rating: Rating, seen: int, submit: bool, actor: User, now: datetime) -> Saved:
    """Save what `actor` says of an application: as a draft, or submitted where `submit` says so and nothing is missing.

    `seen` is how often the review was saved when its form was shown. Sending the same once more changes nothing.
    Raises NotTheirsError, StaleReviewError, ConflictOfInterestError.
    """
    if not authorize(actor, Action.REVIEW_APPLICATIONS, application):
        raise NotTheirsError(application.reference)
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        if conflict_of(actor, application):
            raise ConflictOfInterestError
        review = own_review(actor, application)
        rating = _fitted(application, review, rating)
        lacks = missing(criteria_of(application.route, review), rating) if submit else []
        submit = submit and not lacks
        if review and _says_already(review, rating, submit):
            return Saved(review, lacks)
        if seen != (review.saves if review else 0):
            raise StaleReviewError
        review = review or _new_review(session, application, actor)
        review.saves, review.saved_at = review.saves + 1, now
        if submit:
            _submit(session, review, application, rating, actor, now)
        else:
            review.draft = rating.to_dict()
        session.flush()
    return Saved(review, lacks)


def _fitted(application: Application, review: Review | None, rating: Rating) -> Rating:
    """Without marks that the rubric does not have; one who abstains gives none."""
    marks = {} if rating.abstains else fitting(criteria_of(application.route, review), rating.marks)
    return Rating(**{**asdict(rating), "marks": marks})


def _says_already(review: Review, rating: Rating, submit: bool) -> bool:
    if submit:
        return review.draft is None and review.submitted_at is not None and submitted_rating(review) == rating
    return review.draft == rating.to_dict()


def submitted_rating(review: Review) -> Rating:
    """What was submitted last; empty where nothing was."""
    return Rating(review.marks, review.abstains, review.reason, review.private_note, review.shared_note)


def latest_rating(review: Review | None) -> Rating:
    """What was typed last, submitted or not."""
    if review is None:
        return Rating()
    return Rating.from_dict(review.draft) if review.draft is not None else submitted_rating(review)


def _new_review(session: Session, application: Application, actor: User) -> Review:
    review = Review(application_id=application.id, user_id=actor.id, saves=0, marks={}, user=actor)
    session.add(review)
    return review


def _submit(
    session: Session, review: Review, application: Application, rating: Rating, actor: User, now: datetime
) -> None:
    review.rubric = review.rubric or _current_rubric(session, application.route, now)
    for name, value in asdict(rating).items():
        setattr(review, name, value)
    review.overall = None if rating.abstains else overall(criteria_of(application.route, review), rating.marks)
    review.draft, review.submitted_at = None, review.submitted_at or now
    details = Abstained() if rating.abstains else Rated()
    record(session, details, about=application.subject, at=now, actor_id=actor.id)
    refresh_score(session, application, actor)


def refresh_score(session: Session, application: Application, actor: User) -> None:
    """Write anew what the reviews of an application come to. The caller holds the application."""
    session.flush()
    found, row = aggregate(overalls_of(actor, application)), score_of(actor, application)
    if found:
        session.add(_filled(row or ApplicationScore(application_id=application.id), asdict(found)))
    elif row:
        remove(session, row)


def _filled(row: ApplicationScore, values: dict[str, Any]) -> ApplicationScore:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _current_rubric(session: Session, route: AdmissionRoute, now: datetime) -> Rubric:
    """The version of what the route's rubric says now; a new one where it says something else than the newest.

    The row of the route is held, so that two who rate at once do not write one version twice.
    """
    session.execute(select(AdmissionRoute.id).where(AdmissionRoute.id == route.id).with_for_update())
    newest = select(Rubric).where(Rubric.route_id == route.id).order_by(Rubric.version.desc()).limit(1)
    current, criteria = session.scalar(newest), route.rubric or list(STANDARD)
    if current and current.criteria == criteria:
        return current
    version = current.version + 1 if current else 1
    return Rubric(route_id=route.id, version=version, criteria=criteria, created_at=now)


def look_early(*, application: Application, actor: User, now: datetime) -> None:
    """Show `actor`, who decides, the ratings of an application that they have not rated; the audit log says so.

    Raises ConflictOfInterestError. A second time changes nothing.
    """
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        if conflict_of(actor, application):
            raise ConflictOfInterestError
        if shows_ratings(actor, application):
            return
        session.add(EarlyLook(application_id=application.id, user_id=actor.id, looked_at=now))
        record(session, RatingsSeenEarly(), about=application.subject, at=now, actor_id=actor.id)
