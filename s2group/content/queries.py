"""Reads of the group's public record. Each runs a number of statements that does not grow with the rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import selectinload

from s2group.content.models import (
    Authorship,
    GroupProfile,
    Member,
    NewsItem,
    Partner,
    Project,
    Publication,
    ResearchLine,
)
from s2group.content.rules import ProjectState, project_state
from s2group.core.paging import Page, fetch_page
from s2group.extensions import db

NEWS_KEY = re.compile(r"(\d{4}-\d\d-\d\d)-([1-9]\d{0,8})")


@dataclass(frozen=True)
class GroupCounts:
    """The group in figures: its students of today, all papers, the projects of its own that run."""

    students: int
    publications: int
    active_projects: int


def group_profile() -> GroupProfile | None:
    """The group, or None before its content is loaded."""
    return db.session.get(GroupProfile, 1)


def group_day(moment: datetime) -> date:
    """Which day it is where the group is."""
    group = group_profile()
    return moment.astimezone(ZoneInfo(group.timezone) if group else UTC).date()


def group_counts(today: date) -> GroupCounts:
    """The figures for the home page."""
    students = select(func.count()).where(Member.status == "current", Member.role != "pi")
    return GroupCounts(
        students=db.session.scalar(students) or 0,
        publications=db.session.scalar(select(func.count()).select_from(Publication)) or 0,
        active_projects=len(projects_by_state(today)[ProjectState.ACTIVE]),
    )


def research_lines() -> Sequence[ResearchLine]:
    """The research lines, in the group's order."""
    return db.session.scalars(select(ResearchLine).order_by(ResearchLine.position)).all()


def partners() -> Sequence[Partner]:
    """The partner institutions, in the group's order."""
    return db.session.scalars(select(Partner).order_by(Partner.position)).all()


def members() -> Sequence[Member]:
    """Everybody, present and past, in the group's order."""
    return db.session.scalars(select(Member).order_by(Member.position)).all()


def member_by_slug(slug: str) -> Member | None:
    """The member whose page has this address."""
    return db.session.scalars(select(Member).where(Member.slug == slug)).one_or_none()


def _publications() -> Select[Publication]:
    """Newest year first, each with its authors and who of them is a member."""
    authors = selectinload(Publication.authors).joinedload(Authorship.member)
    return select(Publication).options(authors).order_by(Publication.year.desc(), Publication.position)


def publications() -> Sequence[Publication]:
    """All papers, newest year first."""
    return db.session.scalars(_publications()).all()


def publications_of(member: Member) -> Sequence[Publication]:
    """The papers that `member` is an author of, newest year first."""
    written = select(Authorship.publication_id).where(Authorship.member_id == member.id)
    return db.session.scalars(_publications().where(Publication.id.in_(written))).all()


def publication_by_key(key: str) -> Publication | None:
    """The paper with this BibTeX key."""
    return db.session.scalars(_publications().where(Publication.key == key)).one_or_none()


def bibtex_entries() -> Sequence[str]:
    """The BibTeX of all papers, newest year first."""
    return db.session.scalars(select(Publication.bibtex).order_by(Publication.year.desc(), Publication.position)).all()


def projects_by_state(today: date) -> dict[ProjectState, list[Project]]:
    """The projects in the group's order, those that run in the month of `today` apart from finished ones."""
    groups: dict[ProjectState, list[Project]] = {state: [] for state in ProjectState}
    for project in db.session.scalars(select(Project).order_by(Project.position)):
        groups[project_state(role=project.role, end=project.end, today=today)].append(project)
    return groups


def _news() -> Select[NewsItem]:
    return select(NewsItem).order_by(NewsItem.day.desc(), NewsItem.id.desc())


def _published_news() -> Select[NewsItem]:
    return _news().where(NewsItem.published_at.is_not(None))


def latest_news(limit: int) -> Sequence[NewsItem]:
    """The newest published items."""
    return db.session.scalars(_published_news().limit(limit)).all()


def news_page(*, size: int, after: str | None = None, drafts: bool = False) -> Page[NewsItem]:
    """A page of published items, or of `drafts` too, newest first, from the one that follows the key `after` on.

    Raises ValueError where `after` is no key of ours.
    """
    statement = _news() if drafts else _published_news()
    if after is not None:
        statement = statement.where(tuple_(NewsItem.day, NewsItem.id) < _read_news_key(after))
    return fetch_page(statement, size=size, key=lambda item: f"{item.day}-{item.id}")


def _read_news_key(key: str) -> tuple[date, int]:
    match = NEWS_KEY.fullmatch(key)
    if match is None:
        raise ValueError(f"not a key of the news: {key!r}")
    return date.fromisoformat(match[1]), int(match[2])


def published_news_item(slug: str) -> NewsItem | None:
    """The published item with this address; a draft is not found."""
    return db.session.scalars(_published_news().where(NewsItem.slug == slug)).one_or_none()


def news_item(slug: str) -> NewsItem | None:
    """The item of this address for its editors, be it published or not."""
    return db.session.scalars(_news().where(NewsItem.slug == slug)).one_or_none()


@dataclass(frozen=True)
class PublicAddresses:
    """What has a page of its own."""

    members: Sequence[str]
    publications: Sequence[str]
    news: Sequence[str]


def public_addresses() -> PublicAddresses:
    """The slugs and keys of all public pages, for the sitemap."""
    return PublicAddresses(
        members=db.session.scalars(select(Member.slug).order_by(Member.position)).all(),
        publications=db.session.scalars(select(Publication.key).order_by(Publication.position)).all(),
        news=db.session.scalars(_published_news().with_only_columns(NewsItem.slug)).all(),
    )
