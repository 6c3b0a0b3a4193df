"""The forms that bring files."""

from collections.abc import Callable, Mapping

from flask import Response
from flask_babel import gettext
from wtforms import HiddenField
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired

from s2group.apply.forms.fields import DocumentField
from s2group.apply.forms.questions import KEPT
from s2group.apply.forms.shapes import token
from s2group.apply.forms.uploads import ask_again, problem
from s2group.core.forms import PortalForm
from s2group.core.storage_errors import StorageTrouble
from s2group.documents.models import Document


class UploadForm(PortalForm):
    """Brings files, or none where one is to be removed."""

    def uploads(self) -> list[tuple[DocumentField, HiddenField]]:
        """The files, each with the token by which a form that comes back names what is stored already."""
        return [(field, self[field.name + KEPT]) for field in self if isinstance(field, DocumentField)]

    def documents(self) -> dict[str, Document]:
        """The stored files, by their kinds."""
        return {field.name: field.document for field, _ in self.uploads() if field.document}


def upload_form(kind: str, label: str) -> UploadForm:
    """A form that brings a document of this kind, and must."""
    return _made({kind: DocumentField(label, [DataRequired(problem("none", kind, label))])})


def uploads_form(labels: Mapping[str, str]) -> UploadForm:
    """A form that brings documents of these kinds, which are called so; any of them, or none."""
    return _made({kind: DocumentField(label) for kind, label in labels.items()})


def _made(files: Mapping[str, UnboundField]) -> UploadForm:
    tokens = {kind + KEPT: HiddenField(filters=[token]) for kind in files}
    form: UploadForm = type("MadeUploadForm", (UploadForm,), {**files, **tokens})()
    return form


def put_off(form: UploadForm, trouble: StorageTrouble, page: Callable[[int], Response]) -> Response:
    """The `page` of this status, when disk or database cannot keep the file now: the form comes back, to try again."""
    ask_again(form)
    form.validate()
    words = gettext(
        "The portal cannot store anything right now, so nothing was changed. "
        "Wait a few minutes, then press the button again."
    )
    form.form_errors.insert(0, words)
    response = page(trouble.code)
    response.headers["Retry-After"] = str(trouble.retry_after)
    return response
