"""A content file that an editor sends: looked at record by record, loaded as their work, and nothing lost by it."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

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
from s2group.content.records.kinds import Values
from s2group.content.records.loading import stored_rows
from s2group.content.sent_files import load_files
from s2group.content.trash.models import RemovedRecord
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.forms import as_shown
from tests.support.full_content import write_full_content
from tests.support.staff import MORNING, sign_in

PAGE = "/en/editor/files/"


@pytest.fixture
def editor(app: Flask, tmp_path: Path) -> FlaskClient:
    """A client signed in as an editor of content in which every field says something."""
    load_content(write_full_content(tmp_path / "content"), now=MORNING)
    client = app.test_client()
    sign_in(client, Role.EDITOR)
    return client


def everything() -> dict[str, list[Values]]:
    """What the portal says, kind by kind."""
    db.session.rollback()
    db.session.expire_all()
    return {kind.name: [kind.of(row) for row in stored_rows(db.session(), kind)] for kind in KINDS.values()}


def exported(folder: Path) -> dict[str, str]:
    """Every content file as the portal writes it, by its path."""
    export_content(folder)
    paths = (path for path in folder.rglob("*") if path.suffix in (".csv", ".toml", ".bib"))
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths if path.name != "decisions.toml"}


def preview(client: FlaskClient, name: str, data: bytes | str, **typed: str) -> TestResponse:
    """Send a file to be looked at."""
    sent = as_shown(client.get(PAGE).text)
    file = BytesIO(data if isinstance(data, bytes) else data.encode())
    return client.post(PAGE, data={**sent, **typed, "file": (file, name), "action": "preview"})


def load(client: FlaskClient, page: TestResponse, path: str = PAGE, **typed: str) -> TestResponse:
    """Press 'Load' on a preview."""
    return client.post(path, data={**as_shown(page.text), **typed, "action": "load"})


def plain(page: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_whatever_was_exported_changes_nothing(editor: FlaskClient, tmp_path: Path) -> None:
    before = everything()
    files = exported(tmp_path / "out")
    assert {path.rpartition("/")[0] for path in files} == {"", "people", "pages"}
    for path in ("calls/x.toml", "people/x.toml", "decisions.toml"):
        assert editor.get(f"/en/editor/files/{path}").status_code == 404
    for path, text in files.items():
        assert editor.get(f"/en/editor/files/{path}").data.decode("utf-8-sig") == text
        outcome = load_files({path: text}, actor=1, now=MORNING)
        assert (path, outcome.changes) == (path, [])
    assert load_files(files, actor=1, now=MORNING, whole=True).changes == []
    assert everything() == before


def test_members_are_added_changed_and_removed_as_the_work_of_the_editor(
    app: Flask, editor: FlaskClient, tmp_path: Path
) -> None:
    files, before = exported(tmp_path / "out"), everything()
    header, *rows = files["members.csv"].splitlines()
    gone = next(row for row in rows if "Test Bing" in row)
    rows = [row.replace("乙", "乙乙") for row in rows if row != gone]
    new = "新来的,New Comer,phd,,2026,current,,Something new" + "," * (header.count(",") - 7)
    text = "\n".join([header, *rows, new])

    looked = preview(editor, "members.csv", text.encode("gb18030"))
    shown = plain(looked.text)
    assert (looked.status_code, everything()) == (200, before)
    assert "What members.csv would change 1 added · 1 changed · 1 removed" in shown
    assert "Name 中文：测试乙 English: Test Yi 中文：测试乙乙 English: Test Yi New Comer New record" in shown
    assert as_shown(looked.text)["text"] == [f"{text}"]

    done = load(editor, looked)
    assert "Loaded. Visitors see it already" in done.text
    assert {as_shown(done.text)[name][0] for name in ("which", "text", "shown")} == {""}
    was = {each["slug"]: each for each in before["member"]}
    said = {each["slug"]: each for each in everything()["member"]}
    assert list(said) == ["test-jia", "test-yi", "test-ding", "new-comer"]
    assert {**said["test-yi"], "name": was["test-yi"]["name"]} == was["test-yi"]
    assert "Something new" in app.test_client().get("/en/members/new-comer/").text
    assert '"/en/members/new-comer/"' in app.test_client().get("/en/search/?q=new+comer").text
    events = db.session.scalars(select(Event).where(Event.kind == Kind.RECORD_CHANGED, Event.actor_id.is_not(None)))
    assert {event.subject_key for event in events} == {f"member/{key}" for key in ("test-yi", "test-c", "new-comer")}
    assert "Version 2" in editor.get("/en/editor/member/test-yi/revisions/").text

    again = load(editor, looked)
    assert (again.status_code, "Nothing: the portal says the same." in again.text) == (200, True)
    # What the operator loads next leaves it, and what went comes back as it was.
    left = {(change.what, change.key) for change in load_content(tmp_path / "content", now=MORNING).changes}
    assert {("left", "test-yi"), ("left", "new-comer"), ("out", "test-c")} <= left
    stale = preview(editor, "members.csv", files["members.csv"])
    words = "members.csv, line 4 test-c was removed in the portal. Bring it back first, or take it out here."
    assert (stale.status_code, words in plain(stale.text)) == (422, True)
    (number,) = db.session.scalars(select(RemovedRecord.id)).all()
    token = as_shown(editor.get("/en/editor/trash/").text)
    assert editor.post("/en/editor/trash/", data={**token, "id": str(number)}).status_code == 303
    back = next(each for each in everything()["member"] if each["slug"] == "test-c")
    assert back == was["test-c"]


def test_columns_that_a_table_leaves_out_stay(editor: FlaskClient) -> None:
    before = everything()
    rows = ["focus_zh,name_zh,name_en,role,degree,cohort,status,focus_en"]
    for each in before["member"]:
        name, more = each["name"], (each["role"], each["degree"], each["cohort"] or "", each["status"])
        rows.append(",".join(map(str, ("新的方向", name.zh, name.en, *more, "A new one"))))
    looked = preview(editor, "members.csv", "\r\n".join(rows))
    assert "0 added · 4 changed · 0 removed" in plain(looked.text)
    assert "The order" not in looked.text
    assert "Loaded." in load(editor, looked).text
    said = everything()
    assert {(each["focus"].zh, each["focus"].en) for each in said["member"]} == {("新的方向", "A new one")}
    for one, other in zip(before["member"], said["member"], strict=True):
        assert {**one, "focus": None} == {**other, "focus": None}
    taken = editor.get("/en/editor/files/members.csv")
    assert taken.data.startswith(b"\xef\xbb\xbfname_zh")
    as_sheets_save_it = taken.text.replace("2024-09-01", "2024/9/1").replace("2021-09-01", "Sep-21")
    assert as_sheets_save_it.count("2024/9/1") == as_sheets_save_it.count("Sep-21") == 1
    assert "Nothing: the portal says the same." in preview(editor, "members.csv", as_sheets_save_it).text
    looked = preview(editor, "members.csv", "\n".join([rows[0], *rows[:0:-1]]))
    assert "The order Changed order Members" in plain(looked.text)
    assert "Loaded." in load(editor, looked).text
    assert [each["slug"] for each in everything()["member"]] == [each["slug"] for each in before["member"]][::-1]


def test_every_mistake_of_a_table_is_named_with_its_line_and_what_to_do(editor: FlaskClient) -> None:
    before = everything()
    table = [
        "title_zh,title_en,funder_zh,funder_en,grant_number,start,end,role",
        "一,One,资助者,Funder,,2025-01,,boss",
        '"二\n二",Two,资助者,Funder,,2025-01,,lead',
        "三,Three,资助者,Funder,,soon,,lead",
        "四,Four",
    ]
    sent = as_shown(editor.get("/editor/files/").text)
    file = (BytesIO("\n".join(table).encode()), "projects.csv")
    page = editor.post("/editor/files/", data={**sent, "file": file, "action": "preview"})
    found = plain(page.text)
    assert page.status_code == 422
    assert "projects.csv，第 2 行 role 写的是 'boss'。从这些里写一个：lead, participant。" in found
    assert "projects.csv，第 5 行 start 写的是 'soon'。写 2025-01 这样的月份，或不填。" in found
    assert "projects.csv，第 6 行 这一行的格数与第一行不同。数一数逗号。" in found
    assert "第 4 行" not in found
    assert as_shown(page.text)["text"][0].splitlines()[-1] == "四,Four"
    assert everything() == before


def test_what_changed_since_it_was_shown_is_shown_again(editor: FlaskClient, tmp_path: Path) -> None:
    before = exported(tmp_path / "out")["releases.toml"]
    looked = preview(editor, "releases.toml", before.replace("CC BY 4.0", "CC0"))
    assert "Portal" in looked.text
    form = as_shown(editor.get("/en/editor/release/sample-corpus/").text)
    assert editor.post("/en/editor/release/sample-corpus/", data={**form, "licence": "MIT"}).status_code == 303
    other = load(editor, looked)
    assert (other.status_code, "Nothing was loaded" in other.text) == (409, True)
    assert "MIT CC0" in plain(other.text)
    changed = load(editor, other, text=before.replace("CC BY 4.0", "CC BY 3.0"))
    assert (changed.status_code, "MIT CC BY 3.0" in plain(changed.text)) == (409, True)
    assert "Loaded." in load(editor, changed).text
    assert [each["licence"] for each in everything()["release"] if each["key"] == "sample-corpus"] == ["CC BY 3.0"]


def test_of_two_who_load_the_same_at_once_one_does(app: Flask, editor: FlaskClient, tmp_path: Path) -> None:
    text = exported(tmp_path / "out")["releases.toml"].replace("CC BY 4.0", "CC0")
    file = "releases.toml"
    shown = load_files({file: text}, actor=1, now=MORNING).mark

    def once(_: int) -> bool:
        with app.app_context():
            return load_files({file: text}, actor=1, now=MORNING, shown=shown).is_loaded

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(once, range(2))) == [False, True]
    told = db.session.scalars(select(Event.subject_key).where(Event.kind == Kind.RECORD_CHANGED)).all()
    assert told == ["release/sample-corpus"]


def test_every_kind_of_file_changes_its_own_records_alone(editor: FlaskClient, tmp_path: Path) -> None:
    files, before = exported(tmp_path / "out"), everything()
    news = re.split(r"(?=\n\[\[items\]\])", files["news.toml"])
    papers = files["publications.bib"].split("\n\n")
    partners = re.split(r"(?=\n\[\[partners\]\])", files["group.toml"])
    sent = {
        "news.toml": "".join(news[:-1]).replace('category = "award"', 'category = "notice"'),
        "group.toml": partners[0].replace('seal = "例"', 'seal = "印"') + "".join(partners[2:]),
        "projects.csv": files["projects.csv"].replace("S-1", "S-9"),
        "publications.bib": "\n\n".join(
            [*papers[1:-1], papers[-1].replace("year = {20", "award = {Best}, year = {20")]
        ),
        "venues.toml": files["venues.toml"].replace('ccf = "A"', 'ccf = "B"'),
        "pages/another-page.toml": files["pages/how-to-visit.toml"],
        "people/test-yi.toml": files["people/test-yi.toml"].replace("[[honours]]", "[[talks]]", 1),
    }
    told = {}
    for path, text in sent.items():
        folder, _, name = path.rpartition("/")
        looked = preview(editor, name, text, which=f"{folder}/" if folder else "samples.toml")
        told[path] = re.findall(r"\d added · \d changed · \d removed", plain(looked.text))
        assert "Loaded." in load(editor, looked).text, path
    assert told == {
        "group.toml": ["0 added · 1 changed · 1 removed"],
        "projects.csv": ["0 added · 1 changed · 0 removed"],
        "publications.bib": ["0 added · 1 changed · 1 removed"],
        "news.toml": ["0 added · 1 changed · 0 removed"],
        "venues.toml": ["0 added · 1 changed · 0 removed"],
        "pages/another-page.toml": ["1 added · 0 changed · 0 removed"],
        "people/test-yi.toml": ["0 added · 1 changed · 0 removed"],
    }
    said = everything()
    # Release and recording named the paper that went.
    assert {kind for kind in said if said[kind] != before[kind]} == {
        "release", "sample", "profile", "partner", "project", "publication", "news", "venue", "page", "member",
    }  # fmt: skip
    assert [removed.kind for removed in db.session.scalars(select(RemovedRecord).order_by(RemovedRecord.id))] == [
        "partner", "publication",
    ]  # fmt: skip


def zipped(texts: dict[str, str], **more: bytes) -> bytes:
    """A ZIP of files within a folder, as programs pack one."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for path, text in texts.items():
            target.writestr(f"content/{path}", text)
        for path, data in more.items():
            target.writestr(path, data)
    return packed.getvalue()


def test_a_zip_of_all_files_is_loaded_at_once(editor: FlaskClient, tmp_path: Path) -> None:
    files, before = exported(tmp_path / "out"), everything()
    assert "Nothing: the portal says the same." in preview(editor, "all.zip", zipped(files)).text
    changed = {
        **{path: text for path, text in files.items() if path != "pages/how-to-visit.toml"},
        "pages/another.toml": files["pages/how-to-visit.toml"],
        "group.toml": files["group.toml"] + '\n[[research_lines]]\nkey = "third-line"\ntitle.en = "Third"\n',
        "members.csv": files["members.csv"].replace("first-line;second-line", "third-line"),
        "people/test-c.toml": 'biography.en = "Of them"\n',
        "projects.csv": files["projects.csv"].replace("S-1", "S-9"),
    }
    ignored = ("content/pictures/x.png", "../people/evil.toml", "/people/evil.toml", "content/calls/x.toml")
    some = {"pages/another.toml": files["pages/how-to-visit.toml"], "people/test-c.toml": 'biography.en = "Of them"'}
    assert "1 added · 1 changed · 0 removed" in plain(preview(editor, "some.zip", zipped(some)).text)
    data = zipped(changed, **dict.fromkeys(ignored, b"nothing"))
    looked = preview(editor, "all.zip", data)
    shown = plain(looked.text)
    assert (looked.status_code, everything()) == (200, before)
    assert "What all.zip would change 2 added · 3 changed · 1 removed" in shown
    alone = load(editor, looked)
    assert (alone.status_code, "Choose the same ZIP once more" in alone.text) == (422, True)
    sent = {**as_shown(looked.text), "action": "load"}
    other = editor.post(PAGE, data={**sent, "file": (BytesIO(zipped(files)), "all.zip")})
    assert (other.status_code, "Loaded." in other.text, everything()) == (200, False, before)
    done = editor.post(PAGE, data={**sent, "file": (BytesIO(data), "all.zip")})
    assert "Loaded." in done.text
    members = {each["slug"]: each for each in everything()["member"]}
    assert (members["test-jia"]["lines"], members["test-c"]["biography"].en) == (("third-line",), "Of them")
    assert [each["slug"] for each in everything()["page"]] == ["another"]


def many(count: int) -> bytes:
    """A ZIP of that many entries of nothing."""
    packed = BytesIO()
    with ZipFile(packed, "w") as target:
        for number in range(count):
            target.writestr(ZipInfo(f"{number}"), b"")
    return packed.getvalue()


BOMB = zipped({"members.csv": "0" * 12_000_000})
PACKED = zipped({"members.csv": "x" * 99})
WRONG: tuple[tuple[dict[str, str], tuple[str, bytes] | None, str], ...] = (
    ({}, None, "选择它是哪个文件"),
    ({"which": "members.csv"}, None, "选择一个文件"),
    ({"which": "pages/", "name": "../x.toml", "text": "a"}, None, "按文件夹里的名称写，例如 sun-lan.toml"),
    ({}, ("members.csv", b"\x00\xff\xfe\x81" * 9), "文件不是 UTF-8 文本。重新存成 UTF-8。"),
    ({}, ("members.csv", b"%" * 500_001), "文件太大：最多 500000 字节"),
    ({"which": "members.csv", "text": "%" * 500_001}, None, "太长了：最多 500000 个字符"),
    ({}, ("venues.toml", b"[[venues]"), "不是正确的 TOML"),
    ({}, ("members.csv", b"name"), "members.csv，第 1 行"),
    ({}, ("samples.toml", b'[[items]]\nkey = "x"\ntitle.en = "X"\nfile = "x.mp3"\ntranscript.en = "x"\nlines = ["a"]'),
     "让运维人员把它和声音文件一起载入"),
    ({}, ("venues.toml", b'[[venues]]\nshort_name = "A"\nname = "A"\n\n[[venues]]\nname = "B"'),
     "venues.toml，venues 第 2 个，第 5 行</b><br>缺少 short_name。补上它。"),
    ({}, ("a.zip", b"no zip"), "这不是能读的 ZIP。重新打包这些文件。"),
    ({}, ("a.zip", PACKED[:-30]), "这不是能读的 ZIP"),
    ({}, ("a.zip", PACKED.replace(b"\x08\x00", b"\x63\x00")), "这不是能读的 ZIP"),
    ({}, ("a.zip", PACKED.replace(b"\x14\x00\x00\x00", b"\x14\x00\x01\x00")), "这不是能读的 ZIP"),
    ({}, ("a.zip", BOMB), "内容太多。去掉图片、论文和声音，或分别载入各个文件。"),
    ({}, ("a.zip", many(20_001)), "内容太多"),
    ({}, ("a.zip", zipped({"members.csv": "a"}, **{"members.csv": b"b"})), "members.csv 有两份。重新打包这些文件。"),
    ({}, ("a.zip", zipped({"notes.txt": "a"})), "里面没有下面列出的文件"),
    ({}, ("a.zip", zipped({"members.csv": "a"})), "members.csv，第 1 行"),
    ({}, ("news.toml", b'[[items]]\nslug = "x"\nday = 2026-01-01\ntitle.en = "X"\nbody.en = "x"\nmembers = ["nobody"]'),
     "members 里的 'nobody' 不存在"),
)  # fmt: skip


def test_what_cannot_be_looked_at_is_said(editor: FlaskClient) -> None:
    before, sent = everything(), as_shown(editor.get("/editor/files/").text)
    for typed, file, words in WRONG:
        data = {**sent, **typed, **({"file": (BytesIO(file[1]), file[0])} if file else {}), "action": "load"}
        response = editor.post("/editor/files/", data=data)
        # The client lays a large request into a file that nobody else closes.
        response.request.environ["wsgi.input"].close()
        assert (response.status_code, words in unescape(response.text)) == (422, True), words
    assert everything() == before
