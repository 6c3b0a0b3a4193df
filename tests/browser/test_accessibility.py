"""axe finds nothing on any page: at two widths, in two schemes, in two languages, empty, full and in error.

In the short form the views take turns: each page is looked at in one of them, what is filled in in two.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from s2group import create_app
from s2group.extensions import db
from tests.browser.axe import problems
from tests.browser.staff import Staff
from tests.browser.views import OPPOSITE, PAIR, View, each_once
from tests.support.databases import SqliteDatabases, settings
from tests.support.extent import share
from tests.support.pdf import make_pdf
from tests.support.server import Portal, running_portal
from tests.support.showcase import add_showcase

PUBLIC = [
    "/", "/members/", "/members/test-jia/", "/publications/", "/projects/", "/news/", "/admissions/",
    "/admissions/check/", "/admissions/fictional-call/", "/admissions/privacy/", "/apply/", "/apply/form/",
    "/apply/status/", "/account/login", "/there-is-no-such-page/", "/admissions/guide/",
]  # fmt: skip
# Pages of the record; shown with all that they can have.
FULL = [
    "/", "/members/", "/members/test-jia/", "/members/test-jia/cv/", "/alumni/", "/research/",
    "/research/first-line/", "/publications/?year=2026&q=sample", "/publications/?q=nothing-of-the-kind",
    "/publications/jia2026first/", "/projects/", "/news/?category=activity", "/news/gallery/", "/releases/",
    "/partners/", "/pages/showcase/", "/search/", "/search/?q=sample", "/search/?q=nothing-of-the-kind",
    "/there-is-no-such-page/",
]  # fmt: skip
MISTAKEN = "/review/applications/?q=status:("
# Pages of the staff; REFERENCE stands for an application.
STAFF = [
    "/review/", "/review/applications/", "/review/applications/?q=status:new", MISTAKEN,
    "/review/REFERENCE/tags/", "/review/REFERENCE/discussion/", "/review/REFERENCE/write/",
    "/review/REFERENCE/decision/", "/review/compare/", "/review/compare/?r=REFERENCE",
    "/review/REFERENCE/rating/", "/review/REFERENCE/request/",
    "/review/applications/?q=nothing+cet4:>700",
    "/review/extensions/", "/review/mail/bounce/", "/review/export/?q=cet4:>700", "/review/templates/offer/",
    "/review/board/", "/review/bulk/", "/review/releases/", "/review/templates/", "/review/templates/message/",
    "/review/mail/", "/review/interviews/", "/review/interviews/new/", "/review/tags/", "/review/searches/",
    "/review/search/help/", "/review/keys/", "/review/calibration/", "/review/assignments/", "/review/sittings/",
    "/review/mentions/", "/review/audit/", "/review/export/", "/review/requirements/", "/account/settings/",
    "/editor/", "/editor/member/", "/editor/member/test-yi/", "/editor/member/test-yi/revisions/",
    "/editor/member/test-yi/homepage/", "/editor/publications/import/", "/editor/files/",
    "/editor/calls/", "/editor/calls/fictional-call/",
    "/editor/calls/fictional-call/routes/recommended-exemption-master/requirements/",
    "/editor/calls/fictional-call/routes/postdoc/", "/editor/calls/new/",
    "/editor/news/", "/editor/news/new/", "/account/sessions/",
]  # fmt: skip
OF_ADMINISTRATORS = ["/editor/accounts/", "/editor/accounts/invite/", "/editor/accounts/1/"]


@pytest.fixture(scope="module", params=PAIR)
def view(request: pytest.FixtureRequest) -> View:
    found: View = request.param
    return found


def turn(view: View) -> int:
    """Which share of a list is this view's in the short form."""
    return OPPOSITE.index(view) if view in OPPOSITE else 0


@pytest.fixture(scope="module")
def page(view: View, browser: Browser) -> Iterator[Page]:
    width, scheme, _ = view
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def language(view: View) -> str:
    return view[2]


@pytest.mark.parametrize(("view", "path"), each_once(PUBLIC), indirect=["view"], scope="module")
def test_public_page(page: Page, portal: Portal, language: str, path: str) -> None:
    page.goto(f"{portal.url}{language}{path}")
    assert problems(page) == []


@pytest.fixture(scope="module")
def full_portal(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    """A portal whose record has everything that a page can show."""
    folder = tmp_path_factory.mktemp("full")
    environ = settings(folder, sqlite_databases.fresh(folder))
    with running_portal(environ, light=True) as portal:
        with create_app(environ).app_context():
            add_showcase(now=datetime(2026, 3, 1, 8, tzinfo=UTC))
            db.engine.dispose()
        yield portal


@pytest.mark.parametrize(("place", "language", "width", "scheme"), [(0, "", 320, "dark"), (1, "/en", 1280, "light")])
def test_full_pages(
    browser: Browser, full_portal: Portal, place: int, language: str, width: int, scheme: Literal["dark", "light"]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    found = {}
    for path in share(FULL, place, 2):
        answer = page.goto(f"{full_portal.url}{language}{path}")
        assert answer is not None
        expected = 404 if "no-such" in path else 200
        found[path] = problems(page) if answer.status == expected else [f"HTTP {answer.status}"]
    page.context.close()
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_form_in_error_and_receipt(page: Page, portal: Portal, language: str) -> None:
    page.goto(f"{portal.url}{language}/apply/form/")
    page.fill("[name=name]", "测试乙")
    page.set_input_files("[name=resume]", {"name": "cv.pdf", "mimeType": "application/pdf", "buffer": make_pdf()})
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_selector("#error-summary")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert page.title().startswith(("Error: ", "错误："))
    assert problems(page) == []
    for name in ("phone", "university", "college", "major"):
        page.fill(f"[name={name}]", "13800000000")
    page.fill("[name=email]", "yi@example.org")
    page.check("[name=exemption_status][value=expected]")
    page.check("[name=consent]")
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_url("**/apply/received/**")
    assert problems(page) == []


def test_the_status_of_an_application(page: Page, portal: Portal, language: str, received: str) -> None:
    page.goto(f"{portal.url}{language}/apply/status/{received}/")
    page.set_input_files("#own-file", {"name": "cv.pdf", "mimeType": "application/pdf", "buffer": make_pdf()})
    expect(page.locator("#own-file-check [role=status]")).not_to_be_empty()
    page.locator("details summary").last.click()
    assert problems(page) == []


def test_outcomes_of_the_check(page: Page, portal: Portal, language: str) -> None:
    page.goto(f"{portal.url}{language}/admissions/check/")
    page.fill("[name=cet4]", "410")
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_selector(".outcomes")
    assert problems(page) == []


def test_staff_pages(page: Page, portal: Portal, view: View, language: str, pi: Staff, received: str) -> None:
    pi.sign_in(page)
    found = {}
    for path in share(STAFF, turn(view), len(OPPOSITE)):
        answer = page.goto(f"{portal.url}{language}{path.replace('REFERENCE', received)}")
        assert answer is not None
        expected = 400 if path == MISTAKEN else 200
        found[path] = problems(page) if answer.status == expected else [f"HTTP {answer.status}"]
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_pages_of_administrators(browser: Browser, portal: Portal, view: View, language: str, admin: Staff) -> None:
    width, scheme, _ = view
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    admin.sign_in(page)
    found = {}
    for path in OF_ADMINISTRATORS:
        answer = page.goto(f"{portal.url}{language}{path}")
        assert answer is not None
        found[path] = problems(page) if answer.ok else [f"HTTP {answer.status}"]
    context.close()
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.fixture(scope="module")
def in_progress(browser: Browser, portal: Portal, pi: Staff, received: str) -> list[str]:
    """A dry run, a run that was applied, mails before their release, and a round of interviews: their paths."""
    page = browser.new_page()
    pi.sign_in(page)
    choose = f"{portal.url}/review/bulk/?r={received}"
    found = []
    for is_applied in (False, True):
        page.goto(choose)
        page.select_option("#move-to", "interview")
        page.locator("form:has(#move-to) button").click()
        page.wait_for_url(lambda url: "?" not in url)
        if is_applied:
            page.locator("main form button.go").click()
            page.wait_for_load_state()
        found.append(page.url)
    page.goto(f"{portal.url}/review/releases/")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/review/releases/*/")
    found += [page.url, f"{page.url}{received}/"]
    page.goto(f"{portal.url}/review/interviews/new/")
    page.fill("[name=title_zh]", "样本面试")
    page.locator("[name=routes]").first.check()
    page.fill("[name=place]", "https://meeting.example.org/1")
    page.fill("[name=choose_on]", "2099-09-25")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(lambda url: "/new/" not in url)
    found.append(page.url)
    page.close()
    return [url.removeprefix(portal.url) for url in found]


def test_an_application_under_review(page: Page, portal: Portal, language: str, pi: Staff, received: str) -> None:
    pi.sign_in(page)
    page.goto(f"{portal.url}{language}/review/{received}/")
    for image in page.locator("img:not([loading=lazy])").all():
        expect(image).not_to_have_js_property("naturalWidth", 0)
    assert page.locator("#resume .sheets img").count() == 1
    assert problems(page) == []


def test_work_in_progress(
    page: Page, portal: Portal, view: View, language: str, pi: Staff, in_progress: list[str]
) -> None:
    pi.sign_in(page)
    found = {}
    for path in share(in_progress, turn(view), len(OPPOSITE)):
        answer = page.goto(f"{portal.url}{language}{path}")
        assert answer is not None
        found[path] = problems(page) if answer.status == 200 else [f"HTTP {answer.status}"]
    assert {path: faults for path, faults in found.items() if faults} == {}
