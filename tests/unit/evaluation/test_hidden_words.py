"""By which words a person and a university are told."""

import pytest

from s2group.evaluation.page_images.words import names, universities


@pytest.mark.parametrize(
    ("name", "pinyin", "some"),
    [
        (
            "陈嘉明",
            "",
            {"陈嘉明", "陳嘉明", "嘉明", "chen jiaming", "jiaming chen", "chen jm", "jm chen", "chen j", "j chen"},
        ),
        ("欧阳娜", "", {"欧阳娜", "歐陽娜", "ouyang na", "na ouyang", "n ouyang"}),
        ("曾一", "", {"曾一", "zeng yi", "yi zeng"}),
        ("测试甲", "Ceshi Jia", {"Ceshi Jia", "Jia Ceshi", "J Ceshi"}),
        (
            "Qwertina Maria Zyxwander",
            "",
            {"Qwertina", "Zyxwander", "QM Zyxwander", "Zyxwander QM", "Zyxwander QwertinaMaria"},
        ),
        ("X", "", set()),
    ],
)
def test_a_name_is_hidden_in_every_order(name: str, pinyin: str, some: set[str]) -> None:
    found = set(names(name, pinyin))
    assert found >= some
    assert all(len(word) > 1 for word in found)


@pytest.mark.parametrize(
    ("name", "some"),
    [
        ("内蒙古大学", {"内蒙古大学", "內蒙古大學", "内蒙古大", "内大", "Inner Mongolia University", "IMU"}),
        ("内蒙古师范大学", {"内蒙古师大", "内师大", "Inner Mongolia Normal University", "IMNU"}),
        ("上海交通大学", {"上海交大", "上交大"}),
        ("浙江大学", {"浙大", "Zhejiang University"}),
        ("Peking University", {"北京大学", "北大"}),
        ("Fictional Normal University", {"Fictional Normal University", "FNU"}),
    ],
)
def test_a_university_is_hidden_in_both_languages_and_in_short(name: str, some: set[str]) -> None:
    assert set(universities(name)) >= some
