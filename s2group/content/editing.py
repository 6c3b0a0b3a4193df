"""Changing the record by hand: which kinds of records, and what follows from a change."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.content.group.files import AREA, PARTNER, PROFILE
from s2group.content.kinds import KINDS
from s2group.content.pages.files import PAGE
from s2group.content.people.files import MEMBER
from s2group.content.people.models import Member
from s2group.content.pictures.fields import PicturePath
from s2group.content.pictures.models import Picture
from s2group.content.projects.files import PROJECT, project_key
from s2group.content.publications.bibtex.keys import keys_like
from s2group.content.publications.editing import as_edited, key_of_paper, tie_paper
from s2group.content.publications.files import tie
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.models import Venue
from s2group.content.publications.venue_files import VENUE, same_spelling
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import KEYS, Field, Known, References, Tables
from s2group.content.records.keys import key_from
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.loading import in_order
from s2group.content.records.models import FormerAddress
from s2group.content.records.ordering import move
from s2group.content.records.services import ConflictError, save
from s2group.content.releases.files import RELEASE
from s2group.content.samples.files import SAMPLE
from s2group.content.search.services import index_kind, words_prepared
from s2group.content.trash.queries import is_removed
from s2group.core.database import transaction
from s2group.core.paging import Page, fetch_page
from s2group.extensions import db

# The address of the page that makes a new record.
RESERVED_KEY = "new"
PLACE = re.compile(r"(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True)
class Editable:
    """A kind of record that people change in the portal.

    `indexed` are the kinds of entries of the search that repeat what its records say. The `fixed` fields are left as
    they are. `key_from` makes the key where nobody writes one. Unless they `may_add`, its records come from elsewhere;
    where it `has_order`, editors choose it.
    """

    kind: Kind
    indexed: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    key_from: Callable[[Values], str] = lambda _values: ""
    may_add: bool = True
    has_order: bool = False

    @property
    def fields(self) -> tuple[Field[Any], ...]:
        """What the form asks."""
        return tuple(field for field in self.kind.fields if field.name not in self.fixed)

    @property
    def begun(self) -> Values:
        """What a new record says of the fields that the form does not ask."""
        return dict.fromkeys(self.fixed, "")


def _key_of_name(values: Values) -> str:
    return key_from(values["name"].en, values["name"].zh)


EDITABLE = {
    each.kind.name: each
    for each in (
        Editable(PROFILE),
        Editable(AREA, ("line", "member"), has_order=True),
        Editable(MEMBER, ("member", "publication", "project", "news"), key_from=_key_of_name),
        Editable(PUBLICATION, ("publication",), fixed=("key", "bibtex"), key_from=key_of_paper),
        Editable(VENUE, ("publication",)),
        Editable(PROJECT, ("project",), key_from=project_key, has_order=True),
        Editable(RELEASE, ("release",), has_order=True),
        Editable(SAMPLE, ("sample",), fixed=("file",), may_add=False, has_order=True),
        Editable(PARTNER, ("partner",), key_from=_key_of_name, has_order=True),
        Editable(PAGE, ("page",)),
    )
}


class KeyTakenError(ValueError):
    """Another record of the kind goes by this key, did once, or will when it is brought back: addresses are
    permanent."""


def count_of(kind: Kind) -> int:
    """How many records of a kind there are."""
    return db.session.scalar(select(func.count()).select_from(kind.model)) or 0


def record_at(kind: Kind, key: str) -> Any | None:
    """The record that goes by the key, or did once; None where there is none."""
    if not kind.key:
        return db.session.scalars(in_order(kind)).first() if key == kind.name else None
    row = db.session.scalars(in_order(kind).where(_key_column(kind) == key)).one_or_none()
    former = None if row else db.session.get(FormerAddress, (kind.name, key))
    return db.session.get(kind.model, former.record_id) if former else row


def records_page(kind: Kind, *, size: int, after: str | None = None) -> Page[Any]:
    """A page of the records of a kind, from the one that follows the place `after` on, with all that fields look at.

    Raises ValueError where `after` is no place of ours.
    """
    statement = in_order(kind)
    if after is not None:
        if not (found := PLACE.fullmatch(after)):
            raise ValueError(after)
        columns = tuple_(getattr(kind.model, "position", literal(0)), kind.model.id)  # type: ignore[attr-defined]
        statement = statement.where(columns > (int(found[1]), int(found[2])))
    return fetch_page(statement, size=size, key=lambda row: f"{getattr(row, 'position', 0)}-{row.id}")


def save_record(
    editable: Editable, record_id: int | None, values: Values, *, seen: int, actor: int, now: datetime
) -> Any:
    """Make a record say what `values` say, a new one where `record_id` is None; all of it or nothing. Gives the row.

    `seen` is the number of the revision that its author started from, and `actor` the id of their account. An emptied
    key stays as it was. Raises ConflictError, KeyTakenError, and ContentError where the values name what is not there.
    """
    with _words_prepared(editable), transaction() as session:
        row = _put(session, editable, record_id, values, seen=seen, actor=actor, now=now)
        follow(session, editable.kind, editable.indexed)
    return row


def move_record(kind: Kind, key: str, to: str, *, actor: int, now: datetime) -> tuple[int, int]:
    """Put a record into another place, as `ordering.move` says; gives the place and how many there are."""
    with transaction() as session:
        return move(session, kind, key, to, actor=actor, now=now)


@contextmanager
def tried_record(
    editable: Editable, record_id: int | None, values: Values, *, seen: int, actor: int, now: datetime
) -> Iterator[Any]:
    """The row as `save_record` would leave it, for what the block shows of it; nothing is kept. Raises the same."""
    with transaction() as session:
        yield _put(session, editable, record_id, values, seen=seen, actor=actor, now=now)
        session.rollback()


def _put(
    session: Session, editable: Editable, record_id: int | None, values: Values, *, seen: int, actor: int, now: datetime
) -> Any:
    row = _row(session, editable.kind, record_id)
    said = _with_key(session, editable, row, values)
    if editable.kind is VENUE:
        _expect_own_spellings(session, row, said)
    if editable.kind is PUBLICATION:
        said = as_edited(session, row, said)
    try:
        save(
            session, editable.kind, row, said,
            seen=seen, actor=actor, now=now, known=known_of(session, editable.kind, said),
        )  # fmt: skip
    except IntegrityError as error:
        raise KeyTakenError from error
    if editable.kind is PUBLICATION:
        tie_paper(session, row)
    return row


def _words_prepared(editable: Editable) -> AbstractContextManager[None]:
    return words_prepared(editable.indexed) if editable.indexed else nullcontext()


def _row(session: Session, kind: Kind, record_id: int | None) -> Any:
    if record_id is not None:
        found = session.get(kind.model, record_id, with_for_update={"of": kind.model})
        if found is None:
            raise ConflictError
        return found
    if not hasattr(kind.model, "position"):
        return kind.model()
    last = session.scalar(select(func.max(kind.model.position)))
    return kind.model(position=0 if last is None else last + 1)


def _with_key(session: Session, editable: Editable, row: Any, values: Values) -> Values:
    kind = editable.kind
    if not kind.key:
        return values
    key = values[kind.key] or (kind.key_of_row(row) if row.id else editable.key_from(values))
    if kind.key in editable.fixed and not row.id:
        # Nobody can choose another one.
        key = next(each for each in keys_like(key) if not _is_taken(session, kind, each, row))
    if key == RESERVED_KEY or _is_taken(session, kind, key, row):
        raise KeyTakenError(key)
    return {**values, kind.key: key}


def _is_taken(session: Session, kind: Kind, key: str, row: Any) -> bool:
    if row.id is None and is_removed(session, kind.name, key):
        return True
    owner = session.scalar(select(kind.model.id).where(_key_column(kind) == key))  # type: ignore[attr-defined]
    former = session.get(FormerAddress, (kind.name, key))
    return owner not in (None, row.id) or (former is not None and former.record_id != row.id)


def _expect_own_spellings(session: Session, row: Any, values: Values) -> None:
    """A paper belongs to the one journal or conference that is spelt as it says. Raises ContentError."""
    others = session.scalars(select(Venue).where(Venue.id != row.id) if row.id else select(Venue))
    for other in others:
        if spelling := same_spelling(values, VENUE.of(other)):
            problem = lazy_gettext(
                "spelling %(spelling)r is taken by %(other)s", spelling=spelling, other=other.short_name
            )
            raise ContentError(
                values["short_name"],
                problem,
                lazy_gettext("Another journal or conference is spelt like one of these: make them differ"),
                field="aliases",
            )


def _key_column(kind: Kind) -> Any:
    return getattr(kind.model, kind.by_name[kind.key].attribute)


def known_of(session: Session, kind: Kind, values: Values) -> Known:
    """What the values of a record name, as far as it is there."""
    known: dict[str, dict[str, Any]] = {}
    for field in kind.fields:
        if isinstance(field, References):
            rows = session.scalars(_named(KINDS[field.kind].model, KEYS[field.kind], values[field.name]))
            known.setdefault(field.kind, {}).update((getattr(row, KEYS[field.kind]), row) for row in rows)
    pictures = session.scalars(_named(Picture, "path", list(_paths(kind.fields, values))))
    known["picture"] = {picture.path: picture for picture in pictures}
    return known


def _paths(fields: Sequence[Field[Any]], values: Values) -> Iterator[str]:
    """The paths of pictures that the values name, also within tables."""
    for field in fields:
        if isinstance(field, PicturePath):
            yield values[field.name]
        elif isinstance(field, Tables):
            for table in values[field.name]:
                yield from _paths(field.fields, table)


def _named(model: Any, column: str, values: Sequence[str]) -> Any:
    return select(model).where(getattr(model, column).in_(values))


def follow(session: Session, kind: Kind, indexed: Sequence[str]) -> None:
    """Whose papers are whose follows from the names of members, and where they appeared from those of venues; the
    search says what the record says."""
    if kind in (MEMBER, VENUE):
        session.flush()
        tie(session, session.scalars(select(Member)))
    for name in indexed:
        index_kind(session, name)
