"""Removing a record, and bringing it back as it was."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.audit.rules import RecordChanged, Subject, SubjectKind
from s2group.audit.services import record
from s2group.content.editing import EDITABLE, KeyTakenError, follow, known_of
from s2group.content.group.files import AREA, PARTNER
from s2group.content.kinds import KINDS
from s2group.content.news.files import NEWS, Gallery
from s2group.content.news.sharing import end_links
from s2group.content.pages.files import PAGE
from s2group.content.people.files import MEMBER
from s2group.content.people.models import Member
from s2group.content.pictures.fields import PicturePath
from s2group.content.projects.files import PROJECT
from s2group.content.publications.files import tie
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.models import Publication
from s2group.content.records.addresses import lead_on, use_again
from s2group.content.records.fields import Field, Known, References
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.models import FormerAddress
from s2group.content.records.services import head, keep, remove, revise, write
from s2group.content.releases.files import RELEASE
from s2group.content.search.services import words_prepared
from s2group.content.trash.models import RemovedRecord
from s2group.core.database import transaction

REMOVABLE = {kind.name: kind for kind in (AREA, MEMBER, PUBLICATION, PROJECT, RELEASE, PARTNER, PAGE, NEWS)}
# Columns that no field of a record says.
UNSAID = ("position", "source", "additions", "has_pdf", "first_slug")


def remove_record(kind: Kind, record_id: int, *, actor: int, now: datetime) -> RemovedRecord | None:
    """Take a record out of everything that visitors see, so that it can be brought back; None where it is gone.

    Its address leads nowhere, and stays its own. `actor` is the id of an account.
    """
    with words_prepared(indexed(kind)), transaction() as session:
        row: Any = session.get(kind.model, record_id, with_for_update={"of": kind.model})
        if row is None:
            return None
        removed = take_out(session, kind, row, actor=actor, now=now)
        follow_removal(session, kind)
    return removed


def take_out(session: Session, kind: Kind, row: Any, *, actor: int, now: datetime) -> RemovedRecord:
    """Remove a record within the transaction of the caller, who lets follow what follows."""
    keep(session, kind, row, now=now)
    removed = _as_it_is(session, kind, row, actor, now)
    session.add(removed)
    before = head(session, kind, row)
    if kind is NEWS:
        end_links(session, row)
    remove(session, kind, row, before, actor=actor, now=now)
    _tell(session, kind, removed.key, before.number + 1, actor, now)
    session.flush()
    return removed


def bring_back(removed_id: int, *, actor: int, now: datetime) -> tuple[Kind, Any] | None:
    """Put a removed record back where it was, and into the records that named it; None where that has been done.

    What it named itself and is no longer there is left out. Raises KeyTakenError where its address is another's now, or
    a number of a paper.
    """
    try:
        return _bring_back(removed_id, actor, now)
    except IntegrityError as error:
        raise KeyTakenError from error


def _bring_back(removed_id: int, actor: int, now: datetime) -> tuple[Kind, Any] | None:
    with words_prepared(), transaction() as session:
        removed = session.get(RemovedRecord, removed_id, with_for_update=True)
        if removed is None:
            return None
        kind = KINDS[removed.kind]
        if removed.merged_into is not None:
            _part(session, kind, removed, actor, now)
        row = _restored(session, kind, removed, now)
        _tell(session, kind, removed.key, revise(session, kind, row, actor=actor, now=now), actor, now)
        _tie(session, kind, row, removed)
        session.delete(removed)
        follow_removal(session, kind)
    return kind, row


def forget_what_is_there(session: Session) -> None:
    """Drop what was removed where another record goes by its key: the files have brought it again."""
    for removed in session.scalars(select(RemovedRecord)).all():
        if _row_at(session, KINDS[removed.kind], removed.key):
            session.delete(removed)


def _as_it_is(session: Session, kind: Kind, row: Any, actor: int, now: datetime) -> RemovedRecord:
    former = select(FormerAddress.key).where(FormerAddress.kind == kind.name, FormerAddress.record_id == row.id)
    return RemovedRecord(
        kind=kind.name,
        key=kind.key_of_row(row),
        record_id=row.id,
        values=kind.as_json(kind.of(row)),
        rest={name: getattr(row, name) for name in UNSAID if hasattr(row, name)},
        former_keys=list(session.scalars(former)),
        named_by=list(_named_by(session, kind, row)),
        removed_at=now,
        actor_id=actor,
    )


def _named_by(session: Session, kind: Kind, row: Any) -> Iterator[tuple[str, str, str]]:
    for other in KINDS.values():
        for field in other.fields:
            if isinstance(field, References) and field.kind == kind.name:
                ties = getattr(other.model, field.attribute)
                for each in session.scalars(select(other.model).where(ties.any(id=row.id))):
                    yield other.name, other.key_of_row(each), field.name


def _restored(session: Session, kind: Kind, removed: RemovedRecord, now: datetime) -> Any:
    if session.get(FormerAddress, (kind.name, removed.key)) or _row_at(session, kind, removed.key):
        raise KeyTakenError(removed.key)
    values = kind.read(removed.values, "")
    known = known_of(session, kind, values)
    is_free = session.get(kind.model, removed.record_id) is None
    row = kind.model(**removed.rest)
    write(session, kind, row, _without_what_is_gone(kind.fields, values, known), known=known, place="", now=now)
    if is_free:
        row.id = removed.record_id  # type: ignore[attr-defined]
    return row


def _row_at(session: Session, kind: Kind, key: str) -> Any:
    column = getattr(kind.model, kind.by_name[kind.key].attribute)
    return session.scalars(select(kind.model).where(column == key)).one_or_none()


def _without_what_is_gone(fields: tuple[Field[Any], ...], values: Values, known: Known) -> Values:
    return {field.name: _what_is_there(field, values[field.name], known) for field in fields}


def _what_is_there(field: Field[Any], value: Any, known: Mapping[str, Mapping[str, Any]]) -> Any:
    if isinstance(field, References):
        return tuple(key for key in value if key in known[field.kind])
    if isinstance(field, PicturePath):
        return value if value in known["picture"] else ""
    if isinstance(field, Gallery):
        return [table for table in value if table["file"] in known["picture"]]
    return value


def _tie(session: Session, kind: Kind, row: Any, removed: RemovedRecord) -> None:
    """Lead the addresses on that it had, and let the records name it that did, as far as these are there."""
    use_again(session, kind.name, [removed.key])
    for former in removed.former_keys:
        if not session.get(FormerAddress, (kind.name, former)) and not _row_at(session, kind, former):
            lead_on(session, kind.name, former, row.id)
    for name, key, field_name in removed.named_by:
        field = KINDS[name].by_name[field_name]
        if other := _row_at(session, KINDS[name], key):
            getattr(other, field.attribute).append(row)


def _part(session: Session, kind: Kind, removed: RemovedRecord, actor: int, now: datetime) -> None:
    """Give a paper that was made one with another its addresses and its own numbers back."""
    for key in (removed.key, *removed.former_keys):
        former = session.get(FormerAddress, (kind.name, key))
        if former is not None and former.record_id == removed.merged_into:
            session.delete(former)
    kept = session.get(Publication, removed.merged_into, with_for_update={"of": Publication})
    numbers = [name for name in ("doi", "arxiv") if kept and removed.values[name] == getattr(kept, name) is not None]
    if kept and numbers:
        keep(session, kind, kept, now=now)
        for name in numbers:
            setattr(kept, name, None)
        kept.additions = {name: value for name, value in kept.additions.items() if name not in numbers}
        _tell(session, kind, kept.key, revise(session, kind, kept, actor=actor, now=now), actor, now)
    session.flush()


def _tell(session: Session, kind: Kind, key: str, number: int, actor: int, now: datetime) -> None:
    about = Subject(SubjectKind.RECORD, f"{kind.name}/{key}")
    record(session, RecordChanged(number), about=about, at=now, actor_id=actor)


def indexed(kind: Kind) -> tuple[str, ...]:
    """The kinds of entries of the search that repeat what records of a kind say."""
    return EDITABLE[kind.name].indexed if kind.name in EDITABLE else (kind.name,)


def follow_removal(session: Session, kind: Kind) -> None:
    """Let everything say what follows from a record that went or came: who wrote which papers, and the search."""
    session.flush()
    session.expire_all()  # the database has cut ties by itself
    if kind is PUBLICATION:
        tie(session, session.scalars(select(Member)))
    follow(session, kind, indexed(kind))
