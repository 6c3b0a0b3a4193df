"""A member of the staff at a browser."""

import subprocess
import sys
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.support.server import ROOT, Portal

PASSWORD = "four plain words together"


@dataclass(frozen=True)
class Staff:
    """An account of the running portal."""

    portal: Portal
    email: str

    def sign_in(self, page: Page) -> None:
        """Sign in, unless this browser is signed in already."""
        page.goto(f"{self.portal.url}/en/account/login")
        if page.locator("[name=password]").count():
            page.fill("[name=email]", self.email)
            page.fill("[name=password]", PASSWORD)
            page.locator("main button[type=submit], main input[type=submit]").first.click()
            page.wait_for_url(lambda url: "login" not in url)


def add_account(portal: Portal, role: str) -> Staff:
    """Add an account as an operator does, with the password on standard input."""
    email = f"{role}@example.org"
    command = (sys.executable, "-m", "flask", "--app", "app", "accounts", "add", "--email", email, "--role", role)
    environ = portal.process_environ()
    subprocess.run(command, cwd=ROOT, env=environ, input=PASSWORD + "\n", text=True, check=True, capture_output=True)
    return Staff(portal, email)
