"""Removing records and bringing them back, also while files go on saying them."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from s2group.audit.models import Event
from s2group.audit.rules import Kind
from s2group.content.exporting import export_content
from s2group.content.kinds import KINDS
from s2group.content.loading import load_content
from s2group.content.records.loading import stored_rows
from s2group.content.records.models import Revision
from s2group.content.trash.models import RemovedRecord
from s2group.content.trash.services import REMOVABLE
from s2group.extensions import db
from tests.support.forms import as_shown, send
from tests.support.staff import MORNING

TRASH = "/en/editor/trash/"
# Where visitors find a record of each kind, and what it says there.
SHOWN = {
    "research_area": ("second-line", "/en/research/second-line/"),
    "member": ("test-yi", "/en/members/test-yi/"),
    "publication": ("jia2026first", "/en/publications/jia2026first/"),
    "page": ("how-to-visit", "/en/pages/how-to-visit/"),
    "project": ("grant-s-1", "/en/projects/"),
    "release": ("sample-corpus", "/en/releases/"),
    "partner": ("another-university", "/en/partners/"),
    "news": ("second-news", "/en/news/second-news/"),
}

# Of these one page shows all.
TOGETHER = ("project", "release", "partner")


def everything() -> dict[str, list[object]]:
    """What the portal says, kind by kind."""
    db.session.rollback()
    db.session.expire_all()
    return {kind.name: [kind.of(row) for row in stored_rows(db.session(), kind)] for kind in KINDS.values()}


def changes(folder: Path) -> list[tuple[str, str, str]]:
    """What a load does, but for an item that names a paper by a key of before: that is written each time."""
    done = load_content(folder, now=MORNING).changes
    return [(change.what, change.kind, change.key) for change in done if change.key != "full-news"]


def remove(client: FlaskClient, kind: str, key: str) -> TestResponse:
    """Press the button on the page of the record; the page that follows."""
    token = as_shown(client.get(f"/en/editor/{kind}/{key}/").text).get("csrf_token", [""])
    response = client.post(f"/en/editor/{kind}/{key}/remove/", data={"csrf_token": token}, follow_redirects=True)
    assert response.status_code == 200, (kind, key)
    return response


def bring_back(client: FlaskClient, page: str) -> TestResponse:
    """Press the first button that brings something back."""
    number = re.search(r'name="id" value="(\d+)"', page)
    assert number
    return client.post(TRASH, data={"id": number[1], "csrf_token": as_shown(page)["csrf_token"]})


def test_whatever_is_removed_is_gone_stays_gone_and_comes_back_as_it_was(
    app: Flask, editor: FlaskClient, folder: Path, tmp_path: Path
) -> None:
    assert SHOWN.keys() == REMOVABLE.keys()
    visitor, before = app.test_client(), everything()
    for kind, (key, address) in SHOWN.items():
        shown = visitor.get(address).text
        page = remove(editor, kind, key).text
        assert "Removed. Visitors no longer see it." in page, kind
        gone = visitor.get(address)
        assert gone.status_code == (200 if kind in TOGETHER else 410), kind
        assert gone.text != shown, kind
        assert editor.get(f"/en/editor/{kind}/{key}/").status_code == 404

        removed = everything()
        assert changes(folder) == [("out", kind, key)]
        assert everything() == removed, kind
        export_content(tmp_path / kind)
        assert (changes(tmp_path / kind), everything()) == ([], removed), kind

        response = bring_back(editor, page)
        assert response.headers["Location"] == f"/en/editor/{kind}/{key}/"
        assert "Brought back as it was." in editor.get(f"/en/editor/{kind}/{key}/").text
        assert everything() == before, kind
        assert visitor.get(address).text == shown, kind
        assert changes(folder) == [], kind
    revisions = select(Revision.kind, Revision.number).where(Revision.actor_id.is_not(None))
    assert {tuple(row) for row in db.session.execute(revisions)} >= {(kind, 3) for kind in SHOWN}
    events = db.session.scalars(select(Event.subject_key).where(Event.kind == Kind.RECORD_CHANGED)).all()
    assert sorted(events) == sorted(2 * [f"{kind}/{key}" for kind, (key, _) in SHOWN.items()])


def test_the_trash_lists_what_is_gone_and_its_address_is_kept(editor: FlaskClient, folder: Path) -> None:
    assert "Nothing is removed" in editor.get(TRASH).text
    remove(editor, "page", "how-to-visit")
    remove(editor, "news", "second-news")
    page = editor.get(TRASH).text
    assert [name in page for name in ("How to visit", "editor", "Free pages", "News")] == [True] * 4
    typed = {"slug": "how-to-visit", "title_en": "Another", "body_en": "Text"}
    response = editor.post("/en/editor/page/new/", data={**as_shown(editor.get("/en/editor/page/new/").text), **typed})
    assert (response.status_code, "This address is taken" in response.text) == (422, True)
    new = {**as_shown(editor.get("/en/editor/news/new/").text), "slug": "second-news", "title_en": "Another"}
    assert "This address is taken" in editor.post("/en/editor/news/new/", data={**new, "action": "save"}).text

    assert bring_back(editor, page).status_code == 303
    assert bring_back(editor, page).status_code == 404
    token = {"csrf_token": as_shown(page)["csrf_token"]}
    assert editor.post("/en/editor/page/nothing/remove/", data=token).headers["Location"] == TRASH
    assert editor.post("/en/editor/profile/profile/remove/", data=token).status_code == 404
    load_content(folder, now=MORNING, take_files=True)
    assert db.session.scalars(select(RemovedRecord)).all() == []
    assert editor.get("/en/editor/page/how-to-visit/").status_code == 200


def test_a_draft_that_was_removed_was_never_there_for_visitors(app: Flask, editor: FlaskClient) -> None:
    visitor = app.test_client()
    assert visitor.get("/en/news/a-draft/").status_code == 404
    remove(editor, "news", "a-draft")
    assert visitor.get("/en/news/a-draft/").status_code == 404
    remove(editor, "news", "second-news")
    gone = visitor.get("/news/second-news/")
    assert (gone.status_code, "这个页面已移除" in gone.text) == (410, True)


@pytest.mark.parametrize(
    ("kind", "field", "key", "address"),
    [
        ("research_area", "key", "first-line", "/en/research/{}/"),
        ("member", "slug", "test-yi", "/en/members/{}/"),
        ("page", "slug", "how-to-visit", "/en/pages/{}/"),
    ],
)
def test_a_former_address_leads_on_until_the_record_goes(
    app: Flask, editor: FlaskClient, kind: str, field: str, key: str, address: str
) -> None:
    visitor = app.test_client()
    assert send(editor, f"/en/editor/{kind}/{key}/", **{field: "moved"}).status_code == 303
    led = visitor.get(address.format(key))
    assert (led.status_code, led.location) == (301, address.format("moved"))
    remove(editor, kind, "moved")
    assert [visitor.get(address.format(name)).status_code for name in (key, "moved")] == [404, 410]
