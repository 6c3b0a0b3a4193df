"""By what is rated: the rubric of each route, for all who rate."""

from flask import render_template
from flask_login import current_user

from s2group.admissions.rules.rubrics import read_rubric
from s2group.core.permissions import Action, allow
from s2group.evaluation.queries import routes_of
from s2group.evaluation.reviews.queries import rubric_versions
from s2group.review.views.blueprint import blueprint


@blueprint.get("/rubrics/")
@allow(Action.REVIEW_APPLICATIONS)
def rubrics() -> str:
    """The rubric in use of every route that the reader rates, with its version and criteria."""
    routes = routes_of(current_user, Action.REVIEW_APPLICATIONS)
    return render_template(
        "review/rubrics.html",
        rubrics=[(route, read_rubric(route.rubric)) for route in routes],
        versions=rubric_versions(current_user),
    )
