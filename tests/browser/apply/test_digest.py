"""An applicant compares a file on the phone with the stored one; the file never leaves the device."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.pdf import make_pdf
from tests.support.server import Portal

PREFIX = {"zh": "", "en": "/en"}
SAME = {
    "zh": "一致：这就是保存的文件，逐字节相同。",
    "en": "The same: this is the file as it is stored, byte for byte.",
}
DIFFERENT = {"zh": "不一致：这不是这里保存的文件。", "en": "Different: this is not a file that is stored here."}


# In the short form either page in one of the languages.
SHORT = [("zh", "received"), ("en", "status")]
LONG = [("en", "received"), ("zh", "status")]


@pytest.fixture(params=[*SHORT, *(pytest.param(each, marks=pytest.mark.long) for each in LONG)], ids="-".join)
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    found: tuple[str, str] = request.param
    return found


@pytest.fixture
def language(place: tuple[str, str]) -> str:
    return place[0]


@pytest.fixture
def address(place: tuple[str, str], portal: Portal, received: str) -> str:
    language, page = place
    return f"{portal.url}{PREFIX[language]}/apply/{page}/{received}/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_the_same_file_and_another(page: Page, address: str, language: str, tmp_path: Path) -> None:
    own, altered, other = (tmp_path / name for name in ("own.pdf", "altered.pdf", "other.pdf"))
    own.write_bytes(make_pdf())
    altered.write_bytes(make_pdf()[:-1] + b" ")
    other.write_bytes(b"something else")
    page.goto(address, wait_until="networkidle")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    answer = page.locator("#own-file-check").get_by_role("status")
    expect(answer).to_be_empty()
    for file, words in ((own, SAME), (altered, DIFFERENT), (own, SAME), (other, DIFFERENT)):
        page.set_input_files("#own-file", file)
        expect(answer).to_have_text(words[language])
    assert sent == []


def test_without_a_secure_context_the_commands_remain(page: Page, address: str) -> None:
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    page.goto(address)
    expect(page.locator("#own-file-check")).to_be_hidden()
    page.locator("details summary").last.click()
    expect(page.get_by_text("sha256sum cv.pdf")).to_be_visible()


def test_without_javascript_the_commands_remain(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    expect(page.locator("#own-file-check")).to_be_hidden()
    page.locator("details summary").last.click()
    expect(page.get_by_text("certutil -hashfile cv.pdf SHA256")).to_be_visible()
    page.context.close()
