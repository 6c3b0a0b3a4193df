"""What funds the group."""

from flask import render_template

from s2group.content.group.queries import group_day
from s2group.content.projects.queries import projects_by_state
from s2group.core.clock import now
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint


@blueprint.get("/projects/")
@public
def projects() -> str:
    """What funds the group, now and before."""
    return render_template("site/projects.html", projects=projects_by_state(group_day(now())))
