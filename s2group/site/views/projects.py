"""What funds the group."""

from flask import render_template

from s2group.content.group.queries import group_day
from s2group.content.projects.queries import projects_by_state
from s2group.content.projects.rules import ProjectState, year_axis
from s2group.core.clock import now
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint


@blueprint.get("/projects/")
@public
def projects() -> str:
    """What funds the group, now and before."""
    today = group_day(now())
    groups = projects_by_state(today)
    dated = [project for state in (ProjectState.ACTIVE, ProjectState.FINISHED) for project in groups[state]]
    axis = year_axis((month for project in dated for month in (project.start, project.end)), today)
    return render_template("site/projects.html", projects=groups, axis=axis, today=today)
