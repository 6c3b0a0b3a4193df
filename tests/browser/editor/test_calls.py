"""The PI moves a line and opens a call, on a phone and without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from s2group import create_app
from s2group.admissions.models import Application
from s2group.extensions import db
from tests.browser.staff import add_account
from tests.support.applying import REQUIRED, apply
from tests.support.databases import SqliteDatabases, settings
from tests.support.pdf import make_pdf
from tests.support.server import Portal, running_portal

WORDS = {"title": "Summer school", "summary": "Two weeks", "notice": "Come", "contact": "Ask us", "purpose": "To read"}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    """A portal with one applicant, of 441 in CET-4."""
    folder = tmp_path_factory.mktemp("calls")
    with running_portal(settings(folder, sqlite_databases.fresh(folder))) as portal:
        app = create_app(portal.process_environ())
        assert apply(app.test_client(), name="Test Early", cet4="441").status_code == 303
        yield portal


@pytest.fixture
def page(portal: Portal, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    add_account(portal, "pi").sign_in(page)
    yield page
    context.close()


def judged(portal: Portal) -> dict[str, int]:
    """By which version of the requirements each applicant was judged."""
    with create_app(portal.process_environ()).app_context():
        return {each.name: each.requirement_set.version for each in db.session.scalars(select(Application))}


def send_application(page: Page, portal: Portal, route: str, folder: Path) -> None:
    page.goto(f"{portal.url}/en/apply/form/?route={route}")
    for name, value in REQUIRED.items():
        if page.locator(f"main [name={name}]").count() and name not in ("exemption_status", "consent"):
            page.fill(f"main [name={name}]", value)
    folder.joinpath("cv.pdf").write_bytes(make_pdf("Test of a new call"))
    page.set_input_files("[name=resume]", folder / "cv.pdf")
    page.check("[name=consent]")
    page.locator("main form button[type=submit]").last.click()


def test_a_line_is_moved_and_a_new_call_takes_an_application(page: Page, portal: Portal, tmp_path: Path) -> None:
    page.goto(f"{portal.url}/en/editor/")
    page.get_by_role("link", name="Calls for applications").click()
    page.get_by_role("link", name="Fictional admissions").click()
    page.get_by_role("link", name="Requirements: Master's by recommended exemption").click()
    line = page.locator("[name=r6-minimum]")
    expect(line).to_have_value("425")
    line.fill("450")
    # Enter looks, and saves nothing.
    line.press("Enter")
    expect(page.get_by_text("1 person no longer meets it")).to_be_visible()
    expect(page.get_by_role("link", name="Test Early")).to_be_visible()
    expect(page.get_by_text("CET-4 441 of 710: 9 short of the line of 450.")).to_be_visible()
    page.get_by_label("For new applications only").check()
    page.get_by_role("button", name="Save as version 2").click()
    expect(page.get_by_text("Saved. Visitors see the change already.").first).to_be_visible()
    assert judged(portal) == {"Test Early": 1}

    page.goto(f"{portal.url}/en/editor/calls/")
    page.get_by_role("link", name="New call").click()
    for name, words in {**WORDS, "first_route": "Two weeks in July"}.items():
        page.fill(f"[name={name}_en]", words)
    page.fill("[name=key]", "summer-school")
    page.fill("[name=opens_at]", "2026-01-01T00:00")
    page.fill("[name=closes_at]", "2099-12-31T23:59")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Two weeks in July", exact=True).click()
    page.get_by_label("WeChat ID").select_option("required")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Visitors see the change already.").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    send_application(page, portal, "two-weeks-in-july", tmp_path)
    expect(page.get_by_role("link", name="WeChat ID").first).to_be_visible()
    page.fill("main [name=wechat]", "test_id")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/received/**")
    assert judged(portal) == {"Test Early": 1, REQUIRED["name"]: 1}
