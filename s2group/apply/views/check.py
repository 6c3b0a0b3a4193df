"""The requirement check."""

from flask import render_template
from flask.typing import ResponseReturnValue

from s2group.admissions import wording
from s2group.admissions.rules import evaluate
from s2group.apply.forms import check_form
from s2group.apply.views.asked import asked_route, closed, requirements_of
from s2group.apply.views.blueprint import POSTS, blueprint
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.permissions import public
from s2group.extensions import csrf, limiter


@blueprint.route("/admissions/check/", methods=["GET", "POST"])
@public
@limiter.limit(POSTS, methods=["POST"])
def check() -> ResponseReturnValue:
    """Say what the answers mean for each requirement. Stores nothing."""
    route = asked_route(clock.now())
    if route is None:
        return closed(None)
    requirements = requirements_of(route)
    form = check_form([requirements])
    outcomes = None
    if form.validate_on_submit():
        outcomes = wording.explained(evaluate(requirements, form.answers()), current_locale())
    page = render_template("apply/check.html", form=form, route=route, outcomes=outcomes)
    return page, 422 if form.errors else 200


# Its form checks the token itself and keeps what was typed; the app-wide check would answer with a bare page.
csrf.exempt(check)
