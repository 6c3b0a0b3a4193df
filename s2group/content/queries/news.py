"""The news of the group."""

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select, tuple_

from s2group.content.models import NewsItem
from s2group.core.paging import Page, fetch_page
from s2group.extensions import db

NEWS_KEY = re.compile(r"(\d{4}-\d\d-\d\d)-([1-9]\d{0,8})")


def _news() -> Select[NewsItem]:
    return select(NewsItem).order_by(NewsItem.day.desc(), NewsItem.id.desc())


def _published_news() -> Select[NewsItem]:
    return _news().where(NewsItem.published_at.is_not(None))


def latest_news(limit: int) -> Sequence[NewsItem]:
    """The newest published items."""
    return db.session.scalars(_published_news().limit(limit)).all()


def news_page(*, size: int, after: str | None = None, drafts: bool = False) -> Page[NewsItem]:
    """A page of published items, or of `drafts` too, newest first, from the one that follows the key `after` on.

    Raises ValueError where `after` is no key of ours.
    """
    statement = _news() if drafts else _published_news()
    if after is not None:
        statement = statement.where(tuple_(NewsItem.day, NewsItem.id) < _read_news_key(after))
    return fetch_page(statement, size=size, key=lambda item: f"{item.day}-{item.id}")


def _read_news_key(key: str) -> tuple[date, int]:
    match = NEWS_KEY.fullmatch(key)
    if match is None:
        raise ValueError(f"not a key of the news: {key!r}")
    return date.fromisoformat(match[1]), int(match[2])


def published_news_item(slug: str) -> NewsItem | None:
    """The published item with this address; a draft is not found."""
    return db.session.scalars(_published_news().where(NewsItem.slug == slug)).one_or_none()


def news_item(slug: str) -> NewsItem | None:
    """The item of this address for its editors, be it published or not."""
    return db.session.scalars(_news().where(NewsItem.slug == slug)).one_or_none()


def news_slugs() -> Sequence[str]:
    """The addresses of all published items, newest first."""
    return db.session.scalars(_published_news().with_only_columns(NewsItem.slug)).all()
