"""The funded projects of the group."""

from datetime import date

from sqlalchemy import select

from s2group.content.models import Project
from s2group.content.rules import ProjectState, project_state
from s2group.extensions import db


def projects_by_state(today: date) -> dict[ProjectState, list[Project]]:
    """The projects in the group's order, those that run in the month of `today` apart from finished ones."""
    groups: dict[ProjectState, list[Project]] = {state: [] for state in ProjectState}
    for project in db.session.scalars(select(Project).order_by(Project.position)):
        groups[project_state(role=project.role, end=project.end, today=today)].append(project)
    return groups
