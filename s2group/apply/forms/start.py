"""The form of the start page: which way of being admitted."""

from collections.abc import Iterable

from flask import request
from flask_babel import lazy_gettext
from wtforms import HiddenField, RadioField
from wtforms.fields import SelectChoice

from s2group.admissions.openings import RouteOpening
from s2group.apply.forms.shapes import token
from s2group.core.forms import PortalForm
from s2group.core.i18n import plain_text
from s2group.core.identifiers import new_token


class StartForm(PortalForm):
    """Chooses among the open routes; `form_key` becomes the draft's, so that pressing twice starts one."""

    route = RadioField(
        lazy_gettext("How would you like to join?"),
        invalid_choice_message=lazy_gettext("Choose how you would like to join"),
    )
    form_key = HiddenField(filters=[lambda text: token(text) or new_token()])

    def __init__(self, openings: Iterable[RouteOpening]) -> None:
        super().__init__()
        self.openings = {opening.route.key: opening for opening in openings}
        self.route.choices = [
            SelectChoice(value=key, label=plain_text(opening.route.title)) for key, opening in self.openings.items()
        ]
        if self.route.data is None:
            named = request.args.get("route")
            self.route.data = named if named in self.openings else self._only_one()

    @property
    def chosen(self) -> RouteOpening:
        """The route, once the form is valid."""
        return self.openings[self.route.data]

    def _only_one(self) -> str | None:
        return next(iter(self.openings)) if len(self.openings) == 1 else None
