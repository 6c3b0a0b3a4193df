"""members.csv and people/: who is in the group, and who was."""

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from s2group.content.files import ContentError, Record, read_csv, read_toml
from s2group.content.models import Member
from s2group.content.rules import slug_of
from s2group.content.sources.shared import SLUG_LENGTH, Row, Unique, equalise
from s2group.core.localized import LocalizedText

COLUMNS = ("name_zh", "name_en", "role", "degree", "cohort", "status", "focus_zh", "focus_en")
ROLES = ("pi", "phd", "master")


def store_people(session: Session, rows: list[Row]) -> list[Member]:
    """Make the database know the same people, in the order of the file."""
    return equalise(session, Member, rows, key="slug")


def read_people(folder: Path) -> list[Row]:
    """Everybody, in the order of the file. Raises ContentError at the first mistake."""
    biographies = dict(_biographies(folder / "people"))
    rows = []
    slugs = Unique("address")
    for position, member in enumerate(read_csv(folder / "members.csv", "members.csv", COLUMNS)):
        row = _member(member, position)
        slugs.check(member, row["slug"])
        rows.append(row | {"biography": biographies.pop(row["slug"], LocalizedText())})
    if biographies:
        place = f"people/{min(biographies)}.toml"
        raise ContentError(place, "nobody in members.csv has this address", "Name the file after the English name")
    return rows


def _member(member: Record, position: int) -> Row:
    name = member.localized("name")
    cohort = member.text("cohort", "")
    row: Row = {
        "slug": slug_of(name.en),
        "position": position,
        "name": name,
        "role": member.choice("role", ROLES),
        "degree": member.choice("degree", ("", "academic", "professional")),
        "cohort": int(cohort) if re.fullmatch(r"(19|20)\d\d", cohort) else None,
        "status": member.choice("status", ("current", "alumni")),
        "focus": member.localized("focus", {}),
        "order_key": None,
        "sort_name": "",
        "aliases": [],
        "joined_on": None,
        "left_on": None,
        "destination": LocalizedText(),
        "co_supervision": LocalizedText(),
        "email": "",
        "links": [],
        "selected": [],
    }
    member.end()
    if not row["slug"] or len(row["slug"]) > SLUG_LENGTH:
        raise member.error(f"no address can be made from name_en {name.en!r}", "Write the name in Latin letters")
    if row["degree"] and row["role"] != "master":
        raise member.error(f"a {row['role']} has the degree {row['degree']}", "Keep degree for master's students")
    if cohort and row["cohort"] is None:
        raise member.error(f"cohort is {cohort!r}", "Write the year of entry in four digits, or nothing")
    return row


def _biographies(folder: Path) -> Iterator[tuple[str, LocalizedText]]:
    for path in sorted(folder.glob("*.toml")):
        person = read_toml(path, f"people/{path.name}")
        yield path.stem, person.localized("biography")
        person.end()
