"""Making the database say what the content files say."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from s2group.content.bibtex import Paper, read_papers
from s2group.content.files import read_text
from s2group.content.pictures import forget_pictures
from s2group.content.sources.group import Group, read_group, store_group
from s2group.content.sources.news import add_news, read_news
from s2group.content.sources.papers import store_papers
from s2group.content.sources.people import read_people, store_people
from s2group.content.sources.pictures import read_pictures, store_pictures
from s2group.content.sources.projects import read_projects, store_projects
from s2group.content.sources.shared import Row
from s2group.core.database import transaction


@dataclass(frozen=True)
class Content:
    """All that the content files say, each row by the names of its columns."""

    group: Group
    # By their paths.
    pictures: dict[str, Row]
    members: list[Row]
    projects: list[Row]
    papers: list[Paper]
    news: list[Row]


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
    forget_pictures({row["digest"] for row in content.pictures.values()})
    return LoadReport(
        members=len(content.members),
        publications=len(content.papers),
        projects=len(content.projects),
        research_lines=len(content.group.research_lines),
        partners=len(content.group.partners),
        news_added=added,
    )


def read_content(folder: Path) -> Content:
    """Read every file in `folder`. Raises ContentError at the first mistake."""
    return Content(
        group=read_group(folder),
        pictures=read_pictures(folder),
        members=read_people(folder),
        projects=list(read_projects(folder)),
        papers=read_papers(read_text(folder / "publications.bib", "publications.bib"), "publications.bib"),
        news=list(read_news(folder)),
    )


def _store(session: Session, content: Content, now: datetime) -> int:
    store_group(session, content.group)
    store_pictures(session, content.pictures)
    members = store_people(session, content.members)
    store_papers(session, content.papers, members)
    store_projects(session, content.projects)
    return add_news(session, content.news, now)
