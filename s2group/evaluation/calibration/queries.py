"""The marks from which leanings are estimated, as a reader may see them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.evaluation.access import visible_to
from s2group.evaluation.blind import shown_name
from s2group.evaluation.calibration.rules import Calibration, Mark, calibrate
from s2group.evaluation.reviews.models import Review
from s2group.evaluation.reviews.queries import scores_for
from s2group.extensions import db

# The newest ones: how strict somebody is shows in what they have marked of late, and a season has fewer.
MOST_MARKS = 2_000


@dataclass(frozen=True)
class NamedApplication:
    """What a page calls an application."""

    reference: str
    name: str


def calibration_for(user: User) -> Calibration:
    """Leanings from the ratings that `user` may see, and from no others; reads at most MOST_MARKS."""
    scores = scores_for(user)
    statement = (
        visible_to(user)
        .join(scores, scores.c.application_id == Application.id)
        .join(Review, Review.application_id == Application.id)
        .where(Review.overall.is_not(None))
        .with_only_columns(Review.application_id, Review.user_id, Review.overall)
    )
    rows = db.session.execute(statement.order_by(Review.id.desc()).limit(MOST_MARKS))
    return calibrate([Mark(application_id, user_id, float(overall or 0)) for application_id, user_id, overall in rows])


def names_of_reviewers(ids: Collection[int]) -> dict[int, str]:
    """What colleagues call these accounts."""
    return {user.id: user.shown_name for user in db.session.scalars(select(User).where(User.id.in_(ids)))}


def names_of(user: User, ids: Collection[int]) -> Mapping[int, NamedApplication]:
    """What pages call these applications, those that `user` sees."""
    columns = load_only(Application.reference, Application.name, Application.route_id)
    named = visible_to(user).where(Application.id.in_(ids)).options(columns, joinedload(Application.route))
    return {each.id: NamedApplication(each.reference, shown_name(user, each)) for each in db.session.scalars(named)}
