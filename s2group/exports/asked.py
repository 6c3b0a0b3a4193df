"""A search as an event keeps it, which outlives the applicants: without the words that may be somebody's name."""

from dataclasses import replace

from s2group.accounts.models import User
from s2group.evaluation.search import Expression
from s2group.evaluation.search.fields import fields
from s2group.evaluation.search.rules.expressions import All, Node, Not, Some, Test, Words
from s2group.evaluation.search.rules.kinds import Text
from s2group.evaluation.search.rules.writing import written

HIDDEN = "…"


def kept_search(expression: Expression, user: User) -> str:
    """The search by its keys, with … in the place of every free word; empty for all applications."""
    known = fields(user)
    texts = {field.key for field in known if isinstance(field.kind, Text)}
    return written(replace(expression, node=_without_words(expression.node, texts)), known)


def _without_words(node: Node, texts: set[str]) -> Node:
    match node:
        case Words():
            return replace(node, text=HIDDEN)
        case Test(field) if field in texts:
            return replace(node, value=HIDDEN)
        case Not(part):
            return Not(_without_words(part, texts))
        case All(parts):
            return All(tuple(_without_words(part, texts) for part in parts))
        case Some(parts):
            return Some(tuple(_without_words(part, texts) for part in parts))
    return node
