"""Changing the group's public record."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from itertools import count

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.content.editing import known_of
from s2group.content.news.files import NEWS
from s2group.content.news.models import NewsItem
from s2group.content.news.rules import NewsCategory
from s2group.content.records.addresses import former_keys
from s2group.content.records.kinds import Values
from s2group.content.records.models import FormerAddress
from s2group.content.records.services import head, save
from s2group.content.search.services import index_kind
from s2group.content.trash.queries import is_removed, removed_keys
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText


@dataclass(frozen=True)
class NewsDraft:
    """What an editor writes of a news item. Without a slug an item keeps the one it has, or gets one from its day."""

    slug: str
    day: date
    title: LocalizedText
    body: LocalizedText
    category: NewsCategory = NewsCategory.NOTICE
    pinned: bool = False
    # The random key of the form; one form makes at most one item.
    form_key: str = ""
    # Whether no more than the month of the day is known.
    month_only: bool = False
    # Members, papers and pictures, by the names of these fields; what is not named stays as it is.
    more: Values = field(default_factory=dict)


class Show(Enum):
    """Whether visitors see a news item once it is saved."""

    AS_IT_WAS = "as it was"
    PUBLISHED = "published"
    TAKEN_BACK = "a draft again"


class NewsConflictError(Exception):
    """Somebody saved the item since this editor read it; saving would undo their work unseen."""


class SlugTakenError(ValueError):
    """Another news item has this slug, or had it once: addresses are permanent."""


def version_of(item: NewsItem | None) -> str:
    """Which state of the item an editor has seen; empty for one that does not exist."""
    return item.updated_at.isoformat() if item else ""


def save_news_item(
    *,
    item_id: int | None,
    draft: NewsDraft,
    seen: str,
    actor: int | None,
    now: datetime,
    show: Show = Show.AS_IT_WAS,
    publish_at: datetime | None = None,
) -> NewsItem:
    """Keep what an editor wrote, as a new draft where `item_id` is None, and show it or not; all of it or nothing.

    A published item changes at once. To publish one shows it on the home page, the news page and in the feed, from
    `publish_at` on if that is still to come; what visitors see already stays. `seen` is the version the editor started
    from, and `actor` the id of their account. A form sent twice gives the item it made first.

    Raises NewsConflictError, SlugTakenError, and ContentError where it names what is not there.
    """
    with transaction() as session:
        item = _item(session, item_id, draft, seen)
        if item.id is not None and item_id is None:
            return item
        shown = _show(item, show, publish_at, now)
        _write(session, item, draft, shown, actor=actor, now=now)
        index_kind(session, "news")
    return item


@contextmanager
def tried_news_item(
    *, item_id: int | None, draft: NewsDraft, seen: str, actor: int, now: datetime
) -> Iterator[NewsItem]:
    """The item as `save_news_item` would publish it at `now`, for what the block shows of it; nothing is kept.

    Raises the same.
    """
    with transaction() as session:
        item = _item(session, item_id, draft, seen)
        _write(session, item, draft, _show(item, Show.PUBLISHED, None, now), actor=actor, now=now)
        yield item
        session.rollback()


def _item(session: Session, item_id: int | None, draft: NewsDraft, seen: str) -> NewsItem:
    """The item to write, a new one where none is named; the one that a form sent twice has made. Raises
    NewsConflictError."""
    item = session.get_one(NewsItem, item_id, with_for_update=True) if item_id else None
    if version_of(item) != seen:
        raise NewsConflictError
    return item or _made_by(session, draft.form_key) or NewsItem(form_key=draft.form_key or None)


def _show(item: NewsItem, show: Show, publish_at: datetime | None, now: datetime) -> datetime | None:
    """From when on visitors see it; None for a draft."""
    if show is Show.TAKEN_BACK:
        return None
    if show is Show.PUBLISHED and (item.published_at is None or item.published_at > now):
        return max(publish_at or now, now)
    return item.published_at


def _write(
    session: Session, item: NewsItem, draft: NewsDraft, shown: datetime | None, *, actor: int | None, now: datetime
) -> None:
    """Raises SlugTakenError, ContentError."""
    slug = draft.slug or item.slug or _free_slug(session, draft.day)
    former = session.get(FormerAddress, (NEWS.name, slug))
    if (former and former.record_id != item.id) or (slug != item.slug and is_removed(session, NEWS.name, slug)):
        raise SlugTakenError(slug)
    values = {
        **NEWS.of(item),
        **draft.more,
        "slug": slug,
        "day": draft.day,
        "month_only": draft.month_only,
        "title": draft.title,
        "body": draft.body,
        "category": draft.category,
        "pinned": draft.pinned,
        "at": shown,
        "draft": shown is None,
    }
    seen = head(session, NEWS, item).number if item.id else 0
    try:
        save(session, NEWS, item, values, seen=seen, actor=actor, now=now, known=known_of(session, NEWS, values))
    except IntegrityError as error:
        raise SlugTakenError(draft.slug) from error


def _made_by(session: Session, form_key: str) -> NewsItem | None:
    return session.scalar(select(NewsItem).where(NewsItem.form_key == form_key)) if form_key else None


def _free_slug(session: Session, day: date) -> str:
    """The day itself, or the day and the first number that no other item has, had or will have when it is brought
    back."""
    start = day.isoformat()
    stored = select(NewsItem.slug).where(NewsItem.slug.startswith(start))
    taken = {*session.scalars(stored), *former_keys(session, NEWS.name), *removed_keys(session)[NEWS.name]}
    return next(slug for n in count(1) if (slug := start if n == 1 else f"{start}-{n}") not in taken)
