"""What the owner of an account chooses."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, EmailField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from s2group.accounts.models import User
from s2group.accounts.rules import LONGEST_NAME, Notify
from s2group.accounts.services import normal_email
from s2group.accounts.settings import Settings
from s2group.core.forms import PortalForm, at_most
from s2group.core.text import LONGEST_EMAIL

NOTIFY = {
    Notify.AT_ONCE: lazy_gettext("At once"),
    Notify.DAILY: lazy_gettext("One mail a day, at 8:00"),
    Notify.NONE: lazy_gettext("No mail"),
}


def an_address(_form: PortalForm, field: EmailField) -> None:
    """Raise ValidationError for what is neither empty nor an address."""
    if field.data and normal_email(field.data) is None:
        raise ValidationError(gettext("Write an address such as name@example.org"))


class SettingsForm(PortalForm):
    """The settings of an account."""

    name = StringField(
        lazy_gettext("Name"), [at_most(LONGEST_NAME)], filters=[lambda text: " ".join((text or "").split())]
    )
    locale = RadioField(
        lazy_gettext("Language of mail to me"),
        [InputRequired()],
        choices=[SelectChoice(value="zh", label="中文"), SelectChoice(value="en", label="English")],
    )
    notify = RadioField(lazy_gettext("Mail when a colleague mentions me"), [InputRequired()], coerce=Notify)
    notify_email = EmailField(lazy_gettext("Address for such mail"), [at_most(LONGEST_EMAIL), an_address])
    keys_on = BooleanField(lazy_gettext("Use single letters as keys (J, K, 1–5)"))

    def __init__(self, user: User) -> None:
        asked = user.notify_email_asked or user.notify_email or ""
        super().__init__(obj=user, data={"notify": Notify(user.notify), "notify_email": asked})
        self.notify.choices = [SelectChoice(value=each.value, label=words) for each, words in NOTIFY.items()]

    def settings(self) -> Settings:
        """What was chosen, once it has been validated."""
        data: dict[str, Any] = {name: self[name].data for name in Settings.__dataclass_fields__}
        return Settings(**{**data, "notify_email": data["notify_email"] or ""})
