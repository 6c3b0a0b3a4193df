"""Markdown from editors and content files, as HTML that is safe to show."""

import nh3
from markdown import Markdown
from markupsafe import Markup

TAGS = {
    "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a", "hr",
    "table", "thead", "tbody", "tr", "th", "td", "sup", "sub",
}  # fmt: skip
LINK_SCHEMES = {"http", "https", "mailto"}
# So many brackets may be open at a time; the words of links hold one or two.
DEEPEST = 20
LINK_REL = "noopener noreferrer nofollow"


def markdown_to_html(text: str) -> Markup:
    """Render Markdown; anything outside a short list of tags and links is taken out."""
    if _depth(text) > DEEPEST:  # the parser would look for the end of each bracket, for minutes
        text = text.replace("[", "\\[")
    html = Markdown(extensions=["tables", "sane_lists"], output_format="html").convert(text)
    clean = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=LINK_SCHEMES, link_rel=LINK_REL)
    return Markup(clean)  # noqa: S704 - cleaned in the line above


def _depth(text: str) -> int:
    deepest = depth = 0
    for sign in text:
        if sign in "[]":
            depth = depth + 1 if sign == "[" else max(0, depth - 1)
            deepest = max(deepest, depth)
    return deepest
