"""Making the database say what the content files say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.bibtex import Author, Paper
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
from s2group.content.records import Content, Row, read_content
from s2group.content.rules import same_name_key
from s2group.core.database import transaction
from s2group.extensions import Base

M = TypeVar("M", bound=Base)


@dataclass(frozen=True)
class LoadReport:
    """How many records the files hold, and how many news items were new."""

    members: int
    publications: int
    projects: int
    research_lines: int
    partners: int
    news_added: int


def load_content(folder: Path, *, now: datetime) -> LoadReport:
    """Load the content files in `folder`, in one transaction; loading them again changes nothing.

    The profile, members, publications, projects, research lines and partners become what the files say, and
    those no longer there are removed. A news item is added, and published at `now`, when its slug is new;
    afterwards the editor owns it. Raises ContentError at the first mistake in a file, before anything is stored.
    """
    content = read_content(folder)
    with transaction() as session:
        added = _store(session, content, now)
    return LoadReport(
        members=len(content.members),
        publications=len(content.papers),
        projects=len(content.projects),
        research_lines=len(content.research_lines),
        partners=len(content.partners),
        news_added=added,
    )


def _store(session: Session, content: Content, now: datetime) -> int:
    _equalise(session, GroupProfile, [content.profile], key="id")
    _equalise(session, ResearchLine, content.research_lines, key="key")
    _equalise(session, Partner, content.partners, key="position")
    _equalise(session, Project, content.projects, key="position")
    members = _equalise(session, Member, content.members, key="slug")
    papers = [_publication(*item) for item in enumerate(content.papers)]
    publications = _equalise(session, Publication, papers, key="key")
    by_name = {same_name_key(member.name.en): member for member in members}
    for publication, paper in zip(publications, content.papers, strict=True):
        _credit(publication, paper.authors, by_name)
    return _add_news(session, content.news, now)


def _equalise(session: Session, model: type[M], rows: Sequence[Row], *, key: str) -> list[M]:
    """Make the table hold exactly `rows`, told apart by `key`; gives them in that order."""
    stored = {getattr(found, key): found for found in session.scalars(select(model))}
    for gone in stored.keys() - {row[key] for row in rows}:
        session.delete(stored[gone])
    return [_put(session, model, stored.get(row[key]), row) for row in rows]


def _put(session: Session, model: type[M], found: M | None, row: Row) -> M:
    if found is None:
        found = model(**row)
        session.add(found)
    for name, value in row.items():
        setattr(found, name, value)
    return found


def _publication(position: int, paper: Paper) -> Row:
    return {
        "key": paper.key,
        "position": position,
        "kind": paper.kind,
        "title": paper.title,
        "venue": paper.venue,
        "year": paper.year,
        "award": paper.award,
        "and_others": paper.and_others,
        "links": paper.links,
        "bibtex": paper.bibtex,
    }


def _credit(publication: Publication, authors: Sequence[Author], members: dict[str, Member]) -> None:
    """Set the authors of a paper, each tied to the member of the same English name, present or past."""
    del publication.authors[len(authors) :]
    for position, author in enumerate(authors):
        if position == len(publication.authors):
            publication.authors.append(Authorship(position=position))
        line = publication.authors[position]
        line.name, line.equal, line.corresponding = author.name, author.equal, author.corresponding
        line.member = None if author.namesake else members.get(same_name_key(author.name))


def _add_news(session: Session, rows: Sequence[Row], now: datetime) -> int:
    known = set(session.scalars(select(NewsItem.slug)))
    # The oldest first: of two on one day the one further up in the file then counts as the newer.
    new = [row for row in reversed(rows) if row["slug"] not in known]
    session.add_all(NewsItem(**row, published_at=now, created_at=now, updated_at=now) for row in new)
    return len(new)
