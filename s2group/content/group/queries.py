"""The group itself, its figures, its lines and partners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from s2group.content.group.models import GroupProfile, Partner, ResearchArea
from s2group.content.people.queries import student_count
from s2group.content.projects.queries import active_project_count
from s2group.content.releases.models import Release
from s2group.core.localized import LocalizedText
from s2group.extensions import db


@dataclass(frozen=True)
class GroupCounts:
    """The group in figures: its students of today, what it has released, the projects of its own that run."""

    students: int
    releases: int
    active_projects: int


def group_profile() -> GroupProfile | None:
    """The group, or None before its content is loaded; read once in a session, however many ask."""
    found = db.session.get(GroupProfile, 1)
    # A session lets go of what nobody holds, and a page asks for the group from several places.
    db.session.info[GroupProfile] = found
    return found


def group_zone() -> tzinfo:
    """The time zone of the group."""
    group = group_profile()
    return ZoneInfo(group.timezone) if group else UTC


def group_day(moment: datetime) -> date:
    """Which day it is where the group is."""
    return moment.astimezone(group_zone()).date()


def day_begins(day: date) -> datetime:
    """When `day` begins where the group is."""
    return datetime.combine(day, time(), group_zone())


def group_counts(today: date) -> GroupCounts:
    """The figures for the home page."""
    return GroupCounts(
        students=student_count(today),
        releases=db.session.scalar(select(func.count(Release.id))) or 0,
        active_projects=active_project_count(today),
    )


def research_areas() -> Sequence[ResearchArea]:
    """The research areas, in the group's order."""
    return db.session.scalars(select(ResearchArea).order_by(ResearchArea.position)).all()


def area_titles() -> dict[str, LocalizedText]:
    """What the research areas are called, by their keys, in the group's order."""
    return {area.key: area.title for area in research_areas()}


def partners() -> Sequence[Partner]:
    """The partner institutions, in the group's order."""
    return db.session.scalars(select(Partner).order_by(Partner.position)).all()
