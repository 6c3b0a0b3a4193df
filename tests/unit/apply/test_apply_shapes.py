"""What typed answers must look like."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.apply.forms import shapes


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
        ("\u202d138 0000 0001\u202c", "+8613800000001"),
        ("138\u200b00000002", "+8613800000002"),
        ("\ufeff+65\u00ad8123\x004567", "+6581234567"),
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
        ("\u202aname@example.org\u202c", "name@example.org"),
        ("name@example.org\u200b", "name@example.org"),
        ("name\uff20example.org", "name@example.org"),
        ("ｎａｍｅ＠ｅｘａｍｐｌｅ．ｏｒｇ", "name@example.org"),
        ("=?utf-8?q?x?=@example.org", None),
        ("＝？utf-8?q?x?=@example.org", None),
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
        (" 4\u200b", 4),
        *((nonsense, None) for nonsense in ("", "-1", "1e3", "1_000", "nan", "٤٢٥", "9" * 10_000, "4,5", "425分")),
    ],
)
def test_numbers(typed: str, number: float | None) -> None:
    assert shapes.number(typed) == number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3.8/4.0", ("3.8", "4.0")),
        ("3．8 ／ 4．0", ("3.8", "4.0")),
        ("第3名/120人", ("第3名", "120人")),
        ("3 of 120", ("3", "120")),
        ("1/2/3", ("1/2/3", "")),
        ("前3%", ("前3%", "")),
        ("n/a", ("n/a", "")),
        ("3.8", ("3.8", "")),
    ],
)
def test_two_answers_typed_as_one(typed: str, kept: tuple[str, str]) -> None:
    assert shapes.apart(typed, "") == kept


@pytest.mark.parametrize(("second", "is_taken"), [("4.0", True), ("４", True), ("4.0 分", True), ("5.0", False)])
def test_they_are_told_apart_only_where_the_second_does_not_say_otherwise(second: str, is_taken: bool) -> None:
    assert shapes.apart("3.8/4.0", second) == (("3.8", "4.0") if is_taken else ("3.8/4.0", second))


@pytest.mark.parametrize("typed", ["第3名", "3名", "3", "第 3 名", "#3", "No. 3", "№3", "3rd", "第３名"])
def test_the_unit_of_a_number_comes_off(typed: str) -> None:
    assert shapes.number(typed, before=r"第|no\.?|#", after="名|rd") == 3


@pytest.mark.parametrize("typed", ["3%", "前3名", "3人", "名3", "第名", "3-5名"])
def test_another_unit_does_not(typed: str) -> None:
    assert shapes.number(typed, before="第", after="名") is None


def test_text_is_composed_and_stripped() -> None:
    assert shapes.one_line(" Ame\u0301lie \r\n") == "Amélie"
    assert shapes.paragraphs("one\r\ntwo\rthree\u2028four\n") == "one\ntwo\nthree\nfour"


@pytest.mark.parametrize(
    "text", ["a\r\nb", "a\nb", "a\tb", "a\u2028b", "a\u202eb", "a\u200fb", "a\u2066b", "a\u0085b", "\ufffdb", "—"]
)
def test_what_does_not_fit_one_line(text: str) -> None:
    assert not shapes.fits_one_line(text)


def test_names_of_all_scripts_fit_one_line() -> None:
    assert shapes.fits_one_line("测试甲 ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ Åse O’Neill-García 𠮷")


@given(st.text())
def test_no_text_raises(text: str) -> None:
    shapes.one_line(text), shapes.paragraphs(text), shapes.fits_one_line(text)
    shapes.phone_number(text), shapes.number(text), shapes.email_address(text)


@pytest.mark.parametrize(
    "text",
    ["9" * 10**5, "9 " * 10**5, "9" + " " * 10**5 + "x", "a." * 10**5 + " x", "http://" + "a." * 10**5 + " x",
     "\ufdfa" * 10**5, "-" * 10**5],
)  # fmt: skip
def test_a_text_without_end_is_no_answer_and_soon_read(text: str) -> None:
    begun = perf_counter()
    assert shapes.apart(text, "") == (text, "")
    readers = (
        shapes.email_address,
        shapes.phone_number,
        shapes.number,
        shapes.month,
        shapes.web_link,
        shapes.wechat_id,
    )
    assert [reader(text) for reader in readers] == [None] * 6
    assert shapes.reference(text) == ""
    assert perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a.b", "https://a.b"),
        ("HTTP://a.b./c?d#e f", None),
        ("http://a.b./c", "http://a.b./c"),
        ("http://..a", "http://..a"),
        ("http://.a", None),
        ("http://a.", None),
        ("http://a/b.c", None),
        ("http://a..", "http://a.."),
    ],
)
def test_a_link_names_a_host_with_a_dot_in_it(typed: str, kept: str | None) -> None:
    assert shapes.web_link(typed) == kept
