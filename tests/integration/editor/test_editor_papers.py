"""Papers typed and corrected in the editor: what readers cite and what files say follows."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.editing import record_at
from s2group.content.exporting import export_content
from s2group.content.group.files import PROFILE
from s2group.content.loading import load_content
from s2group.content.people.files import MEMBER
from s2group.content.projects.files import PROJECT
from s2group.content.publications.bibtex.entry import WORKS
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.models import Publication
from s2group.content.records.loading import stored_rows
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.forms import as_shown, send
from tests.support.staff import MORNING

NEW = "/en/editor/publication/new/"
FIFTH = "/en/editor/publication/full2024fifth/"
TYPED = {
    "title": "Windows & doors of 9% of houses",
    "authors": "Test Yi † *\nTest Jia †\n\nSample, Inc. ~\nSomebody Else",
    "kind": "inproceedings",
    "venue": "ICASSP",
    "year": "2026",
    "pages": "1–5",
    "doi": "https://doi.org/10.5555/Windows",
    "arxiv": "arXiv:2603.00001v2",
    "links-0-label": "demo",
    "links-0-url": "https://example.org/one",
    "links-1-label": "demo",
    "links-1-url": "https://example.org/two",
    "award": "Best paper",
}
# As readers copy it: nothing of our own.
ENTRY = """@inproceedings{yi2026windows,
  title = {Windows \\& doors of 9\\% of houses},
  author = {Test Yi and Test Jia and {Sample, Inc.} and Somebody Else},
  booktitle = {ICASSP},
  year = {2026},
  pages = {1–5},
  doi = {10.5555/windows},
  eprint = {2603.00001}
}"""


def paper(key: str) -> Publication:
    db.session.rollback()
    return db.session.scalars(select(Publication).where(Publication.key == key)).one()


def said_by_all() -> dict[str, object]:
    db.session.rollback()
    return {row.key: PUBLICATION.of(row) for row in stored_rows(db.session(), PUBLICATION)}


def test_a_paper_is_typed_from_nothing(app: Flask, editor: FlaskClient, tmp_path: Path) -> None:
    added = send(editor, NEW, **TYPED)
    assert added.headers.get("Location") == "/en/editor/publication/yi2026windows/", added.text
    row = paper("yi2026windows")
    assert row.bibtex == ENTRY
    assert row.links == {
        "DOI": "https://doi.org/10.5555/windows",
        "arXiv": "https://arxiv.org/abs/2603.00001",
        "demo": "https://example.org/one",
        "demo 2": "https://example.org/two",
    }
    assert [
        (author.name, author.equal, author.corresponding, author.namesake, author.member and author.member.slug)
        for author in row.authors
    ] == [
        ("Test Yi", True, True, False, "test-yi"),
        ("Test Jia", True, False, False, "test-jia"),
        ("Sample, Inc.", False, False, True, None),
        ("Somebody Else", False, False, False, None),
    ]
    shown = app.test_client().get("/en/publications/yi2026windows/").text
    assert "Windows &amp; doors of 9% of houses" in shown
    assert "/members/test-yi/" in shown

    # The same words twice are one paper, and two papers by one person in one year have an address each.
    again = send(editor, NEW, **TYPED | {"doi": "", "arxiv": ""})
    assert (again.status_code, "Another paper has this already" in again.text) == (422, True)
    other = send(editor, NEW, **TYPED | {"title": "Windows and nothing else", "doi": "", "arxiv": ""})
    assert other.headers.get("Location") == "/en/editor/publication/yi2026windowsb/", other.text

    # Written to files and loaded again all papers are what they were.
    before = said_by_all()
    assert export_content(tmp_path / "out", lambda _folder: []) == []
    load_content(tmp_path / "out", now=MORNING, take_files=True)
    assert said_by_all() == before


def test_a_correction_is_what_readers_cite(app: Flask, editor: FlaskClient) -> None:
    before = PUBLICATION.of(paper("full2024fifth"))
    changed = send(
        editor,
        FIFTH,
        title="Everything else",
        authors="Test Jia\nTest Yi *",
        kind="article",
        venue="Journal of Samples",
        year="2025",
        doi="",
    )
    assert changed.status_code == 303, changed.text
    row = paper("full2024fifth")
    assert row.bibtex.startswith(
        "@article{full2024fifth,\n"
        "  title = {Everything else},\n"
        "  author = {Test Jia and Test Yi and others},\n"
        "  editor = {Ding, Test},\n"
        "  publisher = {Sample Press},\n"
        "  address = {Sampletown},\n"
    ), row.bibtex
    assert "  journal = {Journal of Samples}" in row.bibtex
    assert ("booktitle" in row.bibtex, "doi" in row.bibtex, "award" in row.bibtex) == (False, False, False)
    assert [(author.name, author.member and author.member.slug) for author in row.authors] == [
        ("Test Jia", "test-jia"),
        ("Test Yi", "test-yi"),
    ]
    assert list(row.links) == [label for label in before["links"] if label != "DOI"]
    assert "Everything else" in app.test_client().get("/en/publications/full2024fifth/").text

    # The version before comes back whole, its entry too.
    restored = send(editor, f"{FIFTH}revisions/", number="1")
    assert restored.status_code == 303, restored.text
    assert PUBLICATION.of(paper("full2024fifth")) == before


def test_what_cannot_be_a_paper_is_said_at_its_place(editor: FlaskClient) -> None:
    for typed, said in (
        ({"title": "!!!"}, "Write the title with letters"),
        ({"title": ""}, "Fill it in"),
        ({"authors": " \n"}, "Name one author at least"),
        ({"authors": "Somebody\n†"}, "Fill it in"),
        ({"year": "twenty"}, "Write the year in four digits"),
        ({"year": "12"}, "Write the year in four digits"),
        ({"doi": "10.5555"}, "Write it as 10.1109/5.771073, or nothing"),
        ({"doi": "10.5555/full", "title": "Other"}, "Another paper has this already"),
        ({"arxiv": "2501"}, "Write it as 2105.02446, or nothing"),
        ({"links-0-label": "", "links-0-url": "https://example.org"}, "Fill it in"),
        ({"links-0-label": "demo", "links-0-url": "example"}, "Write all of it, from https:// on"),
        ({"volume": "1" * 41}, "Use at most 40 characters"),
    ):
        response = send(editor, NEW, **TYPED | typed)
        assert (response.status_code, said in response.text) == (422, True), (typed, response.text)
    assert db.session.scalars(select(Publication).where(Publication.title.in_(["!!!", TYPED["title"]]))).all() == []


def test_every_kind_of_work_reads_as_it_was_typed(editor: FlaskClient, tmp_path: Path) -> None:
    for number, kind in enumerate(WORKS):
        typed = TYPED | {"title": f"Work {number}", "kind": kind, "doi": "", "arxiv": "", "venue": "A place of its own"}
        assert send(editor, NEW, **typed).status_code == 303
    before = said_by_all()
    remarks = export_content(tmp_path / "out", lambda _folder: [])
    assert not remarks, remarks
    load_content(tmp_path / "out", now=MORNING, take_files=True)
    assert said_by_all() == before


def test_papers_are_named_by_their_titles(editor: FlaskClient) -> None:
    titles = [row.title for row in stored_rows(db.session(), PUBLICATION)][:2]
    keys = [row.key for row in stored_rows(db.session(), PUBLICATION)][:2]
    project = "/en/editor/project/grant-s-1/"
    for typed in (
        "\n".join(titles),
        f"{titles[0].upper()}!\n{keys[1]}",
        "\n".join(f"https://lab.example.org/en/publications/{key}/" for key in keys),
    ):
        send(editor, project, papers="")
        assert send(editor, project, papers=typed).status_code == 303
        assert [row.key for row in stored_rows(db.session(), PROJECT)[0].publications] == keys
    # By their titles they are shown, and by keys kept.
    shown = as_shown(editor.get(project).text)["papers"][0]
    assert sorted(shown.split("\n")) == sorted(titles)
    says = LocalizedText(en="It says so.")
    _select(editor, "/en/editor/profile/profile/", {"selected-0-paper": titles[1], "selected-0-says_en": says.en})
    assert PROFILE.of(record_at(PROFILE, "profile"))["selected"] == [{"paper": keys[1], "says": says}]
    _select(editor, "/en/editor/member/test-yi/", {"selected": titles[1]})
    assert MEMBER.of(record_at(MEMBER, "test-yi"))["selected"] == [keys[1]]

    refused = send(editor, project, papers="Nobody wrote this")
    assert (refused.status_code, "There is no paper called Nobody wrote this" in refused.text) == (422, True)
    assert (
        send(editor, NEW, **TYPED | {"title": titles[0], "kind": "patent", "doi": "", "arxiv": ""}).status_code == 303
    )
    refused = send(editor, project, papers=titles[0])
    assert (refused.status_code, "Two papers are called so" in refused.text) == (422, True)
    assert keys[0] in as_shown(editor.get(project).text)["papers"][0]


def _select(editor: FlaskClient, path: str, typed: dict[str, str]) -> None:
    """Let these papers alone be shown first."""
    page = editor.get(path).text
    emptied = dict.fromkeys((name for name in as_shown(page) if name.startswith("selected")), "")
    assert send(editor, path, page, **{**emptied, **typed}).status_code == 303
    db.session.rollback()
