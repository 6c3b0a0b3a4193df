"""A search to be kept."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired

from s2group.core.forms import PortalForm, at_most
from s2group.core.text import plain
from s2group.evaluation.search.models import LONGEST_NAME


def _plain(text: str | None) -> str:
    return " ".join(plain(text or "").split())


class SavedSearchForm(PortalForm):
    """What it is called, what it asks, and who sees it."""

    name = StringField(
        lazy_gettext("Name of the search"),
        [DataRequired(lazy_gettext("Write a name for the search")), at_most(LONGEST_NAME)],
        filters=[_plain],
    )
    q = StringField(lazy_gettext("Search"), filters=[lambda text: (text or "").strip()])
    shared = BooleanField(lazy_gettext("Others who read applications see it too"))

    def refuse_name(self) -> None:
        """Say that the name is taken."""
        self.name.errors = [lazy_gettext("You have a search of this name. Choose another one")]

    def refuse_query(self, why: Any) -> None:
        """Say what is wrong with the search."""
        self.q.errors = [why]
