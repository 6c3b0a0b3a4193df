"""Files as people keep them, with what BibTeX itself would refuse."""

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from s2group.content.publications.bibtex import KEY, Paper, read_leniently
from tests.support.bibtex import read_by_others

GOOD = "@article{good, title = {A Good One}, author = {Jia, Test}, journal = {J}, year = {2020}}\n"


def entry(fields: str = "", *, key: str = "one", authors: str = "Lin, Xiaohe", year: str = "{2021}") -> str:
    return f"@article{{{key}, title = {{One}}, author = {{{authors}}}, journal = {{J}}, year = {year}{fields}}}\n"


def only(text: str) -> Paper:
    [(_line, paper)] = read_leniently(text).papers
    return paper


def complaints(text: str) -> list[tuple[int, str, bool]]:
    return [(told.line, told.problem, told.entry_lost) for told in read_leniently(text).complaints]


KEYS = st.text(st.characters(exclude_characters='{},=@%#\\"', exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=90)


@settings(deadline=None)
@given(KEYS)
def test_a_key_of_any_form_becomes_one_that_can_stand_in_an_address(key: str) -> None:
    text = entry(key=key) + GOOD
    paper, good = (found for _line, found in read_leniently(text).papers)
    assert KEY.fullmatch(paper.key) and good.key == "good"
    assert (paper.key == " ".join(key.split())) == (complaints(text) == [])
    assert read_by_others(f"{paper.bibtex}\n\n{good.bibtex.replace('good', 'good-')}")
    again = only(paper.bibtex)
    assert (again.key, again.bibtex) == (paper.key, paper.bibtex)


@settings(deadline=None)
@given(
    st.integers(1900, 2099),
    st.sampled_from(
        ["{%s}", '"%s"', "%s", "{(%s)}", "{[%s]}", "{%s年}", "{May %s}", "{%sa}", "{in press %s}", "{%s-05-01}",
         "{%s年5月}", "{c. %s}", "{{%s}}", "{ %s. }", "{accepted, %s}", "{12/%s}", "{%s (online first)}"]
    ),
)  # fmt: skip
def test_a_year_is_found_in_whatever_stands_around_it(year: int, around: str) -> None:
    paper = only(entry(year=around % year))
    assert (paper.year, f"year = {{{year}}}" in paper.bibtex) == (year, True)


@pytest.mark.parametrize(
    ("fields", "year", "told"),
    [
        ("year = {2021/2022}", 2021, ["year '2021/2022' is read as 2021. Write one year in four digits."]),
        ("year = {二〇二一年}", 2021, []),
        ("year = {２０２１}", 2021, []),
        ("date = {2021-05}", 2021, []),
        ("issue_date = {May 2021}", 2021, []),
        ("month = {May 2021}", 2021, []),
        ("year = {soon}", 0, ["year is 'soon'. Write four digits."]),
        ("year = {20211}", 0, ["year is '20211'. Write four digits."]),
        ("note = {x}", 0, ["year is ''. Write four digits."]),
    ],
)
def test_other_years(fields: str, year: int, told: list[str]) -> None:
    text = entry().replace("year = {2021}", fields)
    assert (only(text).year, complaints(text)) == (year, [(1, f"one: {words}", False) for words in told])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (entry().replace("}, author", "} author"), "one: the comma before author is missing. Correct it."),
        (entry().replace("{one, ", "{one\n "), "one: the comma after the key is missing. Correct it."),
        (entry(", year = {1999}"), "one: year stands there twice; the first is taken. Correct it."),
        (entry(", year = { 2021 }, title = {One}, ,, note = {}"), ""),
        (entry()[:-2] + "\n\n", "one: the closing brace is missing. Correct it."),
        (entry().replace("{J}", "{J}}"), "one: a closing brace is too many. Correct it."),
        (entry(", some words"), "one: 'some words' is no field. Correct it."),
        (entry(", % publisher = {P},\n% note = {x}\n"), "one: '% publisher = {P' is no field. Correct it."),
        (entry(",\n  % note = {x},\n  number = 3"), ""),
        ("@article(one, title = \"One\", author = \"Lin, Xiaohe\", journal = {J}, year = 2021)\n", ""),
        (entry().replace("{J}", "J"), "one: no @string is called J, and it stands without braces. Correct it."),
        (entry(", month = jan # {~3}, url = {}").replace(", url = {}", ""), ""),
        (entry().replace("\n", "\r\n").replace(", ", ",\r\n"), ""),
        (entry().replace("{One}", r"{One \{ {x} \} two}"), ""),
        ("\ufeff" + entry(), ""),
    ],
)  # fmt: skip
def test_what_can_mean_one_thing_is_read_and_told(text: str, told: str) -> None:
    reading = read_leniently(text + GOOD)
    assert [paper.key for _line, paper in reading.papers] == ["one", "good"]
    assert next((paper.year, paper.authors[0].name) for _line, paper in reading.papers) == (2021, "Xiaohe Lin")
    assert [complaint.problem for complaint in reading.complaints] == ([told] if told else [])


@pytest.mark.parametrize(
    "broken",
    ["@article{bad, title = {Un{closed}, year = {2021}\n", '@article{bad, title = "Unclosed, year = {2021}\n',
     "@article{bad, title = {X}, author = {A, B, year = 2021}\n\n\n", "@article{bad, author = {A}, author = {B}}\n",
     "@article{bad}\n", "@article{bad,\n", "@article{bad, title = {Two {Titles}, author = {A, B},\n"],
)  # fmt: skip
def test_an_entry_that_cannot_be_read_takes_no_other_with_it(broken: str) -> None:
    reading = read_leniently(f"{GOOD}{broken}{entry()}")
    assert [(line, paper.key) for line, paper in reading.papers] == [(1, "good"), (2 + broken.count("\n"), "one")]
    assert [complaint.line for complaint in reading.complaints if complaint.entry_lost] == [2]


@settings(deadline=None)
@given(st.text(string.ascii_letters + "{}\"',=@#%\\\n -", max_size=60))
@example("}#")
def test_whatever_stands_in_an_entry_the_next_one_is_read(text: str) -> None:
    reading = read_leniently(f"@article{{bad, title = {{{text}\n{entry()}")
    keys = [paper.key for _line, paper in reading.papers]
    assert keys[-1:] == ["one"]
    for _line, paper in reading.papers:
        read_by_others(paper.bibtex)


@pytest.mark.parametrize(
    ("around", "told"),
    [
        ("---\nlayout: page\n---\n", []),
        ("---\n---\n\n", []),
        ("% Encoding: UTF-8\n\n", []),
        ("@comment{jabref-meta: databaseType:bibtex;}\n@Comment{ @article{old, title = {Old}} }\n", []),
        ("@Comment{jabref-meta: grouping:\n0 AllEntriesGroup:;\n1 StaticGroup:Mine\\;0\\;1\\;\\;\\;\\;;\n}\n", []),
        ('@preamble{"\\newcommand{\\x}{y}"}\n@comment some words\n', []),
        ("Made by a program.\n", ["text outside an entry: 'Made by a program.'"]),
    ],
)
def test_what_is_no_entry_is_no_lost_entry(around: str, told: list[str]) -> None:
    reading = read_leniently(f"{around}{entry()}{'' if '---' in around else around}")
    assert [paper.key for _line, paper in reading.papers] == ["one"]
    assert [(each.problem, each.entry_lost) for each in reading.complaints] == [(words, False) for words in told * 2]


def test_an_entry_without_its_at_sign_is_told() -> None:
    text = entry().replace("@", "").replace(", ", ",\n")
    assert complaints(text + GOOD) == [(1, "text outside an entry: 'article{one,'", True)]


DBLP = """@inproceedings{DBLP:conf/rooms/A, author = {Xiaohe Lin}, title = {A}, pages = {1--2},
  crossref = {DBLP:conf/rooms/2024}, year = {2024}, timestamp = {x}, biburl = {y}, bibsource = {z}}
@proceedings{DBLP:conf/rooms/2024, editor = {Er Bao}, title = {Rooms 2024}, publisher = {Sample Press}, year = {2024}}
"""


def test_an_entry_takes_over_what_it_refers_to() -> None:
    paper = only(DBLP)
    assert (paper.kind, paper.venue, paper.publisher) == ("inproceedings", "Rooms 2024", "Sample Press")
    found = read_by_others(paper.bibtex).entries["DBLP:conf-rooms-A"]
    assert sorted(found.fields) == ["booktitle", "pages", "publisher", "title", "year"]
    alone = DBLP.partition("@proceedings")[0]
    assert "crossref names DBLP:conf/rooms/2024, which is not in the file" in str(complaints(alone))


@pytest.mark.parametrize(
    ("fields", "arxiv", "kind"),
    [
        ("eprint = {2401.00001v2}, archiveprefix = {arXiv}, primaryclass = {cs.SD}", "2401.00001", "article"),
        ("arxivid = {2401.00001}", "2401.00001", "article"),
        ("arxiv = {https://arxiv.org/pdf/2401.00001v1.pdf}", "2401.00001", "article"),
        ("eprint = {arXiv:2401.00001 [cs.SD]}", "2401.00001", "article"),
        ("url = {http://arxiv.org/abs/2401.00001}", "2401.00001", "article"),
        ("doi = {10.48550/arXiv.2401.00001}", "2401.00001", "article"),
        ("eprint = {https://example.org/x}", None, "article"),
        ("eprint = {12345}, eprinttype = {pubmed}", None, "article"),
    ],
)
def test_the_arxiv_number_wherever_it_stands(fields: str, arxiv: str | None, kind: str) -> None:
    assert (only(entry(f", {fields}")).arxiv, only(entry(f", {fields}")).kind) == (arxiv, kind)


@pytest.mark.parametrize(
    ("venue", "arxiv"),
    [("arXiv preprint arXiv:2401.00001", "2401.00001"), ("CoRR}, volume = {abs/2401.00001", "2401.00001"),
     ("CoRR", None)],
)  # fmt: skip
def test_a_preprint_has_its_number_and_no_volume(venue: str, arxiv: str | None) -> None:
    paper = only(entry().replace("{J}", f"{{{venue}}}"))
    assert (paper.kind, paper.arxiv, paper.volume) == ("preprint", arxiv, "")


def test_fields_of_programs_stay_out_of_the_export() -> None:
    private = (
        ", file = {:home/x.pdf:pdf}, annote = {dull}, review = {weak}, comment = {no}, keywords = {to read}, "
        "mendeley-tags = {x}, mendeley-groups = {y}, owner = {me}, timestamp = {now}, groups = {g}, abstract = {W.}, "
        "__markedentry = {[me:1]}, date-added = {x}, bdsk-file-1 = {y}, #pages = {1}, abbr = {X}, selected = {true}, "
        "url = {file:///home/me/x.pdf}, editor = {Bao, Er; Rao, Ming}, local-url = {z}"
    )
    fields = read_by_others(only(entry(private)).bibtex).entries["one"]
    assert sorted(fields.fields) == ["journal", "title", "year"]
    assert [str(person) for person in fields.persons["editor"]] == ["Bao, Er", "Rao, Ming"]


def test_an_address_where_the_venue_stands_is_a_link() -> None:
    text = "@misc{m, title = {T}, author = {Jia, Test}, year = 2020, howpublished = {\\url{https://example.org/a_b}}}"
    assert (only(text).venue, only(text).links) == ("", {"paper": "https://example.org/a_b"})


def test_what_is_wrong_with_one_field_costs_only_that_field() -> None:
    text = entry(", doi = {none}, pages = {" + "1" * 41 + "}, repository = {x}, author+an = {9=equal}, code = {xx}")
    paper = only(text)
    assert (paper.doi, paper.pages, paper.repository, paper.links) == (None, "", "", {})
    assert [lost for _line, _told, lost in complaints(text)] == [False] * 5
