"""What a kind of record is: one declaration, from which its reader, its writer, comparison and gaps come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from s2group.content.records.fields import Field, Known, read_fields, write_fields
from s2group.core.localized import Locale
from s2group.extensions import Base

# A record by the names of its fields, each value as its field keeps it.
Values = dict[str, Any]


def nothing(*_: Any) -> None:
    """Nothing more to do."""


@dataclass(frozen=True)
class Kind:
    """A kind of record: its name, its model, its fields, and which of them is its key; of some there is one record.

    `check(values, place)` raises ContentError where fields contradict each other. `complete(row, now)` sets the
    columns that follow from others.
    """

    name: str
    model: type[Base]
    fields: tuple[Field[Any], ...]
    key: str = ""
    check: Callable[[Values, str], None] = nothing
    complete: Callable[[Any, datetime], None] = nothing

    @cached_property
    def by_name(self) -> dict[str, Field[Any]]:
        """The fields by their names."""
        return {field.name: field for field in self.fields}

    def key_of(self, values: Values) -> str:
        """By what the record is known among those of its kind; the name of the kind where there is one record."""
        return str(values[self.key]) if self.key else self.name

    def key_of_row(self, row: Any) -> str:
        """The same of a row."""
        return str(getattr(row, self.by_name[self.key].attribute)) if self.key else self.name

    def read(self, written: Mapping[str, Any], place: str) -> Values:
        """The record that a file, a form or a revision writes. Raises ContentError."""
        values = read_fields(self.fields, written, place)
        self.check(values, place)
        return values

    def write(self, values: Values) -> dict[str, Any]:
        """The record as a file writes it, without what it leaves out; `read` gives it back."""
        return write_fields(self.fields, values)

    def of(self, row: Any) -> Values:
        """The record that a row holds."""
        return {field.name: field.of(row) for field in self.fields}

    def as_json(self, values: Values) -> dict[str, Any]:
        """The whole record as JSON keeps it; `read` gives it back."""
        return {field.name: field.as_json(values[field.name]) for field in self.fields}

    def put(self, row: Any, values: Values, known: Known, place: str, now: datetime) -> None:
        """Make a row say what the record says. Raises ContentError where it names what is not `known`."""
        for field in self.fields:
            field.put(row, values[field.name], known, place)
        self.complete(row, now)

    def changed(self, one: Values, other: Values) -> list[str]:
        """The fields in which two records differ."""
        return [field.name for field in self.fields if one[field.name] != other[field.name]]

    def gaps(self, values: Values) -> list[tuple[str, Locale]]:
        """What is untranslated: each field with the language that is missing."""
        return [(field.name, locale) for field in self.fields for locale in field.gaps(values[field.name])]
