"""A content file that an editor sends."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from types import MappingProxyType

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from s2group.content.records.errors import ContentError
from s2group.content.records.rules import is_slug
from s2group.content.sent_files import FILES, ContentFile
from s2group.content.unpacking import as_typed, texts_in
from s2group.core.forms import PortalForm

# In bytes and in letters: what is read travels in the form between the preview and the loading.
LONGEST = 500_000
ENDING, ZIP = ".toml", ".zip"


class FileForm(PortalForm):
    """A file to look at; a file that is chosen takes the place of what stands in the box."""

    which = SelectField(lazy_gettext("Which file it is"))
    name = StringField(lazy_gettext("Name of the file in its folder"), filters=[lambda text: (text or "").strip()])
    file = FileField(lazy_gettext("File"))
    text = TextAreaField(lazy_gettext("What the file says"), filters=[lambda text: (text or "").replace("\r", "")])
    # The mark of what the preview showed.
    shown = HiddenField()
    # What a ZIP holds: it comes with the preview and with the loading, for the form cannot carry it.
    zipped: Mapping[str, str] = MappingProxyType({})

    def offer(self, names: Iterable[str]) -> None:
        """Let one choose among these files, or leave it to the name of the file."""
        words = [("", gettext("The name of the file says it"))]
        self.which.choices = [*words, *((name, name) for name in names)]

    def take_file(self) -> None:
        """Let the box say what a file says that came, and the fields which one it is; complain where that cannot be."""
        if not self.file.data:
            return
        name = (self.file.data.filename or "").rpartition("/")[2]
        try:
            if name.endswith(ZIP):
                self._take_zip(name)
            else:
                self._take_text(name)
        except ContentError as error:
            self.file.errors = [error.sentences]

    def _take_zip(self, name: str) -> None:
        self.which.data = self.name.data = self.text.data = ""
        with closing(self.file.data):
            self.zipped = texts_in(self.file.data.stream, name, FILES)
        if not self.zipped:
            self.file.errors = [gettext("None of the files that are named below is in it")]

    def _take_text(self, name: str) -> None:
        data = self.file.data.read(LONGEST + 1)
        self.shown.data = ""
        if name in FILES:
            self.which.data = name
        if name.endswith(ENDING) and name not in FILES:
            self.name.data = name
        if len(data) > LONGEST:
            self.file.errors = [gettext("The file is too large: at most %(count)s bytes", count=LONGEST)]
        else:
            self.text.data = as_typed(data, name)

    def says_something(self) -> bool:
        """Whether there is something to look at; complains where not."""
        if self.zipped or self.file.errors:
            return not self.errors
        if self.shown.data and not self.path:
            self.file.errors = [gettext("Choose the same ZIP once more: nothing of it is kept here")]
            return False
        if self.content_file is None:
            self.which.errors = [gettext("Choose which file it is")]
        elif self.content_file.is_folder and not self._is_named:
            self.name.errors = [gettext("Write it as in the folder, such as sun-lan.toml")]
        if not self.text.data.strip():
            self.file.errors = [gettext("Choose a file")]
        elif len(self.text.data) > LONGEST:
            self.text.errors = [gettext("This is too long: at most %(count)s characters", count=LONGEST)]
        return not self.errors

    @property
    def texts(self) -> dict[str, str]:
        """What the files say, by their paths."""
        return dict(self.zipped) or {self.path: self.text.data}

    @property
    def is_whole(self) -> bool:
        """Whether a ZIP holds all content: of single files packed together, a folder is not the whole one."""
        return {"group.toml", "members.csv"} <= self.zipped.keys()

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
        return f"{file.name}{self.name.data}" if file and file.is_folder else self.which.data or ""

    @property
    def _is_named(self) -> bool:
        return self.name.data.endswith(ENDING) and is_slug(self.name.data.removesuffix(ENDING))
