"""What of the files is loaded while records of them lie in the trash."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from s2group.content.publications.bibtex import Paper
from s2group.content.publications.kind import PUBLICATION
from s2group.content.records.entries import Entry
from s2group.content.records.fields import References
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.loading import Change


class Sieve:
    """Leaves out what an editor has removed, also where other records name it, and knows what that was.

    `removed` are the keys of it, by kinds, and `led_on` the keys that lead to other papers since they became one.
    """

    def __init__(self, removed: Mapping[str, set[str]], led_on: Collection[str] = ()) -> None:
        self.removed, self.led_on = removed, led_on
        self.changes: list[Change] = []

    def entries(self, kind: Kind, entries: Sequence[Entry]) -> list[Entry]:
        """The records of a kind that are still wanted."""
        there = [entry for entry in entries if self._is_wanted(kind, (kind.key_of(entry.values),))]
        return [replace(entry, values=self._values(kind, entry.values)) for entry in there]

    def papers(self, papers: Iterable[Paper]) -> list[Paper]:
        """The papers that are still wanted."""
        there = (paper for paper in papers if self._is_wanted(PUBLICATION, (paper.key, *self._own_former(paper))))
        areas = self.removed.get("research_area", set())
        return [replace(paper, areas=tuple(key for key in paper.areas if key not in areas)) for paper in there]

    def _own_former(self, paper: Paper) -> list[str]:
        return [key for key in paper.former_keys if key not in self.led_on]

    def _is_wanted(self, kind: Kind, keys: Sequence[str]) -> bool:
        is_wanted = self.removed.get(kind.name, set()).isdisjoint(keys)
        if not is_wanted:
            self.changes.append(Change("out", kind.name, keys[0]))
        return is_wanted

    def _values(self, kind: Kind, values: Values) -> Values:
        return {**values, **{field.name: self._there(field, values) for field in kind.fields if _names(field)}}

    def _there(self, field: Any, values: Values) -> tuple[str, ...]:
        gone = self.removed.get(field.kind, set())
        return tuple(key for key in values[field.name] if key not in gone)


def _names(field: Any) -> bool:
    return isinstance(field, References)
