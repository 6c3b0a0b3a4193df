"""Reads a search: an expression, or the first mistake in it with its place and what may have been meant."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from difflib import get_close_matches
from typing import NoReturn, cast

from lark import Token, Tree

from s2group.admissions.fulltext.rules import terms
from s2group.evaluation.search.rules import grammar
from s2group.evaluation.search.rules.expressions import (
    All,
    Expression,
    Node,
    Operator,
    Some,
    Test,
    Words,
    negated,
    together,
)
from s2group.evaluation.search.rules.fields import Field
from s2group.evaluation.search.rules.kinds import MOST_OFFERED, BadValueError, folded
from s2group.evaluation.search.rules.mistakes import MisreadError, Mistake, Repair, Wrong

Fields = Sequence[Field]
# As they are typed, and what they are.
OPERATORS = {"≥": ">=", "≧": ">=", "=>": ">=", "≤": "<=", "≦": "<=", "=<": "<="}


def read_query(typed: str, fields: Fields, *, now: datetime, zone: tzinfo) -> Expression | Mistake:
    """What is asked with these fields; without a word, every application.

    `zone` says when days begin. Places in a mistake count the signs of `typed`.
    """
    try:
        tree = grammar.parse(grammar.plain_signs(typed))
        node = _Reader(typed, fields).node(tree) if tree else All()
    except MisreadError as error:
        found = error.mistake
        return Mistake(typed, found.start, found.end, found.wrong, found.details, found.repairs)
    return Expression(node, now, zone)


class _Reader:
    """Reads one search."""

    def __init__(self, typed: str, fields: Fields) -> None:
        self.text = grammar.plain_signs(typed)
        self.fields: Mapping[str, Field] = {name: field for field in fields for name in field.names}

    def node(self, tree: Tree[Token] | Token) -> Node:
        """What a part of the tree says. Raises MisreadError."""
        if isinstance(tree, Token):
            return self._condition(tree) if tree.type == "CONDITION" else self._words(tree)
        parts = [self.node(part) for part in tree.children if isinstance(part, Tree) or part.type not in IGNORED]
        if tree.data == "not":
            return negated(parts[0])
        return parts[0] if tree.data == "brackets" else together(Some if tree.data == "some" else All, parts)

    def _words(self, token: Token) -> Node:
        is_quoted = token.type == "PHRASE"
        text = token[1:-1] if is_quoted else str(token)
        if not terms(text):
            self._refuse(token, 0, len(token), Wrong.NO_WORDS)
        return Words(text.strip(), exact=is_quoted)

    def _condition(self, token: Token) -> Node:
        match = grammar.CONDITION.fullmatch(token)
        if match is None:
            raise TypeError(token)
        name, typed = match["field"], match["value"].strip('"')
        field = self.fields.get(folded(name))
        if field is None:
            if match["colon"] is None:
                return self._words(token)  # a>b is no field
            self._refuse_field(token, name)
        sign = match["operator"] or match["bare"] or "="
        operator = cast("Operator", OPERATORS.get(sign, sign))
        if not typed.strip():
            self._refuse_empty(token, match.start("value"))
        start, end = match.span("value")
        if operator != "=" and not field.kind.has_order:
            place = match.span("operator" if match["colon"] else "bare")
            self._refuse(token, *place, Wrong.NO_ORDER, f"{name}:{match['value']}", field=field, operator=sign)
        try:
            return Test(field.key, operator, field.kind.read(typed.strip(), operator))
        except BadValueError as error:
            changes = [self._changed(name, sign, value) for value in error.instead]
            self._refuse(token, start, end, error.wrong, *changes, field=field, value=typed, **error.details)

    @staticmethod
    def _changed(name: str, sign: str, value: str) -> str:
        """The condition with another value, which may bring its own operator."""
        shown = f'"{value}"' if " " in value else value
        return f"{name}:{shown if value[:1] in '<>' else ('' if sign == '=' else sign) + shown}"

    def _refuse_field(self, token: Token, name: str) -> NoReturn:
        wanted, names = folded(name), self.fields
        begun = [each for each in names if len(wanted) > 1 and each.startswith(wanted)]
        close = get_close_matches(wanted, names, MOST_OFFERED, 0.6)
        keys = list(dict.fromkeys(names[each].key for each in [*begun, *close]))[:MOST_OFFERED]
        changes = [key + token[len(name) :] for key in keys]
        quoted = f'"{token}"' if '"' not in token else ""
        meant = [self.fields[folded(key)] for key in keys]
        self._refuse(
            token, 0, len(name), Wrong.UNKNOWN_FIELD, *changes, *filter(None, [quoted]), name=name, meant=meant
        )

    def _refuse_empty(self, token: Token, value: int) -> NoReturn:
        """A blank behind the colon: what follows may be the value."""
        end = token.end_pos or 0
        rest = self.text[end:]
        following = rest.split(maxsplit=1)[:1]
        repairs = (
            [Repair(self.text[:end] + rest.lstrip(), token + following[0])] if rest[:1].isspace() and following else []
        )
        start = token.start_pos or 0
        repairs.append(Repair(grammar.without(self.text, start, end)))
        raise MisreadError(
            Mistake(self.text, start, start + max(value, 1), Wrong.NO_VALUE, {"name": token[:value]}, tuple(repairs))
        )

    def _refuse(self, token: Token, start: int, end: int, wrong: Wrong, *changes: str, **details: object) -> NoReturn:
        """Raise what is wrong with a part of a token; `changes` are what may stand in its place."""
        begin, stop = token.start_pos or 0, token.end_pos or 0
        repairs = [Repair(self.text[:begin] + change + self.text[stop:], change) for change in changes]
        repairs.append(Repair(grammar.without(self.text, begin, stop)))
        raise MisreadError(Mistake(self.text, begin + start, begin + end, wrong, details, tuple(repairs)))


# Tokens that say nothing once the tree stands.
IGNORED = frozenset({"AND", "OR", "NOT", "MINUS", "OPEN", "CLOSE"})
