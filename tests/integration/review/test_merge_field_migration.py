"""A template that the staff wrote while merge fields were called by identifiers asks for the same afterwards."""

from datetime import UTC, datetime

import flask_migrate
from flask import Flask
from sqlalchemy import JSON, column, insert, select, table

from s2group.accounts.models import User
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.staff import add_staff

OLD = {"zh": "{name}：{status_link}，{answer_by} 前。{answer_by}", "en": "Answer by {answer_by}: {status_link}"}
NEW = {"zh": "{name}：{status}，{deadline} 前。{deadline}", "en": "Answer by {deadline}: {status}"}
TEMPLATE = table(
    "message_template",
    *map(column, ("key", "version", "changed_at", "actor_id")),
    *(column(name, JSON) for name in ("subject", "text", "attachments")),
)


def stored() -> tuple[object, ...]:
    with db.engine.connect() as connection:
        return tuple(connection.execute(select(TEMPLATE.c.subject, TEMPLATE.c.text)).one())


def test_fields_of_a_stored_template_take_their_new_names_and_back(app: Flask) -> None:
    add_staff(Role.PI)
    actor = db.session.scalars(select(User.id)).one()
    db.session.remove()
    flask_migrate.downgrade(revision="0044")
    row = {"key": "offer", "version": 1, "changed_at": datetime(2026, 9, 2, tzinfo=UTC), "actor_id": actor}
    with db.engine.begin() as connection:
        connection.execute(insert(TEMPLATE).values(row | {"subject": OLD, "text": OLD, "attachments": []}))
    flask_migrate.upgrade()
    assert stored() == (NEW, NEW)
    flask_migrate.downgrade(revision="0044")
    assert stored() == (OLD, OLD)
    flask_migrate.upgrade()
