"""The order of records that files and a person have both put."""

import pytest

from s2group.content.records.ordering import NotThereError, _place, merged


@pytest.mark.parametrize(
    ("listed", "standing", "expected"),
    [
        ("abc", "cab", "cab"),
        ("abc", "", "abc"),
        ("axbc", "cab", "caxb"),
        ("xabc", "cab", "xcab"),
        ("abcxy", "cab", "cxyab"),
        ("xyabc", "cba", "xycba"),
    ],
)
def test_what_only_the_files_have_comes_after_the_one_before_it(listed: str, standing: str, expected: str) -> None:
    assert merged(listed, standing) == list(expected)


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("up", 0), ("down", 2),
        ("after:", 0), ("after:a", 1), ("after:b", 1), ("after:c", 2), ("after:d", 3),
    ],
)  # fmt: skip
def test_a_place_is_said_by_a_step_or_by_the_record_before(to: str, expected: int) -> None:
    assert _place("abcd", 1, to) == expected


def test_nothing_goes_above_the_first_or_below_the_last() -> None:
    assert (_place("abcd", 0, "up"), _place("abcd", 3, "down")) == (0, 3)


@pytest.mark.parametrize("to", ["after:x", "x", "", "first"])
def test_no_other_place_is_known(to: str) -> None:
    with pytest.raises(NotThereError):
        _place("abcd", 1, to)
