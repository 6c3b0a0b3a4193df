"""The home page of the staff."""

from flask import redirect, render_template, request, url_for
from werkzeug import Response

from s2group.core.permissions import Action, allow
from s2group.review.views.blueprint import blueprint


@blueprint.get("/")
@allow(Action.READ_APPLICATIONS)
def home() -> str | Response:
    """What waits for the reader. The list stood here once: an address with its filters leads on to it."""
    if request.args:
        return redirect(f"{url_for('review.applications')}?{request.query_string.decode('latin-1')}")
    return render_template("review/home.html")
