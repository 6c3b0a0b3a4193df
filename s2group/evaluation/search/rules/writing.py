"""Writes an expression as a search that reads as the same one."""

import re
from collections.abc import Mapping, Sequence

from s2group.evaluation.search.rules.expressions import All, Expression, Node, Not, Some, Test, Words
from s2group.evaluation.search.rules.fields import Field
from s2group.evaluation.search.rules.kinds import Locale

NEEDS_QUOTES = re.compile(r"[\s(),、，]")


def written(expression: Expression, fields: Sequence[Field], locale: Locale | None = None) -> str:
    """The search with its values in words of `locale`; without one with their keys, as it is kept."""
    return _written(expression.node, {field.key: field for field in fields}, locale)


def _written(node: Node, fields: Mapping[str, Field], locale: Locale | None) -> str:
    if isinstance(node, Words):
        return f'"{node.text}"' if node.exact else node.text
    if isinstance(node, Test):
        return _test(node, fields[node.field], locale)
    if isinstance(node, Not):
        return "-" + _within(node.part, (All, Some, Not), fields, locale)
    if isinstance(node, Some):
        return " OR ".join(_within(part, (Some,), fields, locale) for part in node.parts)
    return " ".join(_within(part, (Some, All), fields, locale) for part in node.parts)


def _test(test: Test, field: Field, locale: Locale | None) -> str:
    sign = "" if test.operator == "=" else test.operator
    value = field.kind.written(test.value, locale)
    return f"{test.field}:{sign}{quoted(value)}"


def quoted(value: str) -> str:
    """The value as it is typed: in quotation marks where it would end before its last sign."""
    return f'"{value}"' if NEEDS_QUOTES.search(value) else value


def _within(part: Node, in_brackets: tuple[type, ...], fields: Mapping[str, Field], locale: Locale | None) -> str:
    text = _written(part, fields, locale)
    return f"({text})" if isinstance(part, in_brackets) else text
