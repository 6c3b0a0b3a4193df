"""A comment on an application."""

from collections.abc import Sequence

from flask_babel import lazy_gettext
from wtforms import SelectMultipleField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from s2group.accounts.models import User
from s2group.core.forms import PortalForm, at_most
from s2group.evaluation.discussion.rules import LONGEST_COMMENT


class CommentForm(PortalForm):
    """What is said."""

    text = TextAreaField(
        lazy_gettext("Comment"),
        [DataRequired(lazy_gettext("Write what you want to say")), at_most(LONGEST_COMMENT)],
        filters=[lambda text: (text or "").replace("\r", "").strip()],
    )


class NewCommentForm(CommentForm):
    """What is said, and to whom above all."""

    colleagues = SelectMultipleField(
        lazy_gettext("Whom to mention"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )

    def __init__(self, colleagues: Sequence[User]) -> None:
        super().__init__()
        self.colleagues.choices = [SelectChoice(value=str(each.id), label=each.shown_name) for each in colleagues]
