"""What machines read of the public pages: the Atom feed and the sitemap."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, render_template

from s2group.content.group.queries import day_begins, group_day, group_zone
from s2group.content.news.models import NewsItem
from s2group.content.news.rules import NewsCategory
from s2group.core.localized import Locale

# Characters that XML 1.0 cannot hold even escaped; one pasted by an editor would end the feed for every reader.
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(template: str, media_type: str, **values: Any) -> Response:
    """Render an XML template, without the characters that XML cannot hold."""
    text = NOT_XML.sub("", render_template(template, **values))
    return Response(text, content_type=f"{media_type}; charset=utf-8")


def changed_at(item: NewsItem) -> datetime:
    """When readers last saw the item change; one that was planned is new to them when it appears."""
    return max(item.updated_at, item.published_at or item.updated_at)


def published(item: NewsItem) -> datetime:
    """Its own day, as its page has it, be it ever so long before it was loaded; else the moment it appeared."""
    appeared = item.published_at or item.updated_at
    return day_begins(item.day) if item.day < group_day(appeared) else appeared.astimezone(group_zone())


def atom(items: Sequence[NewsItem], locale: Locale, category: NewsCategory | None = None) -> Response:
    """The feed of `items`, all of them of `category` if there is one, as old as the youngest change among them."""
    values = {
        "items": items,
        "locale": locale,
        "category": category,
        "chosen": {"category": category.value} if category else {},
        "changed_at": changed_at,
        "published": published,
        "updated": max(map(changed_at, items), default=None),
    }
    return xml("site/feed.xml", "application/atom+xml", **values)
