"""A fictional vision lab: from an empty portal to a site that takes applications, without touching a file."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.staff import PASSWORD
from tests.support.applying import REQUIRED
from tests.support.databases import SqliteDatabases, settings
from tests.support.pdf import make_pdf
from tests.support.server import Portal

SAVED = "Saved. Visitors see the change already."
# What is typed on which page of the editor.
RECORD = {
    "profile/profile": {
        "short_name": "Vision Lab", "seal": "视", "name_zh": "视觉实验室", "name_en": "Vision Lab",
        "institution_en": "Example University", "claim_en": "Machines that see", "lede_en": "We look.",
        "about_en": "A group that does not exist.", "address_en": "Nowhere 1", "emails": "lab@example.org",
        "timezone": "Asia/Shanghai",
    },
    "research_area/new": {"key": "scenes", "title_zh": "场景理解", "title_en": "Scene understanding"},
    "member/new": {"name_zh": "甲一", "name_en": "Yi Jia", "role": "pi", "status": "current"},
    "publication/new": {
        "title": "Seeing in the dark", "authors": "Yi Jia *\nSomebody Else", "kind": "inproceedings", "venue": "CVPR",
        "year": "2026",
    },
    "project/new": {"title_en": "Dark scenes", "funder_en": "Fund", "role": "lead", "papers": "Seeing in the dark"},
    "page/new": {"slug": "cameras", "title_en": "Our cameras", "body_en": "We have *two*."},
    "calls/new": {
        "title_en": "Graduate admissions", "summary_en": "Come", "notice_en": "Come", "contact_en": "Ask us",
        "purpose_en": "To read", "first_route_en": "Master", "key": "graduate", "opens_at": "2026-01-01T00:00",
        "closes_at": "2099-12-31T23:59", "recipients": "head@example.org",
    },
}  # fmt: skip
# What visitors then find where.
FOUND = {
    "/en/": ("Machines that see", "Scene understanding", "We have a site"),
    "/": ("视觉实验室", "场景理解", "网站上线"),
    "/en/members/": ("Yi Jia",),
    "/en/publications/": ("Seeing in the dark",),
    "/en/projects/": ("Dark scenes",),
    "/en/pages/cameras/": ("Our cameras",),
    "/en/admissions/": ("Graduate admissions", "Master"),
}


@pytest.fixture
def portal(tmp_path: Path, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    """A portal that is as empty as a portal can begin."""
    folder = tmp_path / "lab"
    folder.mkdir()
    environ = settings(folder, sqlite_databases.fresh(folder))
    del environ["S2_CONTENT_DIR"]
    portal = Portal({**environ, "S2_EMBEDDED_WORKER": "off"}, options=("--workers", "1"))
    try:
        yield portal
    finally:
        portal.kill()


def fill(page: Page, typed: dict[str, str]) -> None:
    for name, words in typed.items():
        box = page.locator(f"main [name={name}]").first
        if box.evaluate("each => each.tagName") == "SELECT":
            box.select_option(words)
        else:
            box.fill(words)


def test_a_lab_from_nothing(portal: Portal, browser: Browser, tmp_path: Path) -> None:
    setup = urlsplit(portal.asked("prepare", "--empty").split()[-1]).path
    portal.start()
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{portal.url}/en{setup}")
    fill(page, {"email": "head@example.org", "password": PASSWORD, "again": PASSWORD})
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/en/editor/")
    for path, typed in RECORD.items():
        page.goto(f"{portal.url}/en/editor/{path}/")
        fill(page, typed)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text(SAVED).first).to_be_visible()
    page.goto(f"{portal.url}/en/editor/news/new/")
    fill(page, {"title_en": "We have a site", "title_zh": "网站上线"})
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published. It is on the home page")).to_be_visible()

    visitor = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False).new_page()
    for path, words in FOUND.items():
        visitor.goto(f"{portal.url}{path}")
        assert [each for each in words if each not in visitor.locator("main").inner_text()] == [], path
    # The last page was that of admissions: where nothing is required, nobody is sent to check it.
    assert visitor.get_by_text("Check the requirements").count() == 0
    visitor.goto(f"{portal.url}/en/apply/form/?route=master")
    fill(
        visitor,
        {n: v for n, v in REQUIRED.items() if visitor.locator(f"main input[name={n}]:not([type=checkbox])").count()},
    )
    (tmp_path / "cv.pdf").write_bytes(make_pdf("Of nobody"))
    visitor.set_input_files("[name=resume]", tmp_path / "cv.pdf")
    visitor.check("[name=consent]")
    visitor.locator("main form button[type=submit]").last.click()
    visitor.wait_for_url("**/received/**")
    page.goto(f"{portal.url}/en/review/applications/")
    expect(page.get_by_text(REQUIRED["name"]).first).to_be_visible()
