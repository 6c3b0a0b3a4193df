"""A referee at a browser: asked, told what is wrong, thanked; and the readers who get the letter."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from s2group import create_app
from s2group.core import clock
from s2group.core.identifiers import new_token
from s2group.extensions import db
from tests.browser.axe import problems
from tests.browser.staff import Staff
from tests.browser.views import PAIR, View
from tests.support.changing import mails
from tests.support.pdf import make_pdf
from tests.support.refereeing import apply_with_referees, token_in
from tests.support.server import Portal


@pytest.fixture(params=PAIR)
def view(request: pytest.FixtureRequest) -> View:
    found: View = request.param
    return found


@pytest.fixture
def language(view: View) -> str:
    return view[2]


@pytest.fixture
def page(view: View, browser: Browser) -> Iterator[Page]:
    width, scheme, _ = view
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    yield context.new_page()
    context.close()


@pytest.fixture
def asked(portal: Portal) -> tuple[str, str]:
    """The reference of an application, and the token that its first referee was sent."""
    with create_app(portal.process_environ()).app_context():
        reference = apply_with_referees(key=new_token(), name="测试甲", now=clock.now()).reference
        token = next(token_in(mail) for mail in mails("letter_asked") if mail.topic == reference)
        db.session.remove()
        db.engine.dispose()
    return reference, token


def send(page: Page, content: bytes) -> None:
    page.set_input_files("#letter", {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": content})
    with page.expect_navigation():
        page.click("main form button[type=submit]")


def test_a_letter_is_asked_for_refused_taken_and_read(
    page: Page, portal: Portal, asked: tuple[str, str], pi: Staff, language: str
) -> None:
    reference, token = asked
    page.goto(f"{portal.url}{language}/apply/letter/{token}/")
    assert "测试甲" in page.inner_text("main")
    assert problems(page) == []
    send(page, b"no letter")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert page.title().startswith(("Error: ", "错误："))
    assert problems(page) == []
    send(page, make_pdf("a letter"))
    assert page.locator(".tag.wait").count() == page.locator("#error-summary").count() == 0
    assert page.locator("main time").count() == 2
    assert problems(page) == []
    pi.sign_in(page)
    page.goto(f"{portal.url}{language}/review/{reference}/")
    with page.expect_download() as download:
        page.click("a[href$='/letters/1.pdf']")
    assert download.value.suggested_filename == f"letter-1-{reference}.pdf"
    assert problems(page) == []


def test_a_link_that_is_gone(page: Page, portal: Portal, language: str) -> None:
    page.goto(f"{portal.url}{language}/apply/letter/{new_token()}/")
    assert page.locator("main a[href^='mailto:']").count() == 1
    assert problems(page) == []
