"""Changing the group's public record."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import count

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.content.news.models import FormerSlug, NewsItem
from s2group.content.news.rules import NewsCategory
from s2group.content.search.services import index_kind
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
    now: datetime,
    show: Show = Show.AS_IT_WAS,
    publish_at: datetime | None = None,
) -> NewsItem:
    """Keep what an editor wrote, as a new draft where `item_id` is None, and show it or not; all of it or nothing.

    A published item changes at once. To publish one shows it on the home page, the news page and in the feed, from
    `publish_at` on if that is still to come; what visitors see already stays. `seen` is the version the editor started
    from. A form sent twice gives the item it made first.

    Raises NewsConflictError, SlugTakenError.
    """
    with transaction() as session:
        item = session.get_one(NewsItem, item_id, with_for_update=True) if item_id else None
        if version_of(item) != seen:
            raise NewsConflictError
        if item is None and (sent_before := _made_by(session, draft.form_key)):
            return sent_before
        if item is None:
            item = NewsItem(created_at=now, form_key=draft.form_key or None)
            session.add(item)
        _write(session, item, draft, now)
        _show(item, show, publish_at, now)
        index_kind(session, "news")
    return item


def _show(item: NewsItem, show: Show, publish_at: datetime | None, now: datetime) -> None:
    if show is Show.TAKEN_BACK:
        item.published_at = None
    elif show is Show.PUBLISHED and (item.published_at is None or item.published_at > now):
        item.published_at = max(publish_at or now, now)


def _write(session: Session, item: NewsItem, draft: NewsDraft, now: datetime) -> None:
    item.day, item.title, item.body, item.updated_at = draft.day, draft.title, draft.body, now
    item.category, item.pinned = draft.category, draft.pinned
    try:
        with session.no_autoflush:
            _move(session, item, draft.slug or item.slug or _free_slug(session, draft.day))
        session.flush()
    except IntegrityError as error:
        raise SlugTakenError(draft.slug) from error


def _move(session: Session, item: NewsItem, slug: str) -> None:
    """Give the item this slug; the one it had leads on to it. Raises SlugTakenError."""
    former = session.get(FormerSlug, slug)
    if former is not None and former.item is not item:
        raise SlugTakenError(slug)
    if former is not None:
        session.delete(former)
    if item.slug and item.slug != slug:
        session.add(FormerSlug(slug=item.slug, item=item))
    item.slug = slug


def _made_by(session: Session, form_key: str) -> NewsItem | None:
    return session.scalar(select(NewsItem).where(NewsItem.form_key == form_key)) if form_key else None


def _free_slug(session: Session, day: date) -> str:
    """The day itself, or the day and the first number that no other item has or had."""
    start = day.isoformat()
    columns = (NewsItem.slug, FormerSlug.slug)
    taken = {slug for column in columns for slug in session.scalars(select(column).where(column.startswith(start)))}
    return next(slug for n in count(1) if (slug := start if n == 1 else f"{start}-{n}") not in taken)
