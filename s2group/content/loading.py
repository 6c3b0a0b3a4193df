"""Making the database say what the content files say."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from s2group.content.group.files import Group, read_group, store_group
from s2group.content.news.files import News, add_news, read_news
from s2group.content.pages.files import PAGE, PAGES
from s2group.content.people.files import Person, read_people, store_people
from s2group.content.pictures.files import read_pictures, store_pictures
from s2group.content.pictures.services import forget_pictures
from s2group.content.projects.files import FundedProject, read_projects, store_projects
from s2group.content.publications.files import Bibliography, read_bibliography, store_papers
from s2group.content.publications.venue_files import VENUE, VENUES
from s2group.content.records.entries import Entry
from s2group.content.records.loading import Row, sync_kind
from s2group.content.records.references import known
from s2group.content.releases.files import RELEASE, RELEASES
from s2group.content.search.services import index_everything, words_prepared
from s2group.content.stored_files.queries import paper_path, picture_path
from s2group.content.stored_files.services import files_kept, forget_files, record_files
from s2group.core.database import transaction


@dataclass(frozen=True)
class Content:
    """All that the content files say, each row by the names of its columns."""

    group: Group
    # By their paths.
    pictures: dict[str, Row]
    members: list[Person]
    projects: list[FundedProject]
    venues: list[Entry]
    bibliography: Bibliography
    news: list[News]
    releases: list[Entry]
    pages: list[Entry]


@dataclass(frozen=True)
class LoadReport:
    """How many records the files hold, and how many news items were new."""

    members: int
    publications: int
    projects: int
    research_areas: int
    partners: int
    releases: int
    pages: int
    news_added: int


def load_content(folder: Path, *, now: datetime) -> LoadReport:
    """Load the content files in `folder`, in one transaction; loading them again changes nothing.

    The profile, members, publications, projects, releases, pages, research areas and partners become what the files
    say, and those no longer there are removed. A news item is added, and published at `now`, when its slug is new;
    afterwards the editor owns it. Raises ContentError at the first mistake in a file, before anything is stored.
    """
    content = read_content(folder)
    wanted = _wanted_files(content)
    with words_prepared(), files_kept(folder, wanted) as arrived, transaction() as session:
        added = _store(session, content, now)
        dropped = record_files(session, arrived=arrived, wanted=wanted, now=now)
    forget_files(dropped)
    forget_pictures({row["digest"] for row in content.pictures.values()})
    return LoadReport(
        members=len(content.members),
        publications=len(content.bibliography.papers),
        projects=len(content.projects),
        research_areas=len(content.group.research_areas),
        partners=len(content.group.partners),
        releases=len(content.releases),
        pages=len(content.pages),
        news_added=added,
    )


def read_content(folder: Path) -> Content:
    """Read every file in `folder`. Raises ContentError at the first mistake."""
    group, pictures = read_group(folder), read_pictures(folder)
    return Content(
        group=group,
        pictures=pictures,
        members=read_people(folder, pictures, [area.values["key"] for area in group.research_areas]),
        projects=read_projects(folder),
        venues=VENUES.read(folder),
        bibliography=read_bibliography(
            folder, area_keys={area.values["key"] for area in group.research_areas}, pictures=pictures
        ),
        news=list(read_news(folder)),
        releases=RELEASES.read(folder),
        pages=PAGES.read(folder),
    )


def _wanted_files(content: Content) -> dict[str, str | None]:
    """The files that pages show, by their paths, and the SHA-256 of those that were looked at."""
    pictures = {picture_path(path): str(row["digest"]) for path, row in content.pictures.items()}
    return pictures | {paper_path(key): None for key in content.bibliography.with_pdf}


def _store(session: Session, content: Content, now: datetime) -> int:
    areas = store_group(session, content.group)
    store_pictures(session, content.pictures)
    members = store_people(session, content.members, areas)
    sync_kind(session, VENUE, content.venues, {})
    session.flush()
    store_papers(session, content.bibliography, members, content.pictures)
    named = known(session)
    store_projects(session, content.projects, named)
    sync_kind(session, RELEASE, content.releases, {"publication": named.papers})
    sync_kind(session, PAGE, content.pages, {})
    added = add_news(session, content.news, named, content.pictures, now)
    index_everything(session)
    return added
