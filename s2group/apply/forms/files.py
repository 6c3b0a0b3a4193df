"""The forms that bring files."""

from collections.abc import Mapping

from wtforms import HiddenField
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired

from s2group.apply.forms.fields import DocumentField
from s2group.apply.forms.file_words import problem
from s2group.apply.forms.shapes import token
from s2group.core.forms import PortalForm
from s2group.documents.models import Document

# Behind the kind of a document: the hidden field by which a form that comes back names what is stored already.
KEPT = "_token"


class FilesForm(PortalForm):
    """A form with files, each under the name of its kind."""

    def uploads(self) -> list[tuple[DocumentField, HiddenField]]:
        """The files, each with the token of what is stored of it already."""
        return [(field, self[field.name + KEPT]) for field in self if isinstance(field, DocumentField)]

    def documents(self) -> dict[str, Document]:
        """The stored files, by their kinds."""
        return {field.name: field.document for field, _ in self.uploads() if field.document}


def with_tokens(files: Mapping[str, UnboundField]) -> dict[str, UnboundField]:
    """The fields of `files`, which are by kind, and those of their tokens."""
    return {**files, **{kind + KEPT: HiddenField(filters=[token]) for kind in files}}


def upload_form(kind: str, label: str) -> FilesForm:
    """A form that brings a document of this kind, and must."""
    return _made({kind: DocumentField(label, [DataRequired(problem("none", kind, label))])})


def uploads_form(labels: Mapping[str, str]) -> FilesForm:
    """A form that brings documents of these kinds, which are called so; any of them, or none."""
    return _made({kind: DocumentField(label) for kind, label in labels.items()})


def _made(files: Mapping[str, UnboundField]) -> FilesForm:
    form: FilesForm = type("MadeFilesForm", (FilesForm,), with_tokens(files))()
    return form
