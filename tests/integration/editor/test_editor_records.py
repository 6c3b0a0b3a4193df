"""Every kind of record as an editor changes it: by a form that its fields make."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from s2group.audit.models import Event
from s2group.audit.rules import Kind
from s2group.content.editing import EDITABLE, record_at
from s2group.content.gaps import gaps
from s2group.content.kinds import KINDS
from s2group.content.loading import load_content
from s2group.content.people.models import Member
from s2group.content.publications.models import Publication
from s2group.content.records.loading import stored_rows
from s2group.content.records.models import Revision
from s2group.core.localized import LocalizedText
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.forms import as_shown, send
from tests.support.full_content import write_full_content
from tests.support.queries import recorded_statements
from tests.support.staff import MORNING, sign_in

YI = "/en/editor/member/test-yi/"
WORDS = re.compile(r"<[^>]+>")


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """Content files that fill every field, and a portal that says the same."""
    folder = write_full_content(tmp_path / "content")
    load_content(folder, now=MORNING)
    return folder


@pytest.fixture
def editor(app: Flask, folder: Path) -> FlaskClient:
    """A client signed in as an editor."""
    client = app.test_client()
    sign_in(client, Role.EDITOR)
    return client


def said(kind: str, key: str) -> dict[str, Any]:
    """What the portal says of a record now."""
    db.session.rollback()
    row = record_at(KINDS[kind], key)
    assert row is not None
    return KINDS[kind].of(row)


def revisions() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Revision)) or 0


def test_a_form_that_is_sent_as_it_came_changes_nothing(editor: FlaskClient) -> None:
    before, seen = revisions(), set()
    for kind, editable in EDITABLE.items():
        for key in [editable.kind.key_of_row(row) for row in stored_rows(db.session(), editable.kind)]:
            stored = said(kind, key)
            response = send(editor, f"/en/editor/{kind}/{key}/")
            assert (response.status_code, said(kind, key)) == (303, stored), (kind, key, response.text)
            seen |= {(kind, field.name) for field in editable.fields if stored[field.name] != field.default}
    assert revisions() == before
    # Of each field that a form has there was a record that says something.
    assert {(kind, field.name) for kind, each in EDITABLE.items() for field in each.fields} - seen == set()


def test_what_an_editor_types_is_what_visitors_read_and_files_leave_alone(
    app: Flask, editor: FlaskClient, folder: Path
) -> None:
    typed: dict[str, Any] = {
        "name_en": "Test Yi the Second",
        "role": "postdoc",
        "cohort": "2023",
        "joined": "2024-10",
        "lines": ["second-line"],
        "aliases": "T. Yi\n\n Yi T. ",
        "links-github": "https://example.org/yi",
        "links-homepage": "",
        "links-wechat": " ",
        "biography_en": "Two lines.\r\n\r\n**Both** new.",
        "honours-0-period": "2025",
        "honours-0-text_zh": "奖",
        "honours-0-text_en": "A prize",
        "honours-0-url": "",
        "honours-1-text_zh": " ",
        "honours-2-text_en": "One\r\nmore",
    }
    assert send(editor, YI, **typed).status_code == 303
    assert "Saved. Visitors see the change already." in editor.get(YI).text
    found = said("member", "test-yi")
    assert (found["name"], found["role"], found["cohort"]) == (
        LocalizedText("测试乙", "Test Yi the Second"), "postdoc", 2023,
    )  # fmt: skip
    assert (str(found["joined"]), found["lines"], found["aliases"]) == (
        "2024-10-01",
        ("second-line",),
        ["T. Yi", "Yi T."],
    )
    assert found["links"] == [{"kind": "github", "url": "https://example.org/yi"}]
    assert found["honours"] == [
        {"period": "2025", "text": LocalizedText("奖", "A prize"), "url": ""},
        {"period": "", "text": LocalizedText("", "One\nmore"), "url": ""},
    ]
    visitor = app.test_client()
    assert "<strong>Both</strong> new." in visitor.get("/en/members/test-yi/").text
    assert '"/en/members/test-yi/"' in visitor.get("/en/search/?q=the+second").text
    changes = [change for change in load_content(folder, now=MORNING).changes if change.kind == "member"]
    assert [(change.what, change.key) for change in changes] == [("left", "test-yi")]
    assert said("member", "test-yi") == found
    (event,) = db.session.scalars(select(Event).where(Event.kind == Kind.RECORD_CHANGED))
    assert event.subject_key == "member/test-yi"


@pytest.mark.parametrize(
    ("address", "name", "typed", "words"),
    [
        ("member/test-yi", "name_zh", "", "用中文或英文填写"),
        ("member/test-yi", "slug", "Test Yi", "只用小写拉丁字母、数字和 -，最多 60 个"),
        ("member/test-yi", "slug", "test-jia", "这个网址已被占用，换一个"),
        ("member/test-yi", "cohort", "next", "写四位数的入学年份，或不填"),
        ("member/test-yi", "degree", "academic", "只有硕士生有学位类型：去掉它，或换一个身份"),
        ("member/test-yi", "left", "2020-01", "写加入之后的日期，或改正加入日期"),
        ("member/test-yi", "joined", "soon", "写 2024-09-01 这样的日期，或 2024-09 这样的月份"),
        ("member/test-yi", "email", "yi at example", "写完整的地址，例如 name@example.org，或不填"),
        ("member/test-yi", "photo", "people/nobody.png", "添加这张图片，或改正它的名称"),
        ("member/test-yi", "links-github", "github.com/yi", "写完整的地址，从 https:// 开始"),
        ("member/test-yi", "links-wechat", "TODO", "写公众号的名称或网址，或不填"),
        ("member/test-yi", "honours-1-url", "nowhere", "写完整的地址，从 https:// 开始"),
        ("profile/profile", "links-0-url", "nowhere", "写完整的地址，从 https:// 开始"),
        ("project/grant-s-1", "end", "2024-01", "写起始月之后的月份，或改正起始月"),
        ("project/grant-s-1", "papers", "nothing", "没有题为 nothing 的论文"),
        ("project/grant-s-1", "start", "2025", "写 2025-01 这样的月份，或不填"),
        ("project/grant-s-1", "grant_number", "1" * 61, "最多用 60 个字符"),
        ("partner/another-university", "url", "javascript:alert(1)", "写完整的地址，从 https:// 开始"),
        ("profile/profile", "timezone", "Nowhere", "写 Asia/Shanghai 这样的时区"),
        ("profile/profile", "emails", "nobody", "写完整的地址，例如 group@example.org"),
        ("page/how-to-visit", "slug", "", "填写这一项"),
    ],
)
def test_what_does_not_fit_is_said_in_the_readers_language_and_nothing_typed_is_lost(
    editor: FlaskClient, address: str, name: str, typed: str, words: str
) -> None:
    path, before = f"/editor/{address}/", revisions()
    more = {"name_en": ""} if name == "name_zh" else {}
    response = send(editor, path, **{name: typed}, **more)
    assert response.status_code == 422, response.headers.get("Location")
    assert f'<a href="#{name}">{words}</a>' in response.text.replace("&#34;", '"')
    assert as_shown(response.text)[name] == [typed]
    assert as_shown(response.text).keys() == as_shown(editor.get(path).text).keys()
    assert revisions() == before


def test_records_are_added_and_addresses_are_permanent(app: Flask, editor: FlaskClient) -> None:
    added: dict[str, tuple[str, dict[str, Any]]] = {
        "member": ("test-wu", {"name_en": "Test Wu", "role": "phd", "status": "current", "lines": ["first-line"]}),
        "project": (
            "grant-s-9",
            {
                "title_en": "A new project",
                "funder_en": "Fund",
                "role": "lead",
                "grant_number": "S-9",
                "people": "test-yi",
            },
        ),
        "partner": ("third-university", {"name_zh": "第三大学", "name_en": "Third University"}),
        "release": (
            "a-model",
            {"key": "a-model", "kind": "model", "title_en": "A model", "url": "https://example.org/m"},
        ),
        "research_area": ("third-line", {"key": "third-line", "title_en": "Third line"}),
        "page": ("a-page", {"slug": "a-page", "title_en": "A page", "body_en": "Its *text*."}),
    }
    for kind, (key, typed) in added.items():
        response = send(editor, f"/en/editor/{kind}/new/", **typed)
        assert response.headers.get("Location") == f"/en/editor/{kind}/{key}/", response.text
        assert KINDS[kind].key_of(said(kind, key)) == key
        assert key in editor.get(f"/en/editor/{kind}/").text
    assert "Its <em>text</em>." in app.test_client().get("/en/pages/a-page/").text

    assert (
        send(editor, "/en/editor/page/a-page/", slug="other-page").headers["Location"] == "/en/editor/page/other-page/"
    )
    assert editor.get("/en/editor/page/a-page/").headers["Location"] == "/en/editor/page/other-page/"
    for taken in ("other-page", "a-page", "new"):
        typed = {"slug": taken, "title_en": "Another", "body_en": "Text"}
        response = send(editor, "/en/editor/page/new/", **typed)
        assert (response.status_code, "This address is taken" in response.text) == (422, True)
    for kind in ("sample", "profile", "news-paper"):
        assert editor.get(f"/en/editor/{kind}/new/").status_code == 404


def test_papers_belong_to_the_venue_that_an_editor_spells_as_they_do(editor: FlaskClient) -> None:
    db.session.rollback()
    paper = db.session.scalars(
        select(Publication).where(Publication.venue_id.is_(None), Publication.venue != "")
    ).first()
    assert paper
    path, key, written = "/en/editor/venue/JoS/", paper.key, paper.venue
    assert send(editor, path, aliases=f"{written}\n", ccf="B").status_code == 303
    venue = db.session.scalars(select(Publication).where(Publication.key == key)).one().venue_row
    assert venue and (venue.short_name, venue.ccf) == ("JoS", "B")
    taken = send(editor, path, aliases="Conference of Samples")
    assert (taken.status_code, said("venue", "JoS")["aliases"]) == (422, [written])
    assert "Another journal or conference is spelt like one of these" in taken.text
    taken = send(editor, "/en/editor/venue/new/", short_name="JoS", name="Another Journal")
    assert taken.status_code == 422 and "Another journal or conference has this short name" in taken.text


def test_the_second_of_two_editors_is_told_and_loses_nothing(editor: FlaskClient) -> None:
    path = "/en/editor/partner/another-university/"
    page = editor.get(path).text
    assert send(editor, path, name_en="What they wrote").status_code == 303
    response = send(editor, path, page, name_en="What I wrote")
    assert response.status_code == 409
    assert "Somebody else saved this while you were writing" in response.text
    assert "What they wrote" in response.text
    assert as_shown(response.text)["name_en"] == ["What I wrote"]
    assert said("partner", "another-university")["name"].en == "What they wrote"
    assert send(editor, path, response.text).status_code == 303
    assert said("partner", "another-university")["name"].en == "What I wrote"


def test_an_older_version_is_restored_as_a_new_one(editor: FlaskClient) -> None:
    before, path = said("member", "test-yi"), f"{YI}revisions/"
    assert send(editor, YI, name_en="Another name", cohort="").status_code == 303
    page = editor.get(path).text
    plain = " ".join(WORDS.sub(" ", page).split())
    assert "Version 2" in plain
    assert "editor" in plain
    assert "English: Test Yi" in plain
    assert "English: Another name" in plain
    assert "Year of entry 2024 nothing" in plain
    sent = {**as_shown(page), "number": "1"}
    assert editor.post(path, data=sent).status_code == 303
    assert "Restored. Visitors see this version again." in editor.get(YI).text
    assert said("member", "test-yi") == before
    numbers = select(Revision.number, Revision.actor_id.is_not(None)).where(Revision.kind == "member")
    of_yi = numbers.where(
        Revision.record_id == db.session.scalar(select(Member.id).where(Member.slug == "test-yi"))
    ).order_by(Revision.number)
    assert [tuple(row) for row in db.session.execute(of_yi)] == [(1, False), (2, True), (3, True)]
    assert editor.post(path, data=sent).status_code == 409
    assert editor.post(path, data={**sent, "number": "9"}).status_code == 400


def test_home_and_lists_count_what_is_untranslated_as_the_command_does(editor: FlaskClient) -> None:
    rows = re.findall(r"<tr>(.*?)</tr>", editor.get("/en/editor/").text, re.DOTALL)[1:]
    shown = [[int(number) for number in re.findall(r">(\d+)<", row)] for row in rows]
    assert sum(missing for _, missing in shown) == len(gaps())
    kinds = ["news", *EDITABLE]
    assert [count for count, _ in shown] == [len(stored_rows(db.session(), KINDS[kind])) for kind in kinds]
    listed = editor.get("/en/editor/member/").text
    of_members = [gap for gap in gaps() if gap.kind == "member"]
    assert sum(map(int, re.findall(r"missing (\d+)<", listed))) == len(of_members)
    assert editor.get("/en/editor/member/?after=nonsense").status_code == 404
    assert editor.get("/en/editor/nothing/").status_code == 404
    assert editor.get("/en/editor/profile/").headers["Location"] == "/en/editor/profile/profile/"


def test_the_files_of_the_editor_load_again_as_the_same(editor: FlaskClient, tmp_path: Path) -> None:
    assert send(editor, YI, focus_en="Whales").status_code == 303
    answer = editor.get("/en/editor/content.zip")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=content-")
    with ZipFile(BytesIO(answer.data)) as packed:
        assert not [name for name in packed.namelist() if name.startswith("calls/")]
        packed.extractall(tmp_path / "again")
    answer.close()
    assert load_content(tmp_path / "again", now=MORNING).changes == []
    assert said("member", "test-yi")["focus"].en == "Whales"


def test_a_long_list_goes_on_and_asks_no_more_of_the_database(editor: FlaskClient) -> None:
    editor.get("/en/editor/partner/")  # a session notes each minute that it is used
    with recorded_statements() as few:
        editor.get("/en/editor/partner/")
    for number in range(60):
        assert send(editor, "/en/editor/partner/new/", name_en=f"Partner {number}").status_code == 303
    editor.get("/en/editor/partner/")
    with recorded_statements() as many:
        first = editor.get("/en/editor/partner/").text
    assert len(many) == len(few)
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more
    second = editor.get(more[1]).text
    names = re.findall(r">(Partner \d+|[A-Z][a-z]+ [^<>]*University[^<>]*)</a>", first + second)
    assert len(names) == len(set(names)) == 62
    assert 'rel="next"' not in second


@pytest.mark.parametrize("path", ["/editor/", "/editor/member/", YI, f"{YI}revisions/", "/editor/page/new/"])
def test_strangers_sign_in_first_and_reviewers_find_nothing(app: Flask, folder: Path, path: str) -> None:
    assert "/account/login?next=" in app.test_client().get(path).headers["Location"]
    reviewer = app.test_client()
    sign_in(reviewer, Role.REVIEWER)
    assert reviewer.get(path).status_code == 404


def test_what_the_group_adds_to_the_privacy_notice_stands_there_at_once(app: Flask, editor: FlaskClient) -> None:
    notice, visitor = "/en/admissions/privacy/", app.test_client()
    assert "The data protection officer of the <strong>university</strong>: Sample." in visitor.get(notice).text
    assert send(editor, "/en/editor/profile/profile/", privacy_en="Write to **them** <script>").status_code == 303
    page = visitor.get(notice).text
    assert "Write to <strong>them</strong>" in page
    assert "<script>" not in page.partition("What the group adds")[2].partition("</main>")[0]
    assert send(editor, "/en/editor/profile/profile/", privacy_zh="", privacy_en="").status_code == 303
    assert "What the group adds" not in visitor.get(notice).text
