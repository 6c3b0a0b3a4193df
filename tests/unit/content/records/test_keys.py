"""Keys that are made from what a record says."""

import pytest

from s2group.content.records.entries import Entry
from s2group.content.records.errors import ContentError
from s2group.content.records.keys import key_from, told_apart, with_keys


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (("Sample University", "示例大学"), "sample-university"),
        (("", "示例 Lab"), "lab"),
        (("grant 10000-22311201/002",), "grant-10000-22311201-002"),
        (("", "示例大学 2025-01"), "xdefaac7a"),
        (("A" * 59 + " university",), "a" * 59),
    ],
)
def test_a_key_is_made_from_the_first_name_with_letters(names: tuple[str, ...], key: str) -> None:
    assert key_from(*names) == key


def test_equal_keys_are_numbered() -> None:
    assert told_apart(["a", "a-2", "a", "b", "a"]) == ["a", "a-2", "a-3", "b", "a-4"]
    assert told_apart(["a", "x" * 60, "x" * 60], taken=["a"]) == ["a-2", "x" * 60, "x" * 55 + "-2"]


def test_a_key_that_is_said_stays_and_no_other_is_made_equal() -> None:
    entries = [Entry("1", {"key": "", "name": "b"}), Entry("2", {"key": "b", "name": "c"})]
    assert [entry.values["key"] for entry in with_keys(entries, lambda values: values["name"])] == ["b-2", "b"]


def test_a_key_that_is_said_twice_is_refused() -> None:
    entries = [Entry("line 2", {"key": "b"}), Entry("line 3", {"key": "b"})]
    with pytest.raises(ContentError, match=r"^line 3: key 'b' is taken by line 2\. Make them differ\."):
        with_keys(entries, str)
