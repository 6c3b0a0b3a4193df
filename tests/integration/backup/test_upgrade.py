"""A portal of version 0.1's last database (0016) comes back, and goes there and here again, with all that it holds."""

import gzip
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import Select, Table, select

from s2group.accounts.models import RoleGrant, User
from s2group.accounts.sign_in_links import sign_in_link_works
from s2group.admissions.models import Application
from s2group.audit.models import Event
from s2group.backup.tables import GENERATION
from s2group.core import clock
from s2group.core.permissions import Role
from s2group.extensions import Base, db
from tests.support.backups import empty_portal, run
from tests.support.databases import Databases

ARCHIVE = Path(__file__).parents[2] / "archives" / "plain-0016.tar.gz"
# An hour after the last thing that happened there.
NOW = datetime(2026, 9, 3, 20, 10, tzinfo=UTC)
# Links that were mailed there and that nobody has followed yet.
LINKS = (
    "/apply/continue/JIVq4M80vP8dWG4OOnOmbjwYYHU-w9eR/",  # to an application
    "/apply/continue/4jxAVE0nW0hYCFFuyGwNsaNITr0CAeh1/",  # to a draft
    "/apply/continue/TaKgA01sFEEPngBcrVU6OgU6NypFSVX6/",  # to a change that was begun
    "/apply/letter/7DRwZaPcZsV6ctQ-XXR1QPIDyr4q43eD/",
)
SIGNS_IN = "a-token-of-a-test-that-signs-in"
# What the way back and here again may number anew.
NUMBERED = {"link": "id", "project": "position"}
# Its former history, by application.
EVENTS: list[tuple[int, str, dict[str, Any]]] = [
    (1, "submitted", {}),
    (2, "submitted", {}),
    (2, "changed", {"version": 2}),
    (2, "document_asked", {"text": "A certificate"}),
    (2, "document_sent", {"text": "A certificate"}),
    (1, "opened", {}),
    (1, "moved", {"before": "submitted", "after": "withdrawn"}),
    (1, "shown", {"state": "withdrawn"}),
    (1, "moved", {"before": "withdrawn", "after": "submitted"}),
    (1, "taken_back", {"state": "submitted"}),
    (2, "moved", {"before": "submitted", "after": "screening"}),
    (2, "shown", {"state": "screening"}),
    (2, "moved", {"before": "screening", "after": "interview"}),
    (1, "reevaluated", {"before": 1, "after": 2, "changes": []}),
    (2, "reevaluated",
     {"before": 1, "after": 2, "changes": [{"requirement": "cet4", "before": "met", "after": "not_met"}]}),
    (2, "letter_received", {"referee": "测试丙"}),
    (2, "mail_sent_again", {"recipient": "applicant@example.org"}),
    (2, "mail_sent_elsewhere", {"before": "pi@example.org", "after": "b@example.org"}),
    (2, "mail_came_back", {"recipient": "applicant@example.org"}),
    (2, "files_removed", {"count": 3}),
]  # fmt: skip


@pytest.fixture
def other(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A portal into which the archive was restored."""
    archive = tmp_path / "portal.tar"
    with gzip.open(ARCHIVE) as packed, archive.open("xb") as file:
        shutil.copyfileobj(packed, file)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with empty_portal(tmp_path / "other", databases) as other:
        assert "2 applications, 7 files" in run(other, "backup", "restore", str(archive))
        yield other


def test_it_goes_there_and_here_again_with_all_that_it_holds(other: Flask) -> None:
    _expect_the_history()
    _expect_the_roles()
    assert run(other, "facts", "rebuild") == "Facts that were missing or said something else: 0\n"
    assert run(other, "check").startswith("Nothing differs.\n")
    assert [other.test_client().get(link).status_code for link in LINKS] == [200] * len(LINKS)
    assert sign_in_link_works(SIGNS_IN, now=NOW)
    before = _rows()
    flask_migrate.downgrade(revision="0016")
    flask_migrate.upgrade()
    assert run(other, "facts", "index") == "Words that were missing or others: 2\n"
    assert _rows() == before


def test_a_portal_that_is_upgraded_in_its_place_is_whole_after_prepare(other: Flask) -> None:
    db.session.remove()
    flask_migrate.downgrade(revision="0016")
    run(other, "prepare")
    assert run(other, "check").startswith("Nothing differs.\n")
    assert run(other, "facts", "rebuild") == "Facts that were missing or said something else: 0\n"


def _expect_the_history() -> None:
    events = db.session.scalars(select(Event).order_by(Event.id)).all()
    assert [(each.application_id, each.kind, each.stored) for each in events] == EVENTS
    assert all(each.details for each in events), "each is of a kind that is known"
    subjects = {(each.subject_kind, each.subject_key, each.application_id) for each in events}
    assert subjects == {("application", each.reference, each.id) for each in db.session.scalars(select(Application))}


def _expect_the_roles() -> None:
    grants = select(User.email, RoleGrant.role, RoleGrant.route_id).join(RoleGrant, RoleGrant.user_id == User.id)
    assert set(map(tuple, db.session.execute(grants))) == {(f"{role}@example.org", role, None) for role in Role}


def _rows() -> dict[str, list[str]]:
    """Every row of every table as text; not who made facts and words, which an older version did not note."""
    db.session.remove()
    with db.engine.connect() as connection:
        return {
            name: sorted(str(tuple(row)) for row in connection.execute(_without(table, NUMBERED.get(name))))
            for name, table in Base.metadata.tables.items()
            if name not in ("upkeep", GENERATION)
        }


def _without(table: Table, column: str | None) -> Select[Any]:
    return select(*(each for each in table.columns if each.name != column))
