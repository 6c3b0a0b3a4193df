"""Which papers may be one, and whose a name may be."""

import pytest

from s2group.content.publications.rules.papers import Identity
from s2group.content.records.rules import title_key
from s2group.content.settling.rules import (
    Known,
    Likely,
    Person,
    alike,
    first_author_keys,
    pairs_to_settle,
    rank,
    title_words,
)

TITLE = "Codec speech models that listen while they speak"
PEOPLE = (
    Person("rui-liu", ("Rui Liu", "刘瑞"), "liu 刘 rui 瑞"),
    Person("yifan-hu", ("Yifan Hu", "胡一帆"), "hu 胡 yi fan 一帆"),
    Person("yu-hu", ("Yu Hu", "Y.X. Hu"), "hu yu"),
    Person("ada", ("Ada Sample",), "sample ada"),
    Person("only-zh", ("欧阳明",), "ouyang 欧阳 ming 明"),
)


def paper(key: str, title: str = TITLE, first: str = "Test Jia", **identity: object) -> Known:
    said = {"kind": "inproceedings", "doi": None, "arxiv": None, "year": 2025, "venue": "C"} | identity
    known = Identity(title_key=title_key(title), **said)  # type: ignore[arg-type]
    return Known(key, known, title, first_author_keys(first, None), rank(known.kind, known.doi, len(key)))


@pytest.mark.parametrize(
    ("preprint", "are_one"),
    [
        (paper("p", kind="preprint"), True),
        (paper("p", kind="preprint", first="T. Jia", doi="10.48550/arxiv.1", arxiv="1"), True),
        (paper("p", kind="preprint", first="Jia Test"), True),
        (paper("p", "Codec models that listen while they speak", kind="preprint", year=2023), True),
        (paper("p", f"Fish: {TITLE}", kind="preprint"), True),
        (paper("p", kind="preprint", first="Somebody Else"), False),
        (paper("p", f"{TITLE} 2", kind="preprint"), False),
        (paper("p", "Codec speech models that sing", kind="preprint"), False),
        (paper("p", kind="thesis"), False),
        # A paper of a conference and one of a journal are two works.
        (paper("p", kind="article", venue="J"), False),
        (paper("p", doi="10.1/other"), False),
    ],
)
def test_a_paper_and_its_preprint_are_found_by_title_and_first_author(preprint: Known, are_one: bool) -> None:
    published = paper("published", doi="10.1/a")
    found = pairs_to_settle([preprint, published], [])
    assert found == ([(published, preprint)] if are_one else [])
    assert pairs_to_settle([preprint, published], [("p", "published")]) == []


def test_titles_are_compared_by_words_and_chinese_ones_by_pairs_of_signs() -> None:
    titles = ("面向低资源的语音合成方法", "面向低资源的语音合成新方法", "面向高资源的图像检索", "X", "")
    words = {title: title_words(title) for title in titles}
    assert list(alike(words)) == [titles[:2]]
    assert title_words("Ｔext-to-Speech 合成") == {"text", "to", "speech", "合成"}


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("R. Liu", ["rui-liu"]),
        ("Liu R", ["rui-liu"]),
        ("Y.-F. Hu", ["yifan-hu"]),
        ("YF Hu", ["yifan-hu"]),
        ("Y. Hu", ["yifan-hu", "yu-hu"]),
        ("Yi Fan Hu", ["yifan-hu"]),
        ("Hu Yi-Fan", ["yifan-hu"]),
        ("Ada M. Sample", ["ada"]),
        ("Ming Ouyang", ["only-zh"]),
        ("M. Ouyang", ["only-zh"]),
        # Exactly somebody's, or nobody's.
        ("RUI Liu", []),
        ("Yx Hu", []),
        ("Rui Hu", []),
        ("Ada Mary Sample", []),
        ("Rosa Liu", []),
        ("A", []),
        ("", []),
    ],
)
def test_a_name_that_is_spelt_otherwise_is_likely_a_members(name: str, slugs: list[str]) -> None:
    assert Likely(PEOPLE).members(name) == slugs
