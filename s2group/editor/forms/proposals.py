"""What a member proposes besides their profile, and what an editor decides."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from s2group.content.proposals.rules import LONGEST_NOTE
from s2group.content.publications.bibtex_import import best_fate
from s2group.core.forms import DayField, PortalForm, at_most
from s2group.core.localized import LocalizedText
from s2group.editor.forms.news import LONGEST_BODY, LONGEST_TITLE, TitleInOneLanguage, tidy

LONGEST_PAPER = 20_000


class NewsProposalForm(PortalForm):
    """A news item, in one language or both."""

    day = DayField(lazy_gettext("Day"), [InputRequired(lazy_gettext("Enter the day of the news"))])
    title_zh = StringField(
        lazy_gettext("Title in Chinese"), [TitleInOneLanguage(), at_most(LONGEST_TITLE)], filters=[tidy]
    )
    title_en = StringField(lazy_gettext("Title in English"), [at_most(LONGEST_TITLE)], filters=[tidy])
    body_zh = TextAreaField(lazy_gettext("Text in Chinese"), [at_most(LONGEST_BODY)], filters=[tidy])
    body_en = TextAreaField(lazy_gettext("Text in English"), [at_most(LONGEST_BODY)], filters=[tidy])

    @property
    def title(self) -> LocalizedText:
        """Both titles."""
        return LocalizedText(zh=self.title_zh.data, en=self.title_en.data)

    def said(self) -> dict[str, Any]:
        """What was typed, as a proposal keeps it."""
        return {
            "day": self.day.data.isoformat(),
            "title": {"zh": self.title_zh.data, "en": self.title_en.data},
            "body": {"zh": self.body_zh.data, "en": self.body_en.data},
        }


class PaperProposalForm(PortalForm):
    """A paper, as a bibliography writes it."""

    bibtex = TextAreaField(
        "BibTeX",
        [DataRequired(lazy_gettext("Paste the entry of the paper")), at_most(LONGEST_PAPER)],
        filters=[tidy],
        render_kw={"rows": 10},
    )

    def validate_bibtex(self, field: TextAreaField) -> None:
        """An entry that can be read."""
        if best_fate(field.data) == "refused":
            raise ValidationError(gettext("No entry can be read from this: paste it from @ to the last bracket"))

    def said(self) -> dict[str, Any]:
        """What was typed, as a proposal keeps it."""
        return {"bibtex": self.bibtex.data}


class DecideForm(PortalForm):
    """What an editor decides, and a word to whoever proposed it."""

    # The number of the revision of the profile that the editor has seen.
    seen = HiddenField(default="0")
    note = TextAreaField(lazy_gettext("A word to them"), [at_most(LONGEST_NOTE)], filters=[tidy], render_kw={"rows": 3})

    @property
    def seen_number(self) -> int:
        """The same; -1 for what is no number, which no revision has."""
        return int(self.seen.data) if (self.seen.data or "").isdecimal() else -1
