"""Taking over a BibTeX file of somebody's own."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.loading import load_content
from s2group.content.people.models import Member
from s2group.content.publications import bibtex_import
from s2group.content.publications.bibtex import Reading, read_leniently
from s2group.content.publications.models import Authorship, Publication
from s2group.content.records.addresses import former_keys
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.queries import recorded_statements
from tests.support.sample import NOW, SAMPLE

WRITES_PAPERS = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM) (publication|authorship|former_key|venue)")

MIXED = r"""@string{conf = "Conference of Tests"}
@inproceedings{new2025one,
  title = {A {N}ew One by Schr{\"o}der},
  author = {Jia, Test and Schr{\"o}der, Ada and others},
  author+an = {1="equal contribution"; 2:family=corresponding},
  booktitle = conf, year = 2025, pages = {1--9}, url = {#}, code = {https://github.com/example/one.git},
}
@article{broken2025,
  title = {Nobody wrote this}, journal = {J}, year = {2025},
}
@article{unclosed2025,
  title = {Unclosed, year = {2025}
@article{new2025one,
  title = {Another paper with the same key}, author = {Yi, Test}, journal = {Journal of Tests}, date = {2025-05-01},
}
@misc{again, title = {The second SAMPLE!}, author = {Jia, Test}, howpublished = {Elsewhere}, year = {2026},
  doi = {https://doi.org/10.5555/12345678}, video = {https://example.org/video}, keywords = {one; two},
}
"""


def run(app: Flask, tmp_path: Path, text: str, *options: str) -> list[str]:
    file = tmp_path / "mine.bib"
    file.write_text(text)
    result = app.test_cli_runner().invoke(args=["content", "import-bibtex", str(file), *options])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def paper(key: str) -> Publication:
    return db.session.scalars(select(Publication).where(Publication.key == key)).one()


def keys() -> list[str]:
    return list(db.session.scalars(select(Publication.key).order_by(Publication.position)))


KNOWN = ["jia2026first", "other2026second", "ding2023third", "yi2023fourth"]


def test_good_entries_are_kept_and_each_bad_one_is_reported(app: Flask, site: FlaskClient, tmp_path: Path) -> None:
    assert run(app, tmp_path, MIXED) == [
        "line 2: new2025one: url '#' is not a web address. Write all of it, from https:// on, or remove it.",
        "line 2: added new2025one",
        "line 8: broken2025: author is missing. Add it.",
        "line 11: the entry cannot be read: a brace is not closed (line 12)",
        "line 13: added new2025oneb, because new2025one is another paper",
        "line 16: same as other2026second (DOI); --merge would add: keywords, video",
        "2 added, 0 completed, 1 offered, 0 known, 2 refused",
    ]
    assert keys() == [*KNOWN, "new2025one", "new2025oneb"]
    new = paper("new2025one")
    assert (new.title, new.venue, new.pages, new.source) == (
        "A New One by Schröder", "Conference of Tests", "1–9", "bibtex",
    )  # fmt: skip
    assert (new.links, new.repository) == ({"code": "https://github.com/example/one.git"}, "example/one")
    assert [(author.name, author.equal, author.corresponding) for author in new.authors] == [
        ("Test Jia", True, False), ("Ada Schröder", False, True),
    ]  # fmt: skip
    assert (new.authors[0].member and new.authors[0].member.slug, new.and_others) == ("test-jia", True)
    assert paper("new2025oneb").bibtex.startswith("@article{new2025oneb,")
    assert paper("other2026second").keywords == []
    assert "/publications/new2025one/" in site.get("/search/?q=Schröder").text


def test_a_known_paper_is_completed_when_asked_and_a_second_run_changes_nothing(
    app: Flask, site: FlaskClient, tmp_path: Path
) -> None:
    assert run(app, tmp_path, MIXED, "--merge")[-2:] == [
        "line 16: same as other2026second (DOI); added: keywords, video",
        "2 added, 1 completed, 0 offered, 0 known, 2 refused",
    ]
    with recorded_statements() as statements:
        again = run(app, tmp_path, MIXED, "--merge")
    assert again[-1] == "0 added, 0 completed, 0 offered, 3 known, 2 refused"
    assert [words for words in statements if not words.startswith(("SELECT", "BEGIN"))] == []
    assert paper("other2026second").title == "The Second Sample"


def test_what_an_import_added_outlives_the_next_loading(app: Flask, site: FlaskClient, tmp_path: Path) -> None:
    run(app, tmp_path, MIXED, "--merge")
    load_content(SAMPLE, now=NOW)
    assert paper("other2026second").links == {
        "DOI": "https://doi.org/10.5555/12345678",
        "video": "https://example.org/video",
    }
    assert paper("other2026second").keywords == ["one", "two"]
    assert keys() == [*KNOWN, "new2025one", "new2025oneb"]
    with recorded_statements() as statements:
        load_content(SAMPLE, now=NOW)
    assert [words for words in statements if WRITES_PAPERS.match(words)] == []


def test_who_joins_later_is_tied_to_their_papers_and_a_namesake_never(
    app: Flask, site: FlaskClient, tmp_path: Path
) -> None:
    mine = "@article{KEY, title = {Work KEY}, author = {Neu, Test}, journal = {J}, year = {2024}MORE}\n"
    text = mine.replace("KEY", "own").replace("MORE", "")
    run(app, tmp_path, text + mine.replace("KEY", "strange").replace("MORE", ", author+an = {1=namesake}"))
    folder = shutil.copytree(SAMPLE, tmp_path / "content")
    with (folder / "members.csv").open("a") as file:
        file.write("测试新,Test Neu,phd,,,current,,\n")
    load_content(folder, now=NOW)
    tied = [author.member and author.member.slug for key in ("own", "strange") for author in paper(key).authors]
    assert tied == ["test-neu", None]


def test_a_trial_run_keeps_nothing(app: Flask, site: FlaskClient, tmp_path: Path) -> None:
    told = run(app, tmp_path, MIXED, "--merge", "--dry-run")
    assert told[-2:] == [
        "2 added, 1 completed, 0 offered, 0 known, 2 refused", "Nothing was written: this was a trial run.",
    ]  # fmt: skip
    assert keys() == KNOWN
    assert paper("other2026second").keywords == []


TWO_VERSIONS = """@article{pre2024,
  title = {One Work}, author = {Yi, Test}, journal = {arXiv preprint arXiv:2401.00001},
  year = {2024}, eprint = {2401.00001v2}, url = {https://example.org/pre}}
@inproceedings{pub2025, title = {One work.}, author = {Yi, Test}, booktitle = {SAMPLECONF}, year = {2025},
  doi = {10.5555/ONE}, url = {https://example.org/pub}}
"""


@pytest.mark.parametrize("backwards", [False, True])
def test_a_preprint_and_its_published_version_become_one_record(
    app: Flask, site: FlaskClient, tmp_path: Path, backwards: bool
) -> None:
    entries = TWO_VERSIONS.split("\n@")
    text = "\n".join([f"@{entries[1]}", entries[0]]) if backwards else TWO_VERSIONS
    first, second = ("pub2025", "pre2024") if backwards else ("pre2024", "pub2025")
    run(app, tmp_path, text, "--merge")
    found = paper(first)
    assert keys() == [*KNOWN, first]
    assert (found.kind, found.venue, found.year) == ("inproceedings", "SAMPLECONF", 2025)
    assert (found.doi, found.arxiv) == ("10.5555/one", "2401.00001")
    assert set(found.links.values()) >= {
        "https://example.org/pub", "https://doi.org/10.5555/one", "https://arxiv.org/abs/2401.00001",
    }  # fmt: skip
    assert found.links["paper"] == "https://example.org/pub"
    assert [*former_keys(db.session(), "publication")] == [second]
    assert run(app, tmp_path, text, "--merge")[-1] == "0 added, 0 completed, 0 offered, 2 known, 0 refused"


EARLY = """@article{early, title = {One Work}, author = {Yi, Test and Own, Name}, journal = {arXiv}, year = {2024},
  pages = {1--20}, number = {7}, eprint = {2401.00001}, author+an = {1=namesake}}
"""
LATE = """@article{late, title = {One Work}, author = {NAMES}, journal = {J}, year = {2025},
  volume = {3}, pages = {5--9}, award = {Best Paper}}
"""


@pytest.mark.parametrize(
    ("published", "names", "and_others"),
    [
        ("Own, Name and Yi, Test and Jia, Test", ["Name Own", "Test Yi", "Test Jia"], False),
        ("Own, Name and B., Ada and others", ["Name Own", "Ada B."], True),
        ("Own, Name and others", ["Test Yi", "Name Own"], False),
    ],
)
def test_a_preprint_takes_over_what_its_published_version_says(
    app: Flask, site: FlaskClient, tmp_path: Path, published: str, names: list[str], and_others: bool
) -> None:
    run(app, tmp_path, EARLY)
    with transaction() as session:
        # A tie that no name or alias of the member gives, such as the one from a home page.
        owner = session.scalars(select(Member).where(Member.slug == "test-bing")).one()
        session.scalars(select(Authorship).where(Authorship.name == "Name Own")).one().member = owner
    run(app, tmp_path, LATE.replace("NAMES", published), "--merge")
    found = paper("early")
    assert ([author.name for author in found.authors], found.and_others) == (names, and_others)
    slugs = {"Test Jia": "test-jia", "Name Own": "test-bing"}
    assert [author.member and author.member.slug for author in found.authors] == [slugs.get(name) for name in names]
    assert (found.volume, found.number, found.pages, found.award) == ("3", "", "5–9", "Best Paper")


HOSTILE = r"""@article{deep, title = {DEEP}, author = {Jia, Test}, journal = {J}, year = 2020}
@article{marks, title = {!!!}, author = {Jia, Test}, journal = {J}, year = 2020}
@article{lone, title = "A lone } brace \ ", author = "Jia, Test", journal = "J {", year = 2020}
@article{good, title = {A good one}, author = {Jia, Test}, journal = {J}, year = {2020}}
""".replace("DEEP", "{" * 300 + "Deep" + "}" * 300)


def test_what_cannot_be_kept_is_refused_by_name_and_the_rest_can_be_exported(
    app: Flask, site: FlaskClient, tmp_path: Path
) -> None:
    assert run(app, tmp_path, HOSTILE) == [
        "line 1: deep: its braces or commands are nested too deeply. Take some out.",
        "line 2: marks: the title '!!!' has no letter or digit. Write out the title.",
        "line 3: added lone",
        "line 4: added good",
        "2 added, 0 completed, 0 offered, 0 known, 2 refused",
    ]
    exported = parse_string(site.get("/publications.bib").text)
    assert {entry.key for entry in exported.entries} == {*KNOWN, "lone", "good"}
    assert exported.failed_blocks == []


def test_a_file_that_is_missing_is_named(app: Flask, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(args=["content", "import-bibtex", str(tmp_path / "no.bib")])
    assert (result.exit_code, "no.bib: the file is missing" in result.output) == (1, True)


def a_file_of(count: int) -> str:
    return "".join(
        f"@article{{key/{number}, title = {{Room {number}}}, author = {{Lin, Xiaohe and Jia, Test}},"
        f" journal = {{Journal of Rooms}}, year = {{(2020)}}, doi = {{10.5555/room.{number}}}}}\n"
        for number in range(count)
    )


def written_at_a_time(statements: list[str]) -> list[int]:
    """How many papers each transaction that writes has added."""
    counts: list[int] = []
    for words in statements:
        if words.startswith("BEGIN IMMEDIATE"):
            counts.append(0)
        elif words.startswith("INSERT INTO publication "):
            counts[-1] += 1
    return counts


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_nobody_who_writes_waits_for_an_import(app: Flask, site: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a file is read and between two steps the one place to write is free."""
    path = db.engine.url.database
    written: list[str] = []

    def write_at_once(when: str) -> None:
        with closing(sqlite3.connect(str(path), timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")
        written.append(when)

    def read(text: str) -> Reading:
        write_at_once("reading")
        return read_leniently(text)

    monkeypatch.setattr(bibtex_import, "read_leniently", read)
    monkeypatch.setattr(
        "s2group.content.publications.bibtex_import.time.sleep", lambda _seconds: write_at_once("between")
    )
    text = a_file_of(100)
    with recorded_statements() as statements:
        bibtex_import.import_bibtex(text, merge_known=True, dry_run=True)
    assert [words for words in statements if not words.startswith(("SELECT", "BEGIN"))] == []
    assert written_at_a_time(statements) == []
    report = bibtex_import.import_bibtex(text, merge_known=False, dry_run=False)
    assert (report.counts["added"], written) == (100, ["reading", "reading", "between", "between", "between"])
    assert len(keys()) == len(KNOWN) + 100
    with recorded_statements() as statements:
        bibtex_import.import_bibtex(text, merge_known=True, dry_run=False)
    assert written_at_a_time(statements) == []


def test_what_somebody_else_adds_meanwhile_is_not_added_again(
    app: Flask, site: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = a_file_of(100)
    steps: list[float] = []

    def somebody_else(seconds: float) -> None:
        steps.append(seconds)
        if len(steps) == 1:
            bibtex_import.import_bibtex(text, merge_known=False, dry_run=False)

    monkeypatch.setattr("s2group.content.publications.bibtex_import.time.sleep", somebody_else)
    report = bibtex_import.import_bibtex(text, merge_known=False, dry_run=False)
    assert (report.counts["added"], report.counts["known"], len(keys())) == (40, 60, len(KNOWN) + 100)
