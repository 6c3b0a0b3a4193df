"""What people come for, counted in clicks from the home page, on a phone, without a search."""

import csv
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.walking import Walker
from tests.support.databases import SqliteDatabases, settings
from tests.support.real import copy_content
from tests.support.server import Portal, running_portal

MOST_PAGES_TO_APPLY = 12


@pytest.fixture(scope="module")
def real_portal(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    """The group's record, in which a place is known for everybody who has left."""
    folder = tmp_path_factory.mktemp("errands")
    content = copy_content(folder)
    _send_off(content / "members.csv")
    environ = settings(folder, sqlite_databases.fresh(folder)) | {"S2_CONTENT_DIR": str(content)}
    with running_portal(environ) as portal:
        yield portal


def _send_off(file: Path) -> None:
    with file.open() as opened:
        rows = list(csv.DictReader(opened))
    for row in rows:
        row["destination_zh"] = "一家虚构的公司" if row["status"] == "alumni" else ""
    with file.open("w") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def home(browser: Browser, real_portal: Portal) -> Iterator[Page]:
    """The home page on a phone."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.goto(real_portal.url)
    yield page
    context.close()


def click(page: Page, *names: str) -> None:
    """One link after the other, each by its words."""
    for name in names:
        with page.expect_navigation():
            page.get_by_role("link", name=name, exact=True).first.click()


def test_the_requirements_are_one_click_away(home: Page) -> None:
    with home.expect_navigation():
        home.locator(".calls li a", has_text="硕士研究生招生").click()
    expect(home.get_by_text("成绩不低于 425 分").first).to_be_visible()


def test_a_supervisor_for_a_topic_is_two_clicks_away(home: Page) -> None:
    click(home, "语音鉴伪")
    with home.expect_navigation():
        home.locator("main a[href$='/members/rui-liu/']").first.click()
    expect(home.get_by_role("heading", level=1)).to_have_text("刘瑞")


def test_a_paper_of_the_best_is_one_click_away(home: Page) -> None:
    with home.expect_navigation():
        home.locator(".tile h3 a[href*='/publications/']").first.click()
    assert "/publications/" in home.url
    expect(home.get_by_text("CCF A").first).to_be_visible()


def test_where_alumni_went_is_one_click_away(home: Page) -> None:
    click(home, "毕业成员")
    expect(home.get_by_text("一家虚构的公司").first).to_be_visible()


def test_an_application_takes_a_dozen_pages_from_the_home_page(home: Page, real_portal: Portal) -> None:
    pages: list[str] = []
    home.on("framenavigated", lambda frame: pages.append(urlsplit(frame.url).path))
    walker = Walker(home)
    walker.begin(real_portal.url, "recommended-exemption-master")
    walker.fill_everything()
    walker.submit()
    opened = set(pages) - {"/"}
    assert len(opened) <= MOST_PAGES_TO_APPLY, sorted(opened)
