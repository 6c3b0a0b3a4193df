"""What is typed or sent to take over papers and home pages from elsewhere."""

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import BooleanField, TextAreaField, ValidationError

from s2group.content.publications.bibtex_import import text_of_anybody
from s2group.content.publications.lookup import Found, Identifier, identifier_in
from s2group.content.records.errors import ContentError
from s2group.core.forms import PortalForm, at_most
from s2group.core.text import visible

# So many lines that are no number are quoted.
MOST_QUOTED = 5


def _text(text: str | None) -> str:
    return (text or "").replace("\r", "")


class _TakenOverForm(PortalForm):
    """Text to look at; a file takes the place of what stands in the box."""

    file = FileField(lazy_gettext("Or a file"))
    # In bytes and in letters: what is read travels in the form between the preview and the import.
    longest = 500_000
    empty = lazy_gettext("Paste entries, or choose a file")
    no_text = lazy_gettext("This file is no text: choose a .bib file")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look at."""
        return not self.text.data.strip()

    def take_file(self) -> None:
        """Let the box say what a file says that came; complain where that cannot be."""
        data = self.file.data.read(self.longest + 1) if self.file.data else b""
        if len(data) > self.longest:
            self.file.errors = [gettext("The file is too large: take over a part of it at a time")]
            return
        try:
            if data:
                self.text.data = visible(_text(text_of_anybody(data, "")[0]))
        except ContentError:
            self.file.errors = [str(self.no_text)]

    def says_something(self) -> bool:
        """Whether there is something to look at; complains where not."""
        if not self.file.errors and self.is_empty:
            self.text.errors = [str(self.empty)]
        elif len(self.text.data) > self.longest:
            self.text.errors = [gettext("This is too long: take over a part of it at a time")]
        return not self.errors


class BibtexForm(_TakenOverForm):
    """Entries, and where that is allowed the numbers of papers that are looked up."""

    text = TextAreaField(lazy_gettext("Entries in BibTeX"), filters=[_text])
    identifiers = TextAreaField(
        lazy_gettext("DOIs, arXiv numbers, ORCID iDs"), filters=[_text], validators=[at_most(20_000)]
    )
    merge = BooleanField(lazy_gettext("Complete the papers that are known already"))

    def __init__(self, *, may_ask: bool) -> None:
        super().__init__()
        if not may_ask:
            del self.identifiers

    def validate_identifiers(self, field: TextAreaField) -> None:
        """Each line names one paper or person."""
        if wrong := [line for line in _lines(field.data) if not identifier_in(line)]:
            words = gettext("No DOI, arXiv number or ORCID iD, or mistyped: %(lines)s")
            raise ValidationError(words % {"lines": " · ".join(line[:80] for line in wrong[:MOST_QUOTED])})

    @property
    def is_empty(self) -> bool:
        """Whether neither entries nor numbers are there."""
        return super().is_empty and not self.named

    @property
    def named(self) -> list[Identifier]:
        """The papers and people that are named by their numbers."""
        lines = _lines(self.identifiers.data) if self.identifiers else []
        return [found for found in map(identifier_in, lines) if found]

    @property
    def room(self) -> int:
        """How many letters more the box may hold."""
        return self.longest - len(self.text.data)

    def take_found(self, found: Found) -> None:
        """Put what was found behind what stands in the box; what may come another time stays in its field."""
        self.text.data = "\n\n".join(filter(None, [self.text.data.strip(), *found.entries]))
        self.identifiers.data = "\n".join(missed.again for missed in found.missed if missed.again)


class HomepageForm(_TakenOverForm):
    """The home page of a member."""

    text = TextAreaField(lazy_gettext("The page in Markdown"), filters=[_text])
    longest = 100_000
    empty = lazy_gettext("Paste the page, or choose a file")
    no_text = lazy_gettext("This file is no text: choose the one that the page is written in")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
