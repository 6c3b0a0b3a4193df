"""What one process changes, every other one shows within a second, and a deadline is kept to the second."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from s2group import create_app
from s2group.admissions.models import Call
from s2group.content.people.models import Member
from s2group.core.clock import now
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.databases import SqliteDatabases, settings
from tests.support.server import Portal, running_portal


@pytest.fixture
def portal(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[Portal]:
    environ = settings(tmp_path / "data", sqlite_databases.fresh(tmp_path / "data"))
    with running_portal(environ | {"S2_ENV": "development", "S2_EMBEDDED_WORKER": "off"}) as portal:
        yield portal


def of_each(portal: Portal, path: str) -> list[str]:
    """The page as each of the two workers shows it."""
    pages = []
    for worker in portal.web_workers():
        with portal.only(worker):
            pages.append(portal.get(path)[1])
    assert len(pages) == 2
    return pages


def test_both_workers_follow_the_record_and_the_clock(portal: Portal) -> None:
    before = of_each(portal, "/en/members/")
    assert before[0] == before[1]
    assert of_each(portal, "/en/members/") == before
    app = create_app(portal.environ)
    with app.app_context():
        with transaction() as session:
            session.execute(update(Member).values(name=LocalizedText("改名", "Another Name")))
        time.sleep(1)
        assert ["Another Name" in page for page in of_each(portal, "/en/members/")] == [True, True]

        closes = now() + timedelta(seconds=6)
        with transaction() as session:
            session.execute(update(Call).values(closes_at=closes))
        time.sleep(1)
        open_pages = of_each(portal, "/en/")
        time.sleep(max(0, (closes - now()).total_seconds()))
        closed_pages = of_each(portal, "/en/")
        assert ["Now open" in page for page in open_pages + closed_pages] == [True, True, False, False]
        db.session.remove()
        db.engine.dispose()
