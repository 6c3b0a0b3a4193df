"""An editor without a pointer publishes news in both languages, with two photos, and the site shows it at once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.staff import PASSWORD, add_account
from tests.support.databases import SqliteDatabases, settings
from tests.support.keyboard import Keyboard
from tests.support.pictures import make_jpeg
from tests.support.server import Portal, running_portal

PHOTOS = {0: ("测试甲在报告", "Test Jia gives the talk"), 1: ("全体合影", "Everybody together")}
PUBLISHED = "Published. It is on the home page and the news page."


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    """A portal of the sample group."""
    folder = tmp_path_factory.mktemp("news")
    with running_portal(settings(folder, sqlite_databases.fresh(folder))) as portal:
        add_account(portal, "editor")
        yield portal


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """With JavaScript on a desk, without it on a phone."""
    width = 1280 if request.param else 360
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def attach(keyboard: Keyboard, number: int, photo: Path) -> None:
    """Choose a photo and say what it shows. The dialog that a key opens on the field is the browser's own."""
    field = f"[name=pictures-{number}-file_upload]"
    keyboard.reach(field)
    keyboard.page.set_input_files(field, photo)
    for locale, words in zip(("zh", "en"), PHOTOS[number], strict=True):
        keyboard.write(f"[name=pictures-{number}-alt_{locale}]", words)


def test_news_in_both_languages_with_two_photos_by_keyboard_alone(page: Page, portal: Portal, tmp_path: Path) -> None:
    photo, keyboard = tmp_path / "photo.jpg", Keyboard(page)
    photo.write_bytes(make_jpeg())
    page.goto(f"{portal.url}/en/account/login")
    keyboard.write("[name=email]", "editor@example.org")
    keyboard.write("[name=password]", PASSWORD)
    keyboard.go("Enter")
    page.goto(f"{portal.url}/en/editor/news/")
    keyboard.activate("a[href$='/editor/news/new/']")
    for name, words in {
        "title_zh": "课题组年会", "title_en": "Our yearly meeting",
        "body_zh": "谢谢**大家**。", "body_en": "Thank you, **everybody**.",
    }.items():  # fmt: skip
        keyboard.write(f"[name={name}]", words)
    keyboard.reach("details:has([name=pictures-0-file_upload]) > summary")
    keyboard.press("Enter")
    for number in PHOTOS:
        attach(keyboard, number, photo)
    keyboard.activate("button[value=publish]")
    expect(page.get_by_role("status").get_by_text(PUBLISHED)).to_be_visible()

    keyboard.activate("[role=status] a[href*='/news/']")
    for number, (path, words) in enumerate({"/en/news/": "Thank you, everybody.", "/news/": "谢谢大家。"}.items()):
        page.goto(re.sub(r"(/en)?/news/", path, page.url))
        expect(page.get_by_text(words)).to_be_visible()
        for alt in PHOTOS.values():
            expect(page.get_by_role("img", name=alt[1 - number])).to_be_visible()
