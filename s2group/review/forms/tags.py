"""A tag, and the tags of an application."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from s2group.core.forms import PortalForm, at_most
from s2group.core.text import plain
from s2group.evaluation.tags.models import Tag
from s2group.evaluation.tags.rules import LONGEST_NAME, Colour, tidy_name

COLOURS = {
    Colour.GREY: lazy_gettext("grey"),
    Colour.BLUE: lazy_gettext("blue"),
    Colour.GREEN: lazy_gettext("green"),
    Colour.AMBER: lazy_gettext("amber"),
    Colour.RED: lazy_gettext("red"),
}
TAKEN = lazy_gettext("There is a tag of this name. Choose another one")
SHARED, PRIVATE = "shared", "private"


def plain_name(text: str | None) -> str:
    """As typed, without what nobody sees or means."""
    return " ".join(plain(text or "").split())


def can_be_searched(_form: PortalForm, field: StringField) -> None:
    """Raise ValidationError for a name that could not stand in a search."""
    try:
        field.data and tidy_name(field.data)
    except ValueError as error:
        raise ValidationError(lazy_gettext("Leave the quotation marks out")) from error


class TagForm(PortalForm):
    """What a tag is called and looks like."""

    name = StringField(
        lazy_gettext("Name of the tag"),
        [DataRequired(lazy_gettext("Write the name of the tag")), at_most(LONGEST_NAME), can_be_searched],
        filters=[plain_name],
    )
    q = StringField(lazy_gettext("Search"), filters=[lambda text: (text or "").strip()])
    colour = RadioField(lazy_gettext("Colour"), coerce=Colour, default=Colour.GREY)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.colour.choices = [SelectChoice(value=each.value, label=words) for each, words in COLOURS.items()]

    def refuse_query(self, why: str) -> None:
        """Say what is wrong with the search."""
        self.q.errors = [why]

    def refuse_name(self) -> None:
        """Say that the name is taken."""
        self.name.errors = [TAKEN]


class NewTagForm(TagForm):
    """A tag to be made."""

    who = RadioField(
        lazy_gettext("Who sees it"),
        choices=[
            SelectChoice(value=SHARED, label=lazy_gettext("All who read the application")),
            SelectChoice(value=PRIVATE, label=lazy_gettext("Only me")),
        ],
        default=SHARED,
        validators=[InputRequired()],
    )

    @property
    def shared(self) -> bool:
        """Whether all see it."""
        return bool(self.who.data == SHARED)


class TagsOfOneForm(PortalForm):
    """Which tags an application has."""

    tags = SelectMultipleField(
        lazy_gettext("Tags"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )

    def __init__(self, tags: list[Tag], chosen: list[Tag]) -> None:
        """`tags` are those that the reader sees, `chosen` those that the application has."""
        super().__init__(data={"tags": [tag.key for tag in chosen]})
        self.tags.choices = [SelectChoice(value=tag.key, label=tag.name) for tag in tags]
