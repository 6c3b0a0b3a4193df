"""No public page shows a code of the record, nor a Chinese page an English word of the interface."""

import re
from html import unescape

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from config import ROOT
from s2group.admissions.rules.openings import Closure
from s2group.content.news.rules import NewsCategory
from s2group.content.people.rules import ALUMNI, ROLES
from s2group.content.releases.rules import ReleaseKind
from tests.support.applying import load_fictional_content
from tests.support.sample import NOW
from tests.support.showcase import add_showcase
from tests.support.walking import public_pages

pytestmark = pytest.mark.usefixtures("on_the_day")

SPOKEN = re.compile(r'\b(?:alt|aria-label|placeholder|title|content)="([^"]*)"')
UNSPOKEN = re.compile(r"<(script|style|pre|code|svg)\b.*?</\1>", re.S)
IN_ENGLISH = re.compile(r'<(\w+)\b[^>]*\blang="en"[^>]*>(?:(?!<\1\b).)*?</\1>', re.S)
CODE = re.compile(r"(?<![\w/.@-])[a-z]+(?:_[a-z0-9]+)+(?![\w/@-])")
# But for tags, which are boxes of their own.
INSIDE_LINES = re.compile(r'</?(?:a|b|cite|code|em|i|mark|small|span|strong|time)\b(?![^>]*class="tag)[^>]*>')
# A dot in the middle has room on both sides everywhere.
BLANK = re.compile(r".{0,20}(?:[。，；：、！？）] [^ ·]|[^ ·] （).{0,20}")
# Of an account, not of the record.
WECHAT_ACCOUNT = "test_account"
VALUES = {*ROLES, ALUMNI, *NewsCategory, *ReleaseKind, *Closure, "academic", "current", "lead", "inproceedings", "misc"}


def shown(page: str, *, without_english: bool) -> list[str]:
    """The stretches of text that a page shows or says, without markup."""
    body = UNSPOKEN.sub(" ", page.partition("<body")[2])
    if without_english:
        while (rest := IN_ENGLISH.sub(" ", body)) != body:
            body = rest
    parts = [*re.split(r"<[^>]+>", body), *SPOKEN.findall(body)]
    return [words for part in parts if (words := " ".join(unescape(part).split()))]


def lines(page: str) -> list[str]:
    """What stands on a page as paragraphs and the like, with what is inside their lines."""
    flat = INSIDE_LINES.sub("", UNSPOKEN.sub(" ", page.partition("<body")[2]))
    return [" ".join(unescape(part).split()) for part in re.split(r"<[^>]+>", flat)]


def interface_words() -> set[str]:
    """What the interface says in English and otherwise in Chinese, as far as it stands alone."""
    path = ROOT / "s2group/translations/zh_Hans_CN/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        messages = read_po(file)
    texts = {(text, message.string) for message in messages if isinstance(text := message.id, str) and text}
    return {text for text, chinese in texts if chinese != text and "%(" not in text}


@pytest.fixture
def rich(app: Flask, client: FlaskClient) -> FlaskClient:
    load_fictional_content(app, with_files=True)
    add_showcase(now=NOW)
    return client


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_page_shows_a_code(rich: FlaskClient, prefix: str) -> None:
    pages = public_pages(rich, f"{prefix}/")
    assert len(pages) > 20
    codes = {
        (path, code)
        for path, page in pages.items()
        for words in shown(page, without_english=False)
        for code in [*CODE.findall(words), *VALUES.intersection([words])]
        if code != WECHAT_ACCOUNT
    }
    assert codes == set()


def test_a_chinese_page_shows_no_english_word_of_the_interface_and_no_blank_after_punctuation(
    rich: FlaskClient,
) -> None:
    english, pages = interface_words(), public_pages(rich, "/")
    assert {"Publications", "Apply", "Track your application"} <= english
    assert [(path, words) for path, page in pages.items() for words in shown(page, without_english=True)
            if words in english] == []  # fmt: skip
    assert BLANK.search("完。 接着") and BLANK.search("简历 （选填）")
    assert [(path, found.group()) for path, page in pages.items() for line in lines(page)
            for found in [BLANK.search(line)] if found] == []  # fmt: skip
