"""Pages stay light: what a browser fetches for each, with the group's real record and with 200 papers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.databases import SqliteDatabases, settings
from tests.support.server import ROOT, Portal, running_portal

PAGES = ["/", "/members/", "/members/rui-liu/", "/projects/", "/news/", "/admissions/", "/apply/", "/admissions/check/"]
PAPER = """@inproceedings{{more{n},
  title = {{Paper {n}}}, author = {{Liu, Rui and Hu, Yifan}}, booktitle = {{Venue}}, year = {{2020}}
}}
"""
PAPERS = 200
MOST_BYTES, MOST_BYTES_OF_PUBLICATIONS, MOST_REQUESTS = 50_000, 100_000, 8


@pytest.fixture(scope="module")
def real_portal(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    """The real group's record, its papers filled up to 200."""
    folder: Path = tmp_path_factory.mktemp("real")
    content = shutil.copytree(ROOT / "content", folder / "content")
    bibliography = content / "publications.bib"
    known = bibliography.read_text().count("\n@")
    more = "".join(PAPER.format(n=n) for n in range(known, PAPERS))
    bibliography.write_text(bibliography.read_text() + "\n" + more)
    environ = settings(folder, sqlite_databases.fresh(folder)) | {"S2_CONTENT_DIR": str(content)}
    with running_portal(environ) as portal:
        yield portal


def _fetched(browser: Browser, address: str) -> tuple[int, int]:
    """Bytes over the line and number of requests, with an empty cache; nothing may come from elsewhere."""
    page = browser.new_context().new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    addresses: list[str] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.on("Network.requestWillBeSent", lambda event: addresses.append(event["request"]["url"]))
    page.goto(address, wait_until="networkidle")
    page.context.close()
    assert all(fetched.startswith(address.split("/", 3)[0] + "//127.0.0.1:") for fetched in addresses), addresses
    return sum(sizes), len(addresses)


@pytest.mark.parametrize("language", ["", "/en"])
def test_pages_are_light(browser: Browser, real_portal: Portal, language: str) -> None:
    for path in PAGES:
        size, requests = _fetched(browser, f"{real_portal.url}{language}{path}")
        assert size < MOST_BYTES, f"{path}: {size} bytes"
        assert requests <= MOST_REQUESTS, f"{path}: {requests} requests"


@pytest.mark.parametrize("language", ["", "/en"])
def test_200_publications_are_light(browser: Browser, real_portal: Portal, language: str) -> None:
    size, requests = _fetched(browser, f"{real_portal.url}{language}/publications/")
    assert size < MOST_BYTES_OF_PUBLICATIONS, f"{size} bytes"
    assert requests <= MOST_REQUESTS
    assert f"Paper {PAPERS - 1}" in real_portal.get(f"{language}/publications/")[1]
