"""How stored papers follow the file: by key, by what they are, and beside what was imported."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import config
from s2group.content.loading import load_content
from s2group.content.news.models import NewsItem
from s2group.content.publications.bibtex_import import import_bibtex
from s2group.content.publications.models import Publication, Venue
from s2group.content.records.errors import ContentError
from s2group.content.records.models import FormerAddress
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.sample import NOW, SAMPLE

PREPRINT = (
    "@misc{second-pre, title = {The Second Sample}, author = {Jia, Test}, year = {2025}, eprint = {2501.00002}}\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "publications.bib"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def add(folder: Path, entry: str) -> None:
    with (folder / "publications.bib").open("a") as file:
        file.write(entry)


def keys() -> list[str]:
    return list(db.session.scalars(select(Publication.key).order_by(Publication.position)))


def former() -> dict[str, str]:
    of_papers = FormerAddress.kind == "publication", FormerAddress.record_id == Publication.id
    pairs = select(FormerAddress.key, Publication.key).where(*of_papers)
    return {row[0]: row[1] for row in db.session.execute(pairs)}


def paper(key: str) -> Publication:
    return db.session.scalars(select(Publication).where(Publication.key == key)).one()


def take(text: str) -> None:
    import_bibtex(text, merge_known=True, dry_run=False)


SAMPLE_KEYS = ["jia2026first", "other2026second", "ding2023third", "yi2023fourth"]


def test_a_new_key_keeps_the_record_and_its_old_address(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    number = paper("other2026second").id
    change(folder, "other2026second", "renamed")
    load_content(folder, now=NOW)
    assert (paper("renamed").id, former()) == (number, {"other2026second": "renamed"})
    change(folder, "renamed", "other2026second")
    load_content(folder, now=NOW)
    assert (paper("other2026second").id, former()) == (number, {"renamed": "other2026second"})


def test_identifiers_may_change_hands(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    change(folder, "  doi = {10.5555/12345678},\n", "")
    change(folder, "  author+an = {1=namesake},\n", "  doi = {10.5555/12345678},\n")
    load_content(folder, now=NOW)
    assert (paper("other2026second").doi, paper("yi2023fourth").doi) == (None, "10.5555/12345678")


def test_a_preprint_added_to_the_file_joins_its_paper_with_its_news(app: Flask, folder: Path) -> None:
    change(folder, "@article{other2026second", PREPRINT.replace("The Second", "The Other") + "@article{other2026second")
    load_content(folder, now=NOW)
    with transaction() as session:
        item = NewsItem(slug="n", day=NOW.date(), title=LocalizedText("n"), body=LocalizedText(""),
                        created_at=NOW, updated_at=NOW, publications=[paper("second-pre")])  # fmt: skip
        session.add(item)
    change(folder, "The Other Sample", "The Second Sample")
    load_content(folder, now=NOW)
    assert keys() == SAMPLE_KEYS
    assert former() == {"second-pre": "other2026second"}
    assert paper("other2026second").links["arXiv"] == "https://arxiv.org/abs/2501.00002"
    [item] = db.session.scalars(select(NewsItem).where(NewsItem.slug == "n"))
    assert [found.key for found in item.publications] == ["other2026second"]


def test_an_import_stays_and_becomes_the_files_own_when_they_name_it(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    entry = "@article{mine, title = {Mine}, author = {Jia, Test}, journal = {J}, year = {2020}"
    take(entry + ", video = {https://example.org/v}}")
    load_content(folder, now=NOW)
    assert keys() == [*SAMPLE_KEYS, "mine"]
    number = paper("mine").id
    add(folder, entry.replace("{mine", "{ours") + "}\n")
    load_content(folder, now=NOW)
    found = paper("ours")
    assert (found.id, found.source, former()) == (number, "files", {"mine": "ours"})
    assert found.links == {"video": "https://example.org/v"}


def test_a_number_that_an_import_brought_stays_until_another_paper_of_the_file_claims_it(
    app: Flask, folder: Path
) -> None:
    load_content(folder, now=NOW)
    take("@misc{mine, title = {Mine}, author = {Jia, Test}, year = {2025}, eprint = {2501.00009}}")
    add(folder, "@article{ours, title = {Mine}, author = {Jia, Test}, journal = {J}, year = {2026}}\n")
    for _again in range(2):
        load_content(folder, now=NOW)
        found = paper("ours")
        assert (found.kind, found.arxiv, found.additions["arxiv"]) == ("article", "2501.00009", "2501.00009")
    change(folder, "  author+an = {1=namesake},\n", "  eprint = {2501.00009},\n")
    load_content(folder, now=NOW)
    assert (paper("ours").arxiv, paper("yi2023fourth").arxiv) == (None, "2501.00009")


def test_an_imported_paper_follows_the_table_of_venues(app: Flask, folder: Path) -> None:
    take("@article{mine, title = {Mine}, author = {Jia, Test}, journal = {A Journal}, year = {2020}}")
    for ccf in ("A", "C"):
        (folder / "venues.toml").write_text(f'[[venues]]\nshort_name = "AJ"\nname = "A Journal"\nccf = "{ccf}"\n')
        load_content(folder, now=NOW)
        venue = paper("mine").venue_row
        assert venue and (venue.short_name, venue.ccf) == ("AJ", ccf)
    (folder / "venues.toml").unlink()
    load_content(folder, now=NOW)
    assert paper("mine").venue_row is None


def test_an_import_gives_way_where_the_file_needs_its_key(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    take("@article{mine, title = {Mine}, author = {Jia, Test}, journal = {J}, year = {2020}}")
    add(folder, "@article{mine, title = {Quite another}, author = {Jia, Test}, journal = {J}, year = {2019}}\n")
    load_content(folder, now=NOW)
    assert (paper("mine").title, paper("mineb").title) == ("Quite another", "Mine")
    assert paper("mineb").bibtex.startswith("@article{mineb,")


def test_a_published_version_that_was_imported_outlives_the_files_preprint(app: Flask, folder: Path) -> None:
    add(folder, PREPRINT.replace("The Second", "A Fifth"))
    load_content(folder, now=NOW)
    take(
        "@article{fifth, title = {A fifth sample}, author = {Jia, Test}, journal = {J}, year = {2026}, doi={10.5555/5}}"
    )
    for _again in range(2):
        load_content(folder, now=NOW)
        found = paper("second-pre")
        assert (found.kind, found.venue, found.doi, found.arxiv) == ("article", "J", "10.5555/5", "2501.00002")
        assert (found.bibtex[:20], former()) == ("@article{second-pre,", {"fifth": "second-pre"})


def test_keys_of_before_are_named_in_the_file(app: Flask, folder: Path) -> None:
    change(folder, "  award = {Best Paper Award},\n", "  award = {Best Paper Award},\n  ids = {older, oldest},\n")
    load_content(folder, now=NOW)
    assert former() == {"older": "jia2026first", "oldest": "jia2026first"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("doi = {10.5555/12345678}", "publications.bib, x: its DOI is that of other2026second."),
        ("eprint = {2601.00001}", "publications.bib, x: its arXiv is that of jia2026first."),
        ("lines = {no-line}", "publications.bib, x: there is no research area 'no-line'. Write some of: first-line"),
        ("teaser = {papers/no.png}", "publications.bib, x: there is no picture 'papers/no.png'."),
        ("ids = {" + "k" * 81 + "}", "publications.bib, x: ids names '" + "k" * 81 + "', which cannot stand in an"),
        ("ids = {older; oldest}", "publications.bib, x: ids names 'older; oldest', which cannot stand in an address."),
        ("ids = {ding2023third}", "publications.bib, x: ids names ding2023third, another entry."),
    ],
)
def test_a_mistake_among_the_papers_is_named(app: Flask, folder: Path, more: str, words: str) -> None:
    add(
        folder,
        f"@inproceedings{{x, title = {{X}}, author = {{Jia, Test}}, booktitle = {{B}}, year = {{2020}}, {more}}}",
    )
    with pytest.raises(ContentError) as caught:
        load_content(folder, now=NOW)
    assert str(caught.value).startswith(words)


def test_a_pdf_of_no_paper_is_refused(app: Flask, folder: Path) -> None:
    (folder / "papers").mkdir(exist_ok=True)
    (folder / "papers" / "nobodys.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(ContentError, match=r"papers/nobodys\.pdf: no paper of publications\.bib has this key"):
        load_content(folder, now=NOW)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[venues]]\nshort_name = "A"\nname = "B"\nccf = "D"\n', "venues.toml, venues no. 1: ccf is 'D'."),
        ('[[venues]]\nshort_name = "A"\nname = "B"\ncaai = "A*+"\n', "venues.toml, venues no. 1: caai is 'A*+'."),
        ('[[venues]]\nshort_name = "A"\nname = "B"\njcr = "1st"\n', "venues.toml, venues no. 1: jcr is '1st'."),
        (
            f'[[venues]]\nshort_name = "{"A" * 61}"\nname = "B"\n',
            "venues.toml, venues no. 1: short_name has 61 characters. Use at most 60 characters.",
        ),
        ('[[venues]]\nshort_name = "A"\nname = "B"\naliases = "C"\n', "venues no. 1: aliases is not a list of texts"),
        ('[[venues]]\nshort_name = "A"\nname = "B"\nrank = "C"\n', "venues no. 1: unknown field rank"),
        (
            '[[venues]]\nshort_name = "A"\nname = "B"\n[[venues]]\nshort_name = "b 2025"\nname = "C"\n',
            "venues no. 2: spelling 'b' is taken by venues.toml, venues no. 1",
        ),
    ],
)
def test_a_mistake_in_the_table_of_venues_is_named(app: Flask, folder: Path, text: str, words: str) -> None:
    (folder / "venues.toml").write_text(text)
    with pytest.raises(ContentError) as caught:
        load_content(folder, now=NOW)
    assert words in str(caught.value)


def test_every_venue_of_the_groups_own_papers_is_in_its_table(app: Flask) -> None:
    load_content(config.ROOT / "content", now=NOW)
    papers = db.session.scalars(select(Publication)).all()
    assert [found.venue for found in papers if found.venue_row is None] == []
    marks = {venue.short_name: venue.ccf for venue in db.session.scalars(select(Venue))}
    assert (marks["ACM MM"], marks["ICASSP"], marks["INTERSPEECH"], marks["Findings of ACL"]) == ("A", "B", "C", "")
