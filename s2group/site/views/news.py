"""What is new."""

from flask import Response, abort, render_template, request

from s2group.content import queries
from s2group.core.i18n import current_locale
from s2group.core.permissions import public
from s2group.site import feeds
from s2group.site.views.blueprint import blueprint

NEWS_PER_PAGE = 20


@blueprint.get("/news/")
@public
def news() -> str:
    """News, newest first, a page at a time."""
    after = request.args.get("after")
    try:
        page = queries.news_page(size=NEWS_PER_PAGE, after=after)
    except ValueError:
        abort(404)
    return render_template("site/news.html", page=page, after=after)


@blueprint.get("/news/<slug>/")
@public
def news_item(slug: str) -> str:
    """One published piece of news."""
    return render_template("site/news_item.html", item=queries.published_news_item(slug) or abort(404))


@blueprint.get("/news/feed.atom")
@public
def feed() -> Response:
    """The newest news as an Atom feed in the language of the address."""
    return feeds.atom(queries.latest_news(NEWS_PER_PAGE), current_locale())
