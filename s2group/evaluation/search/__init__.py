"""The search of applications: the one way to say which ones are meant, for lists, bulk actions, exports and views."""

from s2group.evaluation.search.queries import condition, counted, found, found_by_each, read
from s2group.evaluation.search.rules.expressions import Expression
from s2group.evaluation.search.rules.mistakes import Mistake

__all__ = ["Expression", "Mistake", "condition", "counted", "found", "found_by_each", "read"]
