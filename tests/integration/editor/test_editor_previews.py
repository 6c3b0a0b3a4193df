"""A preview is the page itself, and leaves nothing behind."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from s2group.audit.models import Event
from s2group.content.news.models import NewsItem
from s2group.content.publications.models import Publication
from s2group.content.records.models import Revision
from s2group.extensions import db
from tests.support.forms import as_shown, send

MODELS = (Revision, Event, Publication, NewsItem)
PREVIEW = "Preview: so visitors would see it."


def kept() -> list[int | None]:
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(model)) for model in MODELS]


@pytest.mark.parametrize(
    ("path", "typed", "shown"),
    [
        ("profile/profile/", {"claim_en": "Another claim"}, ">Another claim</span></h1>"),
        ("research_area/first-line/", {"title_en": "Another line"}, "Another line</h1>"),
        ("member/test-yi/", {"name_en": "Another Yi", "slug": "another-yi"}, "Another Yi"),
        ("publication/jia2026first/", {"title": "Another <title>"}, "Another &lt;title&gt;"),
        ("publication/new/", {"title": "A new paper", "authors": "Test Yi", "kind": "misc"}, "A new paper"),
        ("project/grant-s-1/", {"title_en": "Another project"}, "Another project"),
        ("release/new/", {"key": "m", "kind": "model", "title_en": "A model", "url": "https://example.org"}, "A model"),
        ("partner/new/", {"name_en": "Another place"}, "Another place"),
        ("news/new/", {"title_en": "A new item", "body_en": "Its *text*.", "members": "test-yi"}, "Its <em>text</em>."),
        ("page/new/", {"slug": "a-page", "title_en": "A page", "body_en": "Its *text*."}, "Its <em>text</em>."),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_preview_is_the_page_itself_and_keeps_nothing(
    app: Flask, editor: FlaskClient, path: str, typed: dict[str, str], shown: str
) -> None:
    before = kept()
    page = send(editor, f"/en/editor/{path}", **typed, action="preview")
    assert (page.status_code, PREVIEW in page.text, shown in page.text) == (200, True, True), page.text
    assert "Sign out" not in page.text
    assert kept() == before
    # In the other language the same button leads to the other page.
    chinese = editor.post(
        f"/editor/{path}", data={**as_shown(editor.get(f"/en/editor/{path}").text), **typed, "action": "preview"}
    )
    assert (chinese.status_code, '<html lang="zh-CN">' in chinese.text, "预览" in chinese.text) == (200, True, True)
    assert kept() == before
    # A visitor sees neither the words nor the mark of a preview.
    assert PREVIEW not in app.test_client().get("/en/").text


def test_what_cannot_be_saved_is_said_instead(editor: FlaskClient) -> None:
    before = kept()
    wrong = send(editor, "/en/editor/publication/new/", title="", action="preview")
    assert (wrong.status_code, "Fill it in" in wrong.text) == (422, True)
    taken = send(editor, "/en/editor/page/new/", slug="new", title_en="A", body_en="B", action="preview")
    assert (taken.status_code, "This address is taken" in taken.text) == (422, True)
    assert kept() == before
    page = editor.get("/en/editor/venue/new/").text
    assert "Preview" not in page
