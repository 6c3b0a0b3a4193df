"""Choosing papers by facets and words."""

import pytest

from s2group.content.publications.rules.facets import Faceted, Selection, counts, selection, shown, words_of
from s2group.content.search.rules import searchable


def paper(key: str, year: str, *members: str, words: str = "") -> Faceted:
    return Faceted(key, {"year": frozenset({year}), "member": frozenset(members)}, words_of([words]))


PAPERS = [
    paper("one", "2026", "jia", "yi", words="Emotional Speech: Schröder’s 对话语音合成 Test Jia Jia Test 测试甲"),
    paper("two", "2026", "yi", words="Speech editing, text-based"),
    paper("three", "2025", "jia", words="Detecting emotion in text"),
]


def keys(**chosen: str) -> list[str]:
    query = chosen.pop("q", "")
    return [found.key for found in shown(PAPERS, Selection(chosen, query))]


def test_chosen_values_combine() -> None:
    assert keys() == ["one", "two", "three"]
    assert keys(year="2026") == ["one", "two"]
    assert keys(year="2026", member="jia") == ["one"]
    assert keys(year="2019") == []
    assert keys(venue="anything") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("emotion", ["one", "three"]),
        ("EMOTIONAL", ["one"]),
        ("motion", []),
        ("schroder", ["one"]),
        ("text speech", ["two"]),
        ('"text based"', ["two"]),
        ("“speech editing”", ["two"]),
        ('"editing speech"', []),
        ('"emotion in text"', ["three"]),
        ("语音", ["one"]),
        ("语音合成 jia", ["one"]),
        ('"jia test"', ["one"]),
        ("Jia, Test", ["one"]),
        ("测试甲", ["one"]),
        ("?", ["one", "two", "three"]),
        ("", ["one", "two", "three"]),
    ],
)
def test_words_are_found(query: str, found: list[str]) -> None:
    assert keys(q=query) == found


@pytest.mark.parametrize(
    "text", ["Schröder’s ﬁrst 对话Speech，第 2 版!", "ＡＢＣ ½ İstanbul", "㐀𠀀x刘", "ᠠ\u180bᠰ का"]
)
def test_words_have_the_form_in_which_the_search_looks_for_them(text: str) -> None:
    assert words_of([text]) == searchable(text)


def test_a_mongolian_word_is_found_with_and_without_its_variation_selector() -> None:
    papers = [paper("one", "2026", words="ᠮᠣᠩ\u180bᠭᠣᠯ ᠬᠡᠯᠡ")]
    for query in ("ᠮᠣᠩ\u180bᠭᠣᠯ", "ᠮᠣᠩᠭᠣᠯ"):
        assert shown(papers, Selection({}, query)) == papers


def test_counts_say_what_would_be_shown() -> None:
    choice = Selection({"year": "2026", "member": "yi"})
    assert counts(PAPERS, choice, "year") == {"2026": 2}
    assert counts(PAPERS, choice, "member") == {"yi": 2, "jia": 1}
    assert counts(PAPERS, Selection({}, "text"), "year") == {"2026": 1, "2025": 1}


def test_a_selection_is_read_from_an_address_and_written_back() -> None:
    choice = selection({"year": " 2026 ", "q": " two   words ", "utm_source": "x", "venue": ""})
    assert choice == Selection({"year": "2026"}, "two words")
    assert choice.arguments == {"year": "2026", "q": "two words"}
    assert choice.adding("member", "jia").arguments == {"year": "2026", "member": "jia", "q": "two words"}
    assert choice.without("year").arguments == {"q": "two words"}
    assert choice.without("q").arguments == {"year": "2026"}
    assert len(selection({"q": "x" * 1000}).query) == 100
