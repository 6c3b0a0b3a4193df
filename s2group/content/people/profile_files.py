"""people/<address>.toml: what one person's page tells beside the line in members.csv."""

import re
from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from s2group.content.pictures.files import picture_at
from s2group.content.records.files import Record, read_toml, tables
from s2group.content.records.loading import Row
from s2group.content.records.rules import LONGEST_ADDRESS, is_web_address
from s2group.core.text import EMAIL, LONGEST_EMAIL

LINKS = ("homepage", "scholar", "orcid", "dblp", "github", "semantic_scholar", "bilibili", "wechat")
# The tables of the file, and what their entries are called in the record.
ENTRIES = {
    "education": "education",
    "experience": "experience",
    "internships": "internship",
    "honours": "honour",
    "talks": "talk",
    "services": "service",
    "software": "software",
    "projects": "project",
}
PERIOD_LENGTH = 60
PLACEHOLDER = re.compile(r"\W*|x+|todo|tbd", re.IGNORECASE)


@dataclass(frozen=True)
class Profile:
    """What the file of one person says: columns of Member, keys of research areas, entries of the record."""

    record: Record = field(compare=False)
    row: Row = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    entries: tuple[Row, ...] = ()


def read_profiles(folder: Path, pictures: dict[str, Row], areas: Collection[str]) -> dict[str, Profile]:
    """All files of people, by the addresses of their pages. Raises ContentError at the first mistake."""
    return {
        path.stem: _profile(read_toml(path, f"people/{path.name}"), pictures, areas)
        for path in sorted((folder / "people").glob("*.toml"))
    }


def day_field(record: Record, name: str, *, last: bool) -> date | None:
    """A day such as 2024-09-01, a month such as 2024-09 for its first or `last` day, or None where it is left out.

    Raises ContentError.
    """
    value = record.take(name, "")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return _day(value.strip(), last=last) if value else None
    except (ValueError, AttributeError) as error:
        raise record.error(
            f"{name} is {value!r}", "Write a day such as 2024-09-01, or a month such as 2024-09"
        ) from error


def _day(words: str, *, last: bool) -> date:
    if not re.fullmatch(r"\d{4}-\d\d", words):
        return date.fromisoformat(words)
    year, month = map(int, words.split("-"))
    return date(year, month, monthrange(year, month)[1] if last else 1)


def area_keys(record: Record, keys: Collection[str], areas: Collection[str]) -> tuple[str, ...]:
    """The keys of research areas, each once. Raises ContentError where group.toml has no such area."""
    for key in keys:
        if key not in areas:
            raise record.error(f"lines names {key!r}, which group.toml does not have", f"Use: {', '.join(areas)}")
    return tuple(dict.fromkeys(keys))


def _profile(file: Record, pictures: dict[str, Row], areas: Collection[str]) -> Profile:
    row: Row = {
        "biography": file.localized("biography", {}),
        "aliases": _texts(file, "aliases"),
        "selected": _texts(file, "selected"),
        "co_supervision": file.localized("co_supervision", {}),
        "email": _email(file),
        "links": list(_links(file)),
        "destination": file.localized("destination", {}),
        "joined_on": day_field(file, "joined", last=False),
        "left_on": day_field(file, "left", last=True),
    }
    if photo := file.text("photo", ""):
        row["picture_digest"] = _photo(file, photo, pictures)
    profile = Profile(file, row, area_keys(file, _texts(file, "lines"), areas), tuple(_entries(file)))
    file.end()
    return profile


def _texts(file: Record, name: str) -> list[str]:
    values = file.take(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise file.error(f"{name} is not a list of texts", f'Write {name} = ["…", "…"]')
    return [value.strip() for value in values]


def _email(file: Record) -> str:
    email = file.text("email", "")
    if email and (not EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL):
        raise file.error(f"email is {email!r}", "Write a whole address, such as name@example.org, or nothing")
    return email


def _links(file: Record) -> Iterator[dict[str, str]]:
    links: Any = file.take("links", {})
    if not isinstance(links, dict):
        raise file.error("links is not a table", "Begin it with [links]")
    record = Record(f"{file.place}, links", links)
    for kind in links:
        if kind not in LINKS:
            raise record.error(f"unknown kind {kind}", f"Use: {', '.join(LINKS)}")
        # A public account is found by its name; some have an address as well.
        yield {"kind": kind, "url": _public_account(record) if kind == "wechat" else record.web_address(kind)}


def _public_account(record: Record) -> str:
    account = record.text("wechat")
    if (
        len(account) > LONGEST_ADDRESS
        or ("://" in account and not is_web_address(account))
        or PLACEHOLDER.fullmatch(account)
    ):
        raise record.error(f"wechat {account!r} is no public account", "Write its name or its address, or nothing")
    return account


def _photo(file: Record, path: str, pictures: dict[str, Row]) -> str:
    digest = picture_at(pictures, path)
    if digest is None:
        raise file.error(f"photo {path!r} is not there", "Write where it lies below pictures/, as people/name.jpg")
    return digest


def _entries(file: Record) -> Iterator[Row]:
    for name, kind in ENTRIES.items():
        for position, entry in enumerate(tables(file, name)):
            yield {
                "kind": kind,
                "position": position,
                "period": _period(entry),
                "text": entry.localized("text"),
                "url": entry.web_address("url") if "url" in entry.values else "",
                "source": "files",
            }
            entry.end()


def _period(entry: Record) -> str:
    period = entry.text("period", "")
    if len(period) > PERIOD_LENGTH:
        raise entry.error("period is too long", f"Use at most {PERIOD_LENGTH} characters")
    return period
