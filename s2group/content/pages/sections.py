"""Which lists of the group's record hold anything: nothing leads to one that is empty."""

from datetime import datetime

from sqlalchemy import and_, exists, or_, select

from s2group.content.group.models import Partner, ResearchArea
from s2group.content.group.queries import group_day, group_profile
from s2group.content.news.models import NewsItem
from s2group.content.people.models import Member
from s2group.content.people.rules import ALUMNI
from s2group.content.projects.models import Project
from s2group.content.publications.models import Publication
from s2group.content.releases.models import Release
from s2group.extensions import db

SECTIONS = frozenset({"research", "members", "publications", "projects", "news", "alumni", "releases", "partners"})


def filled_sections(now: datetime) -> frozenset[str]:
    """The names of those SECTIONS that show something at `now`. One statement, beside that for the group's day."""
    today = group_day(now)
    left = or_(Member.status == ALUMNI, and_(Member.left_on.is_not(None), Member.left_on < today))
    conditions = {
        "research": exists(ResearchArea.id),
        "members": exists().where(or_(left, Member.joined_on.is_(None), Member.joined_on <= today)),
        "publications": exists(Publication.id),
        "projects": exists(Project.id),
        "news": exists().where(NewsItem.published_at <= now),
        "alumni": exists().where(left),
        "releases": exists(Release.id),
        "partners": exists(Partner.id),
    }
    found = db.session.execute(select(*(each.label(name) for name, each in conditions.items()))).mappings().one()
    group = group_profile()
    cases = {"partners"} if group and group.exchange_cases else set()
    return frozenset(name for name, filled in found.items() if filled) | cases
