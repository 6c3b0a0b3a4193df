"""What typed answers must look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.apply import shapes


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("＋８６ 13800138000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("+65 8123 4567", "+6581234567"),
        ("+1 (415) 555-0100", "+14155550100"),
        ("12800138000", None),
        ("1380013800", None),
        ("+861380013800", None),
        ("+86138001380001", None),
        ("+012345678", None),
        ("+1234567890123456", None),
        ("call me", None),
        ("", None),
        ("+", None),
    ],
)
def test_phone_numbers(typed: str, number: str | None) -> None:
    assert shapes.phone_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("applicant@example.org", "applicant@example.org"),
        ("Test.Applicant+cv@EXAMPLE.org", "Test.Applicant+cv@example.org"),
        ("applicant@例子.example.org", "applicant@xn--fsqu00a.example.org"),
        ("=?utf-8?q?x?=@example.org", None),
        ("applicant@example.org\r\nBcc: other@example.org", None),
        ("Applicant <applicant@example.org>", None),
        ("测试@example.org", None),
        ("applicant@localhost", None),
        ("applicant", None),
        ("", None),
        ("a" * 10_000 + "@example.org", None),
    ],
)
def test_email_addresses(typed: str, address: str | None) -> None:
    assert shapes.email_address(typed) == address


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("425", 425),
        ("４２５", 425),
        ("6.5", 6.5),
        ("6.0", 6),
        ("007", 7),
        *((nonsense, None) for nonsense in ("", "-1", "1e3", "1_000", "nan", "٤٢٥", "9" * 10_000, "4,5", " 4")),
    ],
)
def test_numbers(typed: str, number: float | None) -> None:
    assert shapes.number(typed) == number


def test_text_is_composed_and_stripped() -> None:
    assert shapes.one_line(" Ame\u0301lie \r\n") == "Amélie"
    assert shapes.paragraphs("one\r\ntwo\rthree\u2028four\n") == "one\ntwo\nthree\nfour"


@pytest.mark.parametrize(
    "text", ["a\r\nb", "a\nb", "a\0b", "a\tb", "a\x1bb", "a\u2028b", "a\u202eb", "a\u200fb", "a\u2066b", "a\u0085b"]
)
def test_what_does_not_fit_one_line(text: str) -> None:
    assert not shapes.fits_one_line(text)


def test_names_of_all_scripts_fit_one_line() -> None:
    assert shapes.fits_one_line("测试甲 ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ Åse O’Neill-García 𠮷")


@given(st.text())
def test_no_text_raises(text: str) -> None:
    shapes.one_line(text), shapes.paragraphs(text), shapes.fits_one_line(text)
    shapes.phone_number(text), shapes.number(text), shapes.email_address(text)
