"""Requirements that have changed: whom that concerns, and judging them again."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from s2group.admissions import wording
from s2group.admissions.services.reevaluation import OutdatedPreviewError, Preview, previews, reevaluate
from s2group.core import clock
from s2group.core.permissions import Action, allow
from s2group.evaluation import queries
from s2group.review.views.blueprint import blueprint


@blueprint.get("/requirements/")
@allow(Action.READ_APPLICATIONS)
def changed() -> str:
    """What judging the applications by the newest requirements would change, by route."""
    return _page(previews(queries.routes_of(current_user)), is_asking=False)


@blueprint.route("/requirements/<call_key>/<route_key>/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def judge_again(call_key: str, route_key: str) -> ResponseReturnValue:
    """Judge the applications of a route by its newest requirements, if they are those that the page showed."""
    routes = queries.routes_of(current_user, Action.DECIDE_APPLICATIONS)
    route = next((each for each in routes if (each.call.key, each.key) == (call_key, route_key)), None) or abort(404)
    if request.method == "GET":
        return _page(previews([route]), is_asking=True)
    version = request.form.get("version", type=int) or 0
    try:
        reevaluate(route=route, version=version, actor=current_user, now=clock.now())
        flash("judged")
    except OutdatedPreviewError:
        flash("outdated")
    return redirect(url_for("review.changed"), 303)


def _page(found: list[Preview], *, is_asking: bool) -> str:
    return render_template(
        "review/requirements.html", previews=found, is_asking=is_asking, verdict_label=wording.verdict_label
    )
