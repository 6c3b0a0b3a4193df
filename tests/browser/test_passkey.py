"""A reviewer of one route is invited, sets up a passkey in a real browser, and sees only that route."""

import re
import subprocess
import sys
from time import monotonic, sleep

from playwright.sync_api import Browser, Page

from tests.browser.staff import PASSWORD, Staff
from tests.support.server import ROOT, Portal
from tests.support.smtp import Mailbox

REVIEWER = "reviewer-of-a-route@example.org"
LINK = re.compile(r"/en/account/password/[\w-]+/")
# The virtual authenticator of Chromium: a device that knows its holder.
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def with_passkeys(browser: Browser, errors: list[str]) -> Page:
    page = browser.new_page()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def invitation(mailbox: Mailbox) -> str:
    """The path of the link that the reviewer was mailed."""
    until = monotonic() + 60
    while monotonic() < until:
        for letter in list(mailbox.letters):
            found = LINK.search(letter.text) if letter.recipients == [REVIEWER] else None
            if found:
                return found[0]
        sleep(0.2)
    raise AssertionError("no invitation came")


def invite(admin: Staff, page: Page, route: str) -> None:
    admin.sign_in(page)
    page.goto(f"{admin.portal.url}/en/editor/accounts/invite/")
    page.fill("[name=email]", REVIEWER)
    page.select_option("[name=role]", "reviewer")
    choice = page.locator("[name=route] option", has_text=route).first.get_attribute("value")
    page.select_option("[name=route]", choice)
    page.check("[name=locale][value=en]")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/editor/accounts/\d+/"))
    page.context.close()


def enter(page: Page, host: str) -> None:
    """Sign in with the passkey alone."""
    page.context.clear_cookies()
    page.goto(f"{host}/en/account/login")
    page.get_by_role("link", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(lambda url: "/account/" not in url)


def test_an_invited_reviewer_of_one_route_signs_in_with_a_passkey(
    browser: Browser, portal: Portal, admin: Staff, mailbox: Mailbox, received: str
) -> None:
    # A passkey belongs to a name, and no address of digits is one.
    host, errors = portal.url.replace("127.0.0.1", "localhost"), list[str]()
    invite(admin, browser.new_page(), "recommended exemption")
    page = with_passkeys(browser, errors)
    page.bring_to_front()
    page.goto(host + invitation(mailbox))
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/account/" not in url)
    page.goto(f"{host}/en/account/second-factor/")
    page.get_by_role("link", name="Add a passkey").click()
    page.fill("[name=name]", "laptop")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("link", name="I have kept them: go on").click()
    enter(page, host)
    answer = page.goto(f"{host}/en/review/{received}/")
    assert answer
    assert answer.status == 200
    # What came is of this route: whoever reviews another one does not see it.
    command = (
        sys.executable, "-m", "flask", "--app", "app", "accounts", "role",
        "--email", REVIEWER, "--role", "reviewer", "--route", "national-exam-master",
    )  # fmt: skip
    subprocess.run(command, cwd=ROOT, env=portal.process_environ(), check=True, capture_output=True)
    enter(page, host)
    hidden = page.goto(f"{host}/en/review/{received}/")
    assert hidden
    assert hidden.status == 404
    # The policy of the pages held: nothing was refused but that page.
    assert [each for each in errors if "404" not in each] == []
    page.context.close()
