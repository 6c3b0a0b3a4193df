"""What may stand in a mail header."""

import email
import email.policy
import unicodedata
from email.header import decode_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.core.text import BIDIRECTIONAL, UNPRINTABLE
from s2group.mail.headers import (
    UnfitForHeaderError,
    address,
    attachment_name,
    attachment_title,
    attachment_type,
    body_text,
    checked_title,
    header_text,
    header_value,
)

MIXED = st.text(alphabet='推免测试甲乙 -（）ab1?=_,;:"\\<>@　\xa0é😀\u200d', max_size=240)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("推免-测试甲-计算机学院 软件工程", "推免-测试甲-计算机学院 软件工程"),
        ("  two  spaces  ", "two spaces"),
        ("a\r\nBcc: x@example.org", "a Bcc: x@example.org"),
        ("a\x00b\x7fc\x85d\u2028e", "a b c d e"),
        ("\u202efdp.exe\u202c", "fdp.exe"),
        ("=?utf-8?q?a?=", "= ?utf-8?q?a?="),
        ("=\u202e?utf-8?q?a?=", "= ?utf-8?q?a?="),
        ("=\x00?utf-8?q?a?=", "= ?utf-8?q?a?="),
        ("a\ud800b", "a b"),
        ("甲" * 10_000, "甲" * 199 + "…"),
        ("ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ", "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ"),
    ],
)
def test_header_text(text: str, expected: str) -> None:
    assert header_text(text) == expected


@given(st.text(max_size=400))
def test_header_text_is_one_short_line_without_encoded_words(text: str) -> None:
    line = header_text(text)
    assert len(line) <= 200
    assert "=?" not in line
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cs", "Zl", "Zp"}
    assert header_text(line) == line


@given(st.text(max_size=240) | MIXED)
def test_a_header_value_is_read_back_exactly(text: str) -> None:
    line = header_text(text)
    raw = f"Subject: {header_value(line)}\r\n\r\n".encode("ascii")
    assert max(len(part) for part in raw.split(b"\r\n")) <= 76
    assert str(email.message_from_bytes(raw, policy=email.policy.default)["Subject"]) == line
    old_reader = decode_header(email.message_from_bytes(raw)["Subject"])
    assert "".join(part if isinstance(part, str) else part.decode(code or "ascii") for part, code in old_reader) == line


def test_body_text_knows_every_sign_that_cannot_be_seen() -> None:
    every = [chr(number) for number in range(0x11000) if chr(number) != "\r"]
    kept = [
        sign for sign in every
        if sign in "\n\t" or (unicodedata.category(sign) not in UNPRINTABLE and sign not in BIDIRECTIONAL)
    ]  # fmt: skip
    assert len(every) - len(kept) > 2048
    assert body_text("".join(every)) == "".join(kept)


def test_body_text_keeps_lines_and_tabs_and_drops_what_cannot_be_seen() -> None:
    assert body_text("a\r\nb\rc\td\x00\x1b[31m\u202ee") == "a\nb\nc\td[31me"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pi@example.org", "pi@example.org"),
        (" First.Last+tag@Example.ORG ", "First.Last+tag@example.org"),
        ("portal@localhost", "portal@localhost"),
        ("a@例子.example", "a@xn--fsqu00a.example"),
    ],
)
def test_address(text: str, expected: str) -> None:
    assert address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "nobody", "@example.org", "a@", "a b@example.org", "a@example.org, b@example.org", "a@b@example.org",
        "A <a@example.org>", '"a b"@example.org', "a@example.org\r\nBcc: b@example.org", "张三@example.org",
        ".a@example.org", "a..b@example.org", "a@example..org", "=?utf-8?q?a?=@example.org", "a@" + "x" * 64 + ".org",
        "a" * 250 + "@example.org", "a\x00@example.org",
    ],
)  # fmt: skip
def test_no_plain_address(text: str) -> None:
    with pytest.raises(UnfitForHeaderError):
        address(text)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("resume-7K3M-Q0ZT-9XHB-4WPD.pdf", ("application", "pdf")),
        ("transcript-7K3M-Q0ZT-9XHB-4WPD.jpg", ("image", "jpeg")),
        ("x_portfolio-7K3M-Q0ZT-9XHB-4WPD.png", ("image", "png")),
    ],
)
def test_attachment_names_are_ours_and_tell_what_it_is(name: str, kind: tuple[str, str]) -> None:
    assert (attachment_name(name), attachment_type(name)) == (name, kind)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".pdf",
        "简历.pdf",
        "a b.pdf",
        "../a.pdf",
        "a.exe",
        'a".pdf',
        "a\r\n.pdf",
        "a.pdf\n",
        "a.jpeg",
        "a.svg",
        "a.jpg.exe",
    ],
)
def test_other_attachment_names_are_not(name: str) -> None:
    with pytest.raises(UnfitForHeaderError):
        attachment_name(name)


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        (["推免硕士", "测试甲", "某大学", "简历"], "推免硕士-测试甲-某大学-简历.pdf"),
        (["推免", "Test, A. \r\n", "", "../CV"], "推免-TestA-CV.pdf"),
        (["=?utf-8?q?x?=", "\u202efdp.exe", "x" * 30], "utf8qx-fdpexe-" + "x" * 24 + ".pdf"),
    ],
)
def test_a_title_keeps_letters_and_digits(parts: list[str], title: str) -> None:
    assert attachment_title(parts, "pdf") == checked_title(title) == title


@pytest.mark.parametrize("title", ["", "简历", ".pdf", "a b.pdf", "../a.pdf", "a\r\n.pdf", "a-.pdf", "简历.exe"])
def test_other_titles_are_refused(title: str) -> None:
    with pytest.raises(UnfitForHeaderError):
        checked_title(title)
