"""Uploading at a phone: the bar, a dead network, and every error, each of which leaves the rest of the page alone."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, Route, ViewportSize, expect

from tests.browser.axe import RULES
from tests.browser.drafts import forget_draft, new_draft
from tests.support.pdf import bomb_pdf, encrypted_pdf, make_pdf, padded_pdf
from tests.support.pictures import gif, headless, make_jpeg, make_png
from tests.support.server import Portal

PHONE: ViewportSize = {"width": 360, "height": 740}
MEGABYTE = 1024 * 1024
FAILED = "The upload did not get through. Your file is still chosen: press the button again."
TOO_BIG = "CV: select a file of at most 10 MB"
ERRORS = {
    "none": ("transcript", None, "Transcript: select a file"),
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


def press(page: Page, kind: str, button: str = "Upload") -> None:
    page.locator(f"#place-{kind} button", has_text=button).click()


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
    choose(page, "transcript", make_png(), "grades.png")
    choose(page, "resume", make_pdf())
    status(page, "resume").to_have_text("Chosen, not uploaded yet: press the button.")
    press(page, "resume")
    expect(page.locator("#resume-file")).to_contain_text("cv.pdf")
    expect(page.locator("#resume-file")).to_be_focused()
    expect(page.locator("#place-resume img")).to_have_js_property("naturalWidth", 240)
    assert page.url == address
    assert chosen(page, "transcript") == 1
    press(page, "transcript")
    expect(page.locator("#transcript-file")).to_contain_text("grades.png")
    assert problems(page) == []


def test_the_bar_shows_how_far_an_upload_has_come(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": MEGABYTE}
    session.send("Network.emulateNetworkConditions", slow)
    choose(page, "resume", padded_pdf(3 * MEGABYTE))
    press(page, "resume")
    bar = page.locator("#place-resume progress")
    expect(bar).to_be_visible()
    page.wait_for_function("() => document.querySelector('#place-resume progress').value > 25")
    assert "Uploading: " in page.locator("#place-resume [role=status]").inner_text()
    assert problems(page) == []
    expect(page.locator("#resume-file")).to_contain_text("3.1 MB")


def test_a_dead_network_keeps_the_file_and_the_second_try_works(page: Page) -> None:
    choose(page, "resume", make_pdf())
    page.context.set_offline(True)
    press(page, "resume")
    status(page, "resume").to_have_text(FAILED)
    assert chosen(page, "resume") == 1
    assert problems(page) == []
    page.context.set_offline(False)
    press(page, "resume")
    expect(page.locator("#resume-file")).to_contain_text("cv.pdf")


@pytest.mark.parametrize("answer", [429, 503, 507])
def test_a_portal_that_cannot_take_it_now_leaves_the_file_chosen(page: Page, answer: int) -> None:
    choose(page, "resume", make_pdf())
    page.route("**/files/resume/", lambda route: route.fulfill(status=answer, body="later"))
    press(page, "resume")
    status(page, "resume").to_have_text(FAILED)
    assert chosen(page, "resume") == 1


def test_a_proxy_that_takes_no_such_file_says_so_in_the_same_words(page: Page) -> None:
    choose(page, "resume", make_pdf())
    page.route("**/files/resume/", lambda route: route.fulfill(status=413, body="no"))
    press(page, "resume")
    status(page, "resume").to_have_text(TOO_BIG)


def test_a_file_that_is_too_big_is_not_even_sent(page: Page) -> None:
    sent: list[Route] = []
    page.route("**/files/resume/", lambda route: sent.append(route))
    choose(page, "resume", padded_pdf(10 * MEGABYTE + 1))
    press(page, "resume")
    status(page, "resume").to_have_text(TOO_BIG)
    assert sent == []


@pytest.mark.parametrize("error", [error for error in ERRORS if error != "too-big"])
def test_each_error_is_said_twice_and_focused(page: Page, error: str) -> None:
    kind, content, message = ERRORS[error]
    if content is not None:
        choose(page, kind, content)
    press(page, kind)
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#error-summary a")).to_have_text(message)
    expect(page.locator(f"#{kind}-error")).to_have_text(f"Error: {message}")
    assert page.title().startswith("Error: ")
    assert problems(page) == []
    choose(page, kind, make_pdf(), "right.pdf")
    press(page, kind)
    expect(page.locator(f"#{kind}-file")).to_contain_text("right.pdf")
    expect(page.locator("#error-summary")).to_have_count(0)


@pytest.mark.parametrize("error", ERRORS)
def test_each_error_is_said_without_javascript(browser: Browser, portal: Portal, draft: str, error: str) -> None:
    kind, content, message = ERRORS[error]
    phone = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    phone.goto(f"{portal.url}/en{draft}files/")
    if content is not None:
        choose(phone, kind, content)
    press(phone, kind)
    expect(phone.locator("#error-summary a")).to_have_text(message)
    expect(phone.locator(f"#{kind}-error")).to_have_text(f"Error: {message}")
    choose(phone, kind, make_pdf(), "right.pdf")
    press(phone, kind)
    expect(phone.locator(f"#{kind}-file")).to_contain_text("right.pdf")
    phone.context.close()


def test_replace_and_remove(page: Page) -> None:
    choose(page, "resume", make_pdf())
    press(page, "resume")
    page.locator("#place-resume summary").click()
    assert problems(page) == []
    choose(page, "resume", make_pdf("another"), "another.pdf")
    press(page, "resume", "Replace")
    expect(page.locator("#resume-file")).to_contain_text("another.pdf")
    page.locator("#place-resume summary").click()
    press(page, "resume", "Remove")
    expect(page.locator("#resume-file")).to_have_text("Not uploaded yet")
    expect(page.locator("#resume-file")).to_be_focused()


def test_an_ended_session_keeps_the_file_and_mends_the_page(page: Page) -> None:
    page.context.clear_cookies()
    choose(page, "resume", make_pdf())
    press(page, "resume")
    expect(page.locator("#place-resume")).to_contain_text("The portal already has cv.pdf")
    choose(page, "transcript", make_png(), "grades.png")
    press(page, "transcript")
    expect(page.locator("#transcript-file")).to_contain_text("grades.png")
    press(page, "resume")
    expect(page.locator("#resume-file")).to_contain_text("cv.pdf")


def test_leaving_with_a_file_that_was_not_uploaded_is_asked_about(page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    choose(page, "resume", make_pdf())
    page.get_by_role("link", name="Save and continue").click(no_wait_after=True)
    status(page, "resume").to_have_text("Chosen, not uploaded yet: press the button.")
    assert asked == ["beforeunload"]
    press(page, "resume")
    expect(page.locator("#resume-file")).to_contain_text("cv.pdf")
    page.get_by_role("link", name="Save and continue").click()
    page.wait_for_url("**/check/")
    assert asked == ["beforeunload"]


def test_a_draft_that_is_gone_says_so(page: Page, portal: Portal, draft: str) -> None:
    choose(page, "resume", make_pdf())
    forget_draft(portal, draft)
    press(page, "resume")
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


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/en"], ids=["zh", "en"])
def test_empty_full_and_in_error_the_page_is_for_everybody(
    browser: Browser, portal: Portal, draft: str, width: int, scheme: Literal["light", "dark"], language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{portal.url}{language}{draft}files/")
    assert problems(page) == []
    choose(page, "resume", bomb_pdf(), "张三_简历_最终版_2026年11月.pdf")
    page.locator("#place-resume form button").click()
    expect(page.locator("#place-resume .notice")).to_be_visible()
    page.locator("#place-resume summary").click()
    page.locator("#place-transcript form button").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert problems(page) == []
    page.goto(f"{portal.url}{language}{draft}elsewhere/")
    page.locator("main form button").last.click()
    expect(page.locator("svg.qr")).to_be_visible()
    assert problems(page) == []
    context.close()
