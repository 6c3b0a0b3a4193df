"""How texts and questions are cut into words of the index."""

import pytest

from s2group.admissions.fulltext.rules import END, MOST_TOKENS, indexed, spellings, terms, tokens
from tests.support.plain_search import is_found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("语音合成", ["语音", "音合", "合成", "成"]),
        ("語音\n合成", ["语音", "音合", "合成", "成"]),
        ("语音，合成", ["语音", "音", "合成", "成"]),
        ("CET-4：Ｓpeech Synthésis", ["cet", "4", "speech", "synthesis"]),
        ("做TTS2年", ["做", "tts", "2", "年"]),
        ("…!", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("query", "text", "is_there"),
    [
        ("合成", "语音合成", True),
        ("音", "语音合成", True),
        ("成", "语音合成", True),
        ("语合", "语音合成", False),
        ("音合成", "语音合成", True),
        ("合成器", "语音合成", False),
        ("synth", "speech synthesis", True),
        ("nthesis", "speech synthesis", False),
        ("speech synth", "speech synthesis", True),
        ("speech 合成", "做 speech 合成的", True),
        ("语音 speech", "语音 speech", True),
        ("音 speech", "语音 speech", True),
        ("语音 speech", "语音学 speech", False),
        ("一二 三四", "一二三四", True),
    ],
)
def test_what_is_asked_is_found(query: str, text: str, is_there: bool) -> None:
    assert is_found(terms(query), indexed([text])) is is_there


def test_exact_words_do_not_go_on() -> None:
    assert not is_found(terms("synth", exact=True), "synthesis")
    assert is_found(terms("synthesis", exact=True), "synthesis")


def test_no_phrase_spans_two_texts() -> None:
    assert indexed(["语音", "", "合成"]) == f"语音 音 {END} 合成 成 {END}"
    assert not is_found(terms("音合"), indexed(["语音", "合成"]))


def test_what_comes_behind_the_last_place_is_left_out() -> None:
    assert len(indexed(["字" * 20_000]).split()) == MOST_TOKENS


def test_a_name_is_spelt_as_it_is_typed() -> None:
    assert spellings("孙丁", ["sun", "ding"]) == ["孙丁", "sun ding", "sunding", "ding", "dingsun"]
    assert "lu bu" in spellings("吕布", ["lv", "bu"])
    assert "lyu bu" in spellings("吕布", ["lv", "bu"])
    assert spellings("Carol", []) == ["Carol"]
