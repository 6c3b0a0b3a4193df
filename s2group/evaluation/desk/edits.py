"""How a filter edits a search: its conditions stand beside the others, one in the place of another. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from s2group.evaluation.search.rules.expressions import (
    All,
    Expression,
    Node,
    Not,
    Some,
    Test,
    conditions,
    together,
)


def with_tests(expression: Expression, tests: Collection[Test], instead_of: Collection[Test]) -> Expression:
    """The expression with these tests in the place of the others; without any of both, where `tests` is empty."""
    kept = [part for part in conditions(expression.node) if part not in instead_of]
    return replace(expression, node=together(All, [*kept, *tests]))


def has_tests(expression: Expression, tests: Collection[Test]) -> bool:
    """Whether all of these tests are among its conditions."""
    return set(tests) <= set(conditions(expression.node))


def single_parts(node: Node) -> Iterator[Node]:
    """The words and tests of which an expression is made."""
    if isinstance(node, All | Some):
        for part in node.parts:
            yield from single_parts(part)
    elif isinstance(node, Not):
        yield from single_parts(node.part)
    else:
        yield node
