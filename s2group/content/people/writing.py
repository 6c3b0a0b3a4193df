"""members.csv and people/, written again."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from s2group.content.people.fields import Entries
from s2group.content.people.files import FILE, FOLDER, MEMBER, MORE_COLUMNS, OF_EITHER, OF_FILE, OF_TABLE
from s2group.content.people.models import Member
from s2group.content.pictures.files import ENDINGS
from s2group.content.records.fields import write_fields
from s2group.content.records.kinds import Values
from s2group.content.records.loading import stored_rows
from s2group.content.records.rules import slug_of
from s2group.content.records.writing import csv_table, toml_text


def people_files(session: Session) -> Iterator[tuple[str, str]]:
    """The table, and a file for everybody of whom there is more to tell; lines of home pages stand there too."""
    people = [(member, _whole(member)) for member in stored_rows(session, MEMBER)]
    fields = (*OF_TABLE, *OF_EITHER)
    yield FILE, csv_table(fields, [_in_table(values) for _, values in people], MORE_COLUMNS)
    for member, values in people:
        if told := write_fields(OF_FILE, values | {"photo": _photo(values)}):
            yield f"{FOLDER}/{member.slug}.toml", toml_text(told)


def _whole(member: Member) -> Values:
    """What the record says of a person, be it of files or of a home page."""
    values = MEMBER.of(member)
    for field in OF_FILE:
        if isinstance(field, Entries):
            values[field.name] = field.all_of(member)
    pages = [entry.text for entry in member.entries if entry.kind == "biography"]
    return values | {"biography": values["biography"] or (pages[0] if pages else values["biography"])}


def _in_table(values: Values) -> dict[str, Any]:
    """Without the address where it follows from the name."""
    return values | ({"slug": ""} if values["slug"] == slug_of(values["name"].en) else {})


def _photo(values: Values) -> str:
    """'' where the photo lies where photos of people are looked for."""
    found = [f"{FOLDER}/{values['slug']}{ending}" for ending in ENDINGS]
    return "" if values["photo"] in found else str(values["photo"])
