"""Every route, in both languages, at a phone: from the home page to the PI's mailbox."""

from hashlib import sha256

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.walking import Walker
from tests.support.pdf import make_pdf
from tests.support.server import Portal
from tests.support.smtp import Mailbox

PHONE: ViewportSize = {"width": 360, "height": 740}
ROUTES = ("recommended-exemption-master", "national-exam-master", "phd-assessment", "research-assistant", "postdoc")
WALKS = [(route, prefix) for route in ROUTES for prefix in ("", "/en")]
# Each route once, and either language; the others in the long form.
SHORT = [
    ("recommended-exemption-master", "/en"),
    ("national-exam-master", ""),
    ("phd-assessment", "/en"),
    ("research-assistant", ""),
    ("postdoc", "/en"),
]
# Whoever walks this one has no script.
WITHOUT_SCRIPT = ("national-exam-master", "")
# Whoever walks this one goes on at another device.
ON_ANOTHER_DEVICE = ("phd-assessment", "/en")


@pytest.mark.parametrize(
    ("route", "prefix"),
    [pytest.param(*walk, marks=[] if walk in SHORT else [pytest.mark.long]) for walk in WALKS],
)
def test_from_the_home_page_to_the_mailbox(
    browser: Browser, portal: Portal, mailbox: Mailbox, route: str, prefix: str
) -> None:
    script = (route, prefix) != WITHOUT_SCRIPT
    page = browser.new_context(viewport=PHONE, java_script_enabled=script).new_page()
    resume = make_pdf(f"{route} {prefix}")
    walker = Walker(page, resume=resume, has_script=script)
    walker.answers["email"] = f"{route}{prefix.replace('/', '-')}@example.org"
    walker.begin(portal.url + prefix, route)
    if (route, prefix) == ON_ANOTHER_DEVICE:
        walker = go_on_elsewhere(walker, browser, mailbox)
    walker.fill_everything()
    reference = walker.submit()
    digest = sha256(resume).hexdigest()
    expect(walker.page.locator("main")).to_contain_text(digest)
    mailbox.wait_for("pi@example.org", containing=reference)
    letter = next(each for each in mailbox.letters_to("pi@example.org") if reference in each.text)
    assert digest in [sha256(content).hexdigest() for _, content in letter.attachments]
    assert walker.answers["email"] in str(letter.message["Reply-To"])
    walker.page.goto(f"{portal.url}{prefix}/apply/status/{reference}/")
    expect(walker.page.locator("h1")).to_have_count(1)
    expect(walker.page.locator("main")).to_contain_text(reference)
    page.context.close()


def go_on_elsewhere(walker: Walker, browser: Browser, mailbox: Mailbox) -> Walker:
    """Give the address on one device; follow the mailed link on another, and find what was saved."""
    walker.page.goto(walker.steps_page + "about/")
    walker.fill_page()
    walker.save()
    mailbox.wait_for(walker.answers["email"], containing="/apply/continue/")
    letter = mailbox.letters_to(walker.answers["email"])[-1]
    link = next(word for word in letter.text.split() if "/apply/continue/" in word)
    page = browser.new_context(viewport=PHONE).new_page()
    page.goto(link)
    other = Walker(page, walker.answers, walker.resume, steps_page=walker.steps_page)
    other.save()
    expect(page).to_have_url(walker.steps_page)
    page.goto(walker.steps_page + "about/")
    assert page.input_value("[name=name]") == walker.answers["name"]
    page.goto(walker.steps_page)
    return other
