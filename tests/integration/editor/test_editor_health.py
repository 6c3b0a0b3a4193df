"""What wants looking after on one page, and the news that a paper is accepted."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.admissions.models import Call
from s2group.content.gaps import gaps
from s2group.content.news.models import NewsItem, NewsPicture
from s2group.content.people.models import Member
from s2group.content.pictures.models import Picture
from s2group.content.projects.models import Project
from s2group.content.publications.models import Publication
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import load_fictional_content
from tests.support.forms import as_shown
from tests.support.staff import sign_in

NOW = datetime(2026, 9, 10, 8, tzinfo=UTC)
PAPER = "/en/editor/publication/jia2026first/"


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A client signed in as an editor."""
    load_fictional_content(app, with_files=True)
    client = app.test_client()
    sign_in(client, Role.EDITOR)
    return client


def sections(page: str) -> dict[str, tuple[int, str]]:
    """By the id of each section its number and what it says."""
    found = re.findall(r'<h2 id="([\w-]+)">[^<]*<small[^>]*>(\d+)</small></h2>(.*?)</section>', page, re.DOTALL)
    return {name: (int(count), text) for name, count, text in found}


def test_one_page_tells_what_wants_looking_after(editor: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False):
        before = sections(editor.get("/en/editor/health/").text)
        assert before["untranslated"][0] == len(gaps()) > 0
        with transaction() as session:
            member = session.scalars(select(Member).where(Member.slug == "test-yi")).one()
            member.left_on = date(2026, 9, 9)
            project = session.scalars(select(Project)).first()
            call = session.scalars(select(Call)).one()
            item = session.scalars(select(NewsItem)).first()
            picture = session.scalars(select(Picture)).first()
            papers = session.scalars(select(Publication)).all()
            assert project
            assert item
            assert picture
            project.role, project.end = "lead", "2026-08"
            call.opens_at, call.closes_at = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 20, tzinfo=UTC)
            for paper in papers:
                paper.picture = picture if paper.key == "jia2026first" else None
            item.pictures = [NewsPicture(position=0, picture=picture, alt=LocalizedText("图"))]
            for paper in papers:
                paper.links = {} if paper.key == "jia2026first" else {"paper": "https://example.org"}
                paper.has_pdf = False
        after = sections(editor.get("/en/editor/health/").text)
        assert after["untranslated"][0] == len(gaps())
        for name, address in (
            ("past-leaving", "/en/editor/member/test-yi/"),
            ("closing-calls", "20 September 2026"),
            ("ended-projects", f"/en/editor/project/{project.key}/"),
            ("papers-without-link", PAPER),
            ("papers-without-alt", PAPER),
            ("news-without-alt", f"/en/editor/news/{item.slug}/"),
        ):
            assert (after[name][0] >= 1, address in after[name][1]) == (True, True), name
        assert after["papers-without-link"][0] == 1
    with time_machine.travel(datetime(2026, 9, 1, tzinfo=UTC), tick=False):
        early = sections(editor.get("/en/editor/health/").text)
        assert [early[name][0] for name in ("past-leaving", "closing-calls")] == [0, 0]


def test_a_press_on_a_paper_writes_the_news_in_both_languages_once(app: Flask, editor: FlaskClient) -> None:
    token = as_shown(editor.get(PAPER).text)["csrf_token"]
    first = editor.post(f"{PAPER}news/", data={"csrf_token": token}).headers["Location"]
    assert editor.post(f"{PAPER}news/", data={"csrf_token": token}).headers["Location"] == first
    item = db.session.scalars(select(NewsItem).where(NewsItem.form_key.startswith("paper-"))).one()
    paper = db.session.scalars(select(Publication).where(Publication.key == "jia2026first")).one()
    assert (item.published_at, item.category, [each.key for each in item.publications]) == (None, "paper", [paper.key])
    assert {member.slug for member in item.members} == {line.member.slug for line in paper.authors if line.member}
    assert item.title.en.startswith("Paper accepted by ")
    assert item.title.zh.startswith("论文被 ")
    assert all(paper.title in words for words in (item.title.zh, item.title.en, item.body.zh, item.body.en))
    assert "测试甲" in item.body.zh
    assert "Test Jia" in item.body.en
    assert 'value="paper"' in editor.get(first).text
    assert app.test_client().get(first.replace("/editor", "")).status_code == 404
    assert editor.post("/en/editor/publication/nothing/news/", data={"csrf_token": token}).status_code == 404
