"""The page behind the links in the mail about a new application."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from s2group.admissions.services.states import ForbiddenMoveError
from s2group.admissions.wording import STATES
from s2group.core import clock
from s2group.core.forms import PortalForm
from s2group.core.permissions import personal
from s2group.evaluation.mail_actions import act, action_of_link, application_to_rate
from s2group.extensions import limiter
from s2group.review.views.blueprint import blueprint

POSTS = "60 per hour"


@blueprint.route("/act/<token>/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
def act_from_mail(token: str) -> ResponseReturnValue:
    """Say what the link does, and do it at the press of a button: a program that looks at mail changes nothing.

    A link to rate leads on to the rubric, for whoever is signed in, or signs in then.
    """
    now, form, done = clock.now(), PortalForm(), False
    if rated := application_to_rate(token, now=now):
        overall = request.args.get("overall")
        return redirect(url_for("review.rating", reference=rated.reference, overall=overall), 303)
    action = action_of_link(token, now=now)
    if action and action.is_possible and form.validate_on_submit():
        try:
            action = act(token=token, now=now)
            done = action is not None
        except ForbiddenMoveError:  # somebody was faster
            action = action_of_link(token, now=now)
    if action is None:
        return _kept_private(render_template("review/act_gone.html"), 410)
    page = render_template("review/act_from_mail.html", action=action, form=form, states=STATES, done=done)
    return _kept_private(page, 422 if form.errors else 200)


def _kept_private(page: str, status: int) -> Response:
    """The address holds a secret: it is not told to where the page leads, and no copy stays."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
