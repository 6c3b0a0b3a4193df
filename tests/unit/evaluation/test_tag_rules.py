"""What a tag may be called, and what choosing tags changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.evaluation.tags.rules import TagChange, change, tidy_name

IDS = st.sets(st.integers(1, 6))


def test_a_name_is_kept_with_its_blanks_once() -> None:
    assert tidy_name("  会  蒙古语 ") == "会 蒙古语"
    assert tidy_name("字" * 30) == "字" * 30


@pytest.mark.parametrize("name", ["", "  ", "字" * 31, 'a "b"', "“强”"])
def test_what_could_not_be_searched_for_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="no name of a tag"):
        tidy_name(name)


@given(IDS, IDS, IDS)
def test_choosing_changes_what_the_chooser_sees_and_nothing_else(
    before: set[int], chosen: set[int], visible: set[int]
) -> None:
    found = change(before=before, chosen=chosen, visible=visible)
    after = (before | found.added) - found.removed
    assert after & visible == chosen & visible
    assert after - visible == before - visible
    assert not (found.added & before or found.removed - before)


def test_choosing_the_same_changes_nothing() -> None:
    assert change(before={1, 2}, chosen={1, 2}, visible={1, 2, 3}) == TagChange(frozenset(), frozenset())
