"""news.toml: the first news of a new portal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.group.queries import day_begins
from s2group.content.news.models import FormerSlug, NewsItem, NewsPicture
from s2group.content.news.rules import NewsCategory
from s2group.content.records.files import Record, read_toml, tables
from s2group.content.records.loading import Row, Unique, slug_field
from s2group.content.records.references import Known, Names, listed_names
from s2group.core.localized import LocalizedText


@dataclass(frozen=True)
class ShownPicture:
    """A picture of a gallery: where it lies, and what it shows."""

    record: Record
    path: str
    alt: LocalizedText


@dataclass(frozen=True)
class News:
    """An item of the file; `at` is when it is published, or None for at once."""

    row: Row
    at: datetime | None
    members: Names
    papers: Names
    pictures: tuple[ShownPicture, ...]


def read_news(folder: Path) -> Iterator[News]:
    """The news, newest first. Raises ContentError at the first mistake."""
    file = read_toml(folder / "news.toml", "news.toml")
    slugs = Unique("slug")
    for item in tables(file, "items"):
        slugs.check(item, str(item.values.get("slug")))
        yield _news(item)
        item.end()
    file.end()


def _news(item: Record) -> News:
    return News(
        row={
            "slug": slug_field(item, "slug"),
            "day": _day(item),
            "category": _category(item),
            "pinned": _pinned(item),
            "title": item.localized("title"),
            "body": item.localized("body"),
        },
        at=_moment(item),
        members=listed_names(item, "members"),
        papers=listed_names(item, "papers"),
        pictures=tuple(_picture(picture) for picture in tables(item, "pictures")),
    )


def _day(item: Record) -> date:
    day = item.take("day")
    if not isinstance(day, date) or isinstance(day, datetime):
        raise item.error(f"day is {day!r}", "Write it as 2026-07-02, without quotation marks")
    return day


def _category(item: Record) -> str:
    return item.choice("category", tuple(NewsCategory)) if "category" in item.values else NewsCategory.NOTICE


def _pinned(item: Record) -> bool:
    pinned = item.take("pinned", False)
    if not isinstance(pinned, bool):
        raise item.error(f"pinned is {pinned!r}", "Write true or false, without quotation marks")
    return pinned


def _moment(item: Record) -> datetime | None:
    at = item.take("at", None)
    if at is not None and not (isinstance(at, datetime) and at.tzinfo):
        raise item.error(f"at is {at!r}", "Write it as 2026-07-02T09:00:00+08:00, without quotation marks")
    try:
        return at.astimezone(UTC) if at else None
    except OverflowError as error:
        raise item.error(f"at is {at}, beyond the calendar", "Correct the year") from error


def _picture(picture: Record) -> ShownPicture:
    shown = ShownPicture(picture, picture.text("file"), picture.localized("alt"))
    picture.end()
    return shown


def add_news(session: Session, news: Sequence[News], known: Known, pictures: Mapping[str, Row], now: datetime) -> int:
    """Add what has a slug that no item has or had; how many were added.

    An item is published when it says, else on its day, or at `now` where that is still to come.

    What is known already belongs to the editors. Raises ContentError where an item names what does not exist.
    """
    stored = {*session.scalars(select(NewsItem.slug)), *session.scalars(select(FormerSlug.slug))}
    # The oldest first: of two on one day the one further up in the file then counts as the newer.
    new = [item for item in reversed(news) if item.row["slug"] not in stored]
    session.add_all(_new_item(item, known, pictures, now) for item in new)
    return len(new)


def _new_item(item: News, known: Known, pictures: Mapping[str, Row], now: datetime) -> NewsItem:
    published_at = item.at or min(day_begins(item.row["day"]), now)
    return NewsItem(
        **item.row,
        published_at=published_at,
        created_at=now,
        updated_at=min(published_at, now),
        members=item.members.among(known.members),
        publications=item.papers.among(known.papers),
        pictures=[
            NewsPicture(position=position, picture_digest=_digest(shown, pictures), alt=shown.alt)
            for position, shown in enumerate(item.pictures)
        ],
    )


def _digest(shown: ShownPicture, pictures: Mapping[str, Row]) -> str:
    if shown.path not in pictures:
        raise shown.record.error(f"there is no pictures/{shown.path}", "Put the file there or correct its name")
    digest: str = pictures[shown.path]["digest"]
    return digest
