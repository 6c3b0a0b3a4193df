"""The kinds of documents: what each is called, which files will do for it, and what its file is named."""

from collections.abc import Iterable

from flask import Flask
from flask_babel import gettext

from s2group.admissions.models import AdmissionRoute, ApplicationDocument
from s2group.admissions.rules.route_form import read_form
from s2group.admissions.wording import DOCUMENTS
from s2group.core.i18n import current_locale, in_language
from s2group.core.localized import Locale
from s2group.documents.rules import PDF_ONLY, PDF_OR_PICTURE, extension

RESUME = "resume"
# Before the number of a document that was asked for later.
REQUESTED = "requested_"
# What a referee sends; it is none of the applicant's documents.
LETTER = "letter"


def document_label(kind: str, route: AdmissionRoute, locale: Locale | None = None) -> str:
    """What a kind of document is called, in `locale` or else the reader's language.

    A route's own question is called by its label; one that it no longer asks, as any other document.
    """
    locale = locale or current_locale()
    with in_language(locale):
        if kind in DOCUMENTS:
            return str(DOCUMENTS[kind])
        if kind.startswith(REQUESTED):
            return str(gettext("Requested document %(number)s", number=kind.removeprefix(REQUESTED)))
        question = read_form(route.form).question(kind)
        return question.label[locale] if question else str(DOCUMENTS["other"])


def place_of(kind: str) -> tuple[int, str]:
    """By which kinds of document are sorted: the résumé first, as the catalogue has them; a route's own come last."""
    known = list(DOCUMENTS)
    return (known.index(kind) if kind in known else len(known), kind)


def in_order(entries: Iterable[ApplicationDocument]) -> list[ApplicationDocument]:
    """The documents of an application as its readers want them."""
    return sorted(entries, key=lambda entry: place_of(entry.kind))


def accepted_types(kind: str) -> frozenset[str]:
    """The media types that will do: of a résumé and a letter PDF, of everything else pictures too."""
    return PDF_ONLY if kind in (RESUME, LETTER) else PDF_OR_PICTURE


def file_name(kind: str, reference: str, media_type: str) -> str:
    """What we name an applicant's file, such as transcript-7K3M-Q0ZT-9XHB-4WPD.jpg; fit for a mail header."""
    return f"{kind}-{reference}.{extension(media_type)}"


def init_app(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.globals.update(document_label=document_label, file_name=file_name)
    app.jinja_env.filters.update(extension=extension, in_order=in_order)
