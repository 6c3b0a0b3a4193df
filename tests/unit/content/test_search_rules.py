"""What counts as the same for the search, what a query asks for, and where a text is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.content.search.rules import (
    LONGEST_QUERY,
    MOST_TERMS,
    in_any_spelling,
    marked_parts,
    matches,
    searchable,
    spellings,
    terms,
)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("", " "),
        ("Hello, World!", " hello world "),
        ("ＩＣＡＳＳＰ　２０２６", " icassp 2026 "),
        ("Schröder & Zoë", " schroder zoe "),
        ("Straße", " strasse "),
        ("语音合成（TTS）技术", " 语音合成 tts 技术 "),
        ("对话ICASSP语音", " 对话 icassp 语音 "),
        ("100%_off\\", " 100 off "),
        ("ﬁne", " fine "),
        ("劉瑞的語音合成", " 刘瑞的语音合成 "),
        ("AAAI2024, CET-4 wav2vec", " aaai 2024 cet 4 wav 2 vec "),
    ],
)
def test_the_normal_form(text: str, normal: str) -> None:
    assert searchable(text) == normal


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", []),
        ("  ,. %_ ' ", []),
        ("Liu  RUI liu", ["liu", "rui"]),
        ("语音合成 TTS", ["语音合成", "tts"]),
        ('"speech synthesis" rui', ["speech synthesis", "rui"]),
        ("“语音 合成” 刘瑞", ["语音 合成", "刘瑞"]),
        ('"open end', ["open end"]),
        ('""', []),
        ("语音tts", ["语音", "tts"]),
        ("語音合成", ["语音合成"]),
        ("AAAI2024", ["aaai", "2024"]),
        ("CET4 wav2vec 2024", ["cet 4", "wav 2 vec", "2024"]),
    ],
)
def test_what_a_query_asks_for(query: str, asked: list[str]) -> None:
    assert [term.text for term in terms(query)] == asked


def test_a_query_has_an_end() -> None:
    assert len(terms(" ".join(f"w{n}" for n in range(50)))) == MOST_TERMS
    assert terms("x" * 1000)[0].text == "x" * LONGEST_QUERY


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("synth", "Speech synthesis", True),
        ("esis", "Speech synthesis", False),
        ("音合", "语音合成", True),
        ("speech rui", "Rui Liu: speech", True),
        ("speech yi", "Rui Liu: speech", False),
        ('"speech synthesis"', "synthesis of speech", False),
        ("tts", "语音TTS合成", True),
        ("zoe", "Zoë", True),
    ],
)
def test_letters_begin_a_word_and_han_stands_anywhere(query: str, text: str, found: bool) -> None:
    assert matches(terms(query), text) is found


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("synth", "Speech Synthesis", "Speech [Synth]esis"),
        ("zo schro", "Zoë, Schröder", "[Zo]ë, [Schrö]der"),
        ("语音 tts", "语音TTS合成的语音", "[语音TTS]合成的[语音]"),
        ('"speech synthesis"', "Speech — synthesis", "[Speech — synthesis]"),
        ("a", "banana", "banana"),
        ("fi", "ﬁne", "[ﬁ]ne"),
        ("语音", "語音合成", "[語音]合成"),
        ("cet-4", "CET4 and more", "[CET4] and more"),
        ("ss", "ß and ss", "[ß] and [ss]"),
        ("", "plain", "plain"),
    ],
)
def test_hits_are_marked_in_the_text_as_it_is(query: str, text: str, marked: str) -> None:
    parts = marked_parts(text, terms(query))
    assert "".join(f"[{part}]" if hit else part for part, hit in parts) == marked


@given(st.text(max_size=60), st.text(max_size=20))
def test_marking_loses_no_sign_of_any_text(text: str, query: str) -> None:
    assert "".join(part for part, _ in marked_parts(text, terms(query))) == text


@given(st.text(max_size=60))
def test_the_normal_form_is_normal(text: str) -> None:
    assert searchable(searchable(text)) == searchable(text)


@given(st.text(max_size=30))
def test_every_text_is_found_by_itself(text: str) -> None:
    assert matches(terms(text), text)


PEOPLE = [spellings("左昊麟", "Haolin Zuo", pinyin="zuo hao lin"), spellings("刘瑞", "Rui Liu", pinyin="liu rui")]


@pytest.mark.parametrize(
    "query", ["左昊麟", "左昊麟 ", "Haolin Zuo", "zuo haolin", "zuohaolin", "haolinzuo", "zuo hao lin", "ZuoHaolin"]
)
def test_a_name_is_found_in_any_spelling(query: str) -> None:
    wanted = in_any_spelling(terms(query), PEOPLE)
    for text in ("by Haolin Zuo et al.", "Zuo, Haolin", "作者左昊麟"):
        assert matches(wanted, text), text
    for text in ("Haolin Zuoshi", "Haolin and Zuo", "左昊"):
        assert not matches(wanted, text), text


def test_a_name_leaves_the_other_words_as_they_are() -> None:
    wanted = in_any_spelling(terms("speech liurui 2024 zuohaolin"), PEOPLE)
    assert [term.text for term in wanted] == ["speech", "liurui", "2024", "zuohaolin"]
    assert marked_parts("2024: Rui Liu's speech", wanted) == [
        ("2024", True), (": ", False), ("Rui Liu", True), ("'s ", False), ("speech", True),
    ]  # fmt: skip
    assert in_any_spelling(terms("rui"), PEOPLE) == terms("rui")
