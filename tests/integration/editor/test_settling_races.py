"""Two editors who settle the same at once: it is done once, and nobody meets an error."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.content.loading import load_content
from s2group.content.settling.services import keep_apart, link_name, mark_namesake, merge_papers
from s2group.content.trash.models import RemovedRecord
from s2group.content.trash.services import bring_back
from s2group.extensions import db
from tests.support.staff import MORNING
from tests.support.twice import PAIR, TWICE


def test_two_editors_at_once_are_no_error(app: Flask, editor: FlaskClient, folder: Path) -> None:
    path = folder / "publications.bib"
    path.write_text(path.read_text() + TWICE)
    load_content(folder, now=MORNING)
    actor = db.session.scalars(select(User.id)).one()
    db.session.rollback()

    def twice(act: Callable[[], bool]) -> list[bool]:
        def acted(_: int) -> bool:
            with app.app_context():
                return act()

        with ThreadPoolExecutor(2) as editors:
            return list(editors.map(acted, range(2)))

    assert twice(lambda: keep_apart(PAIR)) == [True, True]
    assert sorted(twice(lambda: bool(link_name("t jia", "test-jia", actor=actor, now=MORNING)))) == [False, True]
    assert sorted(twice(lambda: bool(mark_namesake("a gu", actor=actor, now=MORNING)))) == [False, False]
    assert sorted(twice(lambda: bool(merge_papers(PAIR, actor=actor, now=MORNING)))) == [False, True]
    removed = db.session.scalars(select(RemovedRecord.id)).one()
    assert sorted(twice(lambda: bool(bring_back(removed, actor=actor, now=MORNING)))) == [False, True]
