"""Reads of reviews: each as its viewer may see it.

What is hidden from a viewer is not there at all: the statements here leave it out before anything is counted, sorted or
compared, so whoever builds on `scores_for` cannot tell of it by accident.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, Subquery, and_, or_, select, union
from sqlalchemy.orm import joinedload

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application, ApplicationFacts, Call
from s2group.admissions.rules.rubrics import STANDARD, Criterion, read_rubric
from s2group.admissions.rules.states import State
from s2group.core.permissions import Action
from s2group.evaluation.access import facts_visible_to, has_row, named_by, routes_visible_to, visible_to
from s2group.evaluation.assignments.queries import has_conflict, is_for
from s2group.evaluation.reviews.models import ApplicationScore, EarlyLook, Review, Rubric
from s2group.extensions import db

# Where somebody still has to be rated: later it is decided.
RATED_IN = (State.SUBMITTED, State.SCREENING, State.INTERVIEW)


def scores_for(user: User) -> Subquery:
    """What the ratings of each application come to, as `user` may see them: none of it for a row that is not there.

    Columns: application_id, count, mean, median, spread, low, high and own (their own overall mark, or None). Joined
    to facts_visible_to by application_id, as an outer join where the unrated are wanted too. The figures lie ready in
    application_score; the database looks up the viewer's own review of each by its index.
    """
    statement = (
        facts_visible_to(user)
        .join(ApplicationScore, ApplicationScore.application_id == ApplicationFacts.application_id)
        .outerjoin(Review, _own(user))
        .where(_shows_ratings(user))
    )
    figures = (ApplicationScore.count, ApplicationScore.mean, ApplicationScore.median, ApplicationScore.spread,
               ApplicationScore.low, ApplicationScore.high)  # fmt: skip
    return statement.with_only_columns(ApplicationScore.application_id, *figures, Review.overall.label("own")).subquery(
        "scores"
    )


def facts_with_ratings(user: User) -> Select[ApplicationFacts]:
    """The facts of what `user` may read, each with what its ratings come to and their own review, where there are any.

    In no order. A condition on ratings must go with has_shown_score. Where nobody asks for ratings, both databases
    leave the two tables alone: at most one row of each belongs to an application.
    """
    scored = ApplicationScore.application_id == ApplicationFacts.application_id
    return facts_visible_to(user).outerjoin(ApplicationScore, scored).outerjoin(Review, _own(user))


def has_shown_score(user: User) -> ColumnElement[bool]:
    """A condition on facts_with_ratings: there are ratings, and `user` may see them."""
    return ApplicationScore.mean.is_not(None) & _shows_ratings(user)


def facts_with_shown_ratings(user: User) -> Select[ApplicationFacts]:
    """Of facts_with_ratings what has ratings that `user` may see, for a walk through all of it.

    It begins with a list of what may be among it, because each application by itself is longer looked up.
    """
    ids = ApplicationFacts.application_id
    scored = facts_visible_to(user).join(ApplicationScore, ApplicationScore.application_id == ids)
    listed = union(
        named_by(Review.application_id, Review.user_id == user.id, Review.overall.is_not(None)),
        named_by(EarlyLook.application_id, EarlyLook.user_id == user.id),
        scored.with_only_columns(ids).where(ApplicationFacts.route_id.in_(_routes_that_hide_nothing())).correlate(None),
    )
    return facts_with_ratings(user).where(ids.in_(listed), has_shown_score(user))


def _own(user: User) -> ColumnElement[bool]:
    return and_(Review.application_id == ApplicationFacts.application_id, Review.user_id == user.id)


def _shows_ratings(user: User) -> ColumnElement[bool]:
    """A condition on a statement over facts and the viewer's own review, where there is one."""
    is_open = or_(
        Review.overall.is_not(None),
        ApplicationFacts.route_id.in_(_routes_that_hide_nothing()),
        has_row(EarlyLook.application_id, EarlyLook.user_id == user.id),
    )
    return is_open & ~has_conflict(user)


def _routes_that_hide_nothing() -> Select[int]:
    return select(AdmissionRoute.id).join(AdmissionRoute.call).where(~Call.hide_ratings)


def waiting_for(user: User) -> Select[ApplicationFacts]:
    """The facts of what waits for `user` to rate it, in no order.

    That is what they are assigned to, and of their routes what nobody is assigned to; neither what they have rated or
    abstained from, nor where they have a conflict, nor what is decided.
    """
    submitted = has_row(Review.application_id, Review.user_id == user.id, Review.submitted_at.is_not(None))
    return facts_visible_to(user).where(
        ApplicationFacts.state.in_(RATED_IN), is_for(user), ~submitted, ~has_conflict(user)
    )


def rubric_versions(user: User) -> dict[int, int]:
    """The version of the rubric that each route has now, by its id; without those by which nobody has rated yet."""
    routes = {
        route.id: route.rubric or list(STANDARD)
        for route in db.session.scalars(routes_visible_to(user, Action.REVIEW_APPLICATIONS))
    }
    newest = select(Rubric).where(Rubric.route_id.in_(routes)).order_by(Rubric.version)
    used = {rubric.route_id: rubric for rubric in db.session.scalars(newest)}
    return {route_id: each.version for route_id, each in used.items() if each.criteria == routes[route_id]}


def shows_ratings(user: User, application: Application) -> bool:
    """Whether `user` may see what others said of an application."""
    return db.session.scalar(_where_it_shows_ratings(user, application)) is not None


def _where_it_shows_ratings(user: User, application: Application) -> Select[int]:
    """The id of the application; nothing where `user` may not see what others said of it."""
    statement = facts_visible_to(user).outerjoin(Review, _own(user)).where(_shows_ratings(user))
    found = statement.with_only_columns(ApplicationFacts.application_id)
    return found.where(ApplicationFacts.application_id == application.id)


def own_review(user: User, application: Application) -> Review | None:
    """What `user` has said of an application, be it a draft alone."""
    own = and_(Review.application_id == Application.id, Review.user_id == user.id)
    statement = visible_to(user).join(Review, own).with_only_columns(Review).options(joinedload(Review.rubric))
    return db.session.scalar(statement.where(Application.id == application.id))


def others_reviews(user: User, application: Application) -> Sequence[Review]:
    """What the others have submitted about an application, the first one first; nothing where it is hidden."""
    statement = (
        visible_to(user)
        .join(Review, Review.application_id == Application.id)
        .with_only_columns(Review)
        .options(joinedload(Review.user), joinedload(Review.rubric))
        .where(Application.id.in_(_where_it_shows_ratings(user, application)))
        .where(Review.submitted_at.is_not(None), Review.user_id != user.id)
    )
    return db.session.scalars(statement.order_by(Review.submitted_at, Review.id)).all()


def review_counts(user: User, ids: Sequence[int]) -> Mapping[int, int]:
    """How many have rated each of these applications, also where the marks are hidden: who reads next may know."""
    statement = visible_to(user).join(ApplicationScore, ApplicationScore.application_id == Application.id)
    columns = ApplicationScore.application_id, ApplicationScore.count
    found = statement.with_only_columns(*columns).where(Application.id.in_(ids))
    return dict(db.session.execute(found).all())


def overalls_of(user: User, application: Application) -> Sequence[float]:
    """The overall marks of an application that `user` reads, to be counted together: also those that are hidden."""
    given = visible_to(user).join(Review, Review.application_id == Application.id).with_only_columns(Review.overall)
    marks = db.session.scalars(given.where(Application.id == application.id, Review.overall.is_not(None)))
    return [mark for mark in marks if mark is not None]


def score_of(user: User, application: Application) -> ApplicationScore | None:
    """The row of what these come to."""
    joined = visible_to(user).join(ApplicationScore, ApplicationScore.application_id == Application.id)
    return db.session.scalar(joined.with_only_columns(ApplicationScore).where(Application.id == application.id))


def criteria_of(route: AdmissionRoute, review: Review | None) -> tuple[Criterion, ...]:
    """By what an application of the route is rated; by what it was where that has been done."""
    rubric = review.rubric if review else None
    return read_rubric(rubric.criteria if rubric else route.rubric)
