"""Taking over the home page of a member in the portal: looked at line by line, taken over then."""

import re
from io import BytesIO
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from s2group.audit.models import Event
from s2group.audit.rules import Kind
from s2group.content.importer.outcome import SOURCE
from s2group.content.people.models import Member, ProfileEntry
from s2group.content.publications.models import Publication
from s2group.content.records.models import Revision
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.forms import as_shown, send

HOMEPAGE = (Path(__file__).parents[2] / "homepages" / "numbered.md").read_bytes()


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def kept() -> tuple[int, int, int, int]:
    """How many papers, lines that came of a page, versions and events there are."""
    db.session.rollback()
    of_a_page = select(func.count()).select_from(ProfileEntry).where(ProfileEntry.source == SOURCE)
    changes = select(func.count()).select_from(Event).where(Event.kind == Kind.RECORD_CHANGED)
    papers, versions = (select(func.count()).select_from(table) for table in (Publication, Revision))
    return tuple(db.session.scalar(each) or 0 for each in (papers, of_a_page, versions, changes))  # type: ignore[return-value]


def a_member() -> str:
    """The address of somebody whom the page names as its owner."""
    with transaction() as session:
        found = session.scalars(select(Member).order_by(Member.position)).first()
        assert found
        found.aliases = [*found.aliases, "Jia Ceshi"]
        return found.slug


def test_a_page_is_looked_at_line_by_line_and_taken_over_once(app: Flask, editor: FlaskClient) -> None:
    slug = a_member()
    page, before = f"/en/editor/member/{slug}/homepage/", kept()
    assert f'href="{page}"' in editor.get(f"/en/editor/member/{slug}/").text
    sent = {**as_shown(editor.get(page).text), "file": (BytesIO(HOMEPAGE), "index.md"), "action": "preview"}
    looked = editor.post(page, data=sent)
    said = plain(looked.text)
    assert "lines 21–22, 24–26 paper, added PondSinger: Frogs that Sing by Diffusion (AAAI 2022)" in said
    assert "line 21: CCF-A is left out: the table of venues decides" in said
    assert "line 33 NOT PLACED a paper, but the page names no year" in said
    assert "To look at: lines 33, 46." in said
    assert kept() == before
    assert as_shown(looked.text)["text"] == [HOMEPAGE.decode()]

    in_chinese = plain(send(editor, page.removeprefix("/en"), looked.text, action="preview").text)
    assert "第 21–22, 24–26 行 论文，新增 PondSinger: Frogs that Sing by Diffusion (AAAI 2022)" in in_chinese
    assert "第 21 行：略去 CCF-A：以期刊会议表为准" in in_chinese
    assert "第 33 行 没有放进去 是论文，但页面没有写年份" in in_chinese
    assert "第 12 行 软件，新增 TestSpeech, PondSinger" in in_chinese
    assert "请查看：第 33, 46 行。" in in_chinese

    done = send(editor, page, looked.text, action="import")
    assert "Taken over. Visitors see it already." in done.text
    papers, lines, versions, events = kept()
    assert (papers - before[0], lines - before[1], events - before[3]) == (3, 7, 4)
    actors = db.session.scalars(select(Event.actor_id).where(Event.kind == Kind.RECORD_CHANGED)).all()
    assert all(actors[-4:])
    assert "Test Scholarship (Top 1%)" in app.test_client().get(f"/en/members/{slug}/").text
    assert "PondSinger" in app.test_client().get("/en/search/?q=pondsinger").text

    again = send(editor, page, looked.text, action="import")
    assert "Nothing to change: all of it was there already." in again.text
    assert kept() == (papers, lines, versions, events)


def test_what_cannot_be_looked_at_is_said(editor: FlaskClient) -> None:
    page = f"/editor/member/{a_member()}/homepage/"
    empty = send(editor, page, text=" ", action="import")
    assert (empty.status_code, "粘贴页面，或选择一个文件" in empty.text) == (422, True)
    sent = {**as_shown(empty.text), "text": "kept", "file": (BytesIO(b"\x00\xff\xfe\x81" * 9), "x.md")}
    no_text = editor.post(page, data=sent)
    assert (no_text.status_code, as_shown(no_text.text)["text"]) == (422, ["kept"])
    assert "这个文件不是文本：选择写页面的那个文件" in no_text.text
    hostile = send(editor, page, text="# Honours\n- <script>alert(1)</script> 2024 Prize <img src=x onerror=alert(2)>")
    assert (hostile.status_code, "<script>alert" in hostile.text, "<img src=x" in hostile.text) == (200, False, False)
    assert editor.get("/editor/member/nobody/homepage/").status_code == 404
