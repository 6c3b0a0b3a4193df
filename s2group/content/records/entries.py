"""Records as files write them: where each stands, and what it says."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext

from s2group.content.records.errors import ContentError
from s2group.content.records.fields import read_tables
from s2group.content.records.files import toml_table
from s2group.content.records.kinds import Kind, Values, nothing
from s2group.content.records.rules import SLUG_LENGTH, is_slug


@dataclass(frozen=True)
class Entry:
    """One record of a file; two files that say the same are equal."""

    place: str = field(compare=False)
    values: Values


def each_once(entries: Iterable[Entry], name: str, *, called: str = "") -> Iterator[Entry]:
    """The entries. Raises ContentError at the second one with the same value of the field `name`."""
    places: dict[Any, str] = {}
    for entry in entries:
        value = entry.values[name]
        if value in places:
            problem = lazy_gettext(
                "%(name)s %(value)r is taken by %(other)s", name=called or name, value=value, other=places[value]
            )
            raise ContentError(entry.place, problem, lazy_gettext("Make them differ"))
        places[value] = entry.place
        yield entry


def entries_of(kind: Kind, table: Mapping[str, Any], name: str, place: str) -> list[Entry]:
    """The records in the `[[name]]` tables of a file, each key once. Raises ContentError."""
    found = [Entry(at, kind.read(values, at)) for at, values in read_tables(table.get(name, []), name, place)]
    return list(each_once(found, kind.key)) if kind.key else found


@dataclass(frozen=True)
class TomlTables:
    """A file of one kind of records, a `[[table]]` each; where it is optional, a missing file holds none.

    `compare` raises ContentError where two records contradict each other.
    """

    kind: Kind
    file: str
    table: str = "items"
    optional: bool = False
    compare: Callable[[Sequence[Entry]], None] = nothing

    def read(self, folder: Path) -> list[Entry]:
        """The records, in their order. Raises ContentError at the first mistake."""
        if self.optional and not (folder / self.file).exists():
            return []
        written = toml_table(folder / self.file, self.file)
        for name in written:
            if name != self.table:
                raise ContentError(
                    self.file,
                    lazy_gettext("unknown field %(name)s", name=name),
                    lazy_gettext("Correct the name or take the field out"),
                )
        entries = entries_of(self.kind, written, self.table, self.file)
        self.compare(entries)
        return entries


@dataclass(frozen=True)
class TomlFolder:
    """A folder with a file for each record, named after its key, in the order of the names."""

    kind: Kind
    folder: str

    def read(self, folder: Path) -> list[Entry]:
        """The records. Raises ContentError at the first mistake."""
        return [self._entry(path) for path in sorted((folder / self.folder).glob("*.toml"))]

    def _entry(self, path: Path) -> Entry:
        place = f"{self.folder}/{path.name}"
        if not is_slug(path.stem):
            remedy = lazy_gettext(
                "Name it with small Latin letters, digits and -, at most %(count)s", count=SLUG_LENGTH
            )
            raise ContentError(place, lazy_gettext("no address can be made from the name of the file"), remedy)
        return Entry(place, self.kind.read({**toml_table(path, place), self.kind.key: path.stem}, place))
