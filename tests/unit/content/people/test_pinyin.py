"""Names are sorted as they are read, surname first."""

import pytest

from s2group.content.people.pinyin import sort_name
from s2group.core.localized import LocalizedText


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("曾一", "zeng"), ("单一", "shan"), ("解一", "xie"), ("仇一", "qiu"), ("吕一", "lv"), ("查一", "zha"),
        ("朴一", "piao"), ("任一", "ren"), ("区一", "ou"), ("翟一", "zhai"), ("盖一", "ge"), ("种一", "chong"),
        ("覃一", "qin"), ("缪一", "miao"), ("员一", "yun"), ("乐一", "yue"), ("冼一", "xian"), ("黑一", "he"),
        ("刘一", "liu"), ("张一", "zhang"), ("沈一", "shen"), ("石一", "shi"), ("冯一", "feng"), ("葛一", "ge"),
        ("尉迟一", "yuchi"), ("欧阳一", "ouyang"), ("长孙一", "zhangsun"), ("万俟一", "moqi"), ("单于一", "chanyu"),
        ("令狐一二", "linghu"), ("司马一", "sima"), ("诸葛一", "zhuge"), ("乐正一", "yuezheng"), ("澹台一", "tantai"),
        # A name of two characters has a surname of one.
        ("单于", "shan"), ("欧阳", "ou"), ("万俟", "wan"),
    ],
)  # fmt: skip
def test_a_surname_is_read_as_a_surname(name: str, surname: str) -> None:
    assert sort_name(LocalizedText(name, "Some Body")).split()[0] == surname


@pytest.mark.parametrize(
    ("zh", "en", "expected"),
    [
        ("曾一", "Yi Zeng", "zeng 曾 yi 一"),
        ("欧阳一二", "Yi'er Ouyang", "ouyang 欧阳 yi er 一二"),
        ("", "Test Person", "person test"),
        ("", "Anna Maria van Test", "test anna maria van"),
        ("", "Plato", "plato"),
        ("Test Person", "", "person test"),
        (" 吕 一 ", "", "lv 吕 yi 一"),
        ("", "", ""),
        ("甲", "", "jia 甲"),
    ],
)
def test_the_name_by_which_lists_sort(zh: str, en: str, expected: str) -> None:
    assert sort_name(LocalizedText(zh, en)) == expected


def test_a_list_comes_in_the_order_of_a_dictionary() -> None:
    names = ["曾一", "单一", "章一", "吕一", "张二", "陆一", "章二", "解一", "张一", "区一", "罗一", "卢一", "安一"]
    ordered = sorted(names, key=lambda name: sort_name(LocalizedText(zh=name)))
    assert ordered == [
        "安一", "卢一", "陆一", "罗一", "吕一", "区一", "单一", "解一", "曾一", "张二", "张一", "章二", "章一",
    ]  # fmt: skip
