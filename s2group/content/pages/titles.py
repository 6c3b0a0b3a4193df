"""What a public page is called, for the picture that goes with its link."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from s2group.content.group.models import ResearchArea, SitePage
from s2group.content.news.models import NewsItem
from s2group.content.news.wording import news_day
from s2group.content.people.models import Member
from s2group.content.publications.models import Publication
from s2group.content.publications.queries import publications
from s2group.core.localized import LocalizedText
from s2group.extensions import db

NOTHING = LocalizedText()


@dataclass(frozen=True)
class PageTitle:
    """The title of a page and a line under it; news has its day in words."""

    title: LocalizedText
    line: LocalizedText = NOTHING
    # The venue and year of a paper, and whether it is none of the group's own.
    source: str = ""
    elsewhere: bool = False
    day: str = ""


def page_title(kind: str, slug: str, *, now: datetime) -> PageTitle | None:
    """The title of one public page: 'member', 'publication', 'news', 'line', 'page'. What is not public has none."""
    found = PAGES.get(kind)
    if found is None:
        return None
    statement, titled = found
    row = db.session.scalar(statement(slug, now))
    return titled(row) if row else None


def _news(slug: str, now: datetime) -> Select[Any]:
    return select(NewsItem).where(NewsItem.slug == slug, NewsItem.published_at <= now)


def _paper(paper: Publication) -> PageTitle:
    names = ", ".join(author.name for author in paper.authors)
    title = LocalizedText(zh=paper.title, en=paper.title)
    source = f"{paper.venue} {paper.year or ''}".strip()
    return PageTitle(title, LocalizedText(zh=names, en=names), source=source, elsewhere=paper.elsewhere)


PAGES: dict[str, tuple[Callable[[str, datetime], Select[Any]], Callable[[Any], PageTitle]]] = {
    "member": (lambda slug, _: select(Member).where(Member.slug == slug), lambda row: PageTitle(row.name, row.focus)),
    "publication": (lambda key, _: publications().where(Publication.key == key), _paper),
    "news": (_news, lambda row: PageTitle(row.title, day=news_day(row))),
    "line": (
        lambda key, _: select(ResearchArea).where(ResearchArea.key == key),
        lambda row: PageTitle(row.title, row.summary),
    ),
    "page": (lambda slug, _: select(SitePage).where(SitePage.slug == slug), lambda row: PageTitle(row.title)),
}
