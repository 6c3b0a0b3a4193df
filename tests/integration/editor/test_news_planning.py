"""What editors say of a news item beside its text: its kind, whether it is pinned, and when it is published."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.loading import load_content
from s2group.content.news.models import NewsItem
from s2group.content.people.models import Member
from s2group.content.publications.models import Publication
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.forms import as_shown
from tests.support.staff import MORNING, form_token, sign_in

NEW, ITEM = "/en/editor/news/new/", "/en/editor/news/outing/"
LATER = datetime(2026, 9, 20, 1, tzinfo=UTC)
WRITTEN = {"day": "2026-09-02", "slug": "outing", "title_en": "An outing", "body_en": "Text"}
VERSION = re.compile(r'name="version" type="hidden" value="([^"]*)"')


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """An editor of the sample group, whose clock is eight hours ahead of UTC."""
    load_content(app.config["CONTENT_DIR"], now=MORNING)
    client = app.test_client()
    sign_in(client, Role.EDITOR)
    return client


def send(client: FlaskClient, path: str, action: str, **fields: str) -> str:
    """Send the form as it is shown, with these fields; what the page then says."""
    page = client.get(path).text
    [version] = VERSION.findall(page)
    along = {name: value for name, value in as_shown(page).items() if name in ("members", "papers")}
    sent = {**along, **WRITTEN, "version": version, **fields, "csrf_token": form_token(page), "action": action}
    return client.post(path, data=sent, follow_redirects=True).text


def the_item() -> NewsItem:
    db.session.rollback()
    return db.session.scalars(select(NewsItem).where(NewsItem.slug == "outing")).one()


def test_a_kind_and_a_pin_are_kept_and_shown_again(editor: FlaskClient) -> None:
    send(editor, NEW, "publish", category="activity", pinned="y")
    assert (the_item().category, the_item().pinned, the_item().published_at) == ("activity", True, MORNING)
    page = editor.get(ITEM).text
    assert '<option selected value="activity">Activities</option>' in page
    assert re.search(r'<input checked id="pinned"', page)
    send(editor, ITEM, "save", category="visit")
    assert (the_item().category, the_item().pinned) == ("visit", False)


def test_editing_loses_nothing_that_the_form_does_not_show(editor: FlaskClient) -> None:
    with transaction() as session:
        session.add(
            NewsItem(
                slug="outing", day=date(2026, 9, 1), category="award", title=LocalizedText(en="Was"),
                body=LocalizedText(en="Was"), created_at=MORNING, updated_at=MORNING,
                members=list(session.scalars(select(Member))), publications=list(session.scalars(select(Publication))),
            )
        )  # fmt: skip
    send(editor, ITEM, "save")
    item = the_item()
    assert (item.title.en, item.category, len(item.members), len(item.publications)) == ("An outing", "award", 4, 4)


def test_an_item_is_planned_in_the_groups_time_and_found_by_nobody_before(app: Flask, editor: FlaskClient) -> None:
    page = send(editor, NEW, "publish", publish_at="2026-09-20T09:00")
    assert "Planned. Visitors see it from then on, and nowhere before." in page
    assert "Planned for 20 September 2026, 09:00 (UTC+8)" in page
    assert 'value="2026-09-20T09:00"' in page
    assert the_item().published_at == LATER
    assert "Planned for 20 September 2026, 09:00 (UTC+8)" in editor.get("/en/editor/news/").text
    assert app.test_client().get("/en/news/outing/").status_code == 404
    with time_machine.travel(LATER, tick=False):
        assert app.test_client().get("/en/news/outing/").status_code == 200
        assert 'name="publish_at"' not in editor.get(ITEM).text


def test_a_plan_can_be_moved_taken_back_and_made_now(editor: FlaskClient) -> None:
    send(editor, NEW, "publish", publish_at="2026-09-20T09:00")
    send(editor, ITEM, "publish", publish_at="2026-09-21T09:00")
    assert the_item().published_at == datetime(2026, 9, 21, 1, tzinfo=UTC)
    send(editor, ITEM, "take_back", publish_at="2026-09-21T09:00")
    assert the_item().published_at is None
    send(editor, ITEM, "publish", publish_at="")
    assert the_item().published_at == MORNING
    send(editor, ITEM, "publish", publish_at="2026-09-21T09:00")
    assert the_item().published_at == MORNING, "what visitors saw went away"


def test_saving_a_planned_item_moves_the_plan(editor: FlaskClient) -> None:
    send(editor, NEW, "publish", publish_at="2026-09-20T09:00")
    page = send(editor, ITEM, "save", publish_at="2026-09-21T09:00")
    assert "Planned for 21 September 2026, 09:00 (UTC+8)" in page
    assert the_item().published_at == datetime(2026, 9, 21, 1, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "2020-01-01T09:00"])
def test_saving_a_planned_item_does_not_publish_it_at_once(editor: FlaskClient, typed: str) -> None:
    send(editor, NEW, "publish", publish_at="2026-09-20T09:00")
    page = send(editor, ITEM, "save", publish_at=typed, body_en="Typed since")
    assert '<a href="#publish_at">Enter a moment to come, or choose “Publish” to show it at once</a>' in page
    assert "Typed since" in page
    assert the_item().published_at == LATER


def test_saving_a_draft_does_not_lose_a_typed_moment(editor: FlaskClient) -> None:
    send(editor, NEW, "save")
    for path in (ITEM, NEW):
        page = send(editor, path, "save", publish_at="2026-09-20T09:00")
        words = "Choose “Publish” to plan this moment, or empty the field to save a draft"
        assert f'<a href="#publish_at">{words}</a>' in page
        assert 'value="2026-09-20T09:00"' in page
    assert the_item().published_at is None


def test_saving_what_was_published_meanwhile_leaves_its_moment(editor: FlaskClient) -> None:
    send(editor, NEW, "publish")
    send(editor, ITEM, "save", publish_at="2026-09-20T09:00")
    assert the_item().published_at == MORNING


def test_a_moment_that_has_passed_means_at_once(editor: FlaskClient) -> None:
    send(editor, NEW, "publish", publish_at="2020-01-01T09:00")
    assert the_item().published_at == MORNING


def test_what_is_no_moment_is_said_and_kept(editor: FlaskClient) -> None:
    page = send(editor, NEW, "publish", publish_at="tomorrow")
    assert '<a href="#publish_at">Write the moment as 2026-09-02T09:00</a>' in page
    assert 'value="tomorrow"' in page
