"""projects.csv: what funds the group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from s2group.content.projects.models import Project
from s2group.content.records.files import Record, read_csv
from s2group.content.records.loading import Row, month_field, sync_table
from s2group.content.records.references import Known, Names, joined_names

COLUMNS = ("title_zh", "title_en", "funder_zh", "funder_en", "grant_number", "start", "end", "role")
FURTHER_COLUMNS = ("programme_zh", "programme_en", "people", "papers", "lines")


@dataclass(frozen=True)
class FundedProject:
    """A project of the file, and by their names those who work in it and what came of it."""

    row: Row
    people: Names
    papers: Names
    areas: Names


def read_projects(folder: Path) -> Iterator[FundedProject]:
    """The projects, in the order of the file. Raises ContentError at the first mistake."""
    rows = read_csv(folder / "projects.csv", "projects.csv", COLUMNS, FURTHER_COLUMNS)
    for position, project in enumerate(rows):
        yield FundedProject(
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
    stored = sync_table(session, Project, [project.row for project in projects], key="position")
    for project, record in zip(stored, projects, strict=True):
        project.members = record.people.among(known.members)
        project.publications = record.papers.among(known.papers)
        project.areas = record.areas.among(known.areas)
