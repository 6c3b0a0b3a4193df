"""A call whose file was taken out takes no more applications, and loses none."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from s2group.accounts.services import add_account, grant_role
from s2group.admissions.models import AdmissionRoute, Application, Call, Draft, RequirementSet
from s2group.admissions.openings import admissions_at
from s2group.admissions.queries import open_calls
from s2group.admissions.services.call_files import load_calls
from s2group.admissions.services.drafts import start_draft
from s2group.admissions.services.ended_calls import Ended
from s2group.audit.models import Event
from s2group.audit.rules import Kind, RoleRevoked
from s2group.content.records.errors import ContentError
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import MORNING, apply
from tests.support.backups import run
from tests.support.calls import add_call
from tests.support.staff import PASSWORD

LATER = MORNING + timedelta(days=3)
KEY = "fictional-call"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """The content files of the loaded portal, to be edited."""
    folder = Path(shutil.copytree(app.config["CONTENT_DIR"], tmp_path / "ours"))
    app.config["CONTENT_DIR"] = folder
    run(app, "content", "load")
    return folder


@pytest.fixture
def without(folder: Path) -> Path:
    """The calls, after the only file was taken out."""
    calls = folder / "calls"
    next(calls.glob("*.toml")).rename(folder / "taken-out.toml")
    return calls


def window(key: str = KEY) -> tuple[datetime, datetime | None]:
    db.session.rollback()  # a command has a session of its own
    opens_at, closes_at = db.session.execute(select(Call.opens_at, Call.closes_at).where(Call.key == key)).one()
    return opens_at, closes_at


def count(model: type) -> int | None:
    return db.session.scalar(select(func.count()).select_from(model))


def test_it_closes_at_the_moment_of_loading_and_the_command_says_so(app: Flask, without: Path) -> None:
    opened = window()[0]
    began = datetime.now(UTC)
    told = run(app, "content", "load")
    closes_at = window()[1]
    assert f"Closed the call {KEY}: no file describes it any more. Its applications and drafts stay.\n" in told
    assert closes_at
    assert began <= closes_at <= datetime.now(UTC)
    assert window()[0] == opened
    assert open_calls(datetime.now(UTC)) == []
    assert "Closed the call" not in run(app, "content", "load")
    assert window()[1] == closes_at


def test_applications_and_drafts_stay_and_a_draft_has_its_grace(client: FlaskClient, without: Path) -> None:
    apply(client)
    route = db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.id)).first()
    assert route
    start_draft(route=route, key="key-of-a-draft-in-a-test", answers={}, locale="en", now=MORNING)
    places = [(each.places, each.filled) for each in db.session.scalars(select(AdmissionRoute))]
    assert load_calls(without, now=LATER).ended == Ended(closed=[KEY])
    assert (count(Application), count(Draft), count(RequirementSet)) == (1, 1, 5)
    assert [(each.places, each.filled) for each in db.session.scalars(select(AdmissionRoute))] == places
    assert window()[1] == LATER


def test_it_opens_again_as_its_file_says(folder: Path, without: Path) -> None:
    before = window()
    load_calls(without, now=LATER)
    (folder / "taken-out.toml").rename(without / "back.toml")
    assert load_calls(without, now=LATER + timedelta(days=1)).ended == Ended()
    assert window() == before
    assert [call.key for call in open_calls(LATER)] == [KEY]


def test_one_that_closed_before_keeps_its_day(folder: Path) -> None:
    add_call("past", opens_at=MORNING - timedelta(days=9), closes_at=MORNING - timedelta(days=2))
    assert load_calls(folder / "calls", now=MORNING).ended == Ended()
    assert window("past")[1] == MORNING - timedelta(days=2)


def test_one_that_would_have_closed_later_closes_now(folder: Path) -> None:
    add_call("ending", closes_at=LATER + timedelta(days=2))
    assert load_calls(folder / "calls", now=LATER).ended == Ended(closed=["ending"])
    assert window("ending") == (MORNING, LATER)


def test_one_that_never_opened_is_nowhere_told_as_closed(folder: Path) -> None:
    add_call("planned", opens_at=LATER)
    assert load_calls(folder / "calls", now=MORNING).ended == Ended(removed=["planned"])
    assert [call.call.key for call in admissions_at(MORNING).calls] == [KEY]
    assert (count(Call), count(AdmissionRoute), count(RequirementSet)) == (1, 5, 5)


def revoked() -> list[tuple[str, Any]]:
    """The accounts that have lost a role, and what of it is kept."""
    found = select(Event).where(Event.kind == Kind.ROLE_REVOKED).order_by(Event.id)
    return [(event.subject_key, event.details) for event in db.session.scalars(found)]


def test_a_role_for_a_route_that_never_opened_ends_with_it_and_leaves_an_event(folder: Path) -> None:
    add_call("planned", opens_at=LATER)
    route_id = db.session.scalars(select(AdmissionRoute.id).where(AdmissionRoute.key == "planned")).one()
    user = add_account(
        email="reviewer@example.org", role=Role.REVIEWER, route_id=route_id, password=PASSWORD, now=MORNING
    )
    grant_role(email=user.email, role=Role.EDITOR, now=MORNING)
    assert load_calls(folder / "calls", now=MORNING).ended == Ended(removed=["planned"])
    assert revoked() == [(str(user.id), RoleRevoked("reviewer", route_id))]
    assert [(grant.role, grant.route_id) for grant in user.grants] == [("editor", None)]


def test_a_role_for_a_route_of_a_call_that_closes_stays(client: FlaskClient, without: Path) -> None:
    apply(client)
    route_id = db.session.scalars(select(Application.route_id)).one()
    user = add_account(
        email="reviewer@example.org", role=Role.REVIEWER, route_id=route_id, password=PASSWORD, now=MORNING
    )
    with transaction() as session:
        session.execute(update(Call).values(opens_at=LATER))
    assert load_calls(without, now=MORNING).ended == Ended(closed=[KEY])
    assert [(grant.role, grant.route_id) for grant in user.grants] == [("reviewer", route_id)]
    assert revoked() == []


def test_one_that_was_put_off_after_somebody_applied_is_closed(client: FlaskClient, without: Path) -> None:
    apply(client)
    with transaction() as session:
        session.execute(update(Call).values(opens_at=LATER))
    assert load_calls(without, now=MORNING).ended == Ended(closed=[KEY])
    assert window() == (MORNING - timedelta(seconds=1), MORNING)
    assert (count(Application), count(RequirementSet)) == (1, 5)


def test_a_wrong_file_closes_nothing(without: Path) -> None:
    (without / "wrong.toml").write_text("key = ")
    with pytest.raises(ContentError, match=r"^calls/wrong\.toml: not valid TOML: "):
        load_calls(without, now=LATER)
    assert window()[1] is None
