"""Signs that nobody sees come off; what shapes a letter or a picture stays."""

import pytest

from s2group.core.text import plain, visible


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u6797\u200b\u5c0f\u79be", "林小禾"),
        ("\ufeffÅse\u00ad \u202eNørd\u2066", "Åse Nørd"),
        ("a\x00b\x07c\x7fd\x9be\u200d\u2060\u3164\U000e0100f", "abcdef"),
        ("葛\U000e0100城\ufe0f", "葛城"),
        ("a\tb\r\nc\u2028d\u3000e", "a\tb\r\nc\u2028d\u3000e"),
        ("ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ ᠨᠠ\u180eᠠ\u180b", "ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ ᠨᠠ\u180eᠠ\u180b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3", "👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3"),
        ("\u200dᠮ", "ᠮ"),
        ("", ""),
    ],
)
def test_visible(typed: str, kept: str) -> None:
    assert visible(typed) == kept
    assert visible(kept) == kept


def test_plain() -> None:
    assert plain(" \u202aｎａｍｅ＠ｅｘａｍｐｌｅ．ｏｒｇ\u200b ") == "name@example.org"
