"""Pages stay light: what a browser fetches for each, with the group's real record and with one of 200 people.

Every page of the sitemap is looked at as HTML; of each kind the longest one is opened in a browser, in the short form
on one of the devices.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from config import ROOT
from tests.support.databases import SqliteDatabases, settings
from tests.support.extent import share
from tests.support.real import copy_content
from tests.support.server import Portal, running_portal

MEMBERS, PAPERS = 200, 500
# Bytes over the line, where photos are shown too, and of HTML before it is compressed.
MOST_TEXT, MOST_WITH_PHOTOS, MOST_PLAIN, MOST_REQUESTS = 50_000, 150_000, 200_000, 8
# What the sitemap does not name, and applicants see.
MORE = ["/search/?q=speech", "/apply/", "/admissions/check/", "/admissions/privacy/", "/account/login"]
DEVICES: dict[str, Any] = {
    "phone": {"viewport": {"width": 360, "height": 800}, "device_scale_factor": 3, "is_mobile": True},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
}


@pytest.fixture(scope="module")
def real_portal(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    """The group's record, with a photo of everybody."""
    yield from _portal(tmp_path_factory.mktemp("real"), sqlite_databases, photos=True)


@pytest.fixture(scope="module")
def large_portal(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    """The group's record, filled up to 200 people and 500 papers."""
    yield from _portal(tmp_path_factory.mktemp("many"), sqlite_databases, papers=PAPERS, members=MEMBERS)


def _portal(folder: Path, databases: SqliteDatabases, **record: Any) -> Iterator[Portal]:
    content = copy_content(folder, **record)
    environ = settings(folder, databases.fresh(folder)) | {"S2_CONTENT_DIR": str(content)}
    with running_portal(environ, light=True) as portal:
        yield portal


def kinds(sitemap: str, language: str) -> dict[str, list[str]]:
    """The pages of the sitemap and what it leaves out, by their kind: '/members/*'."""
    listed = [urlsplit(address).path for address in re.findall("<loc>(.*?)</loc>", sitemap)]
    spoken = [path for path in listed if path.startswith("/en/") == (language == "/en")]
    curricula = [path + "cv/" for path in spoken if "/members/" in path and not path.endswith("/members/")]
    found: dict[str, list[str]] = defaultdict(list)
    for path in [*spoken, *curricula, *(language + path for path in MORE)]:
        first, _, rest = path.removeprefix(language).strip("/").partition("/")
        found[f"/{first}/" + re.sub("[^/?]+", "*", rest, count=1)].append(path)
    return found


def longest_pages(portal: Portal, language: str) -> Iterator[tuple[str, str, int]]:
    """Each kind of page with the longest one of it: its address, and its bytes of HTML."""
    for kind, paths in kinds(portal.get("/sitemap.xml")[1], language).items():
        answers = [(path, *portal.get(path)) for path in paths]
        assert [path for path, status, _ in answers if status != HTTPStatus.OK] == []
        size, path = max((len(html.encode()), path) for path, _, html in answers)
        yield kind, path, size


@dataclass
class Fetched:
    """What a browser with an empty cache got: for each request its address and its bytes over the line."""

    addresses: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def photos(self) -> set[str]:
        """The requests for photos, each made when its photo comes into sight."""
        return {request for request, address in self.addresses.items() if "/pictures/" in address}

    @property
    def text(self) -> int:
        """The bytes of all but photos."""
        return sum(size for request, size in self.sizes.items() if request not in self.photos)

    @property
    def total(self) -> int:
        """The bytes of everything."""
        return sum(self.sizes.values())

    def from_elsewhere(self, portal: Portal) -> list[str]:
        """The addresses that are not the portal's."""
        return [address for address in self.addresses.values() if not address.startswith(portal.url + "/")]


def fetched(browser: Browser, address: str, device: str) -> Fetched:
    context, found = browser.new_context(**DEVICES[device]), Fetched()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on(
        "Network.requestWillBeSent", lambda event: found.addresses.update({event["requestId"]: event["request"]["url"]})
    )
    session.on(
        "Network.loadingFinished", lambda event: found.sizes.update({event["requestId"]: event["encodedDataLength"]})
    )
    page.goto(address, wait_until="networkidle")
    context.close()
    return found


@pytest.mark.parametrize(("place", "language", "device"), [(0, "", "phone"), (1, "/en", "desktop")])
def test_every_public_page_is_light(
    browser: Browser, real_portal: Portal, place: int, language: str, device: str
) -> None:
    pages = list(longest_pages(real_portal, language))
    for kind, path, size in pages:
        assert size <= (2 * MOST_TEXT if kind == "/publications/" else MOST_TEXT), f"{path}: {size} bytes"
    for _kind, path, _size in share(pages, place, 2):
        found = fetched(browser, real_portal.url + path, device)
        assert found.text <= MOST_TEXT, f"{path}: {found.text} bytes over the line"
        assert found.total <= MOST_WITH_PHOTOS, f"{path}: {found.total} bytes over the line"
        assert len(found.addresses.keys() - found.photos) <= MOST_REQUESTS, f"{path}: {found.addresses.values()}"
        assert found.from_elsewhere(real_portal) == []


@pytest.mark.parametrize(("place", "language", "device"), [(0, "", "desktop"), (1, "/en", "phone")])
def test_a_large_record_is_light_too(
    browser: Browser, large_portal: Portal, place: int, language: str, device: str
) -> None:
    large = [
        "/",
        "/members/",
        "/alumni/",
        "/publications/",
        "/members/rui-liu/",
        "/research/expressive-speech-synthesis/",
    ]
    for path in [language + path for path in large]:
        size = len(large_portal.get(path)[1].encode())
        assert size <= MOST_PLAIN, f"{path}: {size} bytes"
    for path in share([language + path for path in large], place, 2):
        found = fetched(browser, large_portal.url + path, device)
        assert found.total <= MOST_TEXT, f"{path}: {found.total} bytes over the line"
        assert len(found.addresses) <= MOST_REQUESTS
        assert found.from_elsewhere(large_portal) == []


def test_every_paper_of_a_large_record_is_found_by_its_year(large_portal: Portal) -> None:
    page = large_portal.get("/publications/")[1]
    years = set(re.findall(r'href="(/publications/\?year=[0-9]+)"', page))
    listed = {
        key for path in years for key in re.findall("/publications/(fictional[0-9]+)/", large_portal.get(path)[1])
    }
    assert len(listed) == PAPERS - len(re.findall(r"^@", (ROOT / "content/publications.bib").read_text(), re.M))
