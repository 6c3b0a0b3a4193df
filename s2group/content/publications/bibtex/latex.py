"""LaTeX, HTML and Markdown as the reader's text."""

import re
from functools import lru_cache
from html import unescape

from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

# What only the decoder understands, and the rest of LaTeX.
COMMANDS = re.compile(r"\\[^&%#_{}]|\\$|\$")
# More than these no export could hold for other programs; the decoder says so.
MOST_BRACES = 200
SIGN_OF = {"{": "", "}": "", "~": " ", "---": "—", "--": "–", "``": "“", "''": "”"}
SIGNS = re.compile(r"\\.|[{}~]|---|--|``|''")
# What one pair of braces holds, other pairs in it.
INSIDE = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
ADDRESS = re.compile(rf"\\url\s*{INSIDE}")
LINKED = re.compile(rf"\\(?:href|textcolor|colorbox)\s*{INSIDE}\s*{INSIDE}")
TAG = re.compile(r"</?(?:b|strong|i|em|u|ins|mark|span|font|small|code|a|sup|sub|scp|br)\b[^<>]*>", re.IGNORECASE)
ENTITY = re.compile(r"&(#\d+|#x[0-9a-f]+|[a-z]+\d*);", re.IGNORECASE)

_decoder = LatexNodes2Text(math_mode="text")


@lru_cache(maxsize=4096)  # names come again and again, and the decoder takes a millisecond for each
def plain_latex(text: str) -> str:
    """LaTeX as the reader's text: `Schr{\\"o}der` is `Schröder`.

    Line breaks become spaces; tags of HTML and what cannot be seen are left out.
    """
    text = TAG.sub("", LINKED.sub(r"\2", ADDRESS.sub(r"\1", text)))
    if COMMANDS.search(text) or text.count("{") > MOST_BRACES:
        # To LaTeX a bare % hides the rest of the line; in a title it is a percent sign.
        text = _decoded(re.sub(r"(?<!\\)%", r"\%", text))
    else:
        text = SIGNS.sub(lambda found: SIGN_OF.get(found[0], found[0][1:]), text)
    return "".join(letter for letter in " ".join(unescaped(text).split()) if letter.isprintable())


def unescaped(text: str) -> str:
    """`&amp;` and the like as the signs that they mean."""
    return ENTITY.sub(lambda found: unescape(found[0]), text)


def _decoded(text: str) -> str:
    try:
        return str(_decoder.latex_to_text(text))
    except (IndexError, AttributeError, TypeError, ValueError):  # a command without what it asks for
        return re.sub(r"\\[A-Za-z]+\s?|[\\{}$]", "", text)
