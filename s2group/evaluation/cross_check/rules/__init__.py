"""Compares what a form states with what the text of a résumé states. Pure.

Where the text says nothing of a field, or says the same among other things, there is no difference: a hint is worth a
reader's time only if the two contradict one another. tests/unit/evaluation/cross_check measures it on résumés of ten
layouts in two languages.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from s2group.evaluation.cross_check.rules.claims import Difference, readable
from s2group.evaluation.cross_check.rules.grades import average, rank
from s2group.evaluation.cross_check.rules.origins import email, university, years
from s2group.evaluation.cross_check.rules.papers import titles
from s2group.evaluation.cross_check.rules.scores import scores

__all__ = ["Difference", "differences"]

COMPARISONS: tuple[Callable[[Mapping[str, Any], str], Iterator[Difference]], ...] = (
    scores, average, rank, university, email, titles, years,
)  # fmt: skip


def differences(answers: Mapping[str, Any], address: str, text: str) -> list[Difference]:
    """What `text`, a résumé with a form feed after each page, says otherwise than a form with this e-mail address."""
    said, stated = readable(text), {**answers, "email": address}
    return [found for compare in COMPARISONS for found in compare(stated, said)]
