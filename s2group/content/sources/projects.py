"""projects.csv: what funds the group."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from s2group.content.files import read_csv
from s2group.content.models import Project
from s2group.content.sources.shared import Row, equalise, month_field
from s2group.core.localized import LocalizedText

COLUMNS = ("title_zh", "title_en", "funder_zh", "funder_en", "grant_number", "start", "end", "role")


def read_projects(folder: Path) -> Iterator[Row]:
    """The projects, in the order of the file. Raises ContentError at the first mistake."""
    for position, project in enumerate(read_csv(folder / "projects.csv", "projects.csv", COLUMNS)):
        start, end = month_field(project, "start"), month_field(project, "end")
        if start and end and end < start:
            raise project.error(f"it ends in {end}, before it starts", "Correct start or end")
        yield {
            "position": position,
            "title": project.localized("title"),
            "funder": project.localized("funder"),
            "programme": LocalizedText(),
            "grant_number": project.text("grant_number", ""),
            "start": start,
            "end": end,
            "role": project.choice("role", ("lead", "participant")),
        }
        project.end()


def store_projects(session: Session, rows: list[Row]) -> list[Project]:
    """Make the database know the same projects."""
    return equalise(session, Project, rows, key="position")
