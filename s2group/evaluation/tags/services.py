"""Making and changing tags, and putting them on applications.

Of a private tag no event is kept: it is a note of its owner, and others read the history.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.audit.rules import (
    Details,
    TagChanged,
    Tagged,
    TagMade,
    TagRemoved,
    TagRestored,
    Untagged,
)  # fmt: skip
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.text import comparable
from s2group.evaluation.access import visible_to
from s2group.evaluation.tags.models import Tag, Tagging
from s2group.evaluation.tags.queries import visible_tags
from s2group.evaluation.tags.rules import RESTORABLE, Colour, change, tidy_name


class NameTakenError(ValueError):
    """There is a tag of this name already, among the shared ones or among one's own."""


def make_tag(*, name: str, colour: Colour, shared: bool, query: str | None = None, actor: User, now: datetime) -> Tag:
    """Add a tag that all share, or one of the actor's own. Raises NameTakenError; ValueError as tidy_name does.

    With a `query`, as search.asking.by_keys writes it, that says which applications have it.
    """
    tidy = tidy_name(name)
    tag = Tag(
        name=tidy,
        name_key=comparable(tidy),
        colour=colour.value,
        owner_id=None if shared else actor.id,
        query=query,
        created_at=now,
    )
    with transaction() as session:
        _check_free(session, tag, actor)
        session.add(tag)
        _flush(session)
        _record(session, tag, TagMade(tidy), actor, now)
    return tag


def change_tag(*, tag: Tag, name: str, colour: Colour, query: str | None = None, actor: User, now: datetime) -> None:
    """Give a tag another name or colour, an automatic one another search. Raises as make_tag does."""
    tidy = tidy_name(name)
    with transaction() as session:
        session.refresh(tag, with_for_update=True)
        before, tag.name, tag.name_key, tag.colour = tag.name, tidy, comparable(tidy), colour.value
        tag.query = query if tag.is_automatic else None
        _check_free(session, tag, actor)
        _flush(session)
        if before != tidy:
            _record(session, tag, TagChanged(before, tidy), actor, now)


def remove_tag(*, tag: Tag, actor: User, now: datetime) -> None:
    """Hide a tag from everybody; where it was it is again once restore_tag brings it back."""
    with transaction() as session:
        session.refresh(tag, with_for_update=True)
        if tag.removed_at is None:
            tag.removed_at = now
            _record(session, tag, TagRemoved(tag.name), actor, now)


def restore_tag(*, tag: Tag, actor: User, now: datetime) -> None:
    """Bring a removed tag back. Raises NameTakenError where another one has its name by now."""
    with transaction() as session:
        session.refresh(tag, with_for_update=True)
        if tag.removed_at is not None:
            tag.removed_at = None
            _check_free(session, tag, actor)
            _flush(session)
            _record(session, tag, TagRestored(tag.name), actor, now)


def forget_removed(*, now: datetime) -> int:
    """Delete the tags that can be brought back no longer, in a transaction of its own; how many there were."""
    with transaction() as session:
        gone = delete(Tag).where(Tag.removed_at <= now - RESTORABLE).returning(Tag.id)
        return len(session.scalars(gone).all())


def set_tags(*, application: Application, chosen: Collection[Tag], actor: User, now: datetime) -> None:
    """Let an application have these of the tags that the actor sees, and none of the others that they see."""
    with transaction() as session:
        _hold(session, actor, [application.id])
        visible = {tag.id: tag for tag in session.scalars(visible_tags(actor).where(Tag.query.is_(None)))}
        before = {row.tag_id for row in _rows(session, actor, [application.id])}
        changed = change(before=before, chosen={tag.id for tag in chosen}, visible=visible)
        for tag_id in sorted(changed.added):
            _put_on(session, visible[tag_id], [application], actor, now)
        for tag_id in sorted(changed.removed):
            _take_off(session, visible[tag_id], [application], actor, now)


def add_to(session: Session, tag: Tag, ids: Collection[int], *, actor: User, now: datetime) -> list[int]:
    """Put a tag on these applications, as far as the actor sees them, within the caller's transaction.

    The ids of those that had it not.
    """
    held = _hold(session, actor, ids)
    have = {row.application_id for row in _rows(session, actor, ids) if row.tag_id == tag.id}
    without = [application for application in held if application.id not in have]
    _put_on(session, tag, without, actor, now)
    return [application.id for application in without]


def take_from(session: Session, tag: Tag, ids: Collection[int], *, actor: User, now: datetime) -> list[int]:
    """Take a tag off these applications as add_to puts it on; the ids of those that had it."""
    held = _hold(session, actor, ids)
    have = {row.application_id for row in _rows(session, actor, ids) if row.tag_id == tag.id}
    within = [application for application in held if application.id in have]
    _take_off(session, tag, within, actor, now)
    return [application.id for application in within]


def _hold(session: Session, actor: User, ids: Collection[int]) -> Sequence[Application]:
    """Those of them that the actor sees, held until the transaction ends: a colleague who tags one waits."""
    held = visible_to(actor).where(Application.id.in_(ids)).order_by(Application.id)
    return session.scalars(held.with_for_update(of=Application)).all()


def _rows(session: Session, actor: User, ids: Collection[int]) -> Sequence[Tagging]:
    joined = visible_to(actor).join(Tagging, Tagging.application_id == Application.id)
    return session.scalars(joined.with_only_columns(Tagging).where(Application.id.in_(ids))).all()


def _put_on(session: Session, tag: Tag, applications: Sequence[Application], actor: User, now: datetime) -> None:
    for application in applications:
        session.add(Tagging(tag_id=tag.id, application_id=application.id, at=now))
        _record_on(session, tag, application, Tagged(tag.name), actor, now)


def _take_off(session: Session, tag: Tag, applications: Sequence[Application], actor: User, now: datetime) -> None:
    by_id = {application.id: application for application in applications}
    for row in _rows(session, actor, by_id):
        if row.tag_id == tag.id:
            session.delete(row)
            _record_on(session, tag, by_id[row.application_id], Untagged(tag.name), actor, now)


def _check_free(session: Session, tag: Tag, actor: User) -> None:
    """A shared tag and one's own of one name could not be told apart; of other people's nothing is said."""
    with session.no_autoflush:
        same = visible_tags(actor).where(Tag.name_key == tag.name_key)
        if any(other is not tag for other in session.scalars(same)):
            raise NameTakenError(tag.name)


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # somebody was faster
        raise NameTakenError from error


def _record(session: Session, tag: Tag, details: Details, actor: User, now: datetime) -> None:
    if not tag.is_private:
        record(session, details, about=tag.subject, at=now, actor_id=actor.id)


def _record_on(
    session: Session, tag: Tag, application: Application, details: Details, actor: User, now: datetime
) -> None:
    if not tag.is_private:
        record(session, details, about=application.subject, at=now, actor_id=actor.id)
