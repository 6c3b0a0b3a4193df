"""What news.toml says of an item beside its text, and how it comes into the record."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from s2group.content.loading import load_content
from s2group.content.news.files import NEWS
from s2group.content.news.models import NewsItem
from s2group.content.news.services import NewsDraft, save_news_item, version_of
from s2group.content.records.errors import ContentError
from s2group.content.records.services import newest, revise
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support import pictures
from tests.support.sample import NOW, SAMPLE

ITEM = """
[[items]]
slug = "visit"
day = 2026-02-20
title = { zh = "测试来访" }
body = { zh = "正文" }
"""
FULL = """category = "visit"
pinned = true
at = 2026-03-05T09:00:00+08:00
members = ["test-yi", "test-jia"]
papers = ["jia2026first"]
[[items.pictures]]
file = "news/visit.png"
alt = { en = "Test Yi at a board" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample content with room for a picture of news."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "content"))
    (folder / "pictures" / "news").mkdir(parents=True)
    (folder / "pictures" / "news" / "visit.png").write_bytes(pictures.make_png())
    return folder


def add_item(folder: Path, fields: str = "") -> None:
    file = folder / "news.toml"
    file.write_text(file.read_text() + ITEM + fields)


def the_item() -> NewsItem:
    return db.session.scalars(select(NewsItem).where(NewsItem.slug == "visit")).one()


def test_an_item_takes_over_all_that_the_file_says(app: Flask, folder: Path) -> None:
    add_item(folder, FULL)
    load_content(folder, now=NOW)
    item = the_item()
    assert (item.category, item.pinned, item.published_at) == ("visit", True, datetime(2026, 3, 5, 1, tzinfo=UTC))
    assert [member.slug for member in item.members] == ["test-jia", "test-yi"]
    assert [paper.key for paper in item.publications] == ["jia2026first"]
    [shown] = item.pictures
    assert (shown.picture.path, shown.alt) == ("news/visit.png", LocalizedText(en="Test Yi at a board"))


def test_without_further_fields_it_is_a_notice_of_its_day(app: Flask, folder: Path) -> None:
    add_item(folder)
    load_content(folder, now=NOW)
    item = the_item()
    assert (item.category, item.pinned) == ("notice", False)
    assert item.published_at == item.updated_at == datetime(2026, 2, 19, 16, tzinfo=UTC)
    assert (item.members, item.publications, item.pictures) == ([], [], [])


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        (
            'category = "party"',
            "category is 'party'. Write one of: paper, award, project, activity, visit, dataset, service, notice",
        ),
        ('pinned = "yes"', "pinned is 'yes'. Write true or false, without quotation marks"),
        ("at = 2026-03-05T09:00:00", "Write it as 2026-07-02T09:00:00+08:00, without quotation marks"),
        ("at = 9999-12-31T23:59:59-12:00", "at is 9999-12-31 23:59:59-12:00, beyond the calendar. Correct the year"),
        ('members = "test-yi"', "members is not a list of names. Write members ="),
        ('members = ["nobody"]', "members names 'nobody', which is not known. Correct nobody, or take it out"),
        ('papers = ["nothing"]', "papers names 'nothing', which is not known. Correct nothing, or take it out"),
        ('[[items.pictures]]\nfile = "news/visit.png"', "alt is missing"),
        ('[[items.pictures]]\nfile = "news/visit.png"\nalt = { zh = " " }', "alt is empty"),
        (
            '[[items.pictures]]\nfile = "news/lost.png"\nalt = { zh = "图" }',
            "there is no pictures/news/lost.png. Put the file there or correct its name",
        ),
    ],
)
def test_a_mistake_is_said_with_its_place_and_nothing_is_loaded(
    app: Flask, folder: Path, fields: str, complaint: str
) -> None:
    add_item(folder, fields)
    with pytest.raises(ContentError, match=r"^news\.toml, items no\. 3") as raised:
        load_content(folder, now=NOW)
    assert complaint in str(raised.value)
    assert db.session.scalars(select(NewsItem)).all() == []


def test_what_the_editors_own_is_not_touched_by_a_name_that_is_gone(app: Flask, folder: Path) -> None:
    add_item(folder, FULL)
    load_content(folder, now=NOW)
    save_news_item(item_id=the_item().id, draft=moved(the_item(), ""), seen=version_of(the_item()), actor=None, now=NOW)
    file = folder / "news.toml"
    file.write_text(file.read_text().replace('"jia2026first"', '"gone"'))
    assert load_content(folder, now=NOW).news_added == 0
    assert [paper.key for paper in the_item().publications] == ["jia2026first"]


def test_an_item_that_moved_keeps_in_the_feed_the_address_it_began_with(app: Flask, folder: Path) -> None:
    add_item(folder)
    load_content(folder, now=NOW)
    save_news_item(
        item_id=the_item().id, draft=moved(the_item(), "seen"), seen=version_of(the_item()), actor=None, now=NOW
    )
    item = db.session.scalars(select(NewsItem).where(NewsItem.slug == "seen")).one()
    assert item.first_slug == "visit"
    db.session.remove()  # PostgreSQL would wait for it
    flask_migrate.downgrade(revision="0009")
    flask_migrate.upgrade()
    rows = db.session.execute(select(NewsItem.slug, NewsItem.first_slug).order_by(NewsItem.slug))
    assert [tuple(row) for row in rows] == [
        ("first-news", "first-news"), ("second-news", "second-news"), ("seen", "visit"),
    ]  # fmt: skip


def moved(item: NewsItem, slug: str) -> NewsDraft:
    return NewsDraft(slug=slug, day=item.day, title=item.title, body=item.body)


def test_revisions_of_yesterday_say_what_todays_say(app: Flask) -> None:
    load_content(SAMPLE, now=NOW)
    db.session.remove()
    flask_migrate.downgrade(revision="0045")
    flask_migrate.upgrade()
    with transaction() as session:
        item = session.scalars(select(NewsItem)).first()
        assert item
        assert set(newest_values(session, item.id)) == set(NEWS.of(item))
        item.category, item.month_only = "service", True
        revise(session, NEWS, item, actor=None, now=NOW)
        number = item.id
    db.session.remove()
    flask_migrate.downgrade(revision="0045")
    with db.engine.connect() as connection:
        kept = connection.scalar(text("SELECT category FROM news_item WHERE id = :id"), {"id": number})
    values = newest_values(db.session(), number)
    assert (kept, values["category"], "month_only" in values) == ("notice", "notice", False)
    db.session.remove()
    flask_migrate.upgrade()


def newest_values(session: Session, number: int) -> dict[str, Any]:
    found = newest(session, NEWS, number)
    assert found and found.values
    return found.values
