"""What stands within a line of Markdown or HTML: links, pictures, code and the words between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from flask_babel import gettext

from s2group.content.records.rules import is_web_address

LONGEST_ADDRESS = 2000
TAG = re.compile(rf"<(/?)([A-Za-z][A-Za-z0-9]*)(?=[\s/>])([^<>]{{0,{LONGEST_ADDRESS}}})>")
AUTOLINK = re.compile(rf"<((?:https?://|mailto:)[^\s<>]{{1,{LONGEST_ADDRESS}}})>")
ANGLED_MAIL = re.compile(r"<([\w.+-]{1,64}@[\w.-]{1,200})>")
ATTRIBUTE = re.compile(r"""\b(href|src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
RAISED = re.compile(r"<sup>([^<>]{0,40})</sup>", re.IGNORECASE)
TICKS = re.compile(r"`+")
PLAIN = re.compile(r"[^\\`!\[<]+")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|~<>&-])")
# `(address "title")`, in which the address may hold one pair of parentheses.
ADDRESS = re.compile(r"""\(\s*+((?:[^\s()]++|\([^\s()]*+\))*+)\s*+(?:"[^"]{0,300}"|'[^']{0,300}')?\s*+\)""")
# Not within an address of a web page, such as one with a user's name in it.
MAIL = re.compile(r"(?<![\w.+/:@-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,20}")
BOLD_TAGS = ("strong", "b")
# Pictures that show a number, such as a repository's stars; where one stood; the clause around it; what it tells of.
COUNTER = re.compile(r"shields\.io|badgen?\.|/badges?/|komarev\.com|hits\.|visitor", re.IGNORECASE)
TAKEN = "\ue003"
COUNTED = re.compile(rf"[^，。,.;；：:、!?！？()（）\[\]]*{TAKEN}[^，。,.;；：:、!?！？()（）\[\]]*[，,、]?")
COUNTS = re.compile(
    r"\b(?:stars?|forks?|downloads?|visitors?|views|citations?)\b|下载|收藏|星标|引用|浏览|访问", re.IGNORECASE
)


@dataclass(frozen=True)
class TextRun:
    """Text between other things, with its stars and backslashes; `at` is where it begins in the line."""

    text: str
    at: int = 0


@dataclass(frozen=True)
class Code:
    """Text between backticks."""

    text: str


@dataclass(frozen=True)
class Image:
    """A picture."""

    alt: str
    url: str


@dataclass(frozen=True)
class Link:
    """A link; the pictures in its label are apart from its words."""

    label: str
    url: str
    images: tuple[Image, ...] = field(default=())


Token = TextRun | Code | Image | Link


def plain(text: str) -> str:
    """Markdown's words alone: no emphasis, no backslashes, single spaces."""
    bare = ESCAPED.sub(lambda found: found[1] if found[1] != "*" else "∗", text.replace("\\\n", " "))
    return " ".join(unescape(re.sub(r"[*`]+", "", bare)).replace("∗", "*").split())


def scan(text: str) -> list[Token]:
    """The tokens of a line, in order. Takes time in proportion to its length."""
    return list(_Scanner(RAISED.sub(_raised, text)).tokens())


def _raised(found: re.Match[str]) -> str:
    """Superscripts: marks such as * stay, numbers of affiliations go."""
    return "".join(mark for mark in found[1] if mark in "*†‡#")


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.closing = _brackets(text)
        self.lower = text.lower()
        self.last_anchor_end = self.lower.rfind("</a>")

    def tokens(self) -> Iterator[Token]:
        """Every token; neighbouring words are one."""
        at, began = 0, 0
        words: list[str] = []
        while at < len(self.text):
            token, end = self.token(at)
            if isinstance(token, str):
                began = at if not words else began
                words.append(token)
            else:
                if words:
                    yield TextRun("".join(words), began)
                    words = []
                yield token
            at = end
        if words:
            yield TextRun("".join(words), began)

    def token(self, at: int) -> tuple[Token | str, int]:
        """What begins at a place, and where it ends; a string where it is words."""
        sign = self.text[at]
        if found := PLAIN.match(self.text, at):
            return found[0], found.end()
        if sign == "\\":
            return self.text[at : at + 2], at + 2
        readers = {"`": self.code, "<": self.markup, "!": self.image, "[": self.link}
        return readers[sign](at) or (sign, at + 1)

    def code(self, at: int) -> tuple[Token | str, int] | None:
        ticks = TICKS.match(self.text, at)
        if ticks is None:
            return None
        end = self.text.find(ticks[0], ticks.end(), ticks.end() + LONGEST_ADDRESS)
        if end < 0:
            return ticks[0], ticks.end()
        return Code(self.text[ticks.end() : end].strip()), end + len(ticks[0])

    def markup(self, at: int) -> tuple[Token | str, int] | None:
        if found := AUTOLINK.match(self.text, at):
            return Link(found[1].removeprefix("mailto:"), found[1]), found.end()
        if found := ANGLED_MAIL.match(self.text, at):
            return Link(found[1], f"mailto:{found[1]}"), found.end()
        tag = TAG.match(self.text, at)
        if tag is None:
            return None
        closes, name = bool(tag[1]), tag[2].lower()
        if name == "img":
            values = _attributes(tag[3])
            return Image(values.get("alt", ""), values.get("src", "")), tag.end()
        if name == "a" and not closes and at < self.last_anchor_end:
            end = self.lower.find("</a>", tag.end())
            return _linked(self.text[tag.end() : end], _attributes(tag[3]).get("href", "")), end + len("</a>")
        return ("**" if name in BOLD_TAGS else " " if name == "br" else ""), tag.end()

    def image(self, at: int) -> tuple[Token | str, int] | None:
        found = self.text.startswith("![", at) and self.target(at + 1)
        if not found:
            return None
        label, address, end = found
        return Image(label, address), end

    def link(self, at: int) -> tuple[Token | str, int] | None:
        found = self.target(at)
        if not found:
            return None
        label, address, end = found
        return _linked(label, address), end

    def target(self, at: int) -> tuple[str, str, int] | None:
        """Label, address and end of `[label](address "title")`."""
        closing = self.closing.get(at)
        if closing is None or not self.text.startswith("(", closing + 1):
            return None
        address = ADDRESS.match(self.text, closing + 1)
        return (self.text[at + 1 : closing], address[1].strip("<>"), address.end()) if address else None


def _brackets(text: str) -> dict[int, int]:
    """Where each square bracket that is closed is closed."""
    opened, closing, escaped = [], {}, False
    for at, sign in enumerate(text):
        if sign == "[" and not escaped:
            opened.append(at)
        elif sign == "]" and opened and not escaped:
            closing[opened.pop()] = at
        escaped = sign == "\\" and not escaped
    return closing


def _linked(label: str, address: str) -> Link:
    """A link, its label's own pictures and tags taken apart from its words."""
    inside = _Shallow(label)
    return Link(plain(inside.words), unescape(address.strip()), tuple(inside.images))


class _Shallow:
    """The words and pictures of a link's label."""

    PICTURE = re.compile(rf"!\[([^\[\]]{{0,300}})\]\(([^()]{{0,{LONGEST_ADDRESS}}})\)")

    def __init__(self, label: str) -> None:
        self.images = [Image(found[1], found[2].strip()) for found in self.PICTURE.finditer(label)]
        rest = self.PICTURE.sub(" ", label)
        for tag in TAG.finditer(rest):
            if tag[2].lower() == "img":
                values = _attributes(tag[3])
                self.images.append(Image(values.get("alt", ""), values.get("src", "")))
        self.words = TAG.sub("", rest)


def _attributes(inside: str) -> dict[str, str]:
    return {found[1]: unescape(found[2] or found[3] or found[4] or "") for found in ATTRIBUTE.finditer(inside)}


def tidy(text: str) -> tuple[str, list[str]]:
    """Markdown fit for the portal's own pages, and what was left out: pictures, and links that lead nowhere.

    Mail addresses are written in words, which most harvesters do not read.
    """
    kept, notes = [], []
    for token in scan(text):
        if isinstance(token, TextRun):
            kept.append(unescape(token.text).replace("\xa0", " "))
        elif isinstance(token, Code):
            kept.append(f"`{token.text}`")
        elif isinstance(token, Image):
            notes.append(picture_left_out(token))
            kept.append(TAKEN if COUNTER.search(token.url) else "")
        else:
            notes.extend(map(picture_left_out, token.images))
            kept.append(_kept_link(token, notes))
    return MAIL.sub(_in_words, _smooth(_without_counters("".join(kept)))), notes


def _without_counters(text: str) -> str:
    """The text without badges that count, and without the clause that says what they count: 'GitHub stars ⟨badge⟩,'."""
    if TAKEN not in text:
        return text
    text = COUNTED.sub(lambda clause: "" if COUNTS.search(clause[0]) else clause[0], text).replace(TAKEN, "")
    return re.sub(r"[，,、;；：:]\s*(?=[。.!?！？])|(?<=[。！？.!?])\s*。|[(（]\s*[)）]", "", text)


def _in_words(mail: re.Match[str]) -> str:
    return mail[0].replace("@", " (at) ").replace(".", " (dot) ")


def picture_left_out(image: Image) -> str:
    """That a picture is none of the record."""
    return str(gettext("picture left out: %(address)s", address=image.url))


def link_left_out(link: Link) -> str:
    """That a link is none of the record."""
    return str(gettext("link left out: %(link)s", link=f"[{link.label}]({link.url})"))


def _kept_link(link: Link, notes: list[str]) -> str:
    if link.url.startswith("mailto:"):
        return link.label or link.url.removeprefix("mailto:")
    if is_web_address(link.url):
        return f"[{link.label}]({link.url})" if link.label else ""
    notes.append(link_left_out(link))
    return link.label


def _smooth(text: str) -> str:
    """No spaces at the ends, before punctuation or twice, and no backslash that broke the line."""
    text = " ".join(text.replace("****", "").split()).rstrip("\\ ")
    return re.sub(r" ([,;，。；、]|\.(?!\.))", r"\1", text)
