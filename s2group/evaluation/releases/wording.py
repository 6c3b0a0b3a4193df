"""What becomes of messages, and what to look at before they go, in words for the staff."""

from flask_babel import lazy_gettext

from s2group.evaluation.releases.rules import Doubt, Outcome

OUTCOMES = {
    Outcome.TOLD: lazy_gettext("Told, and the mail is written"),
    Outcome.HELD_BACK: lazy_gettext("Held back: not told"),
    Outcome.CHANGED: lazy_gettext("Skipped: the decision had changed meanwhile"),
    Outcome.KNOWN: lazy_gettext("Skipped: the applicant knew already"),
    Outcome.WITHDRAWN: lazy_gettext("Skipped: the application was withdrawn"),
}
DOUBTS = {
    Doubt.CHANGED: lazy_gettext("The decision is another one now: this message will be skipped"),
    Doubt.KNOWN: lazy_gettext("The applicant has been told this already: this message will be skipped"),
    Doubt.WITHDRAWN: lazy_gettext("The applicant has withdrawn the application"),
    Doubt.REVERSED: lazy_gettext("The applicant was told another answer before"),
    Doubt.TWICE: lazy_gettext("Another release that waits has a message for this applicant too"),
    Doubt.EMPTY_FIELD: lazy_gettext("A field in braces is not filled in: write its value"),
}
