"""What search engines read first."""

from collections.abc import Iterator

from flask import Response, render_template

from s2group.admissions.queries import call_keys
from s2group.content.pages.addresses import public_addresses
from s2group.content.pages.sections import filled_sections
from s2group.core.clock import now
from s2group.core.localized import LOCALES
from s2group.core.permissions import public
from s2group.site.views import feeds
from s2group.site.views.blueprint import blueprint

# The pages that list something; one that is empty is nothing to be found.
LISTS = ("members", "publications", "projects", "news", "research", "alumni", "releases", "partners")


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
    addresses = public_addresses(now())
    yield "site.home", {}
    filled = filled_sections(now())
    for endpoint in filter(filled.__contains__, LISTS):
        yield f"site.{endpoint}", {}
    yield "apply.admissions", {}
    yield "apply.guide", {}
    for key in call_keys():
        yield "apply.call", {"call_key": key}
    for slug in addresses.members:
        yield "site.member", {"slug": slug}
    for key in addresses.publications:
        yield "site.publication", {"key": key}
    for slug in addresses.news:
        yield "site.news_item", {"slug": slug}
    for key in addresses.areas:
        yield "site.research_area", {"key": key}
    for slug in addresses.pages:
        yield "site.page", {"slug": slug}
