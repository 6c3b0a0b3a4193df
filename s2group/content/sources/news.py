"""news.toml: the first news of a new portal."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.files import Record, read_toml, tables
from s2group.content.models import NewsItem
from s2group.content.sources.shared import Row, Unique, slug_field


def read_news(folder: Path) -> Iterator[Row]:
    """The news, newest first. Raises ContentError at the first mistake."""
    file = read_toml(folder / "news.toml", "news.toml")
    slugs = Unique("slug")
    for item in tables(file, "items"):
        yield {
            "slug": slugs.check(item, slug_field(item, "slug")),
            "day": _day(item),
            "title": item.localized("title"),
            "body": item.localized("body"),
        }
        item.end()
    file.end()


def _day(item: Record) -> date:
    day = item.take("day")
    if not isinstance(day, date) or isinstance(day, datetime):
        raise item.error(f"day is {day!r}", "Write it as 2026-07-02, without quotation marks")
    return day


def add_news(session: Session, rows: Sequence[Row], now: datetime) -> int:
    """Add what has a new slug, published at `now`; how many. What is known already belongs to the editors."""
    known = set(session.scalars(select(NewsItem.slug)))
    # The oldest first: of two on one day the one further up in the file then counts as the newer.
    new = [row for row in reversed(rows) if row["slug"] not in known]
    session.add_all(NewsItem(**row, published_at=now, created_at=now, updated_at=now) for row in new)
    return len(new)
