"""Reading the headings and the words of a page."""

import re
from html import unescape


def headings(html: str, tag: str) -> list[str]:
    """The texts of all `tag` elements, without the markup inside them."""
    found = re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", html, re.S)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()) for text in found]


def text_of(page: str) -> str:
    """The words of a page, without markup, one space between them."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
