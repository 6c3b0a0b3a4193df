"""What is typed or sent to take over publications from elsewhere."""

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import BooleanField, TextAreaField

from s2group.content.publications.bibtex_import import text_of_anybody
from s2group.content.records.errors import ContentError
from s2group.core.forms import PortalForm
from s2group.core.text import visible

# In bytes and in letters: what is read travels in the form between the preview and the import.
LONGEST = 500_000


class BibtexForm(PortalForm):
    """Entries to look at; a file takes the place of what stands in the box."""

    text = TextAreaField(lazy_gettext("Entries in BibTeX"), filters=[lambda text: (text or "").replace("\r", "")])
    file = FileField(lazy_gettext("Or a file"))
    merge = BooleanField(lazy_gettext("Complete the papers that are known already"))

    def take_file(self) -> None:
        """Let the box say what a file says that came; complain where that cannot be."""
        data = self.file.data.read(LONGEST + 1) if self.file.data else b""
        if len(data) > LONGEST:
            self.file.errors = [gettext("The file is too large: take over a part of it at a time")]
            return
        try:
            if data:
                self.text.data = visible(text_of_anybody(data, "")[0])
        except ContentError:
            self.file.errors = [gettext("This file is no text: choose a .bib file")]

    def says_something(self) -> bool:
        """Whether there is something to look at; complains where not."""
        if not self.file.errors and not self.text.data.strip():
            self.text.errors = [gettext("Paste entries, or choose a file")]
        elif len(self.text.data) > LONGEST:
            self.text.errors = [gettext("This is too long: take over a part of it at a time")]
        return not self.errors
