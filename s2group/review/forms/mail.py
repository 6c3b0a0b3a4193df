"""What staff type at the mail desk, and its shape."""

from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import EmailField, Field, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from s2group.core.forms import PortalForm
from s2group.core.text import plain
from s2group.mail import incoming
from s2group.mail.bounces import LONGEST_NOTICE
from s2group.mail.headers import UnfitForHeaderError, address

NOTHING = lazy_gettext("Paste the source of the notice, or choose its file")


def plain_address(_form: PortalForm, field: EmailField) -> None:
    """Raise ValidationError for anything that no mail may be sent to."""
    try:
        field.data = address(plain(field.data))
    except UnfitForHeaderError as error:
        raise ValidationError(gettext("Write an address such as name@example.org")) from error


class ElsewhereForm(PortalForm):
    """Another address for a mail that did not arrive."""

    recipient = EmailField(
        lazy_gettext("Another address"), [InputRequired(lazy_gettext("Write the other address")), plain_address]
    )


class InOneOfTwoWays:
    """Asks for the notice as text or as a file: neither field is optional by itself."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: "BounceForm", field: Field) -> None:
        """Raise ValidationError, beside the text, where neither is there."""
        if field is form.text and not form.file.data and not (form.text.data or "").strip():
            raise ValidationError(NOTHING)


class BounceForm(PortalForm):
    """A notice that came back by mail: its source as text, or as a file."""

    text = TextAreaField(lazy_gettext("The source of the notice"), [InOneOfTwoWays()])
    file = FileField(lazy_gettext("Or the notice as an .eml file"), [InOneOfTwoWays()])
    raw = b""

    def validate(self, extra_validators: Any = None) -> bool:
        """Also keep in `raw` what was sent: the file where there is one."""
        if not super().validate(extra_validators):
            return False
        self.raw = self.file.data.read(LONGEST_NOTICE + 1) if self.file.data else self.text.data.encode()
        if not self.raw.strip():
            return self.refuse(NOTHING)
        if len(self.raw) > LONGEST_NOTICE:
            return self.refuse(gettext("The notice is larger than 1 MB. Paste its first part"))
        return True

    def refuse(self, why: object) -> bool:
        """Say of what was sent why it cannot be used; False."""
        field = self.file if self.file.data else self.text
        field.errors = [why]
        return False


class ReplyForm(PortalForm):
    """A mail that somebody got, as the file that their mail program saves."""

    file = FileField(
        lazy_gettext("The mail as an .eml file"), [FileRequired(lazy_gettext("Choose the file of the mail"))]
    )
    mail: incoming.Incoming

    def validate(self, extra_validators: Any = None) -> bool:
        """Also read what was sent into `mail`."""
        if not super().validate(extra_validators):
            return False
        raw = self.file.data.read(incoming.MOST_BYTES + 1)
        if len(raw) > incoming.MOST_BYTES:
            return self.refuse(gettext("The mail is larger than 20 MB. Save it without its largest attachment"))
        try:
            self.mail = incoming.read_mail(raw)
        except incoming.UnreadableMailError:
            return self.refuse(
                gettext(
                    "This is no saved mail. In your mail program: “Save as”, or “Show original” and then “Download”"
                )
            )
        return True

    def refuse(self, why: object) -> bool:
        """Say why the file cannot be used; False."""
        self.file.errors = [why]
        return False
