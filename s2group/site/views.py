"""The pages that everybody may read."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from s2group.admissions.queries import call_keys, open_calls
from s2group.content import queries
from s2group.content.rules import language_of
from s2group.core.clock import now
from s2group.core.i18n import ENGLISH_PREFIX, current_locale
from s2group.core.localized import LOCALES
from s2group.core.permissions import public
from s2group.site import feeds, wording

HOME_NEWS = 4
NEWS_PER_PAGE = 20

blueprint = Blueprint("site", __name__)


@blueprint.context_processor
def _words() -> dict[str, Callable[..., Any]]:
    return wording.words_for_templates() | {"language_of": language_of}


@blueprint.get("/")
@public
def home() -> str:
    """The group at a glance."""
    moment = now()
    today = queries.group_day(moment)
    call = next(iter(open_calls(moment)), None)
    return render_template(
        "site/home.html",
        call=call,
        days_left=wording.days_left(call, today) if call else None,
        counts=queries.group_counts(today),
        research_lines=queries.research_lines(),
        partners=queries.partners(),
        news=queries.latest_news(HOME_NEWS),
    )


@blueprint.get(ENGLISH_PREFIX)
@public
def english() -> BaseResponse:
    """`/en` is what people type."""
    return redirect(f"{request.script_root}{ENGLISH_PREFIX}/", 308)


@blueprint.get("/members/")
@public
def members() -> str:
    """Who is in the group, and who was."""
    return render_template("site/members.html", members=queries.members())


@blueprint.get("/members/<slug>/")
@public
def member(slug: str) -> str:
    """One person, and their papers in the group's list."""
    found = queries.member_by_slug(slug) or abort(404)
    return render_template("site/member.html", member=found, publications=queries.publications_of(found))


@blueprint.get("/publications/")
@public
def publications() -> str:
    """All papers by year."""
    return render_template("site/publications.html", publications=queries.publications())


@blueprint.get("/publications/<key>/")
@public
def publication(key: str) -> str:
    """One paper, with its BibTeX."""
    return render_template("site/publication.html", paper=queries.publication_by_key(key) or abort(404))


@blueprint.get("/publications.bib")
@public
def bibtex() -> Response:
    """All papers as BibTeX."""
    text = "".join(f"{entry}\n\n" for entry in queries.bibtex_entries())
    return Response(text, content_type="application/x-bibtex; charset=utf-8")


@blueprint.get("/projects/")
@public
def projects() -> str:
    """What funds the group, now and before."""
    return render_template("site/projects.html", projects=queries.projects_by_state(queries.group_day(now())))


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


@blueprint.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """Every public page in both languages, for search engines."""
    return feeds.xml("site/sitemap.xml", "application/xml", pages=list(_public_pages()), locales=LOCALES)


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """What search engines should leave alone, and where the sitemap lies."""
    return Response(render_template("site/robots.txt"), content_type="text/plain; charset=utf-8")


def _public_pages() -> Iterator[tuple[str, dict[str, str]]]:
    addresses = queries.public_addresses()
    for endpoint in ("home", "members", "publications", "projects", "news"):
        yield f"site.{endpoint}", {}
    yield "apply.admissions", {}
    for key in call_keys():
        yield "apply.call", {"call_key": key}
    for slug in addresses.members:
        yield "site.member", {"slug": slug}
    for key in addresses.publications:
        yield "site.publication", {"key": key}
    for slug in addresses.news:
        yield "site.news_item", {"slug": slug}
