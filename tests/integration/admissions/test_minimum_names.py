"""Requirements and outcomes that were stored while a minimum was called `line` are read as before."""

import re
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, column, select, table

from s2group.admissions.models import RequirementSet
from s2group.admissions.services.call_files import load_calls
from s2group.core import clock
from s2group.extensions import db
from tests.support.applying import apply, load_fictional_content

LINE = re.compile(r"^minimum(?= =)|(?<=, )minimum(?= =)", re.MULTILINE)


def stored() -> tuple[Any, Any]:
    """What all requirements and the application's outcomes say, as JSON."""
    requirements, outcomes = (
        table("requirement_set", column("id"), column("requirements", JSON)),
        table("application", column("outcomes", JSON)),
    )
    with db.engine.connect() as connection:
        entries = connection.scalars(select(requirements.c.requirements).order_by(requirements.c.id)).all()
        return entries, connection.scalar(select(outcomes.c.outcomes))


def names(entry: Any) -> set[str]:
    """All names in it, and the words that are reasons."""
    if isinstance(entry, list):
        return set().union(*map(names, entry))
    if isinstance(entry, dict):
        return {*entry, entry.get("reason", "")}.union(*map(names, entry.values()))
    return set()


def test_what_was_stored_yesterday_is_stored_by_todays_names(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    apply(client, cet4="420")
    requirements, outcomes = stored()
    assert {"minimum", "alternatives"} <= names(requirements)
    assert {"threshold", "minimum", "below"} <= names(outcomes)
    db.session.remove()
    flask_migrate.downgrade(revision="0016")
    old_requirements, old_outcomes = stored()
    assert "line" in names(old_requirements) and not {"minimum"} & names(old_requirements)
    assert {"line", "below_line"} <= names(old_outcomes)
    assert not {"minimum", "threshold", "below"} & names(old_outcomes)
    flask_migrate.upgrade()
    assert stored() == (requirements, outcomes)


def test_a_file_that_still_says_line_makes_no_new_version(app: Flask, tmp_path: Path) -> None:
    load_fictional_content(app)
    known = [(kept.route_id, kept.version) for kept in db.session.scalars(select(RequirementSet))]
    for path in (app.config["CONTENT_DIR"] / "calls").glob("*.toml"):
        text, replaced = LINE.subn("line", path.read_text())
        assert replaced > 5
        (tmp_path / path.name).write_text(text)
    load_calls(tmp_path, now=clock.now())
    assert [(kept.route_id, kept.version) for kept in db.session.scalars(select(RequirementSet))] == known
