"""What hints at a conflict of interest."""

import pytest

from s2group.evaluation.likely_conflicts.rules import Hint, hints, institution, listed_titles


@pytest.mark.parametrize(
    ("email", "home"),
    [
        ("a@Example.edu.cn", "example.edu.cn"),
        ("a@cs.example.edu.cn", "example.edu.cn"),
        ("a@mail.example.ac.uk", "example.ac.uk"),
        ("a@student.uni.example", "uni.example"),
        ("a@mail.example.org", ""),
        ("a@inf.example.ac.uk", "example.ac.uk"),
        ("a@qq.com", ""),
        ("a@vip.qq.com", ""),
        ("a@edu.cn", ""),
        ("a@localhost", ""),
    ],
)
def test_an_institution_is_the_end_of_an_address(email: str, home: str) -> None:
    assert institution(email) == home


def test_each_hint_has_its_reason() -> None:
    own = ["chen@cs.example.edu.cn", "chen@qq.com"]
    assert hints(own, "a@student.example.edu.cn", ["b@other.edu.cn"], is_coauthor=False) == (Hint.INSTITUTION,)
    assert hints(own, "a@qq.com", ["b@example.edu.cn"], is_coauthor=True) == (Hint.REFEREE, Hint.COAUTHOR)
    assert hints(own, "a@qq.com", ["b@qq.com"], is_coauthor=False) == ()


def test_titles_are_those_of_rows() -> None:
    assert listed_titles([{"title": "One"}, {"title": ""}, "x"]) == ["One"]
    assert listed_titles(None) == []
