"""The research areas, each with what belongs to it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from s2group.content.group.models import ResearchArea
from s2group.content.people.models import Member, member_area
from s2group.content.people.rules import ROLES, is_current, order_in_role
from s2group.content.projects.models import Project, project_area
from s2group.content.publications.models import Publication, publication_area
from s2group.content.publications.queries import is_from_elsewhere
from s2group.extensions import db


@dataclass(frozen=True)
class AreaFigures:
    """How many people of today, papers of the group and projects a line has."""

    people: int
    papers: int
    projects: int


@dataclass(frozen=True)
class AreaRecord:
    """A line with its people of today, the newest of the group's `paper_count` papers, and its projects."""

    area: ResearchArea
    people: Sequence[Member]
    papers: Sequence[Publication]
    paper_count: int
    projects: Sequence[Project]


def area_figures(today: date) -> dict[int, AreaFigures]:
    """The figures of every line that has anything, by its id."""
    papers, projects, people = _paper_counts(), _project_counts(), _people_counts(today)
    return {area: AreaFigures(people[area], papers[area], projects[area]) for area in {*papers, *projects, *people}}


def area_record(key: str, *, today: date, papers: int) -> AreaRecord | None:
    """The line with this key, and at most `papers` of its papers."""
    area = db.session.scalars(select(ResearchArea).where(ResearchArea.key == key)).one_or_none()
    if area is None:
        return None
    return AreaRecord(
        area=area,
        people=_people_of(area, today),
        papers=_papers_of(area, papers),
        paper_count=_paper_counts()[area.id],
        projects=_projects_of(area),
    )


def _paper_counts() -> Counter[int]:
    of_lines = select(publication_area.c.line_id, func.count().label("rows")).join_from(publication_area, Publication)
    return _counted(of_lines.where(~is_from_elsewhere()).group_by(publication_area.c.line_id))


def _project_counts() -> Counter[int]:
    return _counted(select(project_area.c.line_id, func.count().label("rows")).group_by(project_area.c.line_id))


def _counted(statement: Select[Any]) -> Counter[int]:
    return Counter({row.line_id: row.rows for row in db.session.execute(statement)})


def _people_counts(today: date) -> Counter[int]:
    standing = (Member.status, Member.joined_on, Member.left_on)
    rows = db.session.execute(select(member_area.c.line_id, *standing).join_from(member_area, Member))
    return Counter(row.line_id for row in rows if is_current(row.status, row.joined_on, row.left_on, today))


def _people_of(area: ResearchArea, today: date) -> list[Member]:
    statement = select(Member).where(Member.areas.any(ResearchArea.id == area.id)).options(joinedload(Member.picture))
    people = [
        member
        for member in db.session.scalars(statement)
        if is_current(member.status, member.joined_on, member.left_on, today)
    ]
    return sorted(people, key=_standing)


def _standing(member: Member) -> tuple[int, tuple[bool, int, int, str]]:
    return ROLES.index(member.role), order_in_role(member.order_key, member.cohort, member.sort_name)


def _papers_of(area: ResearchArea, limit: int) -> Sequence[Publication]:
    statement = select(Publication).where(Publication.areas.any(ResearchArea.id == area.id), ~is_from_elsewhere())
    newest = statement.order_by(Publication.year.desc(), Publication.position).limit(limit)
    return db.session.scalars(newest).all()


def _projects_of(area: ResearchArea) -> Sequence[Project]:
    statement = select(Project).where(Project.areas.any(ResearchArea.id == area.id)).order_by(Project.position)
    return db.session.scalars(statement).all()
