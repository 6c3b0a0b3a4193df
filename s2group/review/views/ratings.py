"""Rating an application: the panel, the page that it has for itself, and looking at the others' ratings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.admissions.rules.rubrics import Criterion, read_rubric, with_overall
from s2group.core import clock
from s2group.core.permissions import Action, allow, authorize
from s2group.evaluation.assignments.models import Conflict
from s2group.evaluation.assignments.queries import assigned_to, conflict_of, raters, rates_route
from s2group.evaluation.likely_conflicts.queries import own_hints
from s2group.evaluation.likely_conflicts.wording import hints_in_words
from s2group.evaluation.queries import application_in_full
from s2group.evaluation.reviews import queries, services
from s2group.evaluation.reviews.models import Review
from s2group.evaluation.reviews.rules import Rating, overall
from s2group.evaluation.reviews.services import ConflictOfInterestError, StaleReviewError, latest_rating
from s2group.review.forms.rating import RatingForm, rating_form, words
from s2group.review.views.blueprint import blueprint
from s2group.review.views.sittings import after
from s2group.review.views.walk import carried


@dataclass(frozen=True)
class RatingPanel:
    """What templates/review/_rating.html shows of an application."""

    form: RatingForm
    review: Review | None
    conflict: Conflict | None
    # What hints at a conflict of the reader, in words; empty once they have said that there is one, or none.
    hints: Sequence[str]
    # Whether the reader may see the others' reviews; what they are then, and how many there are in any case.
    is_open: bool
    others: Sequence[Review]
    count: int
    may_rate: bool
    may_look: bool
    # Who shall rate it, and whom the reader may assign besides; both empty for who does not decide.
    assigned: Sequence[User]
    assignable: Sequence[User]


@dataclass(frozen=True)
class ShownReview:
    """What others see of a review; the same names as in reviews.models.Review."""

    user: User
    abstains: bool
    reason: str
    overall: float | None
    marks: Mapping[str, int]
    shared_note: str


def rating_panel(application: Application, form: RatingForm | None = None) -> RatingPanel:
    """The panel for the reader, with their own rating as it was typed last, or with a form that came back."""
    review = queries.own_review(current_user, application)
    is_open = queries.shows_ratings(current_user, application)
    decides = authorize(current_user, Action.DECIDE_APPLICATIONS, application)
    assigned = assigned_to(current_user, application) if decides else []
    return RatingPanel(
        form=form or _form(application, review),
        review=review,
        conflict=conflict_of(current_user, application),
        hints=hints_in_words(own_hints(current_user, application)),
        is_open=is_open,
        others=queries.others_reviews(current_user, application),
        count=queries.review_counts(current_user, [application.id]).get(application.id, 0),
        may_rate=authorize(current_user, Action.REVIEW_APPLICATIONS, application),
        may_look=decides and not is_open,
        assigned=assigned,
        assignable=[each for each in raters() if each not in assigned and rates_route(each, application.route_id)]
        if decides
        else [],
    )


@blueprint.route("/<reference>/rating/", methods=["GET", "POST"])
@allow(Action.REVIEW_APPLICATIONS)
def rating(reference: str) -> ResponseReturnValue:
    """Rate an application: save a draft, submit, or see first what others will see.

    With `autosave` the answer is JSON, for a script.
    """
    application = _application(reference, Action.REVIEW_APPLICATIONS)
    review = queries.own_review(current_user, application)
    form = _form(application, review, overall=request.args.get("overall", type=int))
    if not form.validate_on_submit():
        return _refused(application, form)
    try:
        saved = services.rate(
            application=application,
            rating=form.rating,
            seen=form.saves,
            submit=request.form.get("do") == "submit",
            actor=current_user,
            now=clock.now(),
        )
    except StaleReviewError:
        return _stale(application, form)
    except ConflictOfInterestError:
        return _page(application, form), 409
    form.complain(saved.missing)
    if request.form.get("do") == "preview":
        form.seen.data = str(saved.review.saves)
        return _page(application, form, preview=_preview(form))
    return _saved(application, form, saved.review)


def _preview(form: RatingForm) -> ShownReview:
    """What was typed, as whoever may see the marks will see it."""
    rating = form.rating
    marks = {} if rating.abstains else rating.marks
    mark = overall(form.criteria, marks)
    return ShownReview(current_user, rating.abstains, rating.reason, mark, marks, rating.shared_note)


def _saved(application: Application, form: RatingForm, review: Review) -> ResponseReturnValue:
    if _is_script():
        return jsonify(said=gettext("Saved as a draft"), seen=review.saves)
    if form.errors:
        form.seen.data = str(review.saves)
        return _page(application, form), 422
    is_submitted = review.draft is None
    if is_submitted and (sitting := request.args.get("sitting")):
        return after(application.reference, sitting)
    flash("rated" if is_submitted else "rating_kept")
    # In a list, `then` is who follows there.
    shown = (is_submitted and request.args.get("then")) or application.reference
    return redirect(url_for("review.application", reference=shown, **carried()), 303)


def _refused(application: Application, form: RatingForm) -> ResponseReturnValue:
    if _is_script():
        return jsonify(said=gettext("Not saved: something in the form cannot be taken")), 422
    return _page(application, form), 422 if form.errors else 200


def _stale(application: Application, form: RatingForm) -> ResponseReturnValue:
    """Show what was typed beside what is stored; sending it again replaces that."""
    review = queries.own_review(current_user, application)
    if _is_script():
        return jsonify(said=gettext("Not saved: another tab has saved something else")), 409
    form.seen.data = str(review.saves if review else 0)
    return _page(application, form, stored=latest_rating(review)), 409


def _page(
    application: Application, form: RatingForm, stored: Rating | None = None, preview: ShownReview | None = None
) -> str:
    return render_template(
        "review/rating.html",
        application=application,
        rating=rating_panel(application, form),
        stored=stored,
        preview=preview,
        then=request.args.get("then"),
        carried=carried(),
    )


blueprint.add_app_template_filter(words, "wording")
blueprint.add_app_template_filter(read_rubric, "criteria")


@blueprint.post("/<reference>/ratings/")
@allow(Action.DECIDE_APPLICATIONS)
def look_early(reference: str) -> ResponseReturnValue:
    """Show the reader the ratings before their own is in; the audit log says so."""
    application = _application(reference, Action.DECIDE_APPLICATIONS)
    try:
        services.look_early(application=application, actor=current_user, now=clock.now())
    except ConflictOfInterestError:
        abort(409)
    return redirect(url_for("review.application", reference=reference, _anchor="rating"), 303)


def _form(application: Application, review: Review | None, *, overall: int | None = None) -> RatingForm:
    """With what was typed last; over it the marks of an overall score, as a link in a mail names it."""
    criteria: Sequence[Criterion] = queries.criteria_of(application.route, review)
    rating = latest_rating(review)
    if overall is not None:
        rating = replace(rating, marks=rating.marks | with_overall(criteria, overall))
    return rating_form(criteria, rating=rating, saves=review.saves if review else 0)


def _application(reference: str, action: Action) -> Application:
    return application_in_full(current_user, reference, action) or abort(404)


def _is_script() -> bool:
    return "autosave" in request.form
