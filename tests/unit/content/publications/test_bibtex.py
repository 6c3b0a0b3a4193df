"""BibTeX as the group keeps it."""

import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import example, given
from hypothesis import strategies as st

from s2group.content.publications.bibtex import Author, Paper, plain_latex, read_leniently, read_papers, written
from s2group.content.records.errors import ContentError
from s2group.content.records.rules import title_key


def entry(fields: str = "", *, authors: str = "Jia, Test", key: str = "jia2026first") -> str:
    return (
        f"@inproceedings{{{key},\n  title = {{A Sample}},\n  author = {{{authors}}},\n"
        f"  booktitle = {{SAMPLECONF}},\n  year = {{2026}},\n{fields}}}\n"
    )


def read(fields: str = "", *, authors: str = "Jia, Test") -> Paper:
    [paper] = read_papers(entry(fields, authors=authors), "publications.bib")
    return paper


def refusal(text: str) -> str:
    with pytest.raises(ContentError) as caught:
        read_papers(text, "publications.bib")
    return str(caught.value)


def author(name: str, *marks: str) -> Author:
    return Author(name, **{mark: mark in marks for mark in ("equal", "corresponding", "namesake")})


def test_an_entry_becomes_a_paper() -> None:
    assert read("  award = {Best Paper Award},\n") == Paper(
        key="jia2026first",
        kind="inproceedings",
        title="A Sample",
        venue="SAMPLECONF",
        year=2026,
        award="Best Paper Award",
        authors=(author("Test Jia"),),
        and_others=False,
        links={},
        bibtex=(
            "@inproceedings{jia2026first,\n  title = {A Sample},\n  author = {Jia, Test},\n"
            "  booktitle = {SAMPLECONF},\n  year = {2026}\n}"
        ),
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Jia, Test", "Test Jia"),
        ("Test Jia", "Test Jia"),
        ("Solo", "Solo"),
        ("van der Sample, Jan", "Jan van der Sample"),
        ("Sample, Jr, Jan", "Jan Sample Jr"),
        (r"Schr{\"o}der, Ada", "Ada Schröder"),
        ("{Sample and Sons Laboratory}", "Sample and Sons Laboratory"),
        ("测试甲", "测试甲"),
    ],
)
def test_an_author_is_named_first_name_first(written: str, name: str) -> None:
    assert read(authors=written).authors == (author(name),)


def test_annotations_mark_authors_by_their_number() -> None:
    paper = read(
        '  author+an = {1=equal; 2=equal,corresponding; 3="namesake"},\n',
        authors="Jia, Test and Yi, Test and Bing, Test",
    )
    assert paper.authors == (
        author("Test Jia", "equal"),
        author("Test Yi", "equal", "corresponding"),
        author("Test Bing", "namesake"),
    )


def test_and_others_is_kept_and_is_no_author() -> None:
    paper = read(authors="Jia, Test and others")
    assert (paper.authors, paper.and_others) == ((author("Test Jia"),), True)
    assert "author = {Jia, Test and others}" in paper.bibtex


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Schr{\"o}der \& {F}riends", "Schröder & Friends"),
        (r"$\alpha$-Divergence -- a ``Study''", "α-Divergence – a “Study”"),
        ("50% of MRAC'24", "50% of MRAC'24"),
        (r"50% of {X} and 10\% more", "50% of X and 10% more"),
        ("two\n   lines", "two lines"),
    ],
)
def test_latex_is_decoded(latex: str, text: str) -> None:
    assert plain_latex(latex) == text


def test_links_are_ordered_and_said_once() -> None:
    paper = read(
        "  demo = {https://example.org/same},\n  code = {https://example.org/same},\n"
        "  eprint = {2601.00001},\n  doi = {https://doi.org/10.5555/12345678},\n"
        "  url = {https://example.org/a_b?x=1&y=2},\n"
    )
    assert list(paper.links.items()) == [
        ("paper", "https://example.org/a_b?x=1&y=2"),
        ("DOI", "https://doi.org/10.5555/12345678"),
        ("arXiv", "https://arxiv.org/abs/2601.00001"),
        ("code", "https://example.org/same"),
    ]


@pytest.mark.parametrize("fields", ["  url = {http://www.arxiv.org/pdf/2601.00001},\n  eprint = {arXiv:2601.00001},\n"])
def test_an_address_on_arxiv_is_the_arxiv_link_and_not_the_paper_too(fields: str) -> None:
    assert read(fields).links == {"arXiv": "https://arxiv.org/abs/2601.00001"}


def test_latex_escapes_in_an_address_are_undone() -> None:
    assert read(r"  code = {https://example.org/a\_b}," + "\n").links == {"code": "https://example.org/a_b"}


def test_the_export_leaves_out_the_fields_of_our_own() -> None:
    paper = read(
        "  author+an = {1=equal},\n  code = {https://example.org/c},\n  demo = {https://example.org/d},\n"
        "  award = {A},\n  doi = {10.5555/12345678},\n"
    )
    assert paper.bibtex.count("\n") == 6
    assert "doi = {10.5555/12345678}" in paper.bibtex


@pytest.mark.parametrize("address", ["#", "xx", "", "https://", "javascript:alert(1)", "https://x", "https://a.b c"])
@pytest.mark.parametrize("field", ["url", "code", "demo"])
def test_a_placeholder_for_a_link_is_refused(field: str, address: str) -> None:
    words = refusal("\n" + entry(f"  {field} = {{{address}}},\n"))
    assert words.startswith(
        f"publications.bib, line 2, jia2026first: {field} {address!r} is not a web address. Write all of it"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (entry("  title = {Again},\n"), "publications.bib, line 1, jia2026first: title stands there twice"),
        (entry() + entry(), "publications.bib, line 7: another entry has the key jia2026first. Give"),
        (entry()[:-2], "publications.bib, line 1, jia2026first: the closing brace is missing"),
        (entry().replace("@", ""), "publications.bib, line 1: text outside an entry"),
        (entry() + entry().replace("jia2", "Jia2"), "publications.bib, line 7: another entry has the key Jia2026first"),
        (entry(key=""), "publications.bib, line 1, no key: it has no key; jia2026a can"),
        (entry(key="a/b"), "line 1, a/b: the key 'a/b' cannot stand in an address; a-b can. Use"),
        (entry().replace("title", "titel"), "jia2026first: title is missing. Add it."),
        (entry().replace("booktitle", "b"), "jia2026first: the venue is missing"),
        (entry().replace("2026}", "soon}"), "jia2026first: year is 'soon'. Write four digits."),
        (entry(authors=""), "jia2026first: author is missing. Add it."),
        (entry(authors="†, Test Jia"), "jia2026first: marks came off its authors: †. Say in author+an"),
        (entry(authors="a, b, c, d"), "jia2026first: the authors 'a, b, c, d' can be read in more than one way. Put"),
        (entry("  author+an = {2=equal},\n"), "jia2026first: author+an says '2=equal'"),
        (entry("  author+an = {1=best},\n"), "jia2026first: author+an says '1=best'"),
        (entry("  doi = {10.5},\n"), "jia2026first: doi '10.5' has not the form of one"),
        (entry("  pages = {" + "1" * 41 + "},\n"), "jia2026first: pages is longer than 40 letters. Shorten it."),
        (entry(authors="J" * 201), "jia2026first: author is longer than 200 letters"),
        (entry().replace("A Sample", "!!!"), "line 1, jia2026first: the title '!!!' has no letter or digit. Write out"),
        (entry().replace("A Sample", "{" * 300 + "A" + "}" * 300), "line 1, jia2026first: its braces or commands are"),
        (entry("  keywords = {" + r"\begin{a}" * 600 + "A},\n"), "line 1, jia2026first: its braces or commands are"),
        (entry("  eprint = {26},\n"), "jia2026first: eprint '26' has not the form of one"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, words: str) -> None:
    assert words in refusal(text)


def test_every_field_of_a_rich_entry_is_read() -> None:
    paper = read(
        "  volume = {3},\n  issue = {2},\n  pages = {1--9},\n  publisher = {Sample \\& Sons},\n"
        "  abstract = {What it\n says.},\n  keywords = {one, two；three},\n  doi = {10.5555/ABC},\n"
        "  eprint = {arXiv:2601.00001v4},\n  lines = {first-line, second-line},\n  teaser = {papers/one.png},\n"
        "  impact = {Used here.\n    Used there.},\n  ids = {oldkey},\n  code = {https://www.github.com/owner/name.git},\n"
        "  slides = {https://example.org/s},\n  pdf = {https://example.org/p.pdf},\n"
    )
    assert (paper.volume, paper.number, paper.pages, paper.publisher) == ("3", "2", "1–9", "Sample & Sons")
    assert (paper.abstract, paper.keywords) == ("What it says.", ("one", "two", "three"))
    assert (paper.doi, paper.arxiv, paper.repository) == ("10.5555/abc", "2601.00001", "owner/name")
    assert (paper.areas, paper.teaser) == (("first-line", "second-line"), "papers/one.png")
    assert (paper.impact, paper.former_keys) == (("Used here.", "Used there."), ("oldkey",))
    assert list(paper.links) == ["DOI", "arXiv", "PDF", "code", "slides"]
    for ours in ("lines", "teaser", "impact", "ids", "slides", "pdf =", "code"):
        assert ours not in paper.bibtex


@pytest.mark.parametrize(
    ("entry_type", "fields", "kind", "venue"),
    [
        ("article", "journal = {J}", "article", "J"),
        ("article", "journaltitle = {J}", "article", "J"),
        ("article", "journal = {arXiv preprint arXiv:2601.00001}", "preprint", "arXiv preprint arXiv:2601.00001"),
        ("article", "journal = {CoRR}", "preprint", "CoRR"),
        ("misc", "eprint = {2601.00001}", "preprint", "arXiv"),
        ("online", "eprint = {2601.00001}, eprinttype = {arxiv}", "preprint", "arXiv"),
        ("unpublished", "organization = {O}", "misc", "O"),
        ("InProceedings", "booktitle = {B}, eprint = {2601.00001}", "inproceedings", "B"),
        ("phdthesis", "school = {S}", "thesis", "S"),
        ("mastersthesis", "school = {S}", "thesis", "S"),
        ("thesis", "institution = {S}", "thesis", "S"),
        ("incollection", "booktitle = {B}, publisher = {P}", "book", "B"),
        ("book", "publisher = {P}", "book", "P"),
        ("patent", "number = {CN0}", "patent", ""),
        ("dataset", "publisher = {Archive}", "dataset", "Archive"),
        ("software", "note = {x}", "software", ""),
    ],
)
def test_the_kind_follows_from_the_type_and_the_venue(entry_type: str, fields: str, kind: str, venue: str) -> None:
    text = f"@{entry_type}{{one, title = {{T}}, author = {{Jia, Test}}, date = {{2026-05}}, {fields}}}"
    [paper] = read_papers(text, "publications.bib")
    assert (paper.kind, paper.venue, paper.year) == (kind, venue, 2026)


@pytest.mark.parametrize("doi", ["10.48550/arXiv.2601.00001", "https://doi.org/10.48550/arXiv.2601.00001"])
def test_the_doi_of_a_preprint_on_arxiv_is_its_number(doi: str) -> None:
    paper = read(f"  doi = {{{doi}}},\n")
    assert (paper.doi, paper.arxiv, paper.links) == (None, "2601.00001", {"arXiv": "https://arxiv.org/abs/2601.00001"})


@pytest.mark.parametrize(
    ("written", "marks"),
    [
        ("1=equal", [{"equal"}, set()]),
        ('=equal; 2:family="corresponding author"', [{"equal"}, {"equal", "corresponding"}]),
        ("1=co-first;1=corr", [{"equal", "corresponding"}, set()]),
    ],
)
def test_biblatex_annotations_in_all_their_forms(written: str, marks: list[set[str]]) -> None:
    paper = read(f"  author+an:default = {{{written}}},\n", authors="Jia, Test and Yi, Test")
    found = [{mark for mark in ("equal", "corresponding") if getattr(author, mark)} for author in paper.authors]
    assert found == marks


def test_an_entry_is_written_for_a_paper_that_came_without_one() -> None:
    paper = Paper(
        key="jia2026", kind="preprint", title="50% of A & B", venue="arXiv", year=2026, award="",
        authors=(author("Test Jia"),), and_others=True, links={"paper": "https://example.org/p"}, bibtex="",
        arxiv="2601.00001",
    )  # fmt: skip
    assert written(paper) == (
        "@misc{jia2026,\n  title = {50\\% of A \\& B},\n  author = {Test Jia and others},\n  howpublished = {arXiv},\n"
        "  year = {2026},\n  eprint = {2601.00001},\n  archiveprefix = {arXiv},\n  url = {https://example.org/p}\n}"
    )
    [again] = read_papers(written(paper), "publications.bib")
    assert (again.title, again.kind, again.arxiv, again.and_others) == (paper.title, "preprint", "2601.00001", True)


PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), max_size=40)
TRICKY = st.text('{}\\"@,=% \na', max_size=40)
WORDS = st.one_of(PRINTABLE, TRICKY.map(lambda text: " ".join(text.split())))


@given(title=WORDS, names=st.lists(WORDS, min_size=1, max_size=3))
@example(title="Braces } {", names=["J{ia", "Y}i"])
@example(title="A backslash \\", names=["Sample and Sons, Ltd, A, B", "others"])
def test_whatever_a_title_and_names_are_the_export_keeps_every_entry(title: str, names: list[str]) -> None:
    paper = Paper(
        key="one", kind="article", title=f"T {title}", venue=f"V {title}", year=2026, award="",
        authors=tuple(author(f"N {name}") for name in names), and_others=False,
        links={"paper": f"https://example.org/{title}"}, bibtex="", volume=title,
    )  # fmt: skip
    library = parse_string(f"{written(paper)}\n\n{entry(key='two')}")
    assert [found.key for found in library.entries] == ["one", "two"]
    assert library.failed_blocks == []
    assert title_key(plain_latex(library.entries[0]["title"])) == title_key(paper.title)


@given(TRICKY)
@example("} {")
@example("\\\\{{x}")
@example("\n} @article{x}")
@example("a\\ ")
@example("\n@{}")
def test_an_entry_that_could_be_read_is_exported_so_that_it_can_be_read_again(text: str) -> None:
    for value in (f'"T {text}"', f"{{T {text}}}"):
        for _line, paper in read_leniently(entry().replace("{A Sample}", value)).papers:
            library = parse_string(f"{paper.bibtex}\n\n{entry(key='two')}")
            assert ([found.key for found in library.entries], library.failed_blocks) == ([paper.key, "two"], [])
