"""What is held before its applicant is told of it: all of it on one page, to be taken back."""

from datetime import datetime

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from s2group.admissions.offers.services import take_back_day
from s2group.core import clock
from s2group.core.permissions import Action, allow
from s2group.evaluation.held.queries import all_held
from s2group.evaluation.queries import application_in_full
from s2group.evaluation.releases.rules import effective_at
from s2group.review.views.blueprint import blueprint


def told_at(now: datetime) -> datetime:
    """When an applicant is told of what somebody of the staff does now."""
    return effective_at(now, current_app.config["HOLD_MINUTES"])


@blueprint.get("/held/")
@allow(Action.DECIDE_APPLICATIONS)
def held() -> str:
    """Everything that no applicant was told yet and that the reader may take back."""
    now = clock.now()
    return render_template("review/held.html", held=all_held(current_user, now), now=now)


@blueprint.post("/<reference>/offer-day/take-back/")
@allow(Action.DECIDE_APPLICATIONS)
def take_back_offer_day(reference: str) -> ResponseReturnValue:
    """Let an offer be answered until the day that its applicant knows."""
    application = application_in_full(current_user, reference, Action.DECIDE_APPLICATIONS) or abort(404)
    flash("taken_back" if take_back_day(application=application) else "too_late")
    return redirect(url_for("review.held"), 303)
