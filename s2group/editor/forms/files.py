"""A content file that an editor sends."""

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from s2group.content.one_file import FILES, ContentFile
from s2group.content.publications.bibtex_import import text_of_anybody
from s2group.content.records.errors import ContentError
from s2group.content.records.rules import is_slug
from s2group.core.forms import PortalForm
from s2group.core.text import visible

# In bytes and in letters: what is read travels in the form between the preview and the loading.
LONGEST = 500_000
ENDING = ".toml"


class FileForm(PortalForm):
    """A file to look at; a file that is chosen takes the place of what stands in the box."""

    which = SelectField(lazy_gettext("Which file it is"))
    name = StringField(lazy_gettext("Name of the file in its folder"), filters=[lambda text: (text or "").strip()])
    file = FileField(lazy_gettext("File"))
    text = TextAreaField(lazy_gettext("What the file says"), filters=[lambda text: (text or "").replace("\r", "")])
    # The mark of what the preview showed.
    shown = HiddenField()

    def offer(self, names: Iterable[str]) -> None:
        """Let one choose among these files, or leave it to the name of the file."""
        words = [("", gettext("The name of the file says it"))]
        self.which.choices = [*words, *((name, name) for name in names)]

    def take_file(self) -> None:
        """Let the box say what a file says that came, and the fields which one it is; complain where that cannot be."""
        if not self.file.data:
            return
        data = self.file.data.read(LONGEST + 1)
        self.shown.data = ""
        name = (self.file.data.filename or "").rpartition("/")[2]
        if name in FILES:
            self.which.data = name
        if name.endswith(ENDING) and name not in FILES:
            self.name.data = name
        if len(data) > LONGEST:
            self.file.errors = [gettext("The file is too large: at most %(count)s bytes", count=LONGEST)]
            return
        try:
            self.text.data = visible(text_of_anybody(data, "")[0]).replace("\r", "")
        except ContentError:
            self.file.errors = [gettext("This file is no text: choose one of those that are named below")]

    def says_something(self) -> bool:
        """Whether there is something to look at; complains where not."""
        if self.content_file is None:
            self.which.errors = [gettext("Choose which file it is")]
        elif self.content_file.is_folder and not self._is_named:
            self.name.errors = [gettext("Write it as in the folder, such as sun-lan.toml")]
        if not self.file.errors and not self.text.data.strip():
            self.file.errors = [gettext("Choose a file")]
        elif len(self.text.data) > LONGEST:
            self.text.errors = [gettext("This is too long: at most %(count)s characters", count=LONGEST)]
        return not self.errors

    def empty(self) -> None:
        """Be ready for another file."""
        self.which.data = self.name.data = self.text.data = self.shown.data = ""

    @property
    def content_file(self) -> ContentFile | None:
        """Which of the files it is."""
        return FILES.get(self.which.data or "")

    @property
    def path(self) -> str:
        """Where it lies among the content files."""
        file = self.content_file
        return f"{file.name}{self.name.data}" if file and file.is_folder else self.which.data

    @property
    def _is_named(self) -> bool:
        return self.name.data.endswith(ENDING) and is_slug(self.name.data.removesuffix(ENDING))
