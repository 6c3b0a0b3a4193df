"""From the home page to the PI's mailbox, as an applicant on a phone goes."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support.pdf import make_pdf
from tests.support.server import Portal
from tests.support.smtp import Letter, Mailbox

PHONE: ViewportSize = {"width": 360, "height": 740}
PREFIX = {"zh": "", "en": "/en"}
ANSWERS = {
    "name": "测试甲",
    "email": "jia@example.org",
    "phone": "13800000000",
    "university": "示例大学",
    "college": "计算机学院",
    "major": "软件工程",
    "cet4": "441",
}


# A language, and whether there is JavaScript; in the short form either of each.
WAYS = [
    ("zh", True),
    ("en", False),
    pytest.param(("en", True), marks=pytest.mark.long),
    pytest.param(("zh", False), marks=pytest.mark.long),
]


@pytest.fixture(params=WAYS, ids=str)
def way(request: pytest.FixtureRequest) -> tuple[str, bool]:
    found: tuple[str, bool] = request.param
    return found


@pytest.fixture
def language(way: tuple[str, bool]) -> str:
    return way[0]


@pytest.fixture
def phone(way: tuple[str, bool], browser: Browser) -> Page:
    return browser.new_context(viewport=PHONE, java_script_enabled=way[1]).new_page()


def _fill(page: Page, resume: Path) -> None:
    for name, value in ANSWERS.items():
        page.fill(f"[name={name}]", value)
    page.check("[name=exemption_status][value=has]")
    page.set_input_files("[name=resume]", resume)
    page.check("[name=consent]")


def _submit(page: Page) -> None:
    page.locator("main form[method=post] button[type=submit]").last.click()


def _letter(mailbox: Mailbox, recipient: str, reference: str) -> Letter:
    mailbox.wait_for(recipient, containing=reference)
    return next(letter for letter in mailbox.letters_to(recipient) if reference in letter.text)


def test_the_resume_arrives_byte_for_byte(
    phone: Page, language: str, portal: Portal, mailbox: Mailbox, tmp_path: Path
) -> None:
    resume = tmp_path / "张三_简历.pdf"
    resume.write_bytes(make_pdf(f"测试甲 {language} {id(phone)}"))
    digest = sha256(resume.read_bytes()).hexdigest()

    phone.goto(f"{portal.url}{PREFIX[language]}/")
    phone.locator("main a[href$='/admissions/']").first.click()
    phone.locator("main a[href*='/apply/']").first.click()
    phone.locator("main a[href*='/apply/form/']").click()
    _fill(phone, resume)
    _submit(phone)

    expect(phone).to_have_url(re.compile(r"/apply/received/"))
    expect(phone.locator("main")).to_contain_text(digest)
    reference = phone.url.rstrip("/").rsplit("/", 1)[1]
    letter = _letter(mailbox, "pi@example.org", reference)
    assert [sha256(content).hexdigest() for _, content in letter.attachments] == [digest]
    message = letter.message
    assert message["Subject"] == "推免硕士-测试甲-示例大学 计算机学院 软件工程"
    assert message["Reply-To"] == "jia@example.org"
    confirmation = _letter(mailbox, "jia@example.org", reference)
    assert f"{portal.url}{PREFIX[language]}/apply/received/{reference}/" in confirmation.text


def test_a_mistake_keeps_every_answer_and_the_file(
    phone: Page, language: str, portal: Portal, mailbox: Mailbox, tmp_path: Path
) -> None:
    resume = tmp_path / "cv.pdf"
    resume.write_bytes(make_pdf(f"kept {language} {id(phone)}"))
    digest = sha256(resume.read_bytes()).hexdigest()
    phone.goto(f"{portal.url}{PREFIX[language]}/apply/form/")
    _fill(phone, resume)
    phone.fill("[name=email]", "not-an-address")
    _submit(phone)

    expect(phone.locator("#error-summary a")).to_have_count(1)
    assert phone.input_value("[name=name]") == ANSWERS["name"]
    assert phone.is_checked("[name=exemption_status][value=has]")
    expect(phone.locator("main")).to_contain_text("cv.pdf")
    phone.fill("[name=email]", ANSWERS["email"])
    _submit(phone)

    expect(phone).to_have_url(re.compile(r"/apply/received/"))
    expect(phone.locator("main")).to_contain_text(digest)
