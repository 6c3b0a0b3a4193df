"""Uploading at a phone: the bar, a dead network, and every error, each of which leaves the rest of the page alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, Route, ViewportSize, expect

from tests.browser.axe import RULES
from tests.browser.drafts import forget_draft, new_draft
from tests.browser.views import PAIR, View
from tests.support.pdf import bomb_pdf, encrypted_pdf, make_pdf, padded_pdf
from tests.support.pictures import gif, headless, make_jpeg, make_png
from tests.support.server import Portal

PHONE: ViewportSize = {"width": 360, "height": 740}
MEGABYTE = 1024 * 1024
FAILED = "The upload did not get through. Your file is still chosen: press “Upload again”."
TOO_BIG = "CV: select a file of at most 10 MB"
ERRORS = {
    "empty": ("resume", b"", "CV: the file is empty. Save it again, then select it"),
    "no-pdf": ("resume", make_jpeg(), "CV: the file is not a PDF. Save it as PDF, then select it"),
    "wrong-type": (
        "transcript",
        gif(),
        "Transcript: the file is not a PDF, JPEG or PNG. Save it as one, then select it",
    ),
    "encrypted": ("resume", encrypted_pdf("secret"), "CV: save the file without a password, then select it"),
    "damaged": (
        "transcript",
        headless(make_png()),
        "Transcript: the file is damaged and shows nothing. Save it again, then select it",
    ),
    "too-big": ("resume", padded_pdf(10 * MEGABYTE + 1), TOO_BIG),
}


@pytest.fixture
def draft(portal: Portal) -> str:
    return new_draft(portal)


@pytest.fixture
def page(browser: Browser, portal: Portal, draft: str) -> Iterator[Page]:
    """A phone at the files of a draft."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{portal.url}/en{draft}files/")
    yield page
    context.close()


def choose(page: Page, kind: str, content: bytes, name: str = "cv.pdf") -> None:
    page.set_input_files(f"#{kind}", {"name": name, "mimeType": "application/pdf", "buffer": content})


def press(page: Page, kind: str, button: str = "Upload again") -> None:
    page.locator(f"#place-{kind} button", has_text=button).click()


def go_on(page: Page) -> None:
    page.locator("form[data-files] button", has_text="Save and continue").last.click()


def chosen(page: Page, kind: str) -> int:
    files: int = page.evaluate(f"document.getElementById('{kind}').files.length")
    return files


def status(page: Page, kind: str) -> Any:
    return expect(page.locator(f"#place-{kind} [role=status]"))


def problems(page: Page) -> list[str]:
    violations = Axe().run(page, options=RULES).response["violations"]
    found = [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in violations for node in v["nodes"]]
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"scrolls sideways by {width} px"] if width > 0 else [])


def test_a_file_is_uploaded_in_place_and_leaves_the_other_choices(page: Page) -> None:
    address = page.url
    page.route("**/files/transcript/", lambda route: route.abort())
    choose(page, "transcript", make_png(), "grades.png")
    status(page, "transcript").to_have_text(FAILED)
    choose(page, "resume", make_pdf())
    expect(page.locator("#resume-file")).to_contain_text("cv.pdf")
    expect(page.locator("#resume-file")).to_be_focused()
    expect(page.locator("#place-resume img")).to_have_js_property("naturalWidth", 240)
    assert page.url == address
    assert chosen(page, "transcript") == 1
    page.unroute("**/files/transcript/")
    press(page, "transcript")
    expect(page.locator("#transcript-file")).to_contain_text("grades.png")
    assert problems(page) == []


def test_a_file_chosen_before_the_script_has_come_is_uploaded(page: Page) -> None:
    scripts: list[Route] = []
    page.route("**/js/upload.js*", lambda route: scripts.append(route))
    with page.expect_request("**/js/upload.js*"):
        page.goto(page.url, wait_until="commit")
    choose(page, "resume", make_pdf())
    expect(page.locator("#resume-file")).to_have_text("Not uploaded yet")
    scripts[0].continue_()
    expect(page.locator("#resume-file")).to_contain_text("cv.pdf")


def test_a_picture_that_is_still_being_drawn_is_asked_for_again(page: Page) -> None:
    page.route("**/thumbnail.webp*", lambda route: route.fulfill(status=404, body="not yet"), times=1)
    choose(page, "resume", make_pdf())
    expect(page.locator("#place-resume img")).to_have_attribute("data-tries", "1")
    expect(page.locator("#place-resume img")).to_have_js_property("naturalWidth", 240)


def test_each_place_has_a_name_of_its_own(page: Page) -> None:
    names = [f"Select a file: {kind}" for kind in ("CV", "Transcript")]
    assert [page.get_by_label(name, exact=True).count() for name in names] == [1, 1]


def test_the_button_below_waits_for_what_is_being_uploaded(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": MEGABYTE}
    session.send("Network.emulateNetworkConditions", slow)
    choose(page, "resume", padded_pdf(2 * MEGABYTE))
    go_on(page)
    page.wait_for_url("**/check/")
    expect(page.locator("#files")).to_contain_text("cv.pdf")


def test_without_a_script_the_only_button_uploads_and_goes_on(browser: Browser, portal: Portal, draft: str) -> None:
    phone = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    phone.goto(f"{portal.url}/en{draft}files/")
    assert phone.get_by_role("button").all_inner_texts().count("Save and continue") == 1
    choose(phone, "resume", make_pdf())
    choose(phone, "transcript", make_png(), "grades.png")
    go_on(phone)
    phone.wait_for_url("**/check/")
    expect(phone.locator("#files")).to_contain_text("cv.pdf")
    expect(phone.locator("#files")).to_contain_text("grades.png")
    phone.goto(f"{portal.url}/en{draft}files/")
    phone.locator("#place-resume summary").click()
    press(phone, "resume", "Remove")
    expect(phone.locator("#resume-file")).to_have_text("Not uploaded yet")
    expect(phone.locator("#transcript-file")).to_contain_text("grades.png")
    phone.context.close()


def test_the_bar_shows_how_far_an_upload_has_come(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": MEGABYTE}
    session.send("Network.emulateNetworkConditions", slow)
    choose(page, "resume", padded_pdf(3 * MEGABYTE))
    bar = page.locator("#place-resume progress")
    expect(bar).to_be_visible()
    page.wait_for_function("() => document.querySelector('#place-resume progress').value > 25")
    assert "Uploading: " in page.locator("#place-resume [role=status]").inner_text()
    assert problems(page) == []
    expect(page.locator("#resume-file")).to_contain_text("3.1 MB")


def test_a_dead_network_keeps_the_file_and_the_second_try_works(page: Page) -> None:
    page.context.set_offline(True)
    choose(page, "resume", make_pdf())
    status(page, "resume").to_have_text(FAILED)
    assert chosen(page, "resume") == 1
    assert problems(page) == []
    page.context.set_offline(False)
    press(page, "resume")
    expect(page.locator("#resume-file")).to_contain_text("cv.pdf")


@pytest.mark.parametrize("answer", [429, 503, 507])
def test_a_portal_that_cannot_take_it_now_leaves_the_file_chosen(page: Page, answer: int) -> None:
    page.route("**/files/resume/", lambda route: route.fulfill(status=answer, body="later"))
    choose(page, "resume", make_pdf())
    status(page, "resume").to_have_text(FAILED)
    assert chosen(page, "resume") == 1


def test_a_proxy_that_takes_no_such_file_says_so_in_the_same_words(page: Page) -> None:
    page.route("**/files/resume/", lambda route: route.fulfill(status=413, body="no"))
    choose(page, "resume", make_pdf())
    status(page, "resume").to_have_text(TOO_BIG)


def test_a_file_that_is_too_big_is_not_even_sent(page: Page) -> None:
    sent: list[Route] = []
    page.route("**/files/resume/", lambda route: sent.append(route))
    choose(page, "resume", padded_pdf(10 * MEGABYTE + 1))
    status(page, "resume").to_have_text(TOO_BIG)
    go_on(page)
    expect(page.locator("#resume")).to_be_focused()
    assert sent == []


@pytest.mark.parametrize("error", [error for error in ERRORS if error != "too-big"])
def test_each_error_is_said_twice_and_focused(page: Page, error: str) -> None:
    kind, content, message = ERRORS[error]
    choose(page, kind, content)
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#error-summary a")).to_have_text(message)
    expect(page.locator(f"#{kind}-error")).to_have_text(f"Error: {message}")
    assert page.title().startswith("Error: ")
    assert problems(page) == []
    choose(page, kind, make_pdf(), "right.pdf")
    expect(page.locator(f"#{kind}-file")).to_contain_text("right.pdf")
    expect(page.locator("#error-summary")).to_have_count(0)


@pytest.mark.parametrize("error", ERRORS)
def test_each_error_is_said_without_javascript(browser: Browser, portal: Portal, draft: str, error: str) -> None:
    kind, content, message = ERRORS[error]
    phone = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    phone.goto(f"{portal.url}/en{draft}files/")
    choose(phone, kind, content)
    go_on(phone)
    expect(phone.locator("#error-summary a")).to_have_text(message)
    expect(phone.locator(f"#{kind}-error")).to_have_text(f"Error: {message}")
    choose(phone, kind, make_pdf(), "right.pdf")
    go_on(phone)
    expect(phone.locator("#files")).to_contain_text("right.pdf")
    phone.context.close()


def test_replace_and_remove(page: Page) -> None:
    choose(page, "resume", make_pdf())
    page.locator("#place-resume summary").click()
    assert problems(page) == []
    choose(page, "resume", make_pdf("another"), "another.pdf")
    expect(page.locator("#resume-file")).to_contain_text("another.pdf")
    page.locator("#place-resume summary").click()
    press(page, "resume", "Remove")
    expect(page.locator("#resume-file")).to_have_text("Not uploaded yet")
    expect(page.locator("#resume-file")).to_be_focused()


def test_an_ended_session_keeps_the_file_and_mends_the_page(page: Page) -> None:
    page.context.clear_cookies()
    choose(page, "resume", make_pdf())
    expect(page.locator("#place-resume")).to_contain_text("The portal already has cv.pdf")
    choose(page, "transcript", make_png(), "grades.png")
    expect(page.locator("#transcript-file")).to_contain_text("grades.png")
    press(page, "resume")
    expect(page.locator("#resume-file")).to_contain_text("cv.pdf")


def test_leaving_with_a_file_that_was_not_uploaded_is_asked_about(page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.context.set_offline(True)
    choose(page, "resume", make_pdf())
    status(page, "resume").to_have_text(FAILED)
    page.get_by_role("link", name="All steps").click(no_wait_after=True)
    status(page, "resume").to_have_text(FAILED)
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
    press(page, "resume")
    expect(page.locator("#resume-file")).to_contain_text("cv.pdf")
    go_on(page)
    page.wait_for_url("**/check/")
    assert asked == ["beforeunload"]


def test_a_draft_that_is_gone_says_so(page: Page, portal: Portal, draft: str) -> None:
    forget_draft(portal, draft)
    choose(page, "resume", make_pdf())
    expect(page.locator("h1")).to_have_text("This draft is not here")


def test_the_link_to_another_browser_is_copied_and_opens_the_draft_there(
    browser: Browser, page: Page, portal: Portal, draft: str
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Go on in another browser").click()
    assert problems(page) == []
    page.get_by_role("button", name="Make a link").click()
    expect(page.locator("svg.qr")).to_be_visible()
    assert problems(page) == []
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("[role=status]")).to_have_text("Copied. Paste it into the address bar of your browser.")
    link = page.evaluate("navigator.clipboard.readText()")
    elsewhere = browser.new_context().new_page()
    elsewhere.goto(link)
    elsewhere.locator("main form button").last.click()
    elsewhere.wait_for_url(f"{portal.url}/en{draft}")
    elsewhere.context.close()


@pytest.mark.parametrize("view", PAIR)
def test_empty_full_and_in_error_the_page_is_for_everybody(
    browser: Browser, portal: Portal, draft: str, view: View
) -> None:
    width, scheme, language = view
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{portal.url}{language}{draft}files/")
    assert problems(page) == []
    choose(page, "resume", bomb_pdf(), "张三_简历_最终版_2026年11月.pdf")
    expect(page.locator("#place-resume .notice")).to_be_visible()
    page.locator("#place-resume summary").click()
    choose(page, "transcript", b"", "empty.png")
    expect(page.locator("#error-summary")).to_be_focused()
    assert problems(page) == []
    page.goto(f"{portal.url}{language}{draft}elsewhere/")
    page.locator("main form button").last.click()
    expect(page.locator("svg.qr")).to_be_visible()
    assert problems(page) == []
    context.close()
