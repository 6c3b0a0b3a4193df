"""What funds the group."""

from flask import render_template

from s2group.content import queries
from s2group.core.clock import now
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint


@blueprint.get("/projects/")
@public
def projects() -> str:
    """What funds the group, now and before."""
    return render_template("site/projects.html", projects=queries.projects_by_state(queries.group_day(now())))
