"""Links that were mailed before the upgrade work after it, and those of after it work before."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import flask_migrate
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select, text

from s2group.accounts.models import User
from s2group.accounts.services import issue_first_admin_link
from s2group.admissions.models import Application, Draft, Referee
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.identifiers import token_hash
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.rules import Purpose
from s2group.links.services import issue
from tests.support.applying import hidden_fields
from tests.support.backups import fill

LINKS: Mapping[Purpose, str] = {
    Purpose.CONTINUE: "/en/apply/continue/{}/",
    Purpose.HANDOFF: "/en/apply/continue/{}/",
    Purpose.MANAGE: "/en/apply/continue/{}/",
    Purpose.LETTER: "/en/apply/letter/{}/",
    Purpose.SIGN_IN: "/en/account/sign-in-link/{}/",
}


def go_back() -> None:
    """To the tables of the day before, which know no proposals, and so no links to them."""
    db.session.remove()
    scripts = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    [ours] = [script for script in scripts.walk_revisions() if script.path.endswith("one_table_of_links.py")]
    flask_migrate.downgrade(revision=ours.down_revision)


def subjects() -> dict[Purpose, str]:
    """A thing of each kind that links lead to, in the portal that `fill` made."""
    draft = db.session.scalars(select(Draft.key).where(Draft.application_id.is_(None))).one()
    application = db.session.scalars(select(Application.reference).order_by(Application.id)).first() or ""
    return {
        Purpose.CONTINUE: draft,
        Purpose.HANDOFF: draft,
        Purpose.MANAGE: application,
        Purpose.LETTER: str(db.session.scalars(select(Referee.id)).one()),
        Purpose.SIGN_IN: db.session.scalars(select(User.fs_uniquifier)).one(),
    }


def issued(now: datetime) -> dict[Purpose, str]:
    """The tokens of new links, one for each purpose."""
    to = subjects()
    with transaction() as session:
        return {purpose: issue(session, purpose=purpose, subject=subject, now=now) for purpose, subject in to.items()}


def rows(statement: str) -> list[tuple[Any, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def all_links() -> list[tuple[Any, ...]]:
    columns = (Link.token_hash, Link.purpose, Link.subject, Link.created_at, Link.expires_at, Link.used_at)
    with db.engine.connect() as connection:
        return sorted(tuple(row) for row in connection.execute(select(*columns)))


def without_its_beginning(link: tuple[Any, ...]) -> tuple[Any, ...]:
    """Of links that sign in the day before kept the end alone, a quarter of an hour after it."""
    token, purpose, subject, created_at, expires_at, used_at = link
    return token, purpose, subject, None if purpose == Purpose.SIGN_IN else created_at, expires_at, used_at


def test_every_link_survives_the_way_down_and_up_again(app: Flask, client: FlaskClient) -> None:
    fill(app, client)
    now = clock.now()
    tokens = issued(now)
    with transaction() as session:
        mark = text("UPDATE link SET used_at = created_at WHERE purpose = 'letter'")
        session.execute(mark)
    before = [link for link in all_links() if link[1] != Purpose.CONTRIBUTE]
    go_back()
    purposes = rows("SELECT purpose FROM access_link UNION ALL SELECT purpose FROM one_time_link")
    assert sorted(purposes) == sorted((purpose,) for _, purpose, *_ in before)
    letter = token_hash(tokens[Purpose.LETTER])
    [(referee_id, draft_id)] = rows(f"SELECT referee_id, draft_id FROM access_link WHERE token_hash = '{letter}'")
    assert (draft_id, [(referee_id,)]) == (None, rows("SELECT id FROM referee"))
    flask_migrate.upgrade()
    assert list(map(without_its_beginning, all_links())) == list(map(without_its_beginning, before))
    for purpose, address in LINKS.items():
        assert client.get(address.format(tokens[purpose])).status_code == 200, purpose


def test_links_of_yesterday_work_after_the_upgrade(app: Flask, client: FlaskClient) -> None:
    fill(app, client)
    go_back()
    now = clock.now()
    moments = {"made": now - timedelta(days=1), "end": now + timedelta(minutes=10)}
    with db.engine.connect() as connection:
        for purpose, column, target in (
            ("continue", "draft_id", "SELECT id FROM draft WHERE application_id IS NULL"),
            ("handoff", "draft_id", "SELECT id FROM draft WHERE application_id IS NULL"),
            ("manage", "application_id", "SELECT min(id) FROM application"),
            ("letter", "referee_id", "SELECT id FROM referee"),
        ):
            statement = f"""INSERT INTO access_link (token_hash, purpose, {column}, created_at, expires_at)
                            VALUES (:hash, :purpose, ({target}), :made, :end)"""
            connection.execute(text(statement), {"hash": token_hash(f"mailed {purpose}"), "purpose": purpose} | moments)
        connection.execute(
            text("""INSERT INTO one_time_link (token_hash, purpose, user_id, expires_at)
                    VALUES (:hash, 'sign_in', (SELECT id FROM user_account), :end)"""),
            {"hash": token_hash("mailed sign_in"), "end": moments["end"]},
        )
        connection.commit()
    flask_migrate.upgrade()
    answers = {}
    for purpose, address in LINKS.items():
        page = client.get(address.format(f"mailed {purpose}"))
        assert page.status_code == 200, purpose
        if purpose != Purpose.LETTER:
            sent = client.post(address.format(f"mailed {purpose}"), data=hidden_fields(page.text))
            answers[purpose] = (sent.status_code, sent.location)
    to = subjects()
    assert answers == {
        Purpose.CONTINUE: (303, f"/en/apply/draft/{to[Purpose.CONTINUE]}/"),
        Purpose.HANDOFF: (303, f"/en/apply/draft/{to[Purpose.HANDOFF]}/"),
        Purpose.MANAGE: (303, f"/en/apply/status/{to[Purpose.MANAGE]}/"),
        Purpose.SIGN_IN: (303, "/en/account/"),
    }
    for once in (Purpose.HANDOFF, Purpose.SIGN_IN):
        assert client.get(LINKS[once].format(f"mailed {once}")).status_code == 410


def test_the_link_of_the_first_administrator_survives(app: Flask, client: FlaskClient) -> None:
    now = clock.now()
    token = issue_first_admin_link(now=now)
    go_back()
    flask_migrate.upgrade()
    assert client.get(f"/en/account/setup/{token}/").status_code == 200
    assert [row[2:5] for row in all_links()] == [("portal", now, now + timedelta(hours=24))]
