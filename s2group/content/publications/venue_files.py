"""venues.toml: the journals and conferences, and how the lists rank them."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from s2group.content.publications.models import Venue
from s2group.content.publications.rules.venues import venue_keys
from s2group.content.records.files import Record, read_toml, tables
from s2group.content.records.loading import Row, Unique, sync_table

FILE = "venues.toml"
CLASSES = ("", "A", "B", "C")
QUARTERS = ("", "Q1", "Q2", "Q3", "Q4")
# As many letters as the record has room for.
LONGEST_SHORT_NAME = 60


def read_venues(folder: Path) -> list[Row]:
    """Every venue, in the order of the file; none where there is no file. Raises ContentError at the first mistake."""
    if not (folder / FILE).exists():
        return []
    record = read_toml(folder / FILE, FILE)
    rows = list(_venues(record))
    record.end()
    return rows


def store_venues(session: Session, rows: list[Row]) -> list[Venue]:
    """Make the database know the same venues."""
    venues = sync_table(session, Venue, rows, key="short_name")
    session.flush()
    return venues


def _venues(record: Record) -> Iterator[Row]:
    spellings = Unique("spelling")
    for venue in tables(record, "venues"):
        row = {
            "short_name": _short_name(venue),
            "name": venue.text("name"),
            "aliases": _aliases(venue),
            "ccf": venue.choice("ccf", CLASSES),
            "caai": venue.choice("caai", CLASSES),
            "jcr": venue.choice("jcr", QUARTERS),
        }
        venue.end()
        for key in {_own_key(venue, name) for name in _spellings(row)}:
            spellings.check(venue, key)
        yield row


def _short_name(venue: Record) -> str:
    name = venue.text("short_name")
    if len(name) > LONGEST_SHORT_NAME:
        raise venue.error(f"short_name is longer than {LONGEST_SHORT_NAME} letters", "Shorten it")
    return name


def _spellings(row: Row) -> list[str]:
    return [row["short_name"], row["name"], *row["aliases"]]


def _aliases(venue: Record) -> list[str]:
    aliases = venue.take("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) and alias.strip() for alias in aliases):
        raise venue.error("aliases is not a list of texts", 'Write aliases = ["…", "…"]')
    return [alias.strip() for alias in aliases]


def _own_key(venue: Record, name: str) -> str:
    keys = venue_keys(name)
    if not keys:
        raise venue.error(f"the name {name!r} has no letters", "Write the name")
    return keys[0]
