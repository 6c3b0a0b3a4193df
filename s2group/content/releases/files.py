"""releases.toml: what the group has released for others to use."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from s2group.content.records.files import Record, read_toml, tables
from s2group.content.records.loading import Row, Unique, slug_field, sync_table
from s2group.content.records.references import Known, Names, listed_names
from s2group.content.releases.models import Release
from s2group.content.releases.rules import ReleaseKind

FILE = "releases.toml"
REPOSITORY = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+)?")
YEARS = range(1950, 2100)


@dataclass(frozen=True)
class ReleasedItem:
    """A dataset, a piece of code, a model or a demo of the file, and its papers by their keys."""

    row: Row
    papers: Names


def read_releases(folder: Path) -> Iterator[ReleasedItem]:
    """The releases, in the order of the file; none where there is no file. Raises ContentError at the first mistake."""
    if not (folder / FILE).exists():
        return
    file = read_toml(folder / FILE, FILE)
    keys = Unique("key")
    for position, item in enumerate(tables(file, "items")):
        row = _row(item, position)
        keys.check(item, row["key"])
        yield ReleasedItem(row, listed_names(item, "papers"))
        item.end()
    file.end()


def _row(item: Record, position: int) -> Row:
    return {
        "key": slug_field(item, "key"),
        "position": position,
        "kind": item.choice("kind", tuple(ReleaseKind)),
        "title": item.localized("title"),
        "summary": item.localized("summary", {}),
        "url": item.web_address("url"),
        "repository": _repository(item),
        "licence": item.text("licence", "", longest=60),
        "year": _year(item),
    }


def _repository(item: Record) -> str:
    repository = item.text("repository", "", longest=140)
    if not REPOSITORY.fullmatch(repository):
        raise item.error(f"repository is {repository!r}", "Write it as owner/name, as GitHub does")
    return repository


def _year(item: Record) -> int | None:
    year = item.take("year", None)
    if year is not None and (not isinstance(year, int) or year not in YEARS):
        raise item.error(f"year is {year!r}", "Write it in four digits, without quotation marks")
    return year


def store_releases(session: Session, releases: Sequence[ReleasedItem], known: Known) -> None:
    """Make the database know the same releases. Raises ContentError where one names a paper that does not exist."""
    stored = sync_table(session, Release, [release.row for release in releases], key="key")
    for release, record in zip(stored, releases, strict=True):
        release.publications = record.papers.among(known.papers)
