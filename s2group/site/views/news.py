"""What is new."""

import re

from flask import Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from s2group.content.news.files import NEWS
from s2group.content.news.queries import (
    fed_news,
    news_counts,
    news_page,
    pinned_news,
    present_slug,
    published_news_item,
    whole_news_item,
)
from s2group.content.news.rules import NewsCategory
from s2group.content.news.sharing import behind
from s2group.core.clock import now
from s2group.core.headers import unstored
from s2group.core.i18n import current_locale
from s2group.core.permissions import personal, public
from s2group.site.views import feeds
from s2group.site.views.blueprint import blueprint
from s2group.site.views.json_ld.news import news_article
from s2group.site.views.moved import not_there

NEWS_PER_PAGE = 20
YEAR = re.compile("[1-9][0-9]{3}")


@blueprint.get("/news/")
@public
def news() -> str:
    """News of one category and year or of all, newest first, a page at a time; what is pinned heads the first page."""
    moment, category, year, after = now(), _category(), _year(), request.args.get("after")
    try:
        page = news_page(size=NEWS_PER_PAGE, now=moment, category=category, year=year, after=after)
    except ValueError:
        abort(404)
    return render_template(
        "site/news.html",
        pinned=[] if after else pinned_news(now=moment, category=category, year=year),
        page=page,
        after=after,
        category=category,
        year=year,
        counts=news_counts(now=moment, category=category, year=year),
    )


@blueprint.get("/news/<slug>/")
@public
def news_item(slug: str) -> AnyResponse | str:
    """One published piece of news; a former address leads on to the present one."""
    item = published_news_item(slug, now=now())
    if item is None:
        present = present_slug(slug, now=now()) or not_there(NEWS, slug)
        return redirect(url_for("site.news_item", slug=present), code=301)
    return render_template("site/news_item.html", item=item, structured=news_article(item))


@blueprint.get("/news/draft/<token>/")
@personal
def shared_draft(token: str) -> AnyResponse:
    """An item that is not published yet, for whoever has the link; once it is, the link leads to it."""
    found = behind(token, now=now())
    item = whole_news_item(found[0]) if found else None
    if found is None or item is None:
        return unstored(render_template("site/draft_gone.html"), 404)
    if item.published_at and item.published_at <= now():
        return redirect(url_for("site.news_item", slug=item.slug))
    g.shared_until = found[1]
    response = unstored(render_template("site/news_item.html", item=item, structured=None))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/news/feed.atom")
@public
def feed() -> Response:
    """The newest news, of one category or of all, as an Atom feed in the language of the address."""
    category = _category()
    items = fed_news(NEWS_PER_PAGE, now=now(), category=category)
    return feeds.atom(items, current_locale(), category)


def _category() -> NewsCategory | None:
    """The category that the address asks for; one that nobody knows is not found."""
    wanted = request.args.get("category")
    try:
        return NewsCategory(wanted) if wanted is not None else None
    except ValueError:
        abort(404)


def _year() -> int | None:
    """The year that the address asks for; what is none is not found."""
    wanted = request.args.get("year")
    if wanted is not None and not YEAR.fullmatch(wanted):
        abort(404)
    return int(wanted) if wanted else None
