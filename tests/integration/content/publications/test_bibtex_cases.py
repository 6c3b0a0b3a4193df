"""BibTeX as people have it: files after public ones, whose people are invented, and what becomes of each."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.publications.bibtex_import import Report, import_bibtex, read_anybodys
from s2group.content.publications.models import Publication
from s2group.content.records.addresses import former_keys
from s2group.extensions import db
from tests.support.bibtex import read_by_others

CASES = Path(__file__).parents[3] / "bibtex"
COUNTS = ("added", "completed", "offered", "known", "refused")


def take(name: str, *, merge: bool = False) -> Report:
    text, _encoding = read_anybodys(CASES / name)
    return import_bibtex(text, merge_known=merge, dry_run=False)


def counted(report: Report) -> tuple[int, ...]:
    return tuple(report.counts[name] for name in COUNTS)


def paper(key: str) -> Publication:
    return db.session.scalars(select(Publication).where(Publication.key == key)).one()


def authors(key: str) -> list[str]:
    return [author.name for author in paper(key).authors]


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("*.bib")))
def test_what_is_exported_is_read_by_others_and_brings_nothing_new(app: Flask, client: FlaskClient, name: str) -> None:
    take(name, merge=True)
    exported = client.get("/publications.bib?written=elsewhere").text
    keys = set(db.session.scalars(select(Publication.key)))
    assert set(read_by_others(exported).entries) == keys
    assert counted(import_bibtex(exported, merge_known=True, dry_run=False)) == (0, 0, 0, len(keys), 0)
    told = import_bibtex(exported, merge_known=True, dry_run=True).lines
    assert [sentence for _line, sentence in told if not sentence.startswith("same as")] == []


def test_keys_of_any_form_get_an_address_of_their_own(app: Flask, client: FlaskClient) -> None:
    report = take("01-keys.bib")
    assert counted(report) == (4, 0, 0, 0, 0)
    sentences = "\n".join(report.sentences())
    keys = {
        "DBLP:conf-rooms-LinB24": "A Key with Slashes",
        "10.1234-5678901.2345678": "A Key that is a DOI",
        "lin2022taideng": "台灯的键",
        "bao2021no": "No Key at All",
    }
    for key, title in keys.items():
        assert f"; {key} can." in sentences
        assert title in client.get(f"/publications/{key}/").text


def test_people_without_and_between_them_are_told_apart_or_refused(app: Flask) -> None:
    report = take("02-authors-without-and.bib")
    assert counted(report) == (5, 0, 0, 0, 1)
    assert "line 1: two: the authors 'Xiaohe Lin, Er Bao' can be read in more than one way. Put `and`" in next(
        report.sentences()
    )
    assert {key: authors(key) for key in ("three", "dai", "dun", "semi", "amp")} == {
        "three": ["Xiaohe Lin", "Er Bao", "Ming Rao"],
        "dai": ["林小禾", "包额尔", "饶明"],
        "dun": ["林小禾", "包额尔", "饶明"],
        "semi": ["Xiaohe Lin", "Er Bao"],
        "amp": ["Xiaohe Lin", "Er Bao"],
    }


def test_marks_and_markup_come_off_names(app: Flask) -> None:
    report = take("03-marks-on-names.bib")
    assert counted(report) == (4, 0, 0, 0, 0)
    assert "star: marks came off its authors: * †" in "\n".join(report.sentences())
    assert {key: authors(key) for key in ("star", "raised", "bold", "under")} == {
        "star": ["Xiaohe Lin", "Er Bao", "Ming Rao"],
        "raised": ["Xiaohe Lin", "Ming Rao"],
        "bold": ["Xiaohe Lin", "Er Bao"],
        "under": ["Xiaohe Lin", "Er Bao"],
    }


def test_a_year_is_one_whatever_stands_around_it(app: Flask) -> None:
    assert counted(take("04-years.bib")) == (3, 0, 0, 0, 0)
    assert [(paper(key).year, "2021}" in paper(key).bibtex) for key in "abc"] == [(2021, True)] * 3


def test_two_works_of_one_title_stay_two_and_a_preprint_gives_its_number(app: Flask) -> None:
    report = take("05-same-title.bib", merge=True)
    assert counted(report) == (3, 1, 0, 0, 0)
    assert "lin2019lamp (Proceedings of ROOMS, 2019) has the same title and is taken for another work" in "\n".join(
        report.sentences()
    )
    conference, journal, joined = paper("lin2019lamp"), paper("lin2022lamp"), paper("rao2024kettle")
    assert (conference.volume, conference.number, conference.doi, conference.pages) == ("", "", None, "1–8")
    assert (journal.volume, journal.number, journal.doi) == ("12", "3", "10.1234/jsr.2022.12")
    assert (joined.kind, joined.venue, joined.volume, joined.arxiv) == ("inproceedings", "ROOMS 2024", "", "2401.01234")
    assert joined.links == {"arXiv": "https://arxiv.org/abs/2401.01234"}
    assert [*former_keys(db.session(), "publication")] == ["DBLPcorr240101234"]


def test_only_fields_that_styles_know_are_public(app: Flask, client: FlaskClient) -> None:
    take("06-fields-for-oneself.bib")
    found = read_by_others(client.get("/publications.bib?written=elsewhere").text).entries["lin2021hash"]
    assert sorted(found.fields) == ["journal", "title", "year"]


def test_the_fields_of_al_folio_become_links(app: Flask) -> None:
    report = take("07-fields-of-al-folio.bib")
    assert counted(report) == (1, 0, 0, 0, 0)
    found = paper("lin2024window")
    assert (found.arxiv, found.repository) == ("2401.00001", "example/window")
    assert found.links == {
        "paper": "https://example.org/window",
        "arXiv": "https://arxiv.org/abs/2401.00001",
        "code": "https://github.com/example/window",
        "project": "https://window.example.org",
    }
    assert "eprint = {2401.00001}" in found.bibtex


def test_strings_are_tied_together(app: Flask) -> None:
    take("08-strings.bib")
    assert (paper("lin2020string").venue, paper("lin2020string").year) == ("Example Conference on Rooms (ROOMS)", 2020)


WITHOUT = """@misc{bare, title = {Neither Year nor Place}, author = {Lin, Xiaohe}}
@article{bound, title = {In Press}, author = {Lin, Xiaohe}, year = {in press}, journal = {Journal of Small Rooms}}
@inproceedings{lost, title = {Nowhere}, author = {Lin, Xiaohe}, year = {2020}}
"""


def test_papers_without_year_or_venue_are_listed_as_such(app: Flask, client: FlaskClient) -> None:
    report = import_bibtex(WITHOUT, merge_known=False, dry_run=False)
    assert counted(report) == (3, 0, 0, 0, 0)
    assert "line 2: bound: year is 'in press'. Write four digits." in list(report.sentences())
    assert "line 3: lost: the venue is missing. Add a journal or a booktitle." in list(report.sentences())
    for path, unstated in (("/en/publications/", "Year not stated"), ("/publications/", "年份未注明")):
        years = re.findall(r'<h2 id="(\w+)">([^<]+) <small>', client.get(path).text)
        assert years == [("y2020", "2020"), ("unstated", unstated)]
    for key in ("bare", "bound", "lost"):
        shown = client.get(f"/en/publications/{key}/").text
        assert ">0<" not in shown and ", 0" not in shown and ' content="0"' not in shown
    exported = client.get("/publications.bib?written=elsewhere").text
    assert "year" not in read_by_others(exported).entries["bare"].fields
    assert counted(import_bibtex(exported, merge_known=True, dry_run=False)) == (0, 0, 0, 3, 0)


@pytest.mark.parametrize("encoding", ["UTF-8-SIG", "GB18030", "UTF-16"])
def test_files_of_other_encodings_are_read(app: Flask, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "mine.bib"
    text = "@article{a,\r\n title = {台灯的键},\r\n author = {林小禾},\r\n journal = {小房间学报},\r\n year = 2022}\r\n"
    file.write_bytes(text.encode(encoding))
    output = app.test_cli_runner().invoke(args=["content", "import-bibtex", str(file)]).output
    assert ("was read as" in output) == (encoding != "UTF-8-SIG")
    assert (paper("a").title, authors("a")) == ("台灯的键", ["林小禾"])


def test_western_letters_of_one_byte_are_not_taken_for_chinese(tmp_path: Path) -> None:
    file = tmp_path / "mine.bib"
    file.write_bytes("@article{a, author = {Sølve, Zoë and Schröder, Ada}}".encode("cp1252"))
    assert read_anybodys(file) == ("@article{a, author = {Sølve, Zoë and Schröder, Ada}}", "CP1252")
