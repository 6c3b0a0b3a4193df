"""The group's own record as files, on a plain web server that has other things at its root. Exported once for all."""

import functools
import http.server
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urldefrag, urljoin
from urllib.request import urlopen

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from s2group import create_app
from s2group.extensions import db
from tests.browser.axe import problems
from tests.support.databases import SqliteDatabases, settings
from tests.support.real import copy_content

PORTAL, BASE = "https://join.example.edu", "https://pages.example.org/lab"
LINK = re.compile(r'\s(?:href|src|action|poster|data-index)="([^"]*)"|<loc>(.*?)</loc>')
IDENTIFIER = re.compile(r'\sid="([^"]*)"')
# Nothing leads to these: people and servers know where they lie.
UNLINKED = {".exported", ".nojekyll", "404.html", "en/404.html", "robots.txt", "sitemap.xml"}
# What is looked for, in either language; the portal itself says what must be found.
ASKED = [
    ("", "语音合成"), ("", "語音 情感"), ("", "刘瑞"), ("", "没有这样的东西"), ("", "招生"),
    ("/en", "emotion dialogue"), ("/en", "liu rui"), ("/en", "liurui ICASSP"), ("/en", "ACL2026"),
    ("/en", "“speech synthesis”"), ("/en", "Schröder"),
]  # fmt: skip
RESULTS = """() => Object.fromEntries([...document.querySelectorAll("main section:not([hidden])")].map((section) => [
  section.querySelector("h2").textContent,
  [...section.querySelectorAll("li > a")].slice(0, 5).map((link) => link.textContent),
]))"""


@dataclass
class Site:
    """An export: where it is served, where it lies, and the portal that it is of."""

    url: str
    folder: Path
    app: Flask


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Python's own server, without a line for each request."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address under which a folder is served."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("exported")
    environ = settings(folder / "data", sqlite_databases.fresh(folder))
    app = create_app(environ | {"S2_CONTENT_DIR": str(copy_content(folder)), "S2_PUBLIC_URL": PORTAL})
    lab = folder / "root/lab"
    lab.parent.mkdir()
    with app.app_context(), served(lab.parent) as root:
        for command in (["prepare"], ["content", "export-site", str(lab), "--base", BASE]):
            told = app.test_cli_runner().invoke(args=command)
            assert (told.exit_code, "does not exist" in told.output) == (0, False), told.output
        yield Site(f"{root}/lab", lab, app)
        db.session.remove()
        db.engine.dispose()


def fetched(address: str) -> tuple[int, str]:
    try:
        with urlopen(address) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except HTTPError as error:
        return error.code, ""


def test_a_site_as_files(site: Site, browser: Browser) -> None:
    """One test, so that the record is exported once, by whichever process takes it."""
    every_link_leads_to_a_file_or_to_the_portal(site)
    the_search_finds_what_the_portal_finds(site, browser)
    pages_are_whole_without_anybody_else(site, browser)
    without_a_script_the_search_says_where_else(site, browser)


def every_link_leads_to_a_file_or_to_the_portal(site: Site) -> None:
    waiting = [f"{site.url}/{name}" for name in sorted(UNLINKED)]
    texts: dict[str, str] = {}
    wanted: dict[str, set[str]] = defaultdict(set)
    elsewhere = set()
    while waiting:
        address = waiting.pop()
        if address in texts:
            continue
        status, texts[address] = fetched(address)
        assert status == 200, address
        if not address.endswith(("/", ".html", ".xml")):
            continue
        for link in LINK.finditer(texts[address]):
            whole = urljoin(address, unescape(link[1] or link[2])).replace(BASE, site.url)
            target, fragment = urldefrag(whole)
            if not target.startswith(site.url):
                elsewhere.add(target)
            elif fragment:
                wanted[target].add(fragment)
            waiting += [target] * target.startswith(site.url)
    assert [link for link in elsewhere if "127.0.0.1" in link or "localhost" in link] == []
    assert {f"{PORTAL}/admissions/", f"{PORTAL}/en/admissions/", f"{PORTAL}/account/login"} <= elsewhere
    missing = {page: names - set(IDENTIFIER.findall(texts[page])) for page, names in wanted.items()}
    assert {page: names for page, names in missing.items() if names} == {}
    reached = {re.sub(r"/$", "/index.html", address.split("?")[0]).removeprefix(f"{site.url}/") for address in texts}
    files = {path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*") if path.is_file()}
    assert files - reached == set()


def by_the_portal(app: Flask, prefix: str, query: str) -> dict[str, list[str]]:
    """Each heading with its number, and the titles under it: the first five of each."""
    page = Context().run(app.test_client().get, f"{prefix}/search/", query_string={"q": query}).text
    found = {}
    for section in page.split("<h2>")[1:]:
        heading, _, rest = section.partition("</h2>")
        titles = re.findall(r"<li>\s*<a [^>]*>(.*?)</a>", rest.partition("</ul>")[0], re.DOTALL)
        found[plain(heading)] = [plain(title) for title in titles][:5]
    return found


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def the_search_finds_what_the_portal_finds(site: Site, browser: Browser) -> None:
    page = browser.new_page()
    for prefix, query in ASKED:
        page.goto(f"{site.url}{prefix}/search/?q={quote(query)}")
        expect(page.locator("[data-when=found], [data-when=nothing]").locator("visible=true")).to_have_count(1)
        assert page.evaluate(RESULTS) == by_the_portal(site.app, prefix, query), query
    # A reader goes from the home page to a paper.
    page.goto(f"{site.url}/en/")
    page.get_by_role("searchbox").fill("conversational speech synthesis")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("[data-when=found]")).to_be_visible()
    result = page.locator("[data-kind=publication] li a").first
    title = result.text_content()
    result.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title or "")
    page.close()


def pages_are_whole_without_anybody_else(site: Site, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800}, color_scheme="dark")
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in ("/search/?q=speech", "/en/publications/by/year-2025/", "/404.html"):
        page.goto(f"{site.url}{path}", wait_until="networkidle")
        assert (path, problems(page)) == (path, [])
    assert ([url for url in asked if not url.startswith(site.url)], said) == ([], [])
    context.close()


def without_a_script_the_search_says_where_else(site: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/en/search/?q=speech")
    expect(page.get_by_text("These pages search by a script")).to_be_visible()
    expect(page.get_by_role("link", name="Search on the portal")).to_have_attribute("href", f"{PORTAL}/en/search/")
    context.close()
