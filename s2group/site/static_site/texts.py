"""The texts of the portal as an export has them: with addresses of its files, and the portal's for all else."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from s2group.core.i18n import LANG_TAGS
from s2group.site.static_site.crawl import HTML, WITH_ADDRESSES, Answer, Found
from s2group.site.static_site.places import CHOICES, INDEX, NOT_FOUND, Place, Places, prefix_of
from s2group.site.static_site.rules import address_of, relative, with_addresses, with_links

# In a template of an export: a page of the portal though the export has one of that address.
OF_PORTAL = "/@portal"
OWN_FILES = {f"/{name}": name for name in (INDEX, NOT_FOUND, f"en/{NOT_FOUND}")}
SITEMAP, FEED = "site.sitemap", "site.feed"
ENTRY = re.compile(r"  <url>\n.*?</url>\n", re.DOTALL)
# In the HTML that a feed quotes.
QUOTED_LINK = re.compile(r"(?<=href=&#34;)(/[^&]*)(?=&#34;)")
FORMER = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<title>{address}</title>
<meta http-equiv="refresh" content="0; url={link}">
<link rel="canonical" href="{address}">
<a href="{link}">{address}</a>
</html>
"""


@dataclass(frozen=True)
class Hosts:
    """Addresses without a slash at the end: what the portal calls itself, where it is reached, where the files lie."""

    own: str
    portal: str
    base: str


@dataclass(frozen=True)
class Texts:
    """Makes them, of what was found."""

    found: Found
    places: Places
    hosts: Hosts

    def of(self, place: Place, answer: Answer) -> bytes:
        """What the file of the place holds."""
        if answer.media not in WITH_ADDRESSES:
            return answer.body
        text = with_addresses(answer.body.decode(), self.hosts.own, self._absolute)
        if place.endpoint == SITEMAP:
            text = ENTRY.sub(lambda entry: entry[0] if f"<loc>{self.hosts.base}/" in entry[0] else "", text)
        if place.endpoint == FEED:
            text = QUOTED_LINK.sub(lambda link: self._absolute(link[0]), text)
        if answer.media == HTML:
            text = with_links(text, lambda link, attribute: self._near(link, attribute, place))
        return text.encode()

    def not_found(self, place: Place, answer: Answer) -> bytes:
        """The page of an address that is none: whatever that is, links lead to the same files."""
        path = urlsplit(self.hosts.base).path

        def link(link: str, attribute: str) -> str:
            found = self._near(link, attribute, Place("", place.locale, "/", "index.html"))
            return found if "://" in found else f"{path}/{found.removeprefix('./')}"

        return with_links(answer.body.decode(), link).encode()

    def leading_on(self, place: Place) -> bytes:
        """A page that leads from a former address to the present one."""
        target = self._present(place)
        if target is None:
            return b""
        address, link = self._absolute(target.address), relative(target.file, place.file)
        return FORMER.format(lang=LANG_TAGS[place.locale], address=address, link=link).encode()

    def _present(self, place: Place | None) -> Place | None:
        """The place itself, or the one that it leads on to; None where the export has neither."""
        while place in self.found.leading_on:
            place = self.found.leading_on[place]
        return place if place in self.found.pages else None

    def _near(self, link: str, attribute: str, page: Place) -> str:
        """A link of a page: relative within the export, so that it may lie in any folder."""
        if link.startswith(OF_PORTAL):
            return self.hosts.portal + link.removeprefix(OF_PORTAL)
        if attribute == "action":  # whatever a form asks, a file cannot answer it but by the search
            link = f"{prefix_of(page.locale)}/search/"
        parts = urlsplit(urljoin(page.address, link))
        if parts.path in OWN_FILES:
            return relative(OWN_FILES[parts.path], page.file)
        place = self._present(self.places.find(link, page.address))
        if place is None:
            return self.hosts.portal + parts.geturl()
        return relative(place.file, page.file) + _rest(link, place)

    def _absolute(self, link: str) -> str:
        """What stands behind the host of an absolute address, with a host."""
        place = self._present(self.places.find(link or "/"))
        return f"{self.hosts.base}/{address_of(place.file)}{_rest(link, place)}" if place else self.hosts.portal + link


def _rest(link: str, place: Place) -> str:
    """What a link says after the path, but for what the file is named for."""
    parts = urlsplit(link)
    query = f"?{parts.query}" if parts.query and place.endpoint not in CHOICES else ""
    return f"{query}#{parts.fragment}" if parts.fragment else query
