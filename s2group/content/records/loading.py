"""Making rows say what files say, but for what a person has edited since."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, inspect, select, update
from sqlalchemy.orm import Session, selectinload

from s2group.content.records.addresses import former_keys, use_again
from s2group.content.records.entries import Entry
from s2group.content.records.fields import Known
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.models import Revision
from s2group.content.records.ordering import is_by_hand, keep_order, merged, put_in_order
from s2group.content.records.services import NEVER_REVISED, Head, add_revision, head, heads, keep, remove, write

# For the records of files the rows that are theirs, by the places of the records.
Matches = dict[str, Any]
Matcher = Callable[[Sequence[Entry], Sequence[Any]], Matches]
Layer = Callable[[Values, Any], Values]


@dataclass(frozen=True)
class Change:
    """What a load does to a record: 'added', 'changed', 'removed'; 'left', because a person has edited it since; or
    'out', because one has removed it; 'order', because one has put the records of the kind in another order.

    `fields` are those in which files and portal differ: what the portal says, and what the files say.
    """

    what: str
    kind: str
    key: str
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


class Loader:
    """Loads files within a transaction, and knows what it changed. With `take_files` it leaves nothing."""

    def __init__(self, session: Session, *, now: datetime, take_files: bool = False) -> None:
        self.session, self.now, self.take_files = session, now, take_files
        self.changes: list[Change] = []
        self._written: list[Any] = []

    def load(
        self,
        kind: Kind,
        entries: Sequence[Entry],
        known: Known = {},  # noqa: B006 - nobody changes it
        *,
        match: Matcher | None = None,
        layer: Layer = lambda values, _row: values,
        removes: Callable[[Any], bool] = lambda _row: True,
    ) -> list[Any]:
        """Make the rows of a kind say what its files say; gives those of the entries, in their order.

        A row is an entry's by its key or a key that it had, unless `match` tells otherwise. `layer` puts on top of what
        the files say what else belongs to a row. What no entry names is removed where `removes` says so.

        Raises ContentError where an entry names what is not `known`.
        """
        stored, revised = stored_rows(self.session, kind), heads(self.session, kind)
        matches = match(entries, stored) if match else self.by_key(kind, entries, stored)
        theirs = {row.id for row in matches.values()}
        rest = [row for row in stored if row.id not in theirs]
        left = [row for row in rest if not removes(row) or not self._remove(kind, row, revised)]
        self.session.flush()
        rows = [
            self._take(kind, entry, matches.get(entry.place) or _new_row(kind, position), revised, known, layer)
            for position, entry in enumerate(entries)
        ]
        put_in_order(self._in_order(kind, stored, [*rows, *left]))
        self.session.flush()
        use_again(self.session, kind.name, map(kind.key_of_row, rows))
        self._revise(kind)
        return rows

    def load_each(self, kind: Kind, rows: Sequence[tuple[Entry, Any]]) -> None:
        """Make each row, which may be new, say what its entry says; all other rows stay as they are."""
        revised = heads(self.session, kind)
        for entry, row in rows:
            self._take(kind, entry, row, revised, {}, lambda values, _row: values)
        self.session.flush()
        self._revise(kind)

    def may_remove(self, kind: Kind, row: Any) -> bool:
        """Whether a row that no entry names may go: nobody has edited it since the files brought it."""
        return head(self.session, kind, row).in_files or (self.take_files and self._was_in_files(kind, row))

    def _revise(self, kind: Kind) -> None:
        # A new row may have got the id of one that was deleted.
        revised = heads(self.session, kind) if self._written else {}
        for row in self._written:
            number = revised.get(row.id, NEVER_REVISED).number + 1
            values = kind.as_json(kind.of(row))
            add_revision(self.session, kind.name, row.id, number, values, actor=None, now=self.now, in_files=True)
        self._written.clear()
        self.session.flush()

    def by_key(self, kind: Kind, entries: Sequence[Entry], stored: Sequence[Any]) -> Matches:
        """The rows that are the entries' by their keys, or by keys that they had."""
        by_key = {kind.key_of_row(row): row for row in stored}
        keys = {entry.place: kind.key_of(entry.values) for entry in entries}
        found = {place: by_key.pop(key) for place, key in keys.items() if key in by_key}
        free = {row.id: row for row in by_key.values()}
        former = former_keys(self.session, kind.name) if free else {}
        for place, key in keys.items():
            if place not in found and former.get(key) in free:
                found[place] = free.pop(former[key])
        return found

    def _remove(self, kind: Kind, row: Any, revised: Mapping[int, Head]) -> bool:
        before = revised.get(row.id, NEVER_REVISED)
        key = kind.key_of_row(row)
        may_go = before.in_files or (self.take_files and self._was_in_files(kind, row))
        if may_go:
            remove(self.session, kind, row, before, actor=None, now=self.now)
        self.changes.append(Change("removed" if may_go else "left", kind.name, key))
        return may_go

    def _in_order(self, kind: Kind, stored: Sequence[Any], listed: Sequence[Any]) -> Sequence[Any]:
        """The rows of a kind as the files list them, or as a person has put them, which is told."""
        if not is_by_hand(self.session, kind):
            return listed
        standing = [row for row in stored if row in listed]
        by_hand = merged(listed, standing)
        if self.take_files or by_hand == listed:
            keep_order(self.session, kind, listed, actor=None, now=self.now)
            return listed
        keys = tuple([kind.key_of_row(row) for row in rows] for rows in (by_hand, listed))
        self.changes.append(Change("order", kind.name, "", {"order": (keys[0], keys[1])}))
        return by_hand

    def _was_in_files(self, kind: Kind, row: Any) -> bool:
        of_row = select(Revision).where(Revision.kind == kind.name, Revision.record_id == row.id, Revision.in_files)
        return self.session.scalar(select(of_row.exists())) or False

    def _take(self, kind: Kind, entry: Entry, row: Any, revised: Mapping[int, Head], known: Known, layer: Layer) -> Any:
        if row.id is None:
            values = layer(entry.values, None)
            self._write(kind, row, values, entry, known)
            self.changes.append(Change("added", kind.name, kind.key_of(values)))
            return row
        before = revised.get(row.id, NEVER_REVISED)
        current, values = kind.of(row), layer(entry.values, row)
        differing = kind.changed(current, values)
        may_write = before.in_files or self.take_files
        if differing and may_write:
            keep(self.session, kind, row, now=self.now)
            self._write(kind, row, values, entry, known)
        elif not before.in_files and not differing:
            self._agree(kind, row, before)
        if differing:
            fields = {name: (current[name], values[name]) for name in differing}
            what = "changed" if may_write else "left"
            self.changes.append(Change(what, kind.name, kind.key_of(current), fields))
        return row

    def _write(self, kind: Kind, row: Any, values: Values, entry: Entry, known: Known) -> None:
        write(self.session, kind, row, values, known=known, place=entry.place, now=self.now)
        self._written.append(row)

    def _agree(self, kind: Kind, row: Any, before: Head) -> None:
        """Know that the files say the same as the person who edited the record."""
        of_row = Revision.kind == kind.name, Revision.record_id == row.id, Revision.number == before.number
        self.session.execute(update(Revision).where(*of_row).values(in_files=True))


def stored_rows(session: Session, kind: Kind) -> Sequence[Any]:
    """Every row of a kind, with all that its fields look at, in their order."""
    return session.scalars(in_order(kind)).all()


def in_order(kind: Kind) -> Select[Any]:
    """The rows of a kind, with all that its fields look at, in their order."""
    relations = inspect(kind.model).relationships
    seen = [field.attribute for field in kind.fields if field.attribute in relations]
    statement = select(kind.model).options(*(selectinload(getattr(kind.model, name)) for name in dict.fromkeys(seen)))
    order = [getattr(kind.model, name) for name in ("position", "id") if hasattr(kind.model, name)]
    return statement.order_by(*order)


def _new_row(kind: Kind, position: int) -> Any:
    return kind.model(position=position) if hasattr(kind.model, "position") else kind.model()
