"""projects.csv: what funds the group."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.projects.models import Project
from s2group.content.records.entries import Entry
from s2group.content.records.files import Record, read_csv
from s2group.content.records.keys import key_from, with_keys
from s2group.content.records.loading import Row, month_field, slug_field, sync_table
from s2group.content.records.references import Known, Names, joined_names

COLUMNS = ("title_zh", "title_en", "funder_zh", "funder_en", "grant_number", "start", "end", "role")
FURTHER_COLUMNS = ("key", "programme_zh", "programme_en", "people", "papers", "lines")


@dataclass(frozen=True)
class FundedProject:
    """A project of the file, and by their names those who work in it and what came of it."""

    place: str
    row: Row
    people: Names
    papers: Names
    areas: Names


def read_projects(folder: Path) -> list[FundedProject]:
    """The projects, in the order of the file. Raises ContentError at the first mistake."""
    rows = read_csv(folder / "projects.csv", "projects.csv", COLUMNS, FURTHER_COLUMNS)
    projects = list(_read(rows))
    entries = with_keys([Entry(project.place, project.row) for project in projects], project_key)
    return [replace(project, row=entry.values) for project, entry in zip(projects, entries, strict=True)]


def project_key(project: Row) -> str:
    """The key of a project whose line says none: made from its grant number, else from title and beginning."""
    if project["grant_number"]:
        return key_from(f"grant {project['grant_number']}")
    title = project["title"]
    return key_from(title.en and f"{title.en} {project['start']}", f"{title.zh} {project['start']}")


def same_project(stored: Project, project: Row) -> bool:
    """Whether a stored project is the one of a line that makes another key: it has the grant number, or the title."""
    title = project["title"]
    if stored.grant_number and stored.grant_number == project["grant_number"]:
        return True
    return bool(title.zh and title.zh == stored.title.zh) or bool(title.en and title.en == stored.title.en)


def _read(rows: Iterable[Record]) -> Iterator[FundedProject]:
    for position, project in enumerate(rows):
        yield FundedProject(
            place=project.place,
            row=_row(project, position),
            people=joined_names(project, "people"),
            papers=joined_names(project, "papers"),
            areas=joined_names(project, "lines"),
        )
        project.end()


def _row(project: Record, position: int) -> Row:
    start, end = month_field(project, "start"), month_field(project, "end")
    if start and end and end < start:
        raise project.error(f"it ends in {end}, before it starts", "Correct start or end")
    return {
        "key": slug_field(project, "key", ""),
        "position": position,
        "title": project.localized("title"),
        "funder": project.localized("funder"),
        "programme": project.localized("programme", {}),
        "grant_number": project.text("grant_number", "", longest=60),
        "start": start,
        "end": end,
        "role": project.choice("role", ("lead", "participant")),
    }


def store_projects(session: Session, projects: Sequence[FundedProject], known: Known) -> None:
    """Make the database know the same projects. Raises ContentError where one names what does not exist."""
    _keep_rows(session, projects)
    stored = sync_table(session, Project, [project.row for project in projects], key="key")
    for project, record in zip(stored, projects, strict=True):
        project.members = record.people.among(known.members)
        project.publications = record.papers.among(known.papers)
        project.areas = record.areas.among(known.areas)


def _keep_rows(session: Session, projects: Sequence[FundedProject]) -> None:
    """Let a project whose line makes another key now, such as after its title was corrected, stay the row it is."""
    stored = {project.key: project for project in session.scalars(select(Project))}
    wanted = {project.row["key"] for project in projects}
    free = [project for key, project in stored.items() if key not in wanted]
    for project in projects:
        before = [each for each in free if same_project(each, project.row)]
        if project.row["key"] not in stored and len(before) == 1:
            before[0].key = project.row["key"]
            free.remove(before[0])
    session.flush()
