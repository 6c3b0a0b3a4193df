"""Hints at a conflict of interest in words."""

from collections.abc import Iterable

from flask_babel import lazy_gettext

from s2group.evaluation.likely_conflicts.rules import Hint

HINTS = {
    Hint.INSTITUTION: lazy_gettext("the applicant's e-mail address is of the same institution"),
    Hint.REFEREE: lazy_gettext("a referee's e-mail address is of the same institution"),
    Hint.COAUTHOR: lazy_gettext("wrote a paper that the applicant lists"),
}


def hints_in_words(found: Iterable[Hint]) -> list[str]:
    """What each says, in the reader's language."""
    return [str(HINTS[hint]) for hint in found]
