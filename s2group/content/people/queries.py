"""The people of the group."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from s2group.content.people.models import Member
from s2group.content.people.rules import (
    ALUMNI,
    GROUPS,
    STUDENT_ROLES,
    has_left,
    is_current,
    is_to_come,
    latest_first,
    order_in_role,
)
from s2group.content.projects.models import Project
from s2group.extensions import db


def members() -> Sequence[Member]:
    """Everybody, present, past and to come, in the order of the file."""
    return db.session.scalars(select(Member).order_by(Member.position)).all()


def people_by_group(today: date) -> dict[str, list[Member]]:
    """Who is or was in the group on `today`, by content.people.rules.GROUPS, each in its order, with photos."""
    groups: dict[str, list[Member]] = {group: [] for group in GROUPS}
    drawn = (joinedload(Member.picture), selectinload(Member.areas))
    for member in db.session.scalars(select(Member).options(*drawn).order_by(Member.position)):
        left = has_left(member.status, member.left_on, today)
        if left or not is_to_come(member.joined_on, today):
            groups[ALUMNI if left else member.role].append(member)
    alumni = groups.pop(ALUMNI)
    for people in groups.values():
        people.sort(key=lambda member: order_in_role(member.order_key, member.cohort, member.sort_name))
    return groups | {
        ALUMNI: sorted(alumni, key=lambda member: latest_first(member.left_on, member.cohort, member.sort_name))
    }


def placements(today: date) -> dict[int | None, list[Member]]:
    """Who has left by `today`, by the year of leaving, the latest first; those of an unknown year at the end."""
    years: dict[int | None, list[Member]] = {}
    for member in people_by_group(today)[ALUMNI]:
        years.setdefault(member.left_on.year if member.left_on else None, []).append(member)
    return years


def principal_investigators() -> Sequence[Member]:
    """Who leads the group now, in the order of the file."""
    leads = (Member.role == "pi", Member.status == "current")
    return db.session.scalars(select(Member).where(*leads).order_by(Member.position)).all()


def student_count(today: date) -> int:
    """How many students are in the group on `today`."""
    statement = select(Member.status, Member.joined_on, Member.left_on).where(Member.role.in_(STUDENT_ROLES))
    return sum(is_current(*standing, today) for standing in db.session.execute(statement))


def member_by_slug(slug: str) -> Member | None:
    """The member whose page has this address, with all that the page tells of them."""
    told = (joinedload(Member.picture), selectinload(Member.areas), selectinload(Member.entries))
    return db.session.scalars(select(Member).where(Member.slug == slug).options(*told)).one_or_none()


def projects_of(member: Member) -> Sequence[Project]:
    """The projects that `member` is in, in the group's order."""
    taking_part = Project.members.any(Member.id == member.id)
    return db.session.scalars(select(Project).where(taking_part).order_by(Project.position)).all()
