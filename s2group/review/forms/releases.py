"""What staff choose to release, and the words of one message."""

from flask_babel import lazy_gettext
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired

from s2group.core.forms import PortalForm, at_most

LONGEST_SUBJECT = 200
LONGEST_TEXT = 20_000


class MessageForm(PortalForm):
    """Subject and text of one mail."""

    subject = StringField(
        lazy_gettext("Subject"), [DataRequired(lazy_gettext("Write a subject")), at_most(LONGEST_SUBJECT)]
    )
    text = TextAreaField(
        lazy_gettext("Text"), [DataRequired(lazy_gettext("Write what the mail says")), at_most(LONGEST_TEXT)]
    )
