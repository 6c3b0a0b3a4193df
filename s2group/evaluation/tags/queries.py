"""Reads of tags: whoever asks gets the shared ones and their own."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.evaluation.access import visible_to
from s2group.evaluation.tags.models import Tag, Tagging
from s2group.evaluation.tags.rules import MOST_AUTOMATIC, RESTORABLE
from s2group.extensions import db


def visible_tags(user: User) -> Select[Tag]:
    """The tags that `user` sees, in no order: the shared ones and their own, none that was removed."""
    return _seen_by(user).where(Tag.removed_at.is_(None))


def _seen_by(user: User) -> Select[Tag]:
    return select(Tag).where(or_(Tag.owner_id.is_(None), Tag.owner_id == user.id))


def tags_visible_to(user: User) -> Sequence[Tag]:
    """The same as a list: shared ones first, by name."""
    return db.session.scalars(visible_tags(user).order_by(Tag.owner_id.is_not(None), Tag.name)).all()


def tags_by_hand(user: User) -> Sequence[Tag]:
    """Those of them that people put on applications."""
    return [tag for tag in tags_visible_to(user) if not tag.is_automatic]


def automatic_tags(user: User) -> Sequence[Tag]:
    """Those of them that a search puts on applications, at most MOST_AUTOMATIC."""
    return [tag for tag in tags_visible_to(user) if tag.is_automatic][:MOST_AUTOMATIC]


def tag_by_key(user: User, key: str) -> Tag | None:
    """The tag with this key, also a removed one; None where `user` sees no such."""
    return db.session.scalar(_seen_by(user).where(Tag.key == key))


def removed_tags(user: User, *, now: datetime) -> Sequence[Tag]:
    """What can still be brought back, the latest first."""
    removed = _seen_by(user).where(Tag.removed_at > now - RESTORABLE)
    return db.session.scalars(removed.order_by(Tag.removed_at.desc(), Tag.id)).all()


def taggings(user: User) -> Select[int, Tag]:
    """Application id and tag wherever `user` sees both, in no order. Searches begin here too."""
    joined = (
        visible_to(user).join(Tagging, Tagging.application_id == Application.id).join(Tag, Tag.id == Tagging.tag_id)
    )
    mine = or_(Tag.owner_id.is_(None), Tag.owner_id == user.id)
    return joined.with_only_columns(Tagging.application_id, Tag).where(mine, Tag.removed_at.is_(None))


def tags_of(user: User, ids: Collection[int]) -> dict[int, list[Tag]]:
    """The tags of these applications that `user` sees, shared ones first, by name; one statement.

    An application without any is not in it.
    """
    found: dict[int, list[Tag]] = {}
    ordered = taggings(user).order_by(Tag.owner_id.is_not(None), Tag.name)
    for application_id, tag in db.session.execute(ordered.where(Application.id.in_(ids))):
        found.setdefault(application_id, []).append(tag)
    return found


def tag_counts(user: User) -> dict[int, int]:
    """How many applications that `user` sees have each tag that they see, by its id."""
    counted = taggings(user).with_only_columns(Tag.id, func.count()).group_by(Tag.id)
    return dict(db.session.execute(counted).all())
