"""The news of the group. What is planned for later is not there before its time."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import Integer, Select, cast, extract, func, select, tuple_
from sqlalchemy.orm import selectinload

from s2group.content.group.models import ResearchArea
from s2group.content.news.models import NewsItem, NewsPicture
from s2group.content.news.rules import NewsCategory
from s2group.content.people.models import Member
from s2group.content.publications.models import Authorship, Publication
from s2group.content.records.addresses import went_by
from s2group.core.paging import Page, fetch_page
from s2group.extensions import db

NEWS_KEY = re.compile(r"(\d{4}-\d\d-\d\d)-([1-9]\d{0,8})")


def _news() -> Select[NewsItem]:
    return select(NewsItem).order_by(NewsItem.day.desc(), NewsItem.id.desc())


def _published_news(now: datetime, category: NewsCategory | None = None, year: int | None = None) -> Select[NewsItem]:
    published = _news().where(NewsItem.published_at <= now)
    if category is not None:
        published = published.where(NewsItem.category == category)
    return published if year is None else published.where(NewsItem.day.between(date(year, 1, 1), date(year, 12, 31)))


def latest_news(limit: int, *, now: datetime, category: NewsCategory | None = None) -> Sequence[NewsItem]:
    """The newest items that are published at `now`."""
    return db.session.scalars(_published_news(now, category).limit(limit)).all()


def fed_news(limit: int, *, now: datetime, category: NewsCategory | None = None) -> Sequence[NewsItem]:
    """The newest items for the feed: those that an editor could have taken back, had nobody meant them."""
    return latest_news(limit, now=now - _hold(), category=category)


def fed_at(published_at: datetime) -> datetime:
    """From when on the feed tells of what is published at a moment."""
    return published_at + _hold()


def next_fed(now: datetime) -> datetime | None:
    """When the next item comes into the feed; None where none is on its way."""
    published = next_publication(now - _hold())
    return published and fed_at(published)


def _hold() -> timedelta:
    return timedelta(minutes=current_app.config["HOLD_MINUTES"])


def foremost_news(limit: int, *, now: datetime) -> Sequence[NewsItem]:
    """The pinned items, then the newest, of those published at `now`."""
    statement = _published_news(now).order_by(None)
    ordered = statement.order_by(NewsItem.pinned.desc(), NewsItem.day.desc(), NewsItem.id.desc())
    return db.session.scalars(ordered.limit(limit)).all()


def pinned_news(*, now: datetime, category: NewsCategory | None = None, year: int | None = None) -> Sequence[NewsItem]:
    """The items that stand above all others, newest first."""
    return db.session.scalars(_published_news(now, category, year).where(NewsItem.pinned)).all()


def news_page(
    *,
    size: int,
    now: datetime,
    category: NewsCategory | None = None,
    year: int | None = None,
    after: str | None = None,
) -> Page[NewsItem]:
    """A page of published items that are not pinned, newest first, from the one that follows the key `after` on.

    Raises ValueError where `after` is no key of ours.
    """
    return _page(_published_news(now, category, year).where(~NewsItem.pinned), size, after)


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


@dataclass(frozen=True)
class NewsCounts:
    """How many items are published: of each category within a year, of each year within a category; none is left out
    but those without any, and years come newest first."""

    categories: dict[NewsCategory, int]
    years: dict[int, int]


def news_counts(*, now: datetime, category: NewsCategory | None = None, year: int | None = None) -> NewsCounts:
    """What there is beside what is chosen, in one statement."""
    its_year = cast(extract("year", NewsItem.day), Integer)
    statement = select(NewsItem.category, its_year, func.count()).where(NewsItem.published_at <= now)
    rows = db.session.execute(statement.group_by(NewsItem.category, its_year)).all()
    categories, years = Counter[str](), Counter[int]()
    for of_category, of_year, count in rows:
        categories[of_category] += count if year in (None, of_year) else 0
        years[of_year] += count if category in (None, of_category) else 0
    return NewsCounts(
        {each: categories[each] for each in NewsCategory if categories[each]},
        {each: years[each] for each in sorted(years, reverse=True) if years[each]},
    )


def published_news_item(slug: str, *, now: datetime) -> NewsItem | None:
    """The item with this address and all that it shows; a draft is not found, nor what is planned."""
    return _whole(_published_news(now).where(NewsItem.slug == slug))


def whole_news_item(number: int) -> NewsItem | None:
    """The item of this id and all that it shows, be it published or not."""
    return _whole(_news().where(NewsItem.id == number))


def _whole(statement: Select[NewsItem]) -> NewsItem | None:
    shown = (
        selectinload(NewsItem.members),
        selectinload(NewsItem.publications).options(
            selectinload(Publication.areas), selectinload(Publication.authors).joinedload(Authorship.member)
        ),
        selectinload(NewsItem.pictures).joinedload(NewsPicture.picture),
    )
    return db.session.scalars(statement.options(*shown)).one_or_none()


def next_publication(now: datetime) -> datetime | None:
    """When the next item is published after `now`; None where none is planned."""
    return db.session.scalar(select(func.min(NewsItem.published_at)).where(NewsItem.published_at > now))


def present_slug(former: str, *, now: datetime) -> str | None:
    """The slug of the published item that once went by `former`; None where there is none."""
    renamed = _published_news(now).with_only_columns(NewsItem.slug).where(went_by("news", former, NewsItem.id))
    return db.session.scalars(renamed).one_or_none()


def news_item(slug: str) -> NewsItem | None:
    """The item of this address for its editors, be it published or not."""
    return db.session.scalars(_news().where(NewsItem.slug == slug)).one_or_none()


def news_of(member: Member, limit: int, *, now: datetime) -> Sequence[NewsItem]:
    """The newest published items that mention `member`."""
    about = _published_news(now).where(NewsItem.members.any(Member.id == member.id))
    return db.session.scalars(about.limit(limit)).all()


def news_of_area(area: ResearchArea, limit: int, *, now: datetime) -> Sequence[NewsItem]:
    """The newest published items about papers of a research area."""
    its_paper = Publication.areas.any(ResearchArea.id == area.id)
    return db.session.scalars(_published_news(now).where(NewsItem.publications.any(its_paper)).limit(limit)).all()


def news_slugs(*, now: datetime) -> Sequence[str]:
    """The addresses of all published items, newest first."""
    return db.session.scalars(_published_news(now).with_only_columns(NewsItem.slug)).all()
