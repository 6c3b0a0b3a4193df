"""Taking over papers from elsewhere in the portal: looked at first, imported then."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.audit.models import Event
from s2group.audit.rules import Kind
from s2group.content.loading import load_content
from s2group.content.publications.bibtex import read_leniently
from s2group.content.publications.models import Publication
from s2group.core.i18n import in_language
from s2group.core.localized import LOCALES
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.forms import as_shown
from tests.support.sample import SAMPLE
from tests.support.staff import MORNING, sign_in

PAGE = "/editor/publications/import/"
MIXED = r"""@inproceedings{new2025one,
  title = {A new one}, author = {Jia, Test and Schr{\"o}der, Ada}, booktitle = {Conference of Tests}, year = 2025,
}
@article{unclosed2025,
  title = {Unclosed, year = {2025}
@misc{again, title = {The second SAMPLE!}, author = {Jia, Test}, howpublished = {Elsewhere}, year = {2026},
  doi = {10.5555/12345678}, video = {https://example.org/video},
}
"""
# Something of everything that can be wrong, an entry each.
FAULTY = r"""stray words
@article{nothing
@article{brace, title = {A
@article{quote, title = "B
@article{twice, title={C}, author={Jia, Test}, author={Yi, Test}, journal={J}, year=2025}
@article{double, title={D}, author={Jia, Test}, journal={J}, year=2025, year=2024}
@article{nocomma title={E}, author={Jia, Test}, journal={J}, year=2025}
@article{gap, title={F} author={Jia, Test}, journal={J}, year=2025}
@article{many, title={G}}, author={Jia, Test}, journal={J}, year=2025}
@article{junk, title={H}, some junk, author={Jia, Test}, journal={J}, year=2025}
@article{bare, title={I}, author={Jia, Test}, journal=someword, year=2025}
@inproceedings{cross, title={K}, author={Jia, Test}, crossref={whole}, booktitle={C}, year=2025}
@article{untitled, author={Jia, Test}, journal={J}, year=2025}
@article{nobody, title={L}, journal={J}, year=2025}
@article{nowhere, title={M}, author={Jia, Test}, year=2025}
@article{never, title={N}, author={Jia, Test}, journal={J}, year={soon}}
@article{years, title={O}, author={Jia, Test}, journal={J}, year={2024/2025}}
@article{mute, title={!!}, author={Jia, Test}, journal={J}, year=2025}
@article{long, title={P}, author={Jia, Test}, journal={J}, year=2025, pages={LONG}}
@article{longname, title={Q}, author={LONGNAME}, journal={J}, year=2025}
@article{a/b:c, title={R}, author={Jia, Test}, journal={J}, year=2025}
@article{, title={S}, author={Jia, Test}, journal={J}, year=2025}
@article{odd, title={T}, author={Jia, Test}, journal={J}, year=2025, doi={nonsense}, url={#}}
@article{marks, title={U}, author={Jia*, Test}, author+an={nine=x}, journal={J}, year=2025}
@article{markup, title={V}, author={<b>Test Jia</b>}, journal={J}, year=2025}
@article{comma, title={W}, author={Test Jia, Test Yi, Test Bing}, journal={J}, year=2025}
@article{unknown, title={X}, author={and}, journal={J}, year=2025}
@article{ways, title={Y}, author={Jia, Yi, Bing}, journal={J}, year=2025}
@article{number, title={Z}, author={12345}, journal={J}, year=2025}
@article{deep, title={DEEP}, author={Jia, Test}, journal={J}, year=2025}
@article{last, title={AA}, author={Jia, Test}, journal={J}, year=2025
""".replace("LONGNAME", "A" * 201).replace("LONG", "1" * 50).replace("DEEP", "{" * 3000 + "}" * 3000)  # fmt: skip


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A client signed in as an editor of the sample content."""
    load_content(SAMPLE, now=MORNING)
    client = app.test_client()
    sign_in(client, Role.EDITOR)
    return client


def keys() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Publication.key)))


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_file_is_looked_at_mended_and_imported_once(app: Flask, editor: FlaskClient) -> None:
    before, sent = keys(), as_shown(editor.get(f"/en{PAGE}").text)
    file = (BytesIO(MIXED.encode("utf-16")), "mine.bib")
    looked = editor.post(f"/en{PAGE}", data={**sent, "file": file, "action": "preview"})
    said = plain(looked.text)
    assert "1 new · 1 known · 0 completed · 1 broken" in said
    assert "Line 4: the entry cannot be read: a brace is not closed (line 5). Look at braces, commas and key;" in said
    assert "A new one 1 New paper members: Test Jia" in said
    assert "The second SAMPLE! 6 Known, could be completed same DOI" in said
    assert keys() == before
    carried = as_shown(looked.text)
    assert carried["text"] == [MIXED]

    in_chinese = plain(editor.post(PAGE, data={**carried, "action": "preview"}).text)
    assert "第 4 行：读不了这个条目：第 5 行有一个花括号没有闭合。看看花括号、逗号和键；条目以 @ 开头。" in in_chinese
    assert "新增 成员：测试甲" in in_chinese

    mended = MIXED.replace("{Unclosed", "{Unclosed}, author = {Yi, Test}, journal = {J}").replace(
        "{2025}\n@", "{2025}}\n@"
    )
    looked = editor.post(f"/en{PAGE}", data={**carried, "text": mended, "merge": "y", "action": "preview"})
    assert "2 new · 0 known · 1 completed · 0 broken" in plain(looked.text)
    done = editor.post(f"/en{PAGE}", data={**as_shown(looked.text), "action": "import"})
    assert "Imported. Visitors see the new papers already." in done.text
    assert keys() - before == {"new2025one", "unclosed2025"}
    assert "A new one" in app.test_client().get("/en/publications/new2025one/").text
    assert '"/en/publications/new2025one/"' in app.test_client().get("/en/search/?q=new+one").text
    events = db.session.scalars(select(Event).where(Event.kind == Kind.RECORD_CHANGED).order_by(Event.id)).all()
    told = {event.subject_key for event in events if event.actor_id}
    assert told == {f"publication/{key}" for key in ("new2025one", "unclosed2025", same_as("The second SAMPLE"))}
    assert "Version 1" in plain(editor.get("/en/editor/publication/new2025one/revisions/").text)
    again = editor.post(f"/en{PAGE}", data={**as_shown(looked.text), "action": "import"})
    assert "0 new · 3 known · 0 completed · 0 broken" in plain(again.text)


def same_as(title: str) -> str:
    return db.session.scalars(select(Publication.key).where(Publication.title.ilike(f"{title}%"))).one()


@pytest.mark.parametrize(
    ("text", "file", "words"),
    [
        (" ", None, "粘贴条目，或选择一个文件"),
        ("@misc{a, title={kept}}", b"\x00\xff\xfe\x81" * 9, "这个文件不是文本：选择 .bib 文件"),
        ("@misc{a, title={kept}}", b"%" * 500_001, "这个文件太大：分几次导入"),
        ("%" * 500_001, None, "太长了：分几次导入"),
    ],
)
def test_what_cannot_be_looked_at_is_said_and_nothing_typed_is_lost(
    editor: FlaskClient, text: str, file: bytes | None, words: str
) -> None:
    sent = {**as_shown(editor.get(PAGE).text), "text": text, "action": "import"}
    response = editor.post(PAGE, data={**sent, "file": (BytesIO(file), "x.bib")} if file else sent)
    assert (response.status_code, as_shown(response.text)["text"]) == (422, [text])
    assert words in response.text


def test_whatever_is_wrong_is_said_in_both_languages(app: Flask) -> None:
    said = []
    for locale in LOCALES:
        with app.test_request_context(), in_language(locale):
            said.append({complaint.fault for complaint in read_leniently(FAULTY).complaints})
    assert len(said[0]) == len(said[1]) > 30
    assert said[0].isdisjoint(said[1])
