"""pages/: pages of the group's own, one file each."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from s2group.content.group.models import SitePage
from s2group.content.records.files import ContentError, read_toml
from s2group.content.records.loading import SLUG, SLUG_LENGTH, Row, sync_table

FOLDER = "pages"


def read_pages(folder: Path) -> Iterator[Row]:
    """The pages, by the names of their files. Raises ContentError at the first mistake."""
    for position, path in enumerate(sorted((folder / FOLDER).glob("*.toml"))):
        place = f"{FOLDER}/{path.name}"
        if not SLUG.fullmatch(path.stem) or len(path.stem) > SLUG_LENGTH:
            remedy = f"Name it with small Latin letters, digits and -, at most {SLUG_LENGTH}"
            raise ContentError(place, "no address can be made from the name of the file", remedy)
        page = read_toml(path, place)
        yield {
            "slug": path.stem,
            "position": position,
            "title": page.localized("title"),
            "body": page.localized("body"),
        }
        page.end()


def store_pages(session: Session, rows: Sequence[Row]) -> None:
    """Make the database know the same pages."""
    sync_table(session, SitePage, rows, key="slug")
