"""Reading the headings of a page."""

import re
from html import unescape


def headings(html: str, tag: str) -> list[str]:
    """The texts of all `tag` elements, without the markup inside them."""
    found = re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", html, re.S)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()) for text in found]
