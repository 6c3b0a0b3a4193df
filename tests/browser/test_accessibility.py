"""axe finds nothing on any page: at two widths, in two schemes, in two languages, empty, full and in error."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.staff import Staff
from tests.support.pdf import make_pdf
from tests.support.server import Portal

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PUBLIC = [
    "/", "/members/", "/members/test-jia/", "/publications/", "/projects/", "/news/", "/admissions/",
    "/admissions/check/", "/admissions/fictional-call/", "/admissions/privacy/", "/apply/", "/apply/form/",
    "/apply/status/", "/account/login", "/there-is-no-such-page/",
]  # fmt: skip
STAFF = ["/review/", "/review/requirements/", "/editor/news/", "/editor/news/new/"]


@pytest.fixture(scope="module", params=[(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")], ids=str)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    yield context.new_page()
    context.close()


@pytest.fixture(params=["", "/en"], ids=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _problems(page: Page) -> list[str]:
    violations = Axe().run(page, options=RULES).response["violations"]
    found = [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in violations for node in v["nodes"]]
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"scrolls sideways by {width} px"] if width > 0 else [])


@pytest.mark.parametrize("path", PUBLIC)
def test_public_page(page: Page, portal: Portal, language: str, path: str) -> None:
    page.goto(f"{portal.url}{language}{path}")
    assert _problems(page) == []


def test_form_in_error_and_receipt(page: Page, portal: Portal, language: str) -> None:
    page.goto(f"{portal.url}{language}/apply/form/")
    page.fill("[name=name]", "测试乙")
    page.set_input_files("[name=resume]", {"name": "cv.pdf", "mimeType": "application/pdf", "buffer": make_pdf()})
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_selector("#error-summary")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert page.title().startswith(("Error: ", "错误："))
    assert _problems(page) == []
    for name in ("phone", "university", "college", "major"):
        page.fill(f"[name={name}]", "13800000000")
    page.fill("[name=email]", "yi@example.org")
    page.check("[name=exemption_status][value=expected]")
    page.check("[name=consent]")
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_url("**/apply/received/**")
    assert _problems(page) == []


def test_the_status_of_an_application(page: Page, portal: Portal, language: str, received: str) -> None:
    page.goto(f"{portal.url}{language}/apply/status/{received}/")
    page.set_input_files("#own-file", {"name": "cv.pdf", "mimeType": "application/pdf", "buffer": make_pdf()})
    page.wait_for_function("document.querySelector('#own-file-check [role=status]').textContent")
    page.locator("details summary").last.click()
    assert _problems(page) == []


def test_outcomes_of_the_check(page: Page, portal: Portal, language: str) -> None:
    page.goto(f"{portal.url}{language}/admissions/check/")
    page.fill("[name=cet4]", "410")
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_selector(".outcomes")
    assert _problems(page) == []


@pytest.mark.parametrize("path", STAFF)
def test_staff_page(page: Page, portal: Portal, language: str, pi: Staff, path: str) -> None:
    pi.sign_in(page)
    page.goto(f"{portal.url}{language}{path}")
    assert _problems(page) == []


def test_an_application_under_review(page: Page, portal: Portal, language: str, pi: Staff, received: str) -> None:
    pi.sign_in(page)
    page.goto(f"{portal.url}{language}/review/{received}/")
    page.wait_for_function("[...document.images].filter(i => i.loading != 'lazy').every(i => i.naturalWidth > 0)")
    assert page.locator(".sheet img").count() == 1
    assert _problems(page) == []
