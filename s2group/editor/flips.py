"""Whom other requirements concern, as far as the reader may know of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from s2group.accounts.models import User
from s2group.admissions import wording
from s2group.admissions.models import Application
from s2group.admissions.rules import Outcome, Verdict
from s2group.admissions.rules.states import BEFORE_INTERVIEW, State
from s2group.admissions.services.reevaluation import Preview, Reevaluation, VerdictChange
from s2group.core.i18n import current_locale
from s2group.evaluation.queries import applications_by_reference


@dataclass(frozen=True)
class Flip:
    """A verdict that would be another one: whose, of what, by which answer; whether judging again reaches it."""

    application: Application
    label: str
    before: str
    after: str
    reason: str
    state: str
    waits: bool


@dataclass(frozen=True)
class Flips:
    """How many applications no longer meet something or meet it newly, how many stay, and those that one may see."""

    lost: int
    gained: int
    other: int
    unchanged: int
    waiting: int
    seen: Sequence[Flip]
    unseen: int


def flips(user: User, preview: Preview) -> Flips:
    """What a preview says to this reader."""
    visible = applications_by_reference(user, [ruling.application.reference for ruling in preview.flipped])
    shown = [ruling for ruling in preview.flipped if ruling.application.reference in visible]
    lost = sum(map(_loses, preview.flipped))
    gained = sum(map(_gains, preview.flipped))
    return Flips(
        lost=lost,
        gained=gained,
        other=len(preview.flipped) - lost - gained,
        unchanged=len(preview.rulings) - len(preview.flipped),
        waiting=len(preview.before_interview),
        seen=[flip for ruling in shown for flip in _flips(ruling)],
        unseen=len(preview.flipped) - len(shown),
    )


def _loses(ruling: Reevaluation) -> bool:
    """Whether it no longer meets something that is still asked."""
    return any(change.before is Verdict.MET and change.after is not None for change in ruling.verdict_changes)


def _gains(ruling: Reevaluation) -> bool:
    """Whether it meets something newly, and loses nothing."""
    newly = any(change.after is Verdict.MET and change.before is not None for change in ruling.verdict_changes)
    return newly and not _loses(ruling)


def _flips(ruling: Reevaluation) -> list[Flip]:
    outcomes = {outcome.key: outcome for outcome in ruling.outcomes}
    return [_flip(ruling.application, change, outcomes.get(change.key)) for change in ruling.verdict_changes]


def _flip(application: Application, change: VerdictChange, outcome: Outcome | None) -> Flip:
    locale = current_locale()
    return Flip(
        application=application,
        label=change.label.zh if locale == "zh" else change.label.en,
        before=_word(change.before),
        after=_word(change.after),
        reason=wording.explained([outcome], locale)[0].reason if outcome else "",
        state=str(wording.STATES[State(application.state)]),
        waits=application.state in BEFORE_INTERVIEW,
    )


def _word(verdict: Verdict | None) -> str:
    return wording.verdict_label(verdict) if verdict else str(gettext("Not asked"))
