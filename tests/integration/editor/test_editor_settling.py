"""Papers that may be one and names that may be a member's, settled by a press, once and for good."""

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
from s2group.content.group.models import GroupProfile
from s2group.content.loading import load_content
from s2group.content.news.models import NewsItem
from s2group.content.people.models import Member
from s2group.content.publications.models import Authorship, Publication
from s2group.content.records.models import Revision
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.forms import as_shown
from tests.support.queries import recorded_statements
from tests.support.staff import MORNING
from tests.support.twice import PAIR, TWICE

PAGE = "/en/editor/publications/settle/"


@pytest.fixture
def files(folder: Path) -> Path:
    """Files that tell of a preprint and its published version as of two papers, and of an item about the preprint."""
    path = folder / "publications.bib"
    path.write_text(path.read_text() + TWICE)
    load_content(folder, now=MORNING)
    with transaction() as session:
        item = session.scalars(select(NewsItem).where(NewsItem.slug == "second-news")).one()
        item.publications.append(paper("gu2024codec"))
        session.get_one(GroupProfile, 1).selected = [
            {"paper": "gu2024codec", "says": {"en": "Listens while it speaks"}}
        ]
    return folder


def paper(key: str) -> Publication:
    return db.session.scalars(select(Publication).where(Publication.key == key)).one()


def keys() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Publication.key)))


def press(client: FlaskClient, do: str, **said: str) -> str:
    """Press a button of the page, and what the page says then, without its marks."""
    token = as_shown(client.get("/en/editor/publications/import/").text)["csrf_token"]
    answer: TestResponse = client.post(PAGE, data={"csrf_token": token, "do": do, **said}, follow_redirects=True)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def counted(client: FlaskClient) -> int:
    found = re.search(r'id="to-settle">[^<]*<small[^>]*>(\d+)', client.get("/en/editor/health/").text)
    assert found
    return int(found[1])


def pairs(client: FlaskClient) -> set[tuple[str, str]]:
    return set(
        re.findall(
            r'name="one" value="(.+?)">\s*<input type="hidden" name="other" value="(.+?)"', client.get(PAGE).text
        )
    )


def bring_back(client: FlaskClient) -> TestResponse:
    page = client.get("/en/editor/trash/").text
    found = re.search(r'name="id" value="(\d+)"', page)
    assert found
    return client.post("/en/editor/trash/", data={"csrf_token": as_shown(page)["csrf_token"], "id": found[1]})


def test_two_records_of_one_paper_become_one_for_good_and_two_again(
    app: Flask, editor: FlaskClient, files: Path, tmp_path: Path
) -> None:
    visitor, before = app.test_client(), counted(editor)
    assert PAIR in pairs(editor)
    one = {"one": PAIR[0], "other": PAIR[1]}
    assert "One paper now." in press(editor, "one", **one)
    kept = paper("gu2025codec")
    assert (kept.doi, kept.arxiv, kept.keywords) == ("10.5555/codec", "2401.00009", ["codec"])
    assert kept.title == "Codec models that listen while they speak"
    assert {area.key for area in kept.areas} == {"first-line", "second-line"}
    assert "Listens while it speaks" in visitor.get("/en/").text
    item = db.session.scalars(select(NewsItem).where(NewsItem.slug == "second-news")).one()
    assert kept in item.publications
    led = visitor.get("/en/publications/gu2024codec/")
    assert (led.status_code, led.headers["Location"]) == (301, "/en/publications/gu2025codec/")
    assert (PAIR in pairs(editor), counted(editor)) == (False, before - 1)
    assert "Somebody has settled this already." in press(editor, "one", **one)

    there = keys()
    load_content(files, now=MORNING)
    assert keys() == there
    export_content(tmp_path / "out")
    load_content(tmp_path / "out", now=MORNING)
    assert keys() == there
    assert visitor.get("/en/publications/gu2024codec/").status_code == 301

    with transaction() as session:
        paper("gu2025codec").arxiv, paper("yi2023fourth").arxiv = None, "2401.00009"
    refused = bring_back(editor)
    assert (refused.status_code, "DOI or arXiv number by now" in refused.text) == (409, True)
    with transaction() as session:
        paper("yi2023fourth").arxiv = None
        session.flush()
        paper("gu2025codec").arxiv = "2401.00009"
    assert bring_back(editor).status_code == 303
    assert (paper("gu2024codec").arxiv, paper("gu2025codec").arxiv) == ("2401.00009", None)
    assert visitor.get("/en/publications/gu2024codec/").status_code == 200
    assert PAIR in pairs(editor)
    told = db.session.scalars(select(Event.subject_key).where(Event.kind == Kind.RECORD_CHANGED)).all()
    assert sorted(told) == [f"publication/{key}" for key in sorted(PAIR) for _ in range(2)]


def test_two_papers_stay_two_until_the_press_is_undone(editor: FlaskClient, files: Path) -> None:
    one = {"one": PAIR[0], "other": PAIR[1]}
    said = [press(editor, "two", **one), press(editor, "two", **one)]
    assert ["They are two, and the pair does not come back." in each for each in said] == [True, True]
    load_content(files, now=MORNING, take_files=True)
    assert PAIR not in pairs(editor)
    press(editor, "again", **one)
    assert PAIR in pairs(editor)
    assert "Somebody has settled this already." in press(editor, "two", one="nothing", other=PAIR[1])
    token = as_shown(editor.get(PAGE).text)["csrf_token"]
    assert editor.post(PAGE, data={"csrf_token": token, "do": "nonsense"}).status_code == 400


def owners(name: str) -> list[tuple[str | None, bool]]:
    db.session.rollback()
    columns = select(Member.slug, Authorship.namesake).select_from(Authorship).outerjoin(Authorship.member)
    return [(slug, mark) for slug, mark in db.session.execute(columns.where(Authorship.name == name))]


def test_a_name_is_a_members_for_good_or_somebody_elses(app: Flask, editor: FlaskClient, files: Path) -> None:
    assert owners("T. Jia") == [(None, False), (None, False)]
    assert "T. Jia 2" in " ".join(re.sub(r"<[^>]+>", " ", editor.get(PAGE).text).split())
    before = counted(editor)
    assert "2 papers are theirs now." in press(editor, "link", name="t jia", member="test-jia")
    assert owners("T. Jia") == [("test-jia", False)] * 2
    assert "Codec models that listen" in app.test_client().get("/en/members/test-jia/").text
    assert counted(editor) == before - 1
    assert "Somebody has settled this already." in press(editor, "link", name="t jia", member="test-jia")
    load_content(files, now=MORNING)
    assert owners("T. Jia") == [("test-jia", False)] * 2
    revision = db.session.scalars(
        select(Revision).where(Revision.kind == "member", Revision.actor_id.is_not(None))
    ).one()
    assert revision.values
    assert revision.values["aliases"][-1] == "T. Jia"

    restored = editor.get("/en/editor/member/test-jia/revisions/").text
    values = {
        "csrf_token": as_shown(restored)["csrf_token"],
        "seen": str(revision.number),
        "number": str(revision.number - 1),
    }
    assert editor.post("/en/editor/member/test-jia/revisions/", data=values).status_code == 303
    assert owners("T. Jia") == [(None, False)] * 2
    assert "Somebody has settled this already." in press(editor, "link", name="t jia", member="test-yi")
    assert "Marked as somebody else on 2 papers." in press(editor, "mark", name="t jia")
    assert "Somebody has settled this already." in press(editor, "mark", name="t jia")
    load_content(files, now=MORNING)
    assert owners("T. Jia") == [(None, True)] * 2
    assert counted(editor) == before - 1


def test_hundreds_of_papers_cost_as_many_queries_as_a_few(editor: FlaskClient, files: Path) -> None:
    with recorded_statements() as few:
        assert editor.get(PAGE).status_code == 200
    with transaction() as session:
        session.add_all(made(number) for number in range(1000, 1300))
    with recorded_statements() as many:
        assert "51 more follow" in editor.get(PAGE).text
    assert len(many) == len(few)


def made(number: int) -> Publication:
    """A paper like many; each fifth begins a pair of a paper and its preprint."""
    is_preprint = number % 5 == 1
    words = " ".join(f"{letter}{number - is_preprint}" for letter in "abc")
    said = dict.fromkeys(("venue", "award", "abstract", "repository", "volume", "number", "pages", "publisher"), "")
    return Publication(
        key=f"made{number}", position=number, kind="preprint" if is_preprint else "inproceedings",
        title=f"Speech {words} listening", title_key=f"made{number}", year=2020, keywords=[], impact=[], links={},
        and_others=False, has_pdf=False, bibtex="", source="bibtex",
        authors=[Authorship(position=0, name=f"A{number} Gu", equal=False, corresponding=False)], **said,
    )  # fmt: skip
