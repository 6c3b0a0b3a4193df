"""One application, and its files."""

from flask import Response, abort, render_template
from flask_login import current_user

from s2group.admissions import wording
from s2group.admissions.document_kinds import file_name
from s2group.admissions.rules import Outcome
from s2group.admissions.services.submissions import answers_in_words
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.permissions import Action, allow
from s2group.custody.delivery_status import delivery_status
from s2group.documents import pages, rules
from s2group.documents.models import Document
from s2group.evaluation import queries, services
from s2group.evaluation.cross_check.queries import cross_check_of
from s2group.evaluation.history import history_in_words
from s2group.evaluation.interviews.queries import interviews_about, notes_of
from s2group.mail.queries import mails_of
from s2group.review.downloads import download, kept_private
from s2group.review.views.blueprint import blueprint


@blueprint.get("/<reference>/")
@allow(Action.READ_APPLICATIONS)
def application(reference: str) -> str:
    """One application: answers, outcomes, files, delivery, history. The first look of each reader is recorded."""
    found = services.open_application(reference=reference, actor=current_user, now=clock.now())
    if found is None:
        abort(404)
    outcomes = [Outcome.from_dict(outcome) for outcome in found.outcomes]
    mails = mails_of(reference)
    return render_template(
        "review/application.html",
        application=found,
        rows=answers_in_words(found, current_locale()),
        outcomes=wording.explained(outcomes, current_locale()),
        steps=delivery_status(found, mails),
        mails=mails,
        interviews=(interviews := interviews_about(current_user, found)),
        interview_notes=notes_of(current_user, interviews),
        duplicates=queries.likely_duplicates(current_user, found),
        states=wording.STATES,
        history=history_in_words(found, wording.requirement_names(outcomes, current_locale())),
        shown_pages=pages.MOST_PAGES,
        cannot_be_drawn=pages.cannot_be_drawn,
        cross_check=cross_check_of(found),
        labels=wording.LABELS,
    )


@blueprint.get("/<reference>/<kind>.<any(pdf, jpg, png):extension>")
@allow(Action.READ_APPLICATIONS)
def document(reference: str, kind: str, extension: str) -> Response:
    """A file as it was uploaded, byte for byte, to be saved and not shown."""
    found = _document(reference, kind)
    if extension != rules.extension(found.media_type):
        abort(404)
    return download(found, file_name(kind, reference, found.media_type))


@blueprint.get("/<reference>/<kind>.txt")
@allow(Action.READ_APPLICATIONS)
def document_text(reference: str, kind: str) -> Response:
    """What a file says, for a reader who cannot see its pages."""
    text = pages.document_text(_document(reference, kind).sha256)
    if text is None:
        abort(404)
    return kept_private(Response(text, mimetype="text/plain"))


@blueprint.get("/<reference>/<kind>/<int:number>.webp")
@allow(Action.READ_APPLICATIONS)
def page_image(reference: str, kind: str, number: int) -> Response:
    """A picture of one page of a file."""
    found = _document(reference, kind)
    image = pages.page_image(found.sha256, number)
    if image is None:
        abort(404)
    return kept_private(Response(image, mimetype=pages.IMAGE_TYPE))


def _document(reference: str, kind: str) -> Document:
    found = queries.document_of(current_user, reference, kind)
    return found or abort(404)
