"""Which addresses of the portal the export holds. All others stay the portal's own."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from s2group.content.publications.rules.facets import FACETS
from s2group.core.i18n import ENGLISH_PREFIX
from s2group.core.localized import Locale
from s2group.site.static_site.rules import file_of

# Pages of the portal itself; drawings that take long, of which a few thousand files would be seldom asked for.
LEFT = {"site.alive", "site.ready", "site.metrics", "site.poster", "site.share", "site.shared_draft"}
# What a choice can be made of on a page, and how many at once; two choices among papers are the portal's to make.
CHOICES = {
    "site.publications": (FACETS, 1),
    "site.bibtex": (FACETS, 1),
    "site.news": (("category", "year", "after"), 3),
    "site.feed": (("category",), 1),
}
# What an export has of its own: the search looks through the one, and web servers show the other.
INDEX, NOT_FOUND = "search.json", "404.html"


@dataclass(frozen=True)
class Place:
    """A page or a file of the export: what the portal calls it, and where it lies."""

    endpoint: str
    locale: Locale
    address: str
    file: str


class Places:
    """The addresses of an app."""

    def __init__(self, app: Flask) -> None:
        self.rules = app.url_map.bind("localhost")

    def find(self, link: str, page: str = "/") -> Place | None:
        """The place that a link on the page with the address `page` leads to; None where that is not exported."""
        parts = urlsplit(urljoin(page, link))
        locale, path = _without_locale(parts.path)
        endpoint = self._endpoint(path)
        if endpoint is None or endpoint in LEFT or endpoint.partition(".")[0] not in ("site", "static"):
            return None
        names, most = CHOICES.get(endpoint, ((), None))
        chosen = parse_qsl(parts.query) if names else []
        if not {name for name, _ in chosen} <= set(names) or len(chosen) > (most or 0):
            return None
        whole = f"{prefix_of(locale)}{path}"
        address = f"{whole}?{urlencode(chosen)}" if chosen else whole
        return Place(endpoint, locale, address, file_of(whole, chosen))

    def _endpoint(self, path: str) -> str | None:
        try:
            endpoint: str = self.rules.match(path, "GET")[0]
        except HTTPException:
            return None
        return endpoint


def prefix_of(locale: Locale) -> str:
    """What addresses in the language begin with."""
    return ENGLISH_PREFIX if locale == "en" else ""


def _without_locale(path: str) -> tuple[Locale, str]:
    if path == ENGLISH_PREFIX or path.startswith(f"{ENGLISH_PREFIX}/"):
        return "en", path.removeprefix(ENGLISH_PREFIX) or "/"
    return "zh", path
