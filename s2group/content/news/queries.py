"""The news of the group. What is planned for later is not there before its time."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import selectinload

from s2group.content.news.models import NewsItem, NewsPicture
from s2group.content.news.rules import NewsCategory
from s2group.content.people.models import Member
from s2group.content.records.addresses import went_by
from s2group.core.paging import Page, fetch_page
from s2group.extensions import db

NEWS_KEY = re.compile(r"(\d{4}-\d\d-\d\d)-([1-9]\d{0,8})")


def _news() -> Select[NewsItem]:
    return select(NewsItem).order_by(NewsItem.day.desc(), NewsItem.id.desc())


def _published_news(now: datetime, category: NewsCategory | None = None) -> Select[NewsItem]:
    published = _news().where(NewsItem.published_at <= now)
    return published if category is None else published.where(NewsItem.category == category)


def latest_news(limit: int, *, now: datetime, category: NewsCategory | None = None) -> Sequence[NewsItem]:
    """The newest items that are published at `now`."""
    return db.session.scalars(_published_news(now, category).limit(limit)).all()


def foremost_news(limit: int, *, now: datetime) -> Sequence[NewsItem]:
    """The pinned items, then the newest, of those published at `now`."""
    statement = _published_news(now).order_by(None)
    ordered = statement.order_by(NewsItem.pinned.desc(), NewsItem.day.desc(), NewsItem.id.desc())
    return db.session.scalars(ordered.limit(limit)).all()


def pinned_news(*, now: datetime, category: NewsCategory | None = None) -> Sequence[NewsItem]:
    """The items that stand above all others, newest first."""
    return db.session.scalars(_published_news(now, category).where(NewsItem.pinned)).all()


def news_page(
    *, size: int, now: datetime, category: NewsCategory | None = None, after: str | None = None
) -> Page[NewsItem]:
    """A page of published items that are not pinned, newest first, from the one that follows the key `after` on.

    Raises ValueError where `after` is no key of ours.
    """
    return _page(_published_news(now, category).where(~NewsItem.pinned), size, after)


def news_to_edit(*, size: int, after: str | None = None) -> Page[NewsItem]:
    """A page of all items, drafts and planned ones too, as news_page."""
    return _page(_news(), size, after)


def _page(statement: Select[NewsItem], size: int, after: str | None) -> Page[NewsItem]:
    if after is not None:
        statement = statement.where(tuple_(NewsItem.day, NewsItem.id) < _read_news_key(after))
    return fetch_page(statement, size=size, key=lambda item: f"{item.day}-{item.id}")


def _read_news_key(key: str) -> tuple[date, int]:
    match = NEWS_KEY.fullmatch(key)
    if match is None:
        raise ValueError(f"not a key of the news: {key!r}")
    return date.fromisoformat(match[1]), int(match[2])


def news_counts(*, now: datetime) -> dict[NewsCategory, int]:
    """How many items of each category are published at `now`; a category without any is left out."""
    statement = select(NewsItem.category, func.count()).where(NewsItem.published_at <= now).group_by(NewsItem.category)
    counted = {row.category: row[1] for row in db.session.execute(statement)}
    return {category: counted[category] for category in NewsCategory if category in counted}


def published_news_item(slug: str, *, now: datetime) -> NewsItem | None:
    """The item with this address and all that it shows; a draft is not found, nor what is planned."""
    statement = _published_news(now).where(NewsItem.slug == slug)
    shown = (
        selectinload(NewsItem.members),
        selectinload(NewsItem.publications),
        selectinload(NewsItem.pictures).joinedload(NewsPicture.picture),
    )
    return db.session.scalars(statement.options(*shown)).one_or_none()


def present_slug(former: str, *, now: datetime) -> str | None:
    """The slug of the published item that once went by `former`; None where there is none."""
    renamed = _published_news(now).with_only_columns(NewsItem.slug).where(went_by("news", former, NewsItem.id))
    return db.session.scalars(renamed).one_or_none()


def news_item(slug: str) -> NewsItem | None:
    """The item of this address for its editors, be it published or not."""
    return db.session.scalars(_news().where(NewsItem.slug == slug)).one_or_none()


def news_of(member: Member, *, now: datetime) -> Sequence[NewsItem]:
    """The published items that mention `member`, newest first."""
    return db.session.scalars(_published_news(now).where(NewsItem.members.any(Member.id == member.id))).all()


def news_slugs(*, now: datetime) -> Sequence[str]:
    """The addresses of all published items, newest first."""
    return db.session.scalars(_published_news(now).with_only_columns(NewsItem.slug)).all()
