"""Papers as home pages show them."""

import pytest

from s2group.content.importer.addresses import arxiv_of, doi_of, label_of
from s2group.content.importer.authors import Names, read_names
from s2group.content.importer.inline import Image, Link, TextRun, scan
from s2group.content.importer.page import read_page
from s2group.content.importer.parsed_blocks import FoundAuthor, FoundPaper, NotPlaced
from s2group.content.importer.venues import Appeared, appeared, kind_of_paper
from s2group.content.records.rules import repository_at


def only_paper(item: str) -> tuple[FoundPaper, tuple[str, ...]]:
    """The one paper under a heading, and the notes on it."""
    page = read_page(f"# Publications\n{item}\n".encode(), "x", ["Jia Ceshi"])
    _, finding = page.findings
    assert isinstance(finding.thing, FoundPaper), finding
    return finding.thing, finding.notes


def names(text: str) -> list[str]:
    return [author.name for author in read_names(text).authors]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (", A Bo, **C Du**, et al. ", Names((FoundAuthor("A Bo", False), FoundAuthor("C Du", True)), True)),
        ("A Bo and C Du", Names((FoundAuthor("A Bo", False), FoundAuthor("C Du", False)), False)),
        ("刘测、**张试**等", Names((FoundAuthor("刘测", False), FoundAuthor("张试", True)), True)),
        ("A Bo, 17 pages", Names((FoundAuthor("A Bo", False), "17 pages"), False)),
        (
            "A Bo\\*, **C Du**†",
            Names((FoundAuthor("A Bo", False), FoundAuthor("C Du", True)), False, explained=False),
        ),
    ],
)
def test_names(text: str, expected: Names) -> None:
    assert read_names(text) == expected


def test_a_full_stop_after_the_names_is_none_of_theirs() -> None:
    assert names("Jo Sample, Al Example.") == ["Jo Sample", "Al Example"]
    assert names("Jo Sample Jr.") == ["Jo Sample Jr."]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("AAAI 2022, CCF-A", Appeared("AAAI", 2022, "", "CCF-A")),
        ("ACM-MM 2020", Appeared("ACM-MM", 2020, "", "")),
        ("ICLR 2024 (Spotlight)", Appeared("ICLR", 2024, "Spotlight", "")),
        ("*Example Letters*, 2019.", Appeared("Example Letters", 2019, "", "")),
        ("2021", Appeared("", 2021, "", "")),
        ("Test University", Appeared("Test University", None, "", "")),
    ],
)
def test_venue_and_year(words: str, expected: Appeared) -> None:
    assert appeared(words) == expected


def test_the_kind_of_a_paper_follows_from_its_venue() -> None:
    assert [kind_of_paper(venue) for venue in ("ICASSP", "IEEE Transactions on X", "测试学报", "arXiv", "")] == [
        "inproceedings",
        "article",
        "article",
        "preprint",
        "inproceedings",
    ]


def test_addresses_of_papers_and_repositories() -> None:
    assert doi_of("https://dl.acm.org/doi/abs/10.1145/123.456") == "10.1145/123.456"
    assert doi_of("https://doi.org/10.1145/ABC") == "10.1145/abc"
    assert doi_of("https://example.org/10.1145/123") is None
    assert arxiv_of("https://arxiv.org/pdf/2105.00001v2.pdf") == "2105.00001"
    assert arxiv_of("https://arxiv.org/list/cs") is None
    assert repository_at("https://github.com/example-org/Pond.git") == "example-org/Pond"
    assert repository_at("https://github.com/example-org") == ""


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("[**Project**](https://pond.example.org/)", "project"),
        ("[Project](https://github.com/example-org/Pond)", "code"),
        ("[![](https://img.shields.io/github/stars/a/b?label=X)](https://github.com/a/b)", "code"),
        ("[![Hugging Face](https://img.shields.io/badge/x?label=Demo)](https://huggingface.co/spaces/a)", "demo"),
        ("[视频](https://video.example.org/1)", "video"),
        ("[Sample Person](https://example.org/)", ""),
    ],
)
def test_what_a_link_is(written: str, label: str) -> None:
    (token,) = scan(written)
    assert isinstance(token, Link)
    assert label_of(token) == label


def test_links_may_hold_brackets_and_pictures() -> None:
    assert scan("[A [b] (c)](https://example.org/d_(e)) [![f](g)](h)") == [
        Link("A [b] (c)", "https://example.org/d_(e)"),
        TextRun(" ", 38),
        Link("", "h", (Image("f", "g"),)),
    ]


def test_a_second_link_of_its_kind_gets_a_number() -> None:
    paper, notes = only_paper(
        "- `X 2020` [A Title](https://e.org/1), A Bo, [Demo](https://e.org/2) [Demo](https://e.org/3)"
    )
    assert paper.links == {"paper": "https://e.org/1", "demo": "https://e.org/2", "demo 2": "https://e.org/3"}
    assert notes == ()


def test_the_homes_of_authors_are_told_and_left_out() -> None:
    paper, notes = only_paper("- `X 2020` [A Title](https://e.org/1), [A Bo](https://bo.example.org), C Du")
    assert [author.name for author in paper.authors] == ["A Bo", "C Du"]
    assert notes == ("line 2: link left out: [A Bo](https://bo.example.org)",)


def test_a_link_that_is_neither_is_told_and_left_out() -> None:
    paper, notes = only_paper("- `X 2020` [A Title](https://e.org/1), A Bo, [extended version](https://e.org/2)")
    assert [author.name for author in paper.authors] == ["A Bo"]
    told = "line 2: link left out, for its label says not what it is: [extended version](https://e.org/2)"
    assert notes == (told,)


@pytest.mark.parametrize(
    ("item", "venue"),
    [
        ("- [A Title](https://e.org/1)\n  A Bo, C Du\n  *ICPond 2020*", "ICPond"),
        ("- [A Title](https://e.org/1)\nA Bo, C Du\n*ICPond 2020*", "ICPond"),
        ("- [A Title](https://e.org/1), A Bo, C Du, **ICPond 2020**", "ICPond"),
        ("- [A Title](https://e.org/1), A Bo and C Du. *ICPond 2020*.", "ICPond"),
        ("- [A Title](https://e.org/1). A Bo, C Du. In ICPond, 2020.", "ICPond"),
        ("- [A Title](https://e.org/1). A Bo, C Du. In Proc. ICPond 2020.", "Proc. ICPond"),
        ("- [A Title](https://e.org/1), A Bo, C Du, IEEE Letters on Ponds, 2020", "IEEE Letters on Ponds"),
        ("- A Bo, C Du. [A Title](https://e.org/1). *ICPond*, 2020.", "ICPond"),
        ("- **A Bo**, C Du, [A Title](https://e.org/1), ICPond 2020", "ICPond"),
        ("- A Bo, C Du, [A Title](https://e.org/1) \\| ICPond 2020", "ICPond"),
    ],
)
def test_venue_and_year_may_stand_anywhere(item: str, venue: str) -> None:
    paper, notes = only_paper(item)
    assert (paper.title, paper.venue, paper.year) == ("A Title", venue, 2020)
    assert [author.name for author in paper.authors] == ["A Bo", "C Du"]
    assert notes == ()


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("- [A Title](https://e.org/1), A Bo", "a paper, but the page names no year"),
        ("- `X 2020` [A Title](https://e.org/1)", "a paper, but the page names no author"),
        ("- See [PDF](https://e.org/1).", "a paper, but the page names no title and no author and no year"),
        ("A word on all of them.", "a paper, but the page names no title and no author and no year"),
    ],
)
def test_a_paper_without_title_author_or_year_is_not_placed(item: str, reason: str) -> None:
    page = read_page(f"# 论文\n{item}\n".encode(), "x", [])
    assert page.findings[1].thing == NotPlaced(reason)


def test_a_torn_line_gives_what_stands_before_the_tear() -> None:
    torn = "Xu  to Croak](https://e.org/2), Ming Sample | [Project](https://e.org/3)"
    paper, notes = only_paper(f"- `X 2020` [A Title](), A Bo, C Du, {torn}")
    assert ([author.name for author in paper.authors], paper.and_others, paper.links) == (["A Bo", "C Du"], True, {})
    assert notes == (
        "line 2: the title's link is left out: it leads nowhere",
        f"line 2: NOT PLACED, the line is torn here: {torn}",
    )


def test_a_title_without_letters_and_digits_is_none() -> None:
    page = read_page(
        b"# Publications\n- [!!!](https://example.org/p), **Jia Ceshi** \\| ICLR 2024\n", "x", ["Jia Ceshi"]
    )
    assert page.findings[1].thing == NotPlaced("a paper, but the page names no title")


def test_two_versions_of_a_paper_on_arxiv_are_one_link() -> None:
    paper, _ = only_paper(
        "- [A Study of Ponds and Frogs](https://arxiv.org/abs/2105.00001v1), **Jia Ceshi** \\| ICLR 2024"
        " \\| [arXiv](https://arxiv.org/abs/2105.00001v2) [PDF](https://arxiv.org/pdf/2105.00001v2)"
        " [arXiv](https://arxiv.org/abs/2105.00002)"
    )
    assert paper.links == {
        "arXiv": "https://arxiv.org/abs/2105.00001v1",
        "PDF": "https://arxiv.org/pdf/2105.00001v2",
        "arXiv 2": "https://arxiv.org/abs/2105.00002",
    }
