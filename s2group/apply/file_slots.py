"""The files page of a draft, place by place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from s2group.admissions.document_kinds import document_label
from s2group.admissions.rules.route_form import RouteForm
from s2group.apply.forms import file_words
from s2group.apply.opened_draft import OpenedDraft
from s2group.core.i18n import current_locale
from s2group.documents.models import Document

# The words by the name of the input; None is the form as a whole.
Errors = Mapping[str | None, Sequence[str]]
NO_ERRORS: Errors = MappingProxyType({})
NOTHING: Mapping[str, Document] = MappingProxyType({})


@dataclass(frozen=True)
class Slot:
    """The place of one kind of document: what is there, and what came of the last attempt to change it."""

    kind: str
    label: str
    hint: str
    is_required: bool
    document: Document | None
    # Of a change: the file was sent with the application.
    was_sent: bool
    # A file that is stored, but not the draft's before the form comes once more.
    waiting: Document | None
    problem: str

    @property
    def accept(self) -> str:
        """What the browser offers to choose from."""
        return file_words.accept_attribute(self.kind)

    @property
    def formats(self) -> str:
        """The same for people."""
        return file_words.formats(self.kind)

    @property
    def too_big(self) -> str:
        """What a script says of a file that need not be sent to be refused."""
        return file_words.problem("too_big", self.kind, self.label)


def slots_of(opened: OpenedDraft, errors: Errors = NO_ERRORS, waiting: Mapping[str, Document] = NOTHING) -> list[Slot]:
    """The places that the route of the draft has, in their order; `errors` and `waiting` are by kind."""
    uploaded = {entry.kind for entry in opened.draft.documents}
    return [
        Slot(
            kind=kind,
            label=document_label(kind, opened.route),
            hint=_hint(opened.form, kind),
            is_required=is_required,
            document=opened.documents.get(kind),
            was_sent=kind in opened.documents and kind not in uploaded,
            waiting=waiting.get(kind),
            problem=next(iter(errors.get(kind, ())), ""),
        )
        for kind, is_required in opened.form.documents.items()
    ]


def _hint(form: RouteForm, kind: str) -> str:
    question = form.question(kind)
    return question.hint.get(current_locale(), "") if question else ""
