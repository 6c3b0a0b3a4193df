"""news.toml: what is new in the group."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext

from s2group.content.group.queries import day_begins
from s2group.content.news.models import NewsItem, NewsPicture
from s2group.content.news.rules import NewsCategory
from s2group.content.pictures.fields import PicturePath
from s2group.content.pictures.files import picture_at
from s2group.content.records.entries import Entry, TomlTables
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import (
    Choice,
    Day,
    Field,
    Flag,
    Known,
    Localized,
    Moment,
    References,
    Slug,
    Tables,
)
from s2group.content.records.kinds import Kind, Values


@dataclass(frozen=True)
class Gallery(Tables):
    """The pictures of an item, each with what it shows."""

    fields: tuple[Field[Any], ...] = (PicturePath("file", column="picture"), Localized("alt"))

    def of(self, row: Any) -> list[dict[str, Any]]:
        """The pictures, in their order."""
        return [{field.name: field.of(picture) for field in self.fields} for picture in row.pictures]

    def put(self, row: Any, value: list[dict[str, Any]], known: Known, place: str) -> None:
        """Show these pictures."""
        del row.pictures[len(value) :]
        for position, table in enumerate(value):
            if position == len(row.pictures):
                row.pictures.append(NewsPicture(position=position))
            for field in self.fields:
                field.put(row.pictures[position], table[field.name], known, place)


def _complete(item: NewsItem, now: datetime) -> None:
    """When it was made and changed: a new item that was published before counts as of then."""
    if item.created_at is None:
        item.created_at = now
        item.updated_at = min(item.published_at or now, now)
    else:
        item.updated_at = now


NEWS = Kind(
    "news",
    NewsItem,
    (
        Slug("slug", longest=80),
        Day("day"),
        Flag("month_only", False),
        Choice("category", NewsCategory.NOTICE.value, words=tuple(NewsCategory)),
        Flag("pinned", False),
        Moment("at", None, "published_at"),
        Flag("draft", False, "is_draft"),
        Localized("title"),
        Localized("body"),
        References("members", (), kind="member"),
        References("papers", (), "publications", kind="publication"),
        Gallery("pictures", []),
    ),
    key="slug",
    complete=_complete,
)
NEWS_FILE = TomlTables(NEWS, "news.toml")


def read_news(folder: Path, pictures: Mapping[str, Any]) -> list[Entry]:
    """The news, newest first. Raises ContentError at the first mistake."""
    return [replace(entry, values=_with_pictures(entry, pictures)) for entry in NEWS_FILE.read(folder)]


def _with_pictures(entry: Entry, pictures: Mapping[str, Any]) -> Values:
    shown = [
        {**picture, "file": _there(picture["file"], pictures, f"{entry.place}, pictures no. {number}")}
        for number, picture in enumerate(entry.values["pictures"], start=1)
    ]
    return {**entry.values, "pictures": shown}


def _there(path: str, pictures: Mapping[str, Any], place: str) -> str:
    found = picture_at(pictures, path)
    if found is None:
        raise ContentError(
            place,
            lazy_gettext("there is no pictures/%(path)s", path=path),
            lazy_gettext("Put the file there or correct its name"),
        )
    return found


def published_as_it_is(now: datetime) -> Any:
    """For items of which the file does not say when they are published: as they are; a new one on its day, or at `now`
    where that is still to come."""

    def layer(values: Values, item: NewsItem | None) -> Values:
        if values["at"] or values["draft"]:
            return values
        if item is None:
            return {**values, "at": min(day_begins(values["day"]), now)}
        return {**values, "at": item.published_at, "draft": item.is_draft}

    return layer


def without_the_usual_moment(values: Values) -> Values:
    """What a file says of an item: the moment only where it was not published on its day."""
    return values | ({"at": None} if values["at"] == day_begins(values["day"]) else {})
