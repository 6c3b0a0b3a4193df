"""The sections of a home page and what stands in each: paragraphs, list items and paper boxes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from s2group.content.importer.inline import plain
from s2group.content.importer.parsed_blocks import Heading
from s2group.content.importer.text import LONGEST_LINE, Line

HEADING = re.compile(r" {0,3}(#{1,6})(?!#)(.*)")
HTML_HEADING = re.compile(r"\s*<h([1-6])[^<>]*>([^<>]*)</h[1-6]>\s*", re.IGNORECASE)
MARKER = re.compile(r"(\s*)(?:[-*+]|\d{1,9}[.)])\s+")
BOX = re.compile(r"""<div\b[^<>]*\bclass=["']?paper-box["'\s>]""", re.IGNORECASE)
DIV = re.compile(r"<(/?)div\b", re.IGNORECASE)
FENCE = re.compile(r"\s*(```|~~~)")
# Which words of a heading tell what stands under it; the first that fits counts.
KINDS = (
    ("service", r"review|service|审稿|学术服务|社会服务|兼职"),
    ("publication", r"publication|papers?\b|preprint|论文|发表|著作"),
    ("internship", r"\bintern|实习"),
    ("education", r"\beducat|教育|学历"),
    ("honour", r"hono[u]?r|award|scholarship|prize|荣誉|获奖|奖励|奖项"),
    ("news", r"\bnews\b|what's new|updates|新闻|动态|近况"),
    ("talk", r"\btalks?\b|invited|presentation|报告|演讲|讲座"),
    ("software", r"software|open[- ]?source|\bcode\b|开源|软件"),
    ("project", r"project|grant|funding|项目|基金"),
    ("experience", r"experience|employment|\bwork|career|appointment|position|经历|任职"),
    ("biography", r"biograph|\bbio\b|about|introduction|research interests?|简介|关于|介绍|研究方向|研究兴趣"),
)


class Shape(StrEnum):
    """How a block is written."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    BOX = "box"
    FENCED = "fenced"
    OVERLONG = "overlong"


@dataclass(frozen=True)
class Block:
    """Neighbouring lines that belong together, without blank ones."""

    shape: Shape
    lines: tuple[Line, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its lines."""
        return tuple(line.number for line in self.lines)


def heading_of(line: Line) -> tuple[int, str] | None:
    """Level and words of a heading; None where the line is none."""
    text = line.text.rstrip().rstrip("#").rstrip()
    found = HEADING.fullmatch(text) or HTML_HEADING.fullmatch(text)
    if found is None:
        return None
    return (int(found[1]) if found[1].isdecimal() else len(found[1])), plain(found[2])


def kind_of(title: str) -> str:
    """What a section of this title holds: a kind of ProfileEntry, 'publication', or empty."""
    words = title.casefold()
    return next((kind for kind, pattern in KINDS if re.search(pattern, words)), "")


class Sections:
    """Where on the page one is: a section whose title says nothing has the kind of the one it belongs to."""

    def __init__(self) -> None:
        self.above: list[tuple[int, str]] = []
        self.kind = "biography"

    def enter(self, line: Line) -> Heading:
        level, title = heading_of(line) or (1, "")
        while self.above and self.above[-1][0] >= level:
            self.above.pop()
        inherited = self.above[-1][1] if self.above else ""
        self.kind = kind_of(title) or inherited
        self.above.append((level, self.kind))
        return Heading(title, self.kind)


def blocks_of(lines: Sequence[Line]) -> Iterator[Block]:
    """The blocks of a page in order; every line that is not blank is in exactly one."""
    at = 0
    while at < len(lines):
        if lines[at].blank:
            at += 1
            continue
        shape = _shape(lines[at])
        end = ENDS[shape](lines, at)
        yield Block(shape, tuple(line for line in lines[at:end] if not line.blank))
        at = end


def _shape(line: Line) -> Shape:
    if len(line.text) > LONGEST_LINE:
        return Shape.OVERLONG
    if heading_of(line):
        return Shape.HEADING
    if BOX.search(line.text):
        return Shape.BOX
    if FENCE.match(line.text):
        return Shape.FENCED
    return Shape.ITEM if MARKER.match(line.text) else Shape.PARAGRAPH


def _single(_lines: Sequence[Line], at: int) -> int:
    return at + 1


def _paragraph(lines: Sequence[Line], at: int) -> int:
    end = at + 1
    while end < len(lines) and not lines[end].blank and _shape(lines[end]) is Shape.PARAGRAPH:
        end += 1
    return end


def _item(lines: Sequence[Line], at: int) -> int:
    """An item goes on over indented lines, blank ones between them, and lines that follow without a mark."""
    end = at + 1
    indent = _indent(lines[at])
    while (following := _next_written(lines, end)) is not None:
        line = lines[following]
        deeper = _indent(line) >= indent + 2
        flows_on = following == end and _shape(line) is Shape.PARAGRAPH
        if _shape(line) in (Shape.HEADING, Shape.BOX, Shape.OVERLONG) or not (deeper or flows_on):
            break
        end = following + 1
    return end


def _box(lines: Sequence[Line], at: int) -> int:
    """A box ends where its tags are closed, or, where they never are, before the next box or heading."""
    depth, end = _depth(lines[at]), at + 1
    while depth > 0 and end < len(lines) and _shape(lines[end]) not in (Shape.HEADING, Shape.BOX, Shape.OVERLONG):
        depth += _depth(lines[end])
        end += 1
    return end


def _fenced(lines: Sequence[Line], at: int) -> int:
    opening = FENCE.match(lines[at].text)
    mark = opening[1] if opening else ""
    closing = (end for end in range(at + 1, len(lines)) if lines[end].text.strip().startswith(mark))
    return next(closing, at) + 1


def _depth(line: Line) -> int:
    return sum(-1 if tag[1] else 1 for tag in DIV.finditer(line.text))


def _indent(line: Line) -> int:
    text = line.text.expandtabs(4)
    return len(text) - len(text.lstrip())


def _next_written(lines: Sequence[Line], start: int) -> int | None:
    return next((at for at in range(start, len(lines)) if not lines[at].blank), None)


ENDS = {
    Shape.HEADING: _single,
    Shape.OVERLONG: _single,
    Shape.PARAGRAPH: _paragraph,
    Shape.ITEM: _item,
    Shape.BOX: _box,
    Shape.FENCED: _fenced,
}
