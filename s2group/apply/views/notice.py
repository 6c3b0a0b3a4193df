"""The admissions notice."""

from flask import render_template

from s2group.admissions import queries, wording
from s2group.apply import uploads
from s2group.apply.views.asked import requirements_of
from s2group.apply.views.blueprint import blueprint
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.permissions import public


@blueprint.get("/admissions/")
@public
def admissions() -> str:
    """What the group offers and asks for, and how to apply."""
    calls = queries.open_calls(clock.now())
    rows = {
        route.id: wording.requirement_rows(requirements_of(route), current_locale())
        for call in calls
        for route in call.routes
    }
    return render_template("apply/admissions.html", calls=calls, rows=rows, largest_file=uploads.largest_file())
