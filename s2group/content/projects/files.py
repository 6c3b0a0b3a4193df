"""projects.csv: what funds the group."""

from collections.abc import Sequence
from pathlib import Path

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from s2group.content.projects.models import Project
from s2group.content.records.entries import Entry
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import NO_TEXT, Choice, Localized, Month, References, Slug, Text
from s2group.content.records.files import read_csv
from s2group.content.records.keys import key_from, with_keys
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.loading import stored_rows
from s2group.content.records.writing import csv_table

FILE = "projects.csv"
COLUMNS = ("title_zh", "title_en", "funder_zh", "funder_en", "grant_number", "start", "end", "role")
FURTHER_COLUMNS = ("key", "programme_zh", "programme_en", "people", "papers", "lines")


def _fits(values: Values, place: str) -> None:
    if values["start"] and values["end"] and values["end"] < values["start"]:
        problem = lazy_gettext("it ends in %(end)s, before it starts", end=values["end"])
        raise ContentError(
            place, problem, lazy_gettext("Write a month after the first one, or correct that one"), field="end"
        )


PROJECT = Kind(
    "project",
    Project,
    (
        Slug("key", ""),
        Localized("title"),
        Localized("funder"),
        Localized("programme", NO_TEXT),
        Text("grant_number", "", longest=60),
        Month("start"),
        Month("end"),
        Choice("role", words=("lead", "participant")),
        References("people", (), "members", kind="member"),
        References("papers", (), "publications", kind="publication"),
        References("lines", (), "areas", kind="research_area"),
    ),
    key="key",
    check=_fits,
)


def read_projects(folder: Path) -> list[Entry]:
    """The projects, in the order of the file. Raises ContentError at the first mistake."""
    rows = read_csv(folder / FILE, FILE, PROJECT.fields, COLUMNS, FURTHER_COLUMNS)
    return with_keys([Entry(place, PROJECT.read(row, place)) for place, row in rows], project_key)


def project_key(project: Values) -> str:
    """The key of a project whose line says none: made from its grant number, else from title and beginning."""
    if project["grant_number"]:
        return key_from(f"grant {project['grant_number']}")
    title = project["title"]
    return key_from(title.en and f"{title.en} {project['start']}", f"{title.zh} {project['start']}")


def same_projects(new: Sequence[Entry], gone: Sequence[Project]) -> dict[str, Project]:
    """The projects whose lines make another key now, such as after a title was corrected, by the places of these."""
    free, found = list(gone), {}
    for entry in new:
        before = [project for project in free if same_project(project, entry.values)]
        if len(before) == 1:
            found[entry.place] = before[0]
            free.remove(before[0])
    return found


def same_project(stored: Project, project: Values) -> bool:
    """Whether a stored project is the one of a line that makes another key: it has the grant number, or the title."""
    title = project["title"]
    if stored.grant_number and stored.grant_number == project["grant_number"]:
        return True
    return bool(title.zh and title.zh == stored.title.zh) or bool(title.en and title.en == stored.title.en)


def project_table(session: Session) -> tuple[str, str]:
    """The path and the text of the file, written again."""
    rows = [PROJECT.of(project) for project in stored_rows(session, PROJECT)]
    return FILE, csv_table(PROJECT.fields, rows, FURTHER_COLUMNS)
