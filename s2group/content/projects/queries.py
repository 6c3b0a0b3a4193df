"""The funded projects of the group."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from s2group.content.projects.models import Project
from s2group.content.projects.rules import ProjectState, project_state
from s2group.extensions import db


def projects_by_state(today: date) -> dict[ProjectState, list[Project]]:
    """The projects in the group's order, those that run in the month of `today` apart from finished ones.

    Each with its people, its papers and its research areas.
    """
    groups: dict[ProjectState, list[Project]] = {state: [] for state in ProjectState}
    told = (selectinload(Project.members), selectinload(Project.publications), selectinload(Project.areas))
    for project in db.session.scalars(select(Project).order_by(Project.position).options(*told)):
        groups[project_state(role=project.role, end=project.end, today=today)].append(project)
    return groups


def active_project_count(today: date) -> int:
    """How many projects of the group's own run in the month of `today`."""
    ends = db.session.execute(select(Project.role, Project.end))
    return sum(project_state(role=role, end=end, today=today) == ProjectState.ACTIVE for role, end in ends)
