"""The papers of the group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, extract, func, or_, select
from sqlalchemy.orm import selectinload, with_expression

from s2group.content.group.models import ResearchArea
from s2group.content.metrics.models import Metric
from s2group.content.metrics.queries import metrics_of
from s2group.content.metrics.rules import citation_subjects, star_subject
from s2group.content.news.models import NewsItem
from s2group.content.people.models import Member
from s2group.content.projects.models import Project
from s2group.content.publications.models import Authorship, Publication, Venue, publication_area
from s2group.content.records.models import FormerAddress
from s2group.content.releases.models import Release
from s2group.extensions import db


def is_from_elsewhere() -> ColumnElement[bool]:
    """Of a paper: that an import brought it, and no member wrote it as one of the group.

    Somebody writes as a member from the year of joining to the one after leaving; of the head of the group, whose years
    may be unknown, every paper counts, and so does one without a year. What stands in the group's own file is its own.
    """
    joined = func.coalesce(Member.cohort, extract("year", Member.joined_on))
    in_time = and_(
        or_(joined <= Publication.year, and_(joined.is_(None), Member.role == "pi"), Publication.year == 0),
        or_(Member.left_on.is_(None), extract("year", Member.left_on) + 1 >= Publication.year),
    )
    as_member = exists().where(Authorship.publication_id == Publication.id, Authorship.member_id == Member.id, in_time)
    return and_(Publication.source != "files", ~as_member)


def publications() -> Select[Publication]:
    """Newest year first, each with its authors, who of them is a member, and whether it is from elsewhere."""
    authors = selectinload(Publication.authors).joinedload(Authorship.member)
    elsewhere = with_expression(Publication.elsewhere, is_from_elsewhere())
    areas = selectinload(Publication.areas)
    return (
        select(Publication).options(authors, areas, elsewhere).order_by(Publication.year.desc(), Publication.position)
    )


@dataclass(frozen=True)
class PaperInShort:
    """What the drawing of all papers needs of one: its venue's CCF class, if any, and where its first area stands."""

    key: str
    year: int
    ccf: str
    area: int | None


def papers_in_short() -> list[PaperInShort]:
    """The group's own papers, in one statement."""
    area = (
        select(func.min(ResearchArea.position))
        .join(publication_area, publication_area.c.line_id == ResearchArea.id)
        .where(publication_area.c.publication_id == Publication.id)
        .scalar_subquery()
    )
    statement = select(Publication.key, Publication.year, func.coalesce(Venue.ccf, ""), area)
    rows = db.session.execute(statement.outerjoin(Publication.venue_row).where(~is_from_elsewhere()))
    return [PaperInShort(*row) for row in rows]


def papers_with_keys(keys: Sequence[str]) -> list[Publication]:
    """Those of these papers that there are, in this order."""
    wanted = publications().where(Publication.key.in_(keys))
    found = {paper.key: paper for paper in db.session.scalars(wanted)}
    return [found[key] for key in keys if key in found]


def publications_of(member: Member) -> Sequence[Publication]:
    """The papers that `member` is an author of, newest year first."""
    written = select(Authorship.publication_id).where(Authorship.member_id == member.id)
    return db.session.scalars(publications().where(Publication.id.in_(written))).all()


def publication_by_key(key: str) -> Publication | None:
    """The paper with this BibTeX key."""
    return db.session.scalars(publications().where(Publication.key == key)).one_or_none()


def present_keys(keys: Sequence[str]) -> dict[str, str]:
    """For each key of now or of before the one that its paper goes by now."""
    leads = FormerAddress.kind == "publication", FormerAddress.key.in_(keys)
    statement = select(FormerAddress.key, Publication.key).join(Publication, Publication.id == FormerAddress.record_id)
    led = dict(db.session.execute(statement.where(*leads)).all()) if keys else {}
    return {key: led.get(key, key) for key in keys}


@dataclass(frozen=True)
class PaperContext:
    """What belongs to a paper without being part of it."""

    projects: Sequence[Project]
    news: Sequence[NewsItem]
    releases: Sequence[Release]
    # The last known numbers, where there are any.
    citations: Metric | None
    stars: Metric | None


def paper_context(paper: Publication, now: datetime) -> PaperContext:
    """What names the paper on the site at `now`, and how often others have cited it."""
    of_projects = select(Project).where(Project.publications.any(Publication.id == paper.id))
    of_news = select(NewsItem).where(
        NewsItem.publications.any(Publication.id == paper.id), NewsItem.published_at <= now
    )
    of_releases = select(Release).where(Release.publications.any(Publication.id == paper.id))
    cited = citation_subjects(doi=paper.doi, arxiv=paper.arxiv)
    starred = star_subject(paper.repository) if paper.repository else ""
    numbers = metrics_of([*cited, starred])
    return PaperContext(
        projects=db.session.scalars(of_projects.order_by(Project.position)).all(),
        news=db.session.scalars(of_news.order_by(NewsItem.day.desc(), NewsItem.id.desc())).all(),
        releases=db.session.scalars(of_releases.order_by(Release.position)).all(),
        citations=next((numbers[subject] for subject in cited if subject in numbers), None),
        stars=numbers.get(starred),
    )


def titles_by_key() -> Sequence[tuple[str, str]]:
    """Every paper by its key and its title."""
    rows = db.session.execute(select(Publication.key, Publication.title).order_by(Publication.position))
    return [(key, title) for key, title in rows]
