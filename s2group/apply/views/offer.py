"""The applicant's answer to the offer of a place."""

from datetime import datetime

from flask.typing import ResponseReturnValue

from s2group.admissions.models import Application
from s2group.admissions.offers.queries import answer_due
from s2group.admissions.offers.services import answer
from s2group.admissions.rules.states import State
from s2group.admissions.services.changes import TooLateError
from s2group.admissions.services.states import ForbiddenMoveError
from s2group.apply.views.blueprint import POSTS, blueprint, checks_token_itself
from s2group.apply.views.manage import back_to_status, of_its_owner, own_page, too_late
from s2group.core import clock
from s2group.core.forms import PortalForm
from s2group.core.permissions import personal
from s2group.extensions import limiter


@blueprint.route("/apply/status/<reference>/accept/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
@of_its_owner
def accept_offer(application: Application) -> ResponseReturnValue:
    """Accept the place that is offered, after a page that says what this means."""
    return _answer(application, State.ACCEPTED)


@blueprint.route("/apply/status/<reference>/refuse/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
@of_its_owner
def refuse_offer(application: Application) -> ResponseReturnValue:
    """Refuse it, after a page that says what this means."""
    return _answer(application, State.REFUSED)


def _answer(application: Application, to: State) -> ResponseReturnValue:
    now, form = clock.now(), PortalForm()
    if application.shown_state == to:  # by another tab
        return back_to_status(application)
    if not form.validate_on_submit():
        return _question(application, to, form, now)
    try:
        answer(application=application, to=to, now=now)
    except (TooLateError, ForbiddenMoveError):
        return too_late(application)
    return back_to_status(application, "answered")


def _question(application: Application, to: State, form: PortalForm, now: datetime) -> ResponseReturnValue:
    due_at = answer_due(application)
    if application.shown_state != State.OFFER or (due_at and due_at <= now):
        return too_late(application)
    status = 422 if form.errors else 200
    return own_page("apply/answer_offer.html", application, status=status, form=form, to=to, due_at=due_at)
