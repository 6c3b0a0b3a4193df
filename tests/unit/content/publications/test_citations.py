"""Citations after GB/T 7714-2015 and in the style of the IEEE, against a table written by hand."""

from typing import Any

import pytest

from s2group.content.publications.rules.citations import Cited, gbt7714, ieee
from s2group.content.publications.rules.names import person_name


def work(kind: str, *authors: str, title: str = "A Sample", venue: str = "Journal of Samples", **more: Any) -> Cited:
    return Cited(kind=kind, title=title, authors=authors, venue=venue, year=2025, **more)


TABLE = [
    (
        work("article", "Test Jia", volume="3", number="2", pages="1--9", doi="10.5555/1"),
        "JIA T. A Sample[J]. Journal of Samples, 2025, 3(2): 1-9. DOI:10.5555/1.",
        "T. Jia, “A Sample,” Journal of Samples, vol. 3, no. 2, pp. 1–9, 2025, doi: 10.5555/1.",
    ),
    (
        work("article", "Test Jia", "Test Yi", "Test Bing", volume="3", pages="17"),
        "JIA T, YI T, BING T. A Sample[J]. Journal of Samples, 2025, 3: 17.",
        "T. Jia, T. Yi, and T. Bing, “A Sample,” Journal of Samples, vol. 3, p. 17, 2025.",
    ),
    (
        work("article", "测试甲", "测试乙", "测试丙", "测试丁", title="一个示例", venue="示例学报", number="5"),
        "测试甲, 测试乙, 测试丙, 等. 一个示例[J]. 示例学报, 2025, (5).",
        "测试甲, 测试乙, 测试丙, and 测试丁, “一个示例,” 示例学报, no. 5, 2025.",
    ),
    (
        work("inproceedings", "Test Jia", "Test Yi", "Test Bing", "Test Ding", venue="SAMPLECONF", pages="1–9"),
        "JIA T, YI T, BING T, et al. A Sample[C]//SAMPLECONF. 2025: 1-9.",
        "T. Jia, T. Yi, T. Bing, and T. Ding, “A Sample,” in SAMPLECONF, 2025, pp. 1–9.",
    ),
    (
        work("inproceedings", "Test Jia", "Test Yi", title="Is It?", venue="SAMPLECONF", publisher="Sample Press"),
        "JIA T, YI T. Is It?[C]//SAMPLECONF. Sample Press, 2025.",
        "T. Jia and T. Yi, “Is It?” in SAMPLECONF, 2025.",
    ),
    (
        work("inproceedings", "Ann-Marie B. de la Sample Jr", venue="SAMPLECONF", and_others=True),
        "DE LA SAMPLE A M B Jr, et al. A Sample[C]//SAMPLECONF. 2025.",
        "A.-M. B. de la Sample Jr, et al., “A Sample,” in SAMPLECONF, 2025.",
    ),
    (
        work("article", *(f"Test {name}" for name in ("A", "B", "C", "D", "E", "F", "G"))),
        "A T, B T, C T, et al. A Sample[J]. Journal of Samples, 2025.",
        "T. A et al., “A Sample,” Journal of Samples, 2025.",
    ),
    (
        work("thesis", "测试甲", title="一篇学位论文", venue="示例大学"),
        "测试甲. 一篇学位论文[D]. 示例大学, 2025.",
        "测试甲, “一篇学位论文,” thesis, 示例大学, 2025.",
    ),
    (
        work("book", "Solo", venue="Sample Press", publisher="Sample Press"),
        "SOLO. A Sample[M]. Sample Press, 2025.",
        "Solo, A Sample. Sample Press, 2025.",
    ),
    (
        work("patent", "测试甲", "测试乙", title="一种方法", venue="", number="CN000000000A"),
        "测试甲, 测试乙. 一种方法: CN000000000A[P]. 2025.",
        "测试甲 and 测试乙, “一种方法,” Patent CN000000000A, 2025.",
    ),
    (
        work("dataset", "Test Jia", venue="Sample Archive", url="https://example.org/data"),
        "JIA T. A Sample[DS/OL]. Sample Archive, 2025. https://example.org/data.",
        "T. Jia, “A Sample,” Sample Archive, 2025. [Online]. Available: https://example.org/data",
    ),
    (
        work("software", "Test Jia", venue=""),
        "JIA T. A Sample[CP]. 2025.",
        "T. Jia, “A Sample,” 2025.",
    ),
    (
        work("preprint", "Test Jia", venue="arXiv", arxiv="2501.00001", url="https://arxiv.org/abs/2501.00001"),
        "JIA T. A Sample[EB/OL]. (2025). https://arxiv.org/abs/2501.00001.",
        "T. Jia, “A Sample,” 2025, arXiv:2501.00001.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cited", "expected"), [(cited, expected) for cited, expected, _ieee in TABLE])
def test_a_work_is_cited_after_gbt7714(cited: Cited, expected: str) -> None:
    assert gbt7714(cited) == expected


@pytest.mark.parametrize(("cited", "expected"), [(cited, expected) for cited, _gbt, expected in TABLE])
def test_a_work_is_cited_in_the_style_of_the_ieee(cited: Cited, expected: str) -> None:
    assert ieee(cited) == expected


@pytest.mark.parametrize(
    ("printed", "family_first"),
    [
        ("Test Jia", "Jia, Test"),
        ("Jan van der Sample", "van der Sample, Jan"),
        ("Jan Sample Jr", "Sample, Jr, Jan"),
        ("Solo", "Solo"),
        ("测试甲", "测试甲"),
    ],
)
def test_a_name_with_the_family_first(printed: str, family_first: str) -> None:
    assert person_name(printed).family_first == family_first
