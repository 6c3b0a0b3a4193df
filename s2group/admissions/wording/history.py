"""What the history of an application notes, in words."""

from collections.abc import Mapping
from typing import cast

from flask_babel import gettext

from s2group.admissions.rules import Verdict
from s2group.admissions.wording.outcomes import verdict_label
from s2group.admissions.wording.states import in_words

NOT_ASKED = "–"


def note_in_words(event: str, note: str, requirements: Mapping[str, str]) -> str:
    """The note of a history entry in the reader's language; `requirements` names them by their keys.

    Other notes than those of "moved" and "judged_again" were written by people, or are addresses and numbers.
    """
    if event == "moved":
        return in_words(note)
    if event != "judged_again":
        return note
    versions, *flips = note.split("; ")
    return " · ".join([versions, *(_flip(flip, requirements) for flip in flips)])


def _flip(flip: str, requirements: Mapping[str, str]) -> str:
    """A flip "cet4: met → not_met"."""
    key, _, verdicts = flip.partition(": ")
    before, _, after = verdicts.partition(" → ")
    what = requirements.get(key) or gettext("A requirement that is asked no more")
    return str(gettext("%(what)s: %(value)s", what=what, value=f"{_verdict(before)} → {_verdict(after)}"))


def _verdict(verdict: str) -> str:
    return str(gettext("Not asked")) if verdict == NOT_ASKED else verdict_label(cast("Verdict", verdict))
