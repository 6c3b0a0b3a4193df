"""The grammar of a search, and where its shape is broken."""

import re
from collections.abc import Sequence
from functools import cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken

from s2group.evaluation.search.rules.mistakes import MisreadError, Mistake, Repair, Wrong

# More than anybody types. What is nested deeper than brackets help to understand is refused, too.
LONGEST, DEEPEST = 500, 20
# Signs of Chinese input methods and their plain ones: one for one, so that places stay where they are.
PLAIN = {0x3000: " ", 0x2212: "-", 0x00A0: " "} | {sign: chr(sign - 0xFEE0) for sign in range(0xFF01, 0xFF5F)}
PLAIN |= dict.fromkeys(map(ord, "“”„‟「」『』＂〝〞"), '"') | {ord("【"): "(", ord("】"): ")"}
COMPARISON = r">=|<=|=>|=<|[<>=≥≤≧≦]"
CONDITION = re.compile(
    rf'(?P<field>[^\s():"<>=≥≤≧≦-][^\s():"<>=≥≤≧≦]*)'
    rf'(?:(?P<colon>:)(?P<operator>{COMPARISON})?|(?P<bare>{COMPARISON}))(?P<value>"[^"]*"|[^\s()"]*)'
)
# As lark takes it, which has no use for the names of groups.
UNNAMED = re.sub(r"\?P<\w+>", "?:", CONDITION.pattern)
GRAMMAR = rf"""
some: all (OR all)*
all: _part (AND? _part)*
_part: not | _atom
not: (NOT | MINUS) _part
_atom: brackets | CONDITION | PHRASE | UNCLOSED | WORD
brackets: OPEN some CLOSE

OPEN.9: "("
CLOSE.9: ")"
AND.8: /AND(?![^\s()"])/
OR.8: /(OR|\|\|?)(?![^\s()"])/
NOT.8: /NOT(?![^\s()"])/
MINUS.7: /-(?=\S)/
CONDITION.5: /{UNNAMED}/
PHRASE.4: /"[^"]*"/
UNCLOSED.3: /"[^"]*$/
WORD.1: /[^\s()"]+/
%ignore /\s+/
"""
JOINING = ("AND", "OR")
BEFORE_A_PART = (*JOINING, "NOT", "MINUS", "OPEN")


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, start="some", parser="lalr", lexer="basic")


def plain_signs(text: str) -> str:
    """`text` with plain brackets, colons, quotation marks and spaces for full-width ones: as many signs as before."""
    return text.translate(PLAIN)


def parse(text: str) -> Tree[Token] | None:
    """The shape of a search in plain signs; None where it says nothing. Raises MisreadError."""
    if len(text) > LONGEST:
        raise MisreadError(Mistake(text, LONGEST, len(text), Wrong.TOO_LONG, {"most": LONGEST}))
    tokens = list(_parser().lex(text))
    if not tokens:
        return None
    _check_quotes(text, tokens)
    _check_depth(text, tokens)
    try:
        return _parser().parse(text)
    except UnexpectedToken as error:
        raise MisreadError(_broken(text, tokens, error.token)) from error


def without(text: str, start: int, end: int) -> str:
    """The search without the condition at this place, and without what joined it to the others."""
    tokens = list(_parser().lex(text))
    place = next(number for number, token in enumerate(tokens) if _place(token)[0] <= start < _place(token)[1])
    first = last = place
    while first and tokens[first - 1].type in ("NOT", "MINUS"):
        first -= 1
    if first and tokens[first - 1].type in JOINING:
        first -= 1
    elif last + 1 < len(tokens) and tokens[last + 1].type in JOINING:
        last += 1
    if first and last + 1 < len(tokens) and tokens[first - 1].type == "OPEN" and tokens[last + 1].type == "CLOSE":
        return without_brackets(text, _place(tokens[first - 1])[0], _place(tokens[last + 1])[1])
    return _joined(text, _place(tokens[first])[0], max(end, _place(tokens[last])[1]))


def without_brackets(text: str, start: int, end: int) -> str:
    """The search without brackets that hold nothing."""
    head, tail = text[:start].rstrip(), text[end:].lstrip()
    head = re.sub(r"(^|[\s(])(AND|OR|NOT|-)+$", r"\1", head)
    return " ".join(filter(None, [head.strip(), tail.strip()]))


def _joined(text: str, start: int, end: int) -> str:
    head, tail = text[:start].rstrip(), text[end:].lstrip()
    close = head.endswith("(") or tail.startswith(")")
    return (head + ("" if close or not head or not tail else " ") + tail).strip()


def _check_quotes(text: str, tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type == "UNCLOSED":
            repairs = (Repair(text + '"', token + '"'), Repair(text.replace(token, token[1:])))
            raise MisreadError(Mistake(text, *_place(token), Wrong.UNCLOSED_QUOTE, {}, repairs[: 1 + (len(token) > 1)]))


def _check_depth(text: str, tokens: Sequence[Token]) -> None:
    depth = 0
    for token in tokens:
        depth += {"OPEN": 1, "CLOSE": -1}.get(token.type, 0)
        if depth > DEEPEST:
            raise MisreadError(Mistake(text, *_place(token), Wrong.TOO_DEEP, {"most": DEEPEST}))


def _broken(text: str, tokens: Sequence[Token], at: Token) -> Mistake:
    """Why the parser stopped: at a token, or at the end."""
    number = next((number for number, token in enumerate(tokens) if token.start_pos == at.start_pos), len(tokens))
    if at.type == "$END":
        number = len(tokens)
    before = tokens[number - 1] if number else None
    if before is not None and before.type in BEFORE_A_PART[:-1]:
        return _dangling(text, before)
    if at.type in JOINING:
        return _dangling(text, at)
    if before is not None and before.type == "OPEN" and at.type == "CLOSE":
        place = (before.start_pos or 0, at.end_pos or 0)
        return Mistake(text, *place, Wrong.EMPTY_BRACKETS, {}, (Repair(without_brackets(text, *place)),))
    if at.type == "CLOSE":
        start, end = _place(at)
        return Mistake(text, start, end, Wrong.UNOPENED, {}, (Repair(_joined(text, start, end)),))
    start, end = _place(_unclosed(tokens))
    repairs = (Repair(text.rstrip() + ")", text[start:].rstrip() + ")"), Repair(text[:start] + text[end:]))
    return Mistake(text, start, end, Wrong.UNCLOSED, {}, repairs[: 1 + (end < len(text.rstrip()))])


def _unclosed(tokens: Sequence[Token]) -> Token:
    """The innermost bracket that nothing closes."""
    opened: list[Token] = []
    for token in tokens:
        if token.type == "OPEN":
            opened.append(token)
        elif token.type == "CLOSE" and opened:
            opened.pop()
    return opened[-1]


def _dangling(text: str, token: Token) -> Mistake:
    start, end = _place(token)
    return Mistake(text, start, end, Wrong.DANGLING, {"operator": str(token)}, (Repair(_joined(text, start, end)),))


def _place(token: Token) -> tuple[int, int]:
    return token.start_pos or 0, token.end_pos or 0
