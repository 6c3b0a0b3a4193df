"""A real portal under gunicorn, a real SMTP server, a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.staff import Staff, add_account
from tests.support.applying import REQUIRED
from tests.support.databases import SqliteDatabases, settings
from tests.support.pdf import make_pdf
from tests.support.server import Portal, running_portal
from tests.support.smtp import Mailbox
from tests.support.visitor import Visitor

# A hostile file is looked into for nine seconds, and more where the tests share a slow machine.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, which asks nobody outside."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    """Everything the portal mails, by a real SMTP server on loopback."""
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture(scope="session")
def portal(
    tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases, mailbox: Mailbox
) -> Iterator[Portal]:
    """A portal with the tests' fictional group, its mail going to `mailbox`."""
    folder: Path = tmp_path_factory.mktemp("portal")
    environ = settings(folder, sqlite_databases.fresh(folder))
    environ |= {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(mailbox.port)}
    with running_portal(environ) as portal:
        yield portal


@pytest.fixture(scope="session")
def pi(portal: Portal) -> Staff:
    return add_account(portal, "pi")


@pytest.fixture(scope="session")
def admin(portal: Portal) -> Staff:
    return add_account(portal, "admin")


@pytest.fixture(scope="session")
def received(portal: Portal) -> str:
    """The reference of an application that was sent."""
    visitor = Visitor(portal.url)
    page = visitor.send("/apply/", REQUIRED | visitor.opened_form("/apply/"), make_pdf())
    return page.url.rstrip("/").rpartition("/")[2]
