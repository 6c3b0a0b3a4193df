"""The lines of a home page: mended, and without what is there only for the generator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.content.importer.parsed_blocks import Skipped
from s2group.content.importer.text import MOST_BYTES, mend, read_lines, without_machinery
from s2group.content.records.errors import ContentError


def garbled(text: str) -> str:
    """The text as it looks when its UTF-8 is read as Mac Roman."""
    return text.encode().decode("mac_roman")


@pytest.mark.parametrize(
    "text", ["浙江大学竺可桢学院", "🔥 News", "&nbsp;🎉🎉 Accepted", "📚 TOPIC 1", "Zhao (赵洲) and Qin (秦涛)"]
)
def test_utf8_read_as_mac_roman_is_mended(text: str) -> None:
    assert mend(garbled(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "L’été à l’école « sans élève »",
        "Gödel, Erdős – “naïve” café… 50 % × 3 ± 2°",
        "语音合成，唇语识别！（第一作者）“引号”",
        "Ａ full-width letter and ﬁ, a ligature",
        "he said “l’é—é”, ’é—é",
        "ÇA ÉTÉ ÂGÉ À L’ÎLE",
        "Привет, мир",
        "한국어 かな",
    ],
)
def test_good_text_stays_as_it_is(text: str) -> None:
    assert mend(text) == text


@given(st.text(alphabet=st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), min_size=1, max_size=40))
def test_garbled_han_comes_back(text: str) -> None:
    assert mend(garbled(text)) == text


def test_what_only_the_generator_reads_is_skipped_with_a_reason() -> None:
    page = (
        "---\ntitle: x\n---\n{% if a %}\n{{ b }}\nHello {{ c }}\n<!-- one\ntwo -->\n"
        "- Lorem ipsum dolor\n- AAAAAAAAA.\n***\nNews\n====\nKaaaapaaaa\n"
    )
    lines, findings = without_machinery(read_lines(page.encode(), "x"))
    skipped = {finding.lines[0]: finding.thing.reason for finding in findings if isinstance(finding.thing, Skipped)}
    assert skipped == {
        1: "front matter",
        2: "front matter: title: x",
        3: "front matter",
        4: "Liquid",
        5: "Liquid",
        7: "comment",
        8: "comment",
        9: "placeholder",
        10: "placeholder",
        11: "rule",
        13: "rule",
    }
    assert [line.text for line in lines if not line.blank] == ["Hello {{ c }}", "# News", "Kaaaapaaaa"]


def test_front_matter_that_is_never_closed_is_none() -> None:
    lines, findings = without_machinery(read_lines(b"---\ntitle: x\n", "x"))
    assert [line.text for line in lines if not line.blank] == ["title: x"]
    assert [finding.thing for finding in findings] == [Skipped("rule")]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\xff\xfe\x00A", "page.md: the file is not UTF-8 text. Save it again as UTF-8."),
        (b"\x00\x01", "page.md: the file is not text. Name the Markdown file of the home page."),
        (b"x" * (MOST_BYTES + 1), "page.md: the file is too large for a home page. Keep it under 2000000 bytes."),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(ContentError) as raised:
        read_lines(data, "page.md")
    assert str(raised.value) == problem
