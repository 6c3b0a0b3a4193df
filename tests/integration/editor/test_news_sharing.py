"""A link shows somebody without an account a news item that is not published yet."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from s2group.audit.models import Event
from s2group.audit.rules import DraftShared, DraftShareEnded, Kind
from s2group.content.news.queries import news_item
from s2group.core.clock import now
from s2group.extensions import db
from s2group.links.models import Link
from tests.integration.editor.test_editor_news import NEW, send
from tests.support.headings import text_of
from tests.support.staff import form_token

ITEM = "/en/editor/news/test-paper/"
LINK = re.compile(r"/en/news/draft/[\w-]{32,}/")
DRAFT = "This is a draft, and not published yet. The link works until"


def press(client: FlaskClient, do: str) -> str:
    """Press a button of the part on sharing; the page that answers or where it leads."""
    answer = client.post(f"{ITEM}share/", data={"csrf_token": form_token(client.get(ITEM).text), "do": do})
    return answer.headers.get("Location", answer.text)


@pytest.fixture
def link(editor: FlaskClient) -> str:
    """A link to a draft."""
    send(editor, NEW, "save", members="test-yi")
    found = LINK.search(press(editor, "make"))
    assert found
    return found[0]


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()


def live_links() -> int | None:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Link))


def test_a_stranger_reads_the_draft_as_it_is_now(editor: FlaskClient, stranger: FlaskClient, link: str) -> None:
    page = stranger.get(link)
    assert (page.status_code, page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == (
        200, "no-store", "noindex",
    )  # fmt: skip
    words = text_of(page.text)
    assert DRAFT in words
    assert "It says" in words
    assert "Test Yi" in words
    assert "Set-Cookie" not in page.headers
    assert link not in editor.get(ITEM).text
    assert link.removeprefix("/en") in page.text  # the way to the page in Chinese
    assert "好消息" in stranger.get(link.removeprefix("/en")).text
    send(editor, ITEM, "save", body_en="It says something else.")
    assert "It says something else." in stranger.get(link).text
    for elsewhere in ("/en/news/", "/en/", "/sitemap.xml", "/en/news/test-paper/"):
        assert "A test paper is accepted" not in stranger.get(elsewhere).text


def test_once_it_is_published_the_link_leads_to_it(editor: FlaskClient, stranger: FlaskClient, link: str) -> None:
    send(editor, ITEM, "publish")
    assert stranger.get(link).location == "/en/news/test-paper/"
    assert "share" not in editor.get(ITEM).text
    assert editor.post(f"{ITEM}share/", data={"csrf_token": form_token(editor.get(ITEM).text)}).status_code == 404


def test_a_planned_item_is_led_to_once_its_time_has_come(editor: FlaskClient, stranger: FlaskClient, link: str) -> None:
    send(editor, ITEM, "publish", publish_at=f"{now() + timedelta(days=3):%Y-%m-%dT%H:%M}")
    assert DRAFT in text_of(stranger.get(link).text)
    item = news_item("test-paper")
    assert item
    assert item.published_at
    with time_machine.travel(item.published_at):
        assert stranger.get(link).location == "/en/news/test-paper/"


def test_an_editor_ends_it_and_so_does_time_and_the_trash(
    editor: FlaskClient, stranger: FlaskClient, link: str
) -> None:
    with time_machine.travel(db.session.scalars(select(Link.expires_at)).one()):
        late = stranger.get(link)
    assert late.status_code == 404
    assert "This link no longer works" in text_of(late.text)
    assert "Somebody can read this draft by a link until" in text_of(editor.get(ITEM).text)
    assert press(editor, "end") == ITEM
    page = text_of(editor.get(ITEM).text)
    assert "The links to this draft are ended." in page
    assert "Somebody can read" not in page
    assert stranger.get(link).status_code == 404
    found = LINK.search(press(editor, "make"))
    assert found
    editor.post(f"{ITEM}remove/", data={"csrf_token": form_token(editor.get(ITEM).text)})
    assert (live_links(), stranger.get(found[0]).status_code) == (0, 404)
    told = db.session.scalars(
        select(Event).where(Event.kind.in_([Kind.DRAFT_SHARED, Kind.DRAFT_SHARE_ENDED])).order_by(Event.id)
    )
    assert [(each.subject_key, each.details) for each in told] == [
        ("news/test-paper", DraftShared()), ("news/test-paper", DraftShareEnded()), ("news/test-paper", DraftShared()),
    ]  # fmt: skip
