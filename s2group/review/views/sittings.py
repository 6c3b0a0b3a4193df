"""Sittings: begin one, and go on with one."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug import Response

from s2group.admissions.models import ApplicationFacts
from s2group.core import clock
from s2group.core.permissions import Action, allow
from s2group.evaluation import search
from s2group.evaluation.sittings.models import Sitting
from s2group.evaluation.sittings.queries import (
    MOST_PLACES,
    first_of,
    next_unrated,
    place_in,
    sitting_of,
    sittings_of,
    waiting_ids,
)
from s2group.evaluation.sittings.services import NothingToReadError, begin
from s2group.extensions import db
from s2group.review.views.blueprint import blueprint


@blueprint.get("/sittings/")
@allow(Action.REVIEW_APPLICATIONS)
def sittings() -> str:
    """The reader's sittings, and how much is left in each."""
    return render_template("review/sittings.html", sittings=sittings_of(current_user))


@blueprint.post("/sittings/")
@allow(Action.REVIEW_APPLICATIONS)
def begin_sitting() -> ResponseReturnValue:
    """Begin with what `q` finds, newest first, or with what waits for the reader; `from` is where to begin in it."""
    q = request.form.get("q", "")
    try:
        sitting = begin(user=current_user, ids=_ids(q), search=q, now=clock.now())
    except NothingToReadError:
        flash("nothing_waits")
        return redirect(url_for("review.sittings"), 303)
    at = request.form.get("from", "")
    return _to(sitting, at if place_in(sitting, at) else next_unrated(sitting) or _at_first(sitting))


@blueprint.get("/sittings/next/")
@allow(Action.REVIEW_APPLICATIONS)
def go_on() -> Response:
    """The next application of the sitting that the reader has to rate; the first one where all are rated."""
    sitting = sitting_of(current_user, request.args.get("sitting"))
    if sitting is None:
        return redirect(url_for("review.sittings"), 303)
    return _to(sitting, next_unrated(sitting) or _at_first(sitting))


def after(reference: str, sitting_key: str) -> Response:
    """Where 'save and next' leads in this sitting: to the next one to rate, or to the sittings when all are rated."""
    sitting = sitting_of(current_user, sitting_key) or abort(404)
    following = next_unrated(sitting, reference)
    if following is None:
        flash("all_rated")
        return redirect(url_for("review.sittings"), 303)
    return _to(sitting, following)


def _ids(q: str) -> list[int]:
    if not q:
        return list(waiting_ids(current_user))
    expression = search.read(q, current_user, clock.now())
    if isinstance(expression, search.Mistake):
        return []
    newest = (ApplicationFacts.submitted_at.desc(), ApplicationFacts.application_id.desc())
    found = search.found(current_user, expression).with_only_columns(ApplicationFacts.application_id)
    return list(db.session.scalars(found.order_by(*newest).limit(MOST_PLACES)))


def _at_first(sitting: Sitting) -> str:
    return first_of(sitting) or abort(404)


def _to(sitting: Sitting, reference: str) -> Response:
    return redirect(url_for("review.application", reference=reference, sitting=sitting.key), 303)
