"""The lines of a home page: decoded, mended, and without what is there only for the generator."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import ftfy
from flask_babel import gettext, lazy_gettext

from s2group.content.importer.parsed_blocks import NotPlaced, ParsedBlock, Skipped
from s2group.content.records.errors import ContentError

MOST_BYTES = 2_000_000
# No line of a page that people wrote is longer; one that is would only cost time.
LONGEST_LINE = 20_000
NEW_LINE = re.compile(r"\r\n|\r|\n")
CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
FENCE = re.compile(r"-{3,}\s*")
LIQUID = re.compile(r"(\{%[^{}]*%\}|\{\{[^{}]*\}\}|\s)+")
RULE = re.compile(r"\s*([-*_=])(\s*\1){2,}\s*")
UNDERLINE = re.compile(r"(={3,}|-{3,})\s*")
TITLE = re.compile(r"\w[^.。\[\]<>|]{0,60}")
NOT_ASCII = re.compile(r"[^\x00-\x7f]{3,}")
# Elements of which a browser shows nothing.
HIDDEN = re.compile(r"<(style|script|noscript|template)(?=[\s>])", re.IGNORECASE)
# 'AAAAAAAAAA.', Lorem ipsum and the like, by which templates show where a text belongs.
PLACEHOLDER = re.compile(r"\blorem\b|\b([A-Z])\1{5,}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """A line of the file and its number, from 1 on."""

    number: int
    text: str
    mended: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing stands on it."""
        return not self.text.strip()


def read_lines(data: bytes, place: str) -> list[Line]:
    """All lines of a page, wrongly decoded letters mended. Raises ContentError where it is not UTF-8 text."""
    if len(data) > MOST_BYTES:
        raise ContentError(
            place,
            lazy_gettext("the file is too large for a home page"),
            lazy_gettext("Keep it under %(count)s bytes", count=MOST_BYTES),
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentError(
            place, lazy_gettext("the file is not UTF-8 text"), lazy_gettext("Save it again as UTF-8")
        ) from error
    if "\x00" in text:
        raise ContentError(
            place, lazy_gettext("the file is not text"), lazy_gettext("Name the Markdown file of the home page")
        )
    return [_line(number, written) for number, written in enumerate(NEW_LINE.split(text), start=1)]


def _line(number: int, written: str) -> Line:
    text = CONTROL.sub("", written)
    mended = mend(text) if text.strip() else ""
    return Line(number, mended, mended=mended != text)


def mend(text: str) -> str:
    """The text as its author typed it, where UTF-8 was read as another encoding; other text stays as it is."""
    if text.isascii() or len(text) > LONGEST_LINE:
        return text
    return NOT_ASCII.sub(_from_mac_roman, ftfy.fix_encoding(text))


def _from_mac_roman(run: re.Match[str]) -> str:
    """What the bytes of a run of letters say as UTF-8, where all of it becomes Han, emoji and the like.

    Such letters take three bytes or more: an accented word, whose letters take two, can never come to that.
    """
    try:
        mended = run[0].encode("mac_roman").decode()
    except UnicodeError:
        return run[0]
    return mended if all(letter >= "\u2000" for letter in mended) else run[0]


def without_machinery(lines: Sequence[Line]) -> tuple[list[Line], list[ParsedBlock]]:
    """The lines that people read, and what became of the others.

    The others are front matter, styles, scripts, Liquid, comments, rules, and placeholders of a template.

    A line taken out leaves a blank one, so that what stood around it stays apart.
    """
    findings = [*_front_matter(lines)]
    gone = {number for finding in findings for number in finding.lines}
    seen, hidden = _without_hidden_elements([line for line in lines if line.number not in gone])
    findings += hidden
    gone |= {number for finding in hidden for number in finding.lines}
    rest = _with_marked_headings(seen)
    for line, reason in _machinery(rest):
        findings.append(ParsedBlock((line.number,), Skipped(reason)))
        gone.add(line.number)
    return [Line(line.number, "") if line.number in gone else line for line in rest], findings


def _front_matter(lines: Sequence[Line]) -> Iterator[ParsedBlock]:
    written = [line for line in lines if not line.blank]
    if not written or not FENCE.fullmatch(written[0].text):
        return
    inside = list(takewhile(lambda line: not FENCE.fullmatch(line.text), written[1:]))
    if len(inside) + 1 == len(written):  # nothing closes it, so it is none
        return
    for line in (written[0], *inside, written[len(inside) + 1]):
        field = "" if FENCE.fullmatch(line.text) else line.text.strip()
        reason = gettext("front matter: %(field)s", field=field) if field else gettext("front matter")
        yield ParsedBlock((line.number,), Skipped(reason))


def _without_hidden_elements(lines: Sequence[Line]) -> tuple[list[Line], list[ParsedBlock]]:
    """The lines without styles and scripts, and what became of those of which nothing is left."""
    seen, findings, inside = [], [], ""
    for line in lines:
        opened = inside or _hidden_elements(line.text)
        text, inside = _shown(line.text, inside)
        seen.append(replace(line, text=text))
        if opened and not line.blank and not text.strip():
            findings.append(ParsedBlock((line.number,), Skipped(opened)))
    if inside:
        last = NotPlaced(gettext("%(tag)s begins here or above and is never closed", tag=f"<{inside}>"))
        findings[-1:] = [replace(finding, thing=last) for finding in findings[-1:]]
    return seen, findings


def _hidden_elements(text: str) -> str:
    found = HIDDEN.search(text)
    return found[1].lower() if found else ""


def _shown(text: str, inside: str) -> tuple[str, str]:
    """What a browser shows of a line, and which hidden element is open at its end; `inside` is the one at its start."""
    shown = []
    while text:
        if inside:
            end = re.search(rf"</{inside}\s*>", text, re.IGNORECASE)
            text, inside = (text[end.end() :], "") if end else ("", inside)
            continue
        begin = HIDDEN.search(text)
        shown.append(text[: begin.start()] if begin else text)
        text, inside = (text[begin.end() :], begin[1].lower()) if begin else ("", "")
    return "".join(shown), inside


def _with_marked_headings(lines: Sequence[Line]) -> list[Line]:
    """The lines, a heading that is underlined made one that begins with #."""
    following = [*lines[1:], Line(0, "")]
    return [
        replace(line, text=f"{'#' if under.text.startswith('=') else '##'} {line.text.strip()}")
        if UNDERLINE.fullmatch(under.text) and TITLE.fullmatch(line.text)
        else line
        for line, under in zip(lines, following, strict=False)
    ]


def _machinery(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    comment = False
    for line in lines:
        text = line.text.strip()
        if text and (comment or text.startswith("<!--")):
            comment = "-->" not in text
            yield line, gettext("comment")
        elif text:
            reason = _reason(text)
            if reason:
                yield line, reason


def _reason(text: str) -> str:
    """Why a line says nothing to a reader; empty where it does."""
    if len(text) > LONGEST_LINE:
        return ""
    if LIQUID.fullmatch(text):
        return "Liquid"
    if RULE.fullmatch(text):
        return str(gettext("rule"))
    return str(gettext("placeholder")) if PLACEHOLDER.search(text) else ""
