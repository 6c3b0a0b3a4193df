"""A reference as people type it from a receipt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.admissions.queries import REFERENCE
from s2group.apply.forms.shapes import reference
from s2group.core.identifiers import new_reference

WRITTEN = "7K3M-Q0ZT-9XHB-4WPD"


@pytest.mark.parametrize(
    "typed",
    [
        WRITTEN,
        "7k3m-q0zt-9xhb-4wpd",
        "7K3MQ0ZT9XHB4WPD",
        "  7K3M Q0ZT 9XHB 4WPD ",
        "7K3M–Q0ZT—9XHB−4WPD",
        "7K3M_Q0ZT.9XHB/4WPD",
        "７Ｋ３Ｍ－Ｑ０ＺＴ－９ＸＨＢ－４ＷＰＤ",
        "7K3M-QOZT-9XHB-4WPD",
        "7k3m-qozt-9xhb-4wpd",
    ],
)
def test_one_reference_has_many_spellings(typed: str) -> None:
    assert reference(typed) == WRITTEN


def test_i_and_l_are_ones() -> None:
    assert reference("iIlL-OooO-1111-0000") == "1111-0000-1111-0000"


@pytest.mark.parametrize(
    "typed", ["", "-", "7K3M-Q0ZT-9XHB-4WP", WRITTEN + "7", "7K3M-Q0ZT-9XHB-4WPU", "受理编号", "\0"]
)
def test_anything_else_is_none(typed: str) -> None:
    assert not REFERENCE.fullmatch(reference(typed))


@given(st.lists(st.sampled_from(["", " ", "-", "–", "\u3000", "\n", "_", "·"]), min_size=16, max_size=16))
def test_it_does_not_matter_what_stands_between_the_letters(between: list[str]) -> None:
    letters = WRITTEN.replace("-", "")
    assert reference("".join(gap + letter for gap, letter in zip(between, letters, strict=True))) == WRITTEN


@given(st.text())
def test_no_text_is_too_strange(typed: str) -> None:
    assert all(len(group) <= 4 for group in reference(typed).split("-"))


def test_our_own_references_stay_as_they_are() -> None:
    for _ in range(100):
        written = new_reference()
        assert reference(written.replace("-", "").lower()) == written
