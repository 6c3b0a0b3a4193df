"""The fields that only people have."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext

from s2group.content.people.models import ProfileEntry
from s2group.content.people.wording import LINKS
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import Field, Known, Localized, Tables, Text, WebAddress
from s2group.content.records.rules import LONGEST_ADDRESS, is_web_address, typed_date
from s2group.core.text import EMAIL, LONGEST_EMAIL

PLACEHOLDER = re.compile(r"\W*|x+|todo|tbd", re.IGNORECASE)
OF_AN_ENTRY = (Text("period", "", longest=60), Localized("text"), WebAddress("url", ""))


@dataclass(frozen=True)
class PersonDay(Field[date | None]):
    """A day such as 2024-09-01, a month such as 2024-09 for its first or `last` day, or nothing."""

    last: bool = False

    def read(self, value: Any, place: str) -> date | None:
        """The day. Raises ContentError."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return self._day(value.strip()) if value else None
        except (ValueError, AttributeError) as error:
            remedy = lazy_gettext("Write a day such as 2024-09-01, or a month such as 2024-09")
            raise self.error(
                place, lazy_gettext("%(name)s is %(value)r", name=self.name, value=value), remedy
            ) from error

    def _day(self, words: str) -> date:
        if not re.fullmatch(r"\d{4}-\d\d", words):
            return date.fromisoformat(words)
        year, month = map(int, words.split("-"))
        return date(year, month, monthrange(year, month)[1] if self.last else 1)

    def from_cells(self, *cells: str) -> str:
        """The day, also as a spreadsheet wrote it."""
        return typed_date(cells[0])

    def as_json(self, value: date | None) -> str | None:
        """As ISO writes it."""
        return value.isoformat() if value else None


@dataclass(frozen=True)
class EmailAddress(Text):
    """A mail address, or nothing."""

    def read(self, value: Any, place: str) -> str:
        """The address. Raises ContentError."""
        email = super().read(value, place)
        if email and (not EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL):
            raise self.error(
                place,
                lazy_gettext("%(name)s is %(value)r", name=self.name, value=email),
                lazy_gettext("Write a whole address, such as name@example.org, or nothing"),
            )
        return email


@dataclass(frozen=True)
class Links(Field[list[dict[str, str]]]):
    """Other pages of a person: a table with the address of each kind."""

    def read(self, value: Any, place: str) -> list[dict[str, str]]:
        """The links, in their order. Raises ContentError."""
        if not isinstance(value, dict):
            raise self.error(
                place,
                lazy_gettext("%(name)s is not a table", name=self.name),
                lazy_gettext("Begin it with [%(name)s]", name=self.name),
            )
        return [{"kind": kind, "url": _address(kind, url, f"{place}, {self.name}")} for kind, url in value.items()]

    def write(self, value: list[dict[str, str]]) -> dict[str, str]:
        """As a table."""
        return {link["kind"]: link["url"] for link in value}

    def of(self, row: Any) -> list[dict[str, str]]:
        """A copy: nobody changes the row by it."""
        return [dict(link) for link in getattr(row, self.attribute)]


def _address(kind: str, written: Any, place: str) -> str:
    if kind not in LINKS:
        raise ContentError(
            place,
            lazy_gettext("unknown kind %(kind)s", kind=kind),
            lazy_gettext("Use: %(words)s", words=", ".join(LINKS)),
        )
    if kind != "wechat":
        return WebAddress(kind).read(written, place)
    # A public account is found by its name; some have an address as well.
    account = Text(kind).read(written, place)
    is_too_long, is_address = len(account) > LONGEST_ADDRESS, "://" in account
    if is_too_long or (is_address and not is_web_address(account)) or PLACEHOLDER.fullmatch(account):
        remedy = lazy_gettext("Write its name or its address, or nothing")
        raise ContentError(place, lazy_gettext("wechat %(account)r is no public account", account=account), remedy)
    return account


@dataclass(frozen=True)
class Entries(Tables):
    """Lines of a person's record of one kind; those of a home page are not theirs."""

    of_kind: str = ""
    fields: tuple[Field[Any], ...] = OF_AN_ENTRY

    def of(self, row: Any) -> list[dict[str, Any]]:
        """The lines that files or editors wrote, in their order."""
        return [{field.name: field.of(entry) for field in self.fields} for entry in self._theirs(row)]

    def all_of(self, row: Any) -> list[dict[str, Any]]:
        """The same, and behind them those of a home page."""
        return [*self.of(row), *(line for line in map(self._said, self._of_pages(row)) if line not in self.of(row))]

    def put(self, row: Any, value: list[dict[str, Any]], known: Known, place: str) -> None:
        """Make the lines these ones; a line of a home page that says the same gives way."""
        theirs = self._theirs(row)
        for gone in [*theirs[len(value) :], *(line for line in self._of_pages(row) if self._said(line) in value)]:
            row.entries.remove(gone)
        for position, table in enumerate(value):
            entry = theirs[position] if position < len(theirs) else ProfileEntry(kind=self.of_kind, source="files")
            entry.position = position
            for field in self.fields:
                field.put(entry, table[field.name], known, place)
            if entry not in row.entries:
                row.entries.append(entry)

    def _theirs(self, row: Any) -> list[ProfileEntry]:
        found = (entry for entry in row.entries if entry.kind == self.of_kind and entry.source == "files")
        return sorted(found, key=lambda entry: entry.position)

    def _of_pages(self, row: Any) -> list[ProfileEntry]:
        found = (entry for entry in row.entries if entry.kind == self.of_kind and entry.source != "files")
        return sorted(found, key=lambda entry: entry.position)

    def _said(self, entry: ProfileEntry) -> dict[str, Any]:
        return {field.name: field.of(entry) for field in self.fields}
