"""The home page of the staff."""

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response

from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.permissions import Action, allow
from s2group.evaluation.desk.home import home_of
from s2group.evaluation.discussion.queries import mentions_waiting
from s2group.evaluation.held.queries import held_for
from s2group.review.views.blueprint import blueprint


@blueprint.get("/")
@allow(Action.READ_APPLICATIONS)
def home() -> str | Response:
    """What waits for the reader, and how the applications stand.

    The list stood here once: an address with its filters leads on to it.
    """
    if request.args:
        return redirect(f"{url_for('review.applications')}?{request.query_string.decode('latin-1')}")
    now = clock.now()
    shown = home_of(current_user, current_locale(), now)
    return render_template(
        "review/home.html",
        home=shown,
        closing=shown.closing(now),
        now=now,
        mentions=mentions_waiting(current_user),
        held=held_for(current_user, now),
    )


@blueprint.get("/keys/")
@allow(Action.READ_APPLICATIONS)
def keys() -> str:
    """Every key, and what it does."""
    return render_template("review/keys.html")
