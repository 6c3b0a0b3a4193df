"""What a reader says that a requirement comes to."""

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.validators import AnyOf, InputRequired
from wtforms.widgets import HiddenInput

from s2group.admissions.rules import Verdict
from s2group.admissions.wording import verdict_label
from s2group.core.forms import PortalForm, at_most
from s2group.evaluation.judged import JudgedOutcome

LONGEST_REASON = 1000
# Lets the answers count again.
AS_ANSWERED = "answers"


class OutcomeForm(PortalForm):
    """A verdict, and why it is another one than that of the answers."""

    verdict = RadioField(lazy_gettext("Verdict"), [InputRequired(lazy_gettext("Choose a verdict"))])
    reason = TextAreaField(
        lazy_gettext("Reason"), [at_most(LONGEST_REASON)], filters=[lambda text: text.strip() if text else ""]
    )
    # What the page showed: the newest word about the outcome, and the verdict of the answers.
    seen = IntegerField(widget=HiddenInput(), default=0)
    computed = HiddenField(validators=[AnyOf([*Verdict])])

    def __init__(self, judged: JudgedOutcome) -> None:
        chosen = judged.said.verdict if judged.said else judged.confirms
        super().__init__(data={"verdict": chosen.value, "seen": judged.newest, "computed": judged.computed.value})
        self.verdict.choices = [(verdict.value, verdict_label(verdict)) for verdict in Verdict]
        if judged.said:
            self.verdict.choices.append((AS_ANSWERED, gettext("What the answers say counts again")))
        self.judged = judged

    @property
    def said(self) -> Verdict | None:
        """The verdict that was chosen; None where the answers shall count."""
        return None if self.verdict.data == AS_ANSWERED else Verdict(self.verdict.data)

    @property
    def shown(self) -> Verdict:
        """The verdict of the answers as the page showed it."""
        return Verdict(self.computed.data)

    def ask_for_reason(self) -> None:
        """Say that this verdict wants one."""
        self.reason.errors = [gettext("Say why: the answers come to another verdict")]

    def tell_of_change(self) -> None:
        """Say that a colleague or the applicant was faster; what was typed stays, and counts when it is sent again."""
        self.seen.raw_data, self.seen.data = None, self.judged.newest
        self.computed.data = self.judged.computed.value
        self.form_errors.append(gettext("It has changed meanwhile, as it stands above. Compare, then save again"))
