"""Where from, how to reach them, and the years of study that a text claims. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from s2group.core.text import EMAIL, HAN_SIGNS, comparable
from s2group.evaluation.cross_check.rules.claims import YEAR, Claim, Difference, comparable_all, difference, line_at

UNIVERSITY = {
    "zh": re.compile(rf"[{HAN_SIGNS}]{{2,18}}?大学(?![{HAN_SIGNS}]?生)"),
    "en": re.compile(
        r"(?:[A-Z][A-Za-z&'’\-]+ ){1,5}(?:University|Institute)(?: of(?: [A-Z][A-Za-z&]+)+(?: and [A-Z][a-z]+)*)?"
        r"|University of(?: [A-Z][A-Za-z]+)+"
    ),
}
# Before the name of one's own university on its line stands no such word.
NOT_OWN = re.compile(
    r"交流|访问|暑期|夏令营|交换|实习|合作|导师|推荐|exchange|visit|summer|intern|advis|supervis|referee", re.IGNORECASE
)
ENROLLED = re.compile(
    r"本科|硕士|学士|专业|学院|教育|就读|毕业|bachelor|master|b\.?\s?(?:sc|eng|s)\b"
    r"|undergraduate|major|education|degree|college|school of",
    re.IGNORECASE,
)


def university(stated: Mapping[str, Any], said: str) -> Iterator[Difference]:
    """Another university than the stated one, which the text does not name; of the same script alone."""
    name = stated.get("university")
    if not isinstance(name, str) or comparable(name) in comparable_all(said):
        return
    script = "zh" if re.search(f"[{HAN_SIGNS}]", name) else "en"
    for match in UNIVERSITY[script].finditer(said):
        near = said[max(0, match.start() - 60) : match.end() + 60]
        if ENROLLED.search(near) and not NOT_OWN.search(line_at(said, match.start())):
            yield difference("university", name, said, Claim(match[0], *match.span()))
            return


def email(stated: Mapping[str, Any], said: str) -> Iterator[Difference]:
    """The address where the text holds others and not the stated one."""
    own = stated["email"].casefold()
    found = [match for match in EMAIL.finditer(said) if "." in match[0].rpartition("@")[2]]
    if not found or own in comparable_all(said):
        return
    mine = [match for match in found if not NOT_OWN.search(line_at(said, match.start()))]
    if mine:
        yield difference("email", stated["email"], said, Claim(mine[0][0], *mine[0].span()))


SPAN = re.compile(
    rf"({YEAR})\s*(?:[./\-年]\s*\d{{1,2}}\s*月?)?\s*年?\s*(?:-|–|—|~|至|到|to|until)+\s*(?:[A-Z][a-z]{{2,8}}\.?\s*)?({YEAR})",
    re.IGNORECASE,
)


def years(stated: Mapping[str, Any], said: str) -> Iterator[Difference]:
    """Years of study that begin or end otherwise."""
    spans = list(_spans_of_study(stated, said))
    for field, place in (("entry_month", 1), ("graduation_month", 2)):
        month = stated.get(field)
        if isinstance(month, str) and spans and all(match[place] != month[:4] for match in spans):
            yield difference(field, month, said, Claim(None, *spans[0].span()))


def _spans_of_study(stated: Mapping[str, Any], said: str) -> Iterator[re.Match[str]]:
    """The years beside a word of studies, not beside one of work."""
    name = stated.get("university")
    known = comparable(name) if isinstance(name, str) else ""
    for match in SPAN.finditer(said):
        line = line_at(said, match.start())
        around = line if len(line) > 40 else _lines_around(said, match)
        if not NOT_OWN.search(line) and ((known and known in comparable_all(around)) or UNDERGRADUATE.search(line)):
            yield match


UNDERGRADUATE = re.compile(r"本科|学士|bachelor|b\.?\s?(?:sc|eng)\b|undergraduate", re.IGNORECASE)


def _lines_around(said: str, match: re.Match[str]) -> str:
    """Its line, two before and one behind it: the years may stand on a line of their own, or in a cell."""
    start = match.start()
    for _line_before in range(3):
        start = max(0, said.rfind("\n", 0, start))
    end = said.find("\n", match.end())
    following = said.find("\n", end + 1) if end >= 0 else -1
    return said[start : following if following >= 0 else len(said)]
