"""An editor changes the table of members in a spreadsheet, on a phone, in Chinese and without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.staff import add_account
from tests.support.databases import SqliteDatabases, settings
from tests.support.server import Portal, running_portal


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    """A portal of the sample group."""
    folder = tmp_path_factory.mktemp("files")
    with running_portal(settings(folder, sqlite_databases.fresh(folder))) as portal:
        yield portal


@pytest.fixture
def page(portal: Portal, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    add_account(portal, "editor").sign_in(page)
    yield page
    context.close()


def test_a_table_goes_out_and_comes_back_changed(page: Page, portal: Portal, tmp_path: Path) -> None:
    page.goto(f"{portal.url}/editor/")
    page.get_by_role("link", name="载入文件").click()
    with page.expect_download() as out:
        page.get_by_role("link", name="members.csv").click()
    table = tmp_path / "members.csv"
    out.value.save_as(table)
    text = table.read_text(encoding="utf-8-sig")

    table.write_text(text.replace(",phd,", ",doctor,"), encoding="gb18030")
    page.set_input_files("[name=file]", table)
    page.get_by_role("button", name="先看结果").click()
    expect(page.get_by_role("alert").get_by_text("members.csv，第 3 行")).to_be_visible()
    expect(page.get_by_role("alert").get_by_text("role 写的是 'doctor'。从这些里写一个：")).to_be_visible()

    page.fill("[name=text]", text.replace("2024", "2023"))
    page.locator("[name=name]").press("Enter")  # looks, and loads nothing
    expect(page.get_by_text("新增 0 条 · 修改 1 条 · 移除 0 条")).to_be_visible()
    expect(page.get_by_role("link", name="测试乙")).to_be_visible()
    page.get_by_role("button", name="载入", exact=True).click()
    expect(page.get_by_role("status").get_by_text("已载入，访客已经能看到")).to_be_visible()
    page.get_by_role("link", name="测试乙").click()
    expect(page.locator("[name=cohort]")).to_have_value("2023")
