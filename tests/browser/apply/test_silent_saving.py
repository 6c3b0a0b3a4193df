"""A question page that saves itself: what is typed gets through, or stays, or is offered back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.drafts import new_draft
from tests.support.server import Portal

OFFLINE = "Not saved yet: the network is down. What you typed stays on this page."


@pytest.fixture
def address(portal: Portal) -> str:
    """Where a new draft asks about the applicant."""
    return f"{portal.url}/en{new_draft(portal)}about/"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def saved(page: Page) -> None:
    expect(page.locator("[data-save-status]")).to_contain_text("Saved at ")


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-save-status]")).to_contain_text(words)


def expect_saved(page: Page, address: str) -> None:
    """The last save of a page that was left may arrive after the page that follows it."""
    for _ in range(30):
        page.goto(address)
        if page.input_value("[name=name]") == "测试甲":
            return
        page.wait_for_timeout(100)
    raise AssertionError("what was typed was not saved")


def press_save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def test_what_is_typed_is_saved_without_a_button_and_without_losing_the_place(page: Page) -> None:
    page.locator("[name=name]").press_sequentially("测试甲")
    saved(page)
    expect(page.locator("[name=name]")).to_be_focused()
    assert page.input_value("[name=seen]") == "1"
    page.reload()
    assert page.input_value("[name=name]") == "测试甲"
    expect(page.locator("[data-restore]")).to_be_hidden()


def test_leaving_at_once_saves_too(page: Page, address: str) -> None:
    page.locator("[name=name]").press_sequentially("测试甲")
    page.get_by_role("link", name="All steps").click()
    page.wait_for_url(lambda url: "/about/" not in url)
    expect_saved(page, address)


def test_a_dead_network_is_told_of_and_what_was_typed_goes_through_later(page: Page) -> None:
    page.context.set_offline(True)
    page.locator("[name=name]").press_sequentially("测试甲")
    says(page, OFFLINE)
    assert page.input_value("[name=name]") == "测试甲"
    page.context.set_offline(False)
    page.locator("[name=name]").press_sequentially("乙")
    saved(page)
    page.reload()
    assert page.input_value("[name=name]") == "测试甲乙"


def test_what_did_not_get_through_is_offered_back(page: Page) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.route("**/about/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator("[name=name]").press_sequentially("测试甲")
    says(page, OFFLINE)
    page.reload()
    assert asked == ["beforeunload"]
    assert page.input_value("[name=name]") == ""
    page.unroute("**/about/")
    page.locator("[data-restore] button").click()
    assert page.input_value("[name=name]") == "测试甲"
    saved(page)
    page.reload()
    assert page.input_value("[name=name]") == "测试甲"
    expect(page.locator("[data-restore]")).to_be_hidden()


def test_of_two_tabs_the_older_one_is_told_and_keeps_what_it_says(page: Page, address: str) -> None:
    other = page.context.new_page()
    other.goto(address)
    other.locator("[name=name]").press_sequentially("测试乙")
    saved(other)
    page.locator("[name=name]").press_sequentially("测试甲")
    says(page, "Not saved: this page was saved in another tab or on another device.")
    assert page.input_value("[name=name]") == "测试甲"
    other.reload()
    assert other.input_value("[name=name]") == "测试乙"


def test_an_ended_session_is_no_save(page: Page) -> None:
    page.context.clear_cookies()
    page.locator("[name=name]").press_sequentially("测试甲")
    says(page, "Not saved yet: press the button below.")
    press_save(page)
    expect(page.locator("#error-summary")).to_contain_text("Your session had ended")
    assert page.input_value("[name=name]") == "测试甲"


def test_the_button_while_a_save_is_under_way_is_no_older_tab(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 800, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", slow)
    with page.expect_request(lambda request: request.method == "POST"):
        page.locator("[name=name]").press_sequentially("测试甲")
    page.locator("[name=name]").press_sequentially("乙")
    press_save(page)
    expect(page.locator("#error-summary")).not_to_contain_text("another tab")
    assert page.input_value("[name=name]") == "测试甲乙"
    assert page.input_value("[name=seen]") == "2"


def test_a_page_that_was_sent_and_comes_back_with_errors_offers_nothing(page: Page) -> None:
    page.fill("[name=name]", "测试甲")
    page.fill("[name=email]", "not-an-address")
    press_save(page)
    expect(page.locator("#error-summary")).to_be_visible()
    assert page.input_value("[name=email]") == "not-an-address"
    expect(page.locator("[data-restore]")).to_be_hidden()
