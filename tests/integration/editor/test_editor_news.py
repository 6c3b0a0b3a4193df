"""The journey of a news item, and what may come in its way."""

import errno
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.audit.models import Event
from s2group.audit.rules import Kind, RecordChanged
from s2group.content.loading import load_content
from s2group.content.news import services
from s2group.content.news.models import NewsItem
from s2group.content.news.queries import news_item
from s2group.content.news.services import NewsDraft, Show, save_news_item
from s2group.core.i18n import long_time
from s2group.core.localized import LocalizedText
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.forms import as_shown
from tests.support.staff import MORNING, form_token, sign_in

LIST, NEW = "/en/editor/news/", "/en/editor/news/new/"
WRITTEN = {
    "version": "",
    "day": "2026-09-02",
    "slug": "test-paper",
    "title_zh": "一篇测试论文被录用",
    "title_en": "A test paper is accepted",
    "body_zh": "**好消息：**论文被录用。",
    "body_en": "It says *more*.",
}
VALUE = re.compile(r'name="version" type="hidden" value="([^"]*)"')


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A client signed in as an editor."""
    client = app.test_client()
    sign_in(client, Role.EDITOR)
    return client


def send(client: FlaskClient, path: str, action: str, **fields: str) -> tuple[int, str]:
    """Open the form, send it with these fields; the status and where it leads, or the page."""
    page = client.get(path).text
    version = VALUE.search(page)
    assert version
    response = client.post(
        path, data={**WRITTEN, "version": version[1], **fields, "csrf_token": form_token(page), "action": action}
    )
    return response.status_code, response.headers.get("Location", response.text)


def kept() -> list[tuple[str, bool]]:
    """The slugs of all items, and whether visitors see them."""
    db.session.rollback()
    items = db.session.scalars(select(NewsItem).order_by(NewsItem.id))
    return [(item.slug, item.published_at is not None) for item in items]


def write(slug: str, *, day: int = 2, published: bool = False, **title: str) -> NewsItem:
    draft = NewsDraft(
        slug=slug, day=datetime(2026, 9, day, tzinfo=UTC).date(), title=LocalizedText(**title), body=LocalizedText()
    )
    show = Show.PUBLISHED if published else Show.AS_IT_WAS
    return save_news_item(item_id=None, draft=draft, seen="", actor=None, now=MORNING, show=show)


def public_pages(client: FlaskClient) -> dict[str, bool]:
    """Where visitors find the English title."""
    return {path: WRITTEN["title_en"] in client.get(path).text for path in ("/en/", "/en/news/", "/en/news/feed.atom")}


def test_a_news_item_from_draft_to_the_public_and_back(app: Flask, editor: FlaskClient) -> None:
    load_content(app.config["CONTENT_DIR"], now=MORNING)
    visitor = app.test_client()
    everywhere, nowhere = dict.fromkeys(public_pages(visitor), True), dict.fromkeys(public_pages(visitor), False)
    held = everywhere | {"/en/news/feed.atom": False}

    status, page = send(editor, NEW, "preview")
    assert status == 200
    assert "<em>more</em>" in page
    assert "A test paper is accepted</h1>" in page
    assert "Preview: so visitors would see it." in page
    assert "test-paper" not in dict(kept())

    assert send(editor, NEW, "save") == (302, "/en/editor/news/test-paper/")
    assert "Saved as a draft. Only editors see it." in editor.get("/en/editor/news/test-paper/").text
    assert public_pages(visitor) == nowhere
    assert visitor.get("/en/news/test-paper/").status_code == 404

    assert send(editor, "/en/editor/news/test-paper/", "publish") == (302, "/en/editor/news/test-paper/")
    assert public_pages(visitor) == held
    assert "<strong>好消息：</strong>" in visitor.get("/news/test-paper/").text

    item = news_item("test-paper")
    assert item is not None
    assert item.published_at is not None
    fed = long_time(item.published_at + timedelta(minutes=10), "Asia/Shanghai", "en")
    assert f"The feed tells of it from {fed} on." in editor.get("/en/editor/news/test-paper/").text
    with time_machine.travel(item.published_at + timedelta(minutes=10), tick=False):
        assert public_pages(visitor) == everywhere

    send(editor, "/en/editor/news/test-paper/", "save", body_en="It says something else.")
    assert "It says something else." in visitor.get("/en/news/test-paper/").text

    send(editor, "/en/editor/news/test-paper/", "take_back")
    assert "Taken back." in editor.get("/en/editor/news/test-paper/").text
    assert public_pages(visitor) == nowhere
    assert kept()[-1] == ("test-paper", False)


def test_whoever_changes_an_item_stands_in_the_log(app: Flask, editor: FlaskClient) -> None:
    assert send(editor, NEW, "publish")[0] == 302
    assert send(editor, "/en/editor/news/test-paper/", "save", title_en="Another title", slug="other-paper")[0] == 302
    (user,) = db.session.scalars(select(User))
    changes = db.session.scalars(select(Event).where(Event.kind == Kind.RECORD_CHANGED).order_by(Event.id)).all()
    assert [(change.actor_id, change.subject_kind, change.subject_key, change.details) for change in changes] == [
        (user.id, "record", "news/test-paper", RecordChanged(1)),
        (user.id, "record", "news/other-paper", RecordChanged(2)),
    ]


def test_publishing_at_once_needs_no_draft_first(editor: FlaskClient) -> None:
    send(editor, NEW, "publish")
    assert kept() == [("test-paper", True)]


@pytest.mark.parametrize("action", ["publish", "take_back"])
def test_saving_and_showing_is_one_step_or_none(
    editor: FlaskClient, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    write("news-item", published=action == "take_back", en="Before")
    page = as_shown(editor.get("/en/editor/news/news-item/").text)

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(services, "_show", fail)
    answer = editor.post("/en/editor/news/news-item/", data={**page, "title_en": "After", "action": action})
    assert answer.status_code == 507
    assert (_title("news-item"), kept()) == ("Before", [("news-item", action == "take_back")])


def test_without_an_address_the_day_is_one(editor: FlaskClient) -> None:
    assert [send(editor, NEW, "save", slug="")[1] for _ in range(3)] == [
        "/en/editor/news/2026-09-02/",
        "/en/editor/news/2026-09-02-2/",
        "/en/editor/news/2026-09-02-3/",
    ]


def test_an_item_keeps_its_address_when_the_field_is_emptied(editor: FlaskClient) -> None:
    write("kept", en="Kept")
    assert send(editor, "/en/editor/news/kept/", "save", slug="") == (302, "/en/editor/news/kept/")


def test_a_new_item_starts_with_the_day_it_is_for_the_group(app: Flask) -> None:
    load_content(app.config["CONTENT_DIR"], now=MORNING)
    with time_machine.travel(datetime(2026, 9, 1, 17, tzinfo=UTC), tick=False):
        editor = app.test_client()
        sign_in(editor, Role.EDITOR)
        assert 'type="date" value="2026-09-02"' in editor.get(NEW).text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("day", "", "Enter the day of the news"),
        ("day", "yesterday", "Write the day as 2026-09-02"),
        ("slug", "Test Paper", "Use small letters, digits and single hyphens"),
        ("slug", "论文", "Use small letters, digits and single hyphens"),
        ("slug", "a" * 81, "Use at most 80 characters"),
        ("slug", "new", "This address is taken. Choose another one"),
        ("slug", "other", "This address is taken. Choose another one"),
        ("title_en", "x" * 201, "Use at most 200 characters"),
        ("body_zh", "字" * 20_001, "Use at most 20000 characters"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(
    editor: FlaskClient, field: str, typed: str, words: str
) -> None:
    write("other", en="Other")
    status, page = send(editor, NEW, "publish", **{field: typed})
    assert status == 422
    assert f'<a href="#{field}">{words}</a>' in page
    assert "<title>Error: Write a news item" in page
    assert typed in page
    assert all(text in page for name, text in WRITTEN.items() if name not in (field, "version"))
    assert kept() == [("other", False)]


def test_a_title_in_one_language_is_enough_but_none_is_not(editor: FlaskClient) -> None:
    status, page = send(editor, NEW, "save", title_zh=" ", title_en="")
    assert status == 422
    assert '<a href="#title_zh">Write a title in Chinese or in English</a>' in page
    assert send(editor, NEW, "save", title_zh="", slug="english-only")[0] == 302
    assert send(editor, NEW, "save", title_en="", slug="chinese-only")[0] == 302


def test_the_list_says_what_is_published_and_what_lacks_a_language(editor: FlaskClient) -> None:
    write("both", zh="双语", en="Both")
    write("chinese", day=3, published=True, zh="只有中文")
    write("english", day=4, en="English only")
    page = editor.get(LIST).text
    rows = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in page.split("<li>")[1:]]
    assert [" ".join(row[3:]).partition(" Questions?")[0] for row in rows] == [
        "English only Draft Chinese missing",
        "只有中文 Published English missing",
        "Both Draft",
    ]


def test_an_empty_list_says_what_news_are(editor: FlaskClient) -> None:
    page = editor.get(LIST).text
    assert "None has been written yet." in page
    assert f'href="{NEW}"' in page


def test_a_long_list_goes_on_after_the_last_item_seen(editor: FlaskClient) -> None:
    for number in range(1, 23):
        write(f"item-{number}", day=number, en=f"Item no. {number}.")
    first = editor.get(LIST).text
    assert re.findall(r"Item no\. (\d+)\.", first) == [str(n) for n in range(22, 2, -1)]
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = editor.get(older[1]).text
    assert re.findall(r"Item no\. (\d+)\.", second) == ["2", "1"]
    assert 'rel="next"' not in second
    assert editor.get(f"{LIST}?after=nonsense").status_code == 404


def test_hostile_markdown_is_disarmed(app: Flask, editor: FlaskClient) -> None:
    hostile = (
        "<script>alert(1)</script> [click](javascript:alert(1)) <img src=x onerror=alert(1)> "
        '<a href="https://example.org/" onclick="alert(1)">good</a> <iframe src="//example.org"></iframe>'
    )
    _, preview = send(editor, NEW, "preview", body_en=hostile, title_en="<script>alert(2)</script>")
    send(editor, NEW, "publish", body_en=hostile, title_en="<script>alert(2)</script>")
    public = app.test_client().get("/en/news/test-paper/").text
    for page in (preview, public):
        for bad in ("<script>alert", "onerror=", "onclick=", "javascript:", "<iframe", "<img src=x"):
            assert bad not in page
        assert 'href="https://example.org/" rel="noopener noreferrer nofollow"' in page


def test_the_second_of_two_editors_is_told_and_loses_nothing(app: Flask, editor: FlaskClient) -> None:
    item = write("shared", en="As it was")
    path = "/en/editor/news/shared/"
    page = editor.get(path).text
    seen = VALUE.search(page)
    assert seen
    theirs = NewsDraft(
        slug="shared", day=item.day, title=LocalizedText(en="What they wrote"), body=LocalizedText(en="Theirs.")
    )
    save_news_item(item_id=item.id, draft=theirs, seen=seen[1], actor=None, now=datetime(2026, 9, 2, 2, tzinfo=UTC))

    fields = {**WRITTEN, "slug": "shared", "version": seen[1], "csrf_token": form_token(page), "action": "save"}
    response = editor.post(path, data=fields)
    assert response.status_code == 409
    assert "Somebody else saved this item while you were writing" in response.text
    assert "What they wrote" in response.text
    assert all(text in response.text for name, text in WRITTEN.items() if name not in ("version", "slug"))
    assert _title("shared") == "What they wrote"

    now_seen = VALUE.search(response.text)
    assert now_seen
    assert editor.post(path, data={**fields, "version": now_seen[1]}).status_code == 302
    assert _title("shared") == WRITTEN["title_en"]


def _title(slug: str) -> str:
    db.session.rollback()
    return db.session.scalars(select(NewsItem).where(NewsItem.slug == slug)).one().title.en


def test_a_form_whose_item_moved_away_meanwhile_is_kept(editor: FlaskClient) -> None:
    item = write("before", en="Moved")
    page = editor.get("/en/editor/news/before/").text
    seen = VALUE.search(page)
    assert seen
    moved = NewsDraft(slug="after", day=item.day, title=item.title, body=item.body)
    save_news_item(item_id=item.id, draft=moved, seen=seen[1], actor=None, now=datetime(2026, 9, 2, 2, tzinfo=UTC))
    fields = {**WRITTEN, "version": seen[1], "csrf_token": form_token(page), "action": "save"}
    response = editor.post("/en/editor/news/before/", data=fields)
    assert response.status_code == 409
    assert WRITTEN["body_en"] in response.text
    assert editor.post("/en/editor/news/before/", data={**fields, "version": ""}).status_code == 302
    assert kept() == [("after", False), ("test-paper", False)]


def test_a_former_address_leads_on_and_is_taken(app: Flask, editor: FlaskClient) -> None:
    write("before", published=True, en="Moved")
    write("draft", day=3, en="Draft")
    assert send(editor, "/en/editor/news/before/", "save", slug="between")[0] == 302
    assert send(editor, "/en/editor/news/between/", "save", slug="after")[0] == 302
    visitor = app.test_client()
    for path in ("/news/before/", "/news/between/", "/en/news/before/"):
        response = visitor.get(path)
        target = path.replace("before", "after").replace("between", "after")
        assert (response.status_code, response.headers["Location"]) == (301, target)
    for path in (NEW, "/en/editor/news/draft/"):
        status, page = send(editor, path, "save", slug="before")
        assert status == 422
        assert '<a href="#slug">This address is taken. Choose another one</a>' in page
    assert kept() == [("after", True), ("draft", False)]
    send(editor, "/en/editor/news/after/", "take_back", slug="after")
    assert visitor.get("/news/before/").status_code == 404


def test_an_item_may_take_back_its_own_former_address(app: Flask, editor: FlaskClient) -> None:
    write("before", published=True, en="Moved")
    for former, slug in [("before", "after"), ("after", "before")]:
        assert send(editor, f"/en/editor/news/{former}/", "save", slug=slug)[0] == 302
    visitor = app.test_client()
    assert visitor.get("/news/before/").status_code == 200
    assert visitor.get("/news/after/").headers["Location"] == "/news/before/"


def test_the_day_of_a_former_address_is_not_given_away(editor: FlaskClient) -> None:
    send(editor, NEW, "save", slug="")
    send(editor, "/en/editor/news/2026-09-02/", "save", slug="test-paper")
    assert send(editor, NEW, "save", slug="")[1] == "/en/editor/news/2026-09-02-2/"


def test_an_item_that_an_editor_moved_is_not_loaded_again_and_stays_the_same_in_the_feed(
    app: Flask, editor: FlaskClient
) -> None:
    load_content(app.config["CONTENT_DIR"], now=MORNING)
    before = re.findall(r"<id>(.+)</id>", editor.get("/news/feed.atom").text)
    assert send(editor, "/en/editor/news/first-news/", "save", slug="moved")[0] == 302
    assert load_content(app.config["CONTENT_DIR"], now=MORNING).news_added == 0
    assert {slug for slug, _published in kept()} == {"moved", "second-news"}
    assert sorted(re.findall(r"<id>(.+)</id>", editor.get("/news/feed.atom").text)) == sorted(before)


@pytest.mark.parametrize("action", ["save", "publish", "take_back"])
def test_without_a_form_token_nothing_changes(editor: FlaskClient, action: str) -> None:
    write("shared", en="As it was", published=True)
    response = editor.post("/en/editor/news/shared/", data={**WRITTEN, "action": action})
    assert response.status_code == 400
    assert (_title("shared"), kept()) == ("As it was", [("shared", True)])


def test_control_characters_do_not_get_in(editor: FlaskClient) -> None:
    send(editor, NEW, "save", title_en="A\x00 test\x1b title", body_en="one\r\ntwo")
    item = db.session.scalars(select(NewsItem)).one()
    assert (item.title.en, item.body.en) == ("A test title", "one\ntwo")


def test_an_item_that_does_not_exist_is_a_page_that_does_not_exist(editor: FlaskClient) -> None:
    assert editor.get("/en/editor/news/nothing/").status_code == 404


@pytest.mark.parametrize("path", ["/editor/", "/editor/news/", "/editor/news/new/", "/editor/news/shared/"])
def test_strangers_sign_in_first_and_reviewers_find_nothing(app: Flask, path: str) -> None:
    write("shared", en="Shared")
    assert app.test_client().get(path).headers["Location"].startswith("/account/login?next=")
    reviewer = app.test_client()
    sign_in(reviewer, Role.REVIEWER)
    assert reviewer.get(path).status_code == 404
