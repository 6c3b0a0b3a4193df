"""One application, what readers say of its outcomes, and its files."""

from collections.abc import Collection
from datetime import datetime

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Select

from s2group.admissions import wording
from s2group.admissions.asked_again import askable
from s2group.admissions.document_kinds import file_name
from s2group.admissions.models import Application, ApplicationFacts
from s2group.admissions.overrides.services import OutdatedOutcomeError, ReasonMissingError, override_outcome
from s2group.admissions.rules.states import State
from s2group.admissions.services.document_requests import awaits_documents
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.paging import Place
from s2group.core.permissions import Action, allow, authorize
from s2group.documents import pages, rules
from s2group.documents.models import Document
from s2group.evaluation import queries, services
from s2group.evaluation.application_page import application_page
from s2group.evaluation.automatic_tags import all_tags_of
from s2group.evaluation.cross_check.queries import cross_check_of
from s2group.evaluation.desk.columns import read_order
from s2group.evaluation.desk.paging import place_among
from s2group.evaluation.discussion.queries import discussion_of
from s2group.evaluation.interviews.queries import interviews_about, notes_of
from s2group.evaluation.judged import JudgedOutcome, outcomes_for
from s2group.evaluation.page_images.queries import shown_file
from s2group.evaluation.reviews.queries import facts_with_ratings
from s2group.evaluation.search.queries import found as found_by
from s2group.evaluation.search.queries import read
from s2group.evaluation.search.rules.expressions import Expression
from s2group.evaluation.sittings.queries import place_in, sitting_of
from s2group.review.downloads import download, kept_private
from s2group.review.forms.outcomes import OutcomeForm
from s2group.review.views.blueprint import blueprint
from s2group.review.views.discussion import changeable
from s2group.review.views.ratings import rating_panel
from s2group.review.views.walk import carried, is_fetched_ahead


@blueprint.get("/<reference>/")
@allow(Action.READ_APPLICATIONS)
def application(reference: str) -> ResponseReturnValue:
    """One application: figures, outcomes, files, answers, delivery, history, and what of it is new to the reader.

    The first look of each reader is recorded, and every look is remembered for them. So it is not given ahead: the
    browser then asks again when it is opened.
    """
    if is_fetched_ahead():
        return Response(status=503)
    now = clock.now()
    opened = services.open_application(reference=reference, actor=current_user, now=now) or abort(404)
    found = opened.application
    page = application_page(found, opened.look, current_user, current_locale())
    rating = rating_panel(found)
    comments, hidden = discussion_of(current_user, found, is_open=rating.is_open)
    refuses_mail = page.server is not None and page.server.state == "refusing"
    return render_template(
        "review/application.html",
        application=found,
        page=page,
        place=(place := _place(found, now)),
        then=place.next if "sitting" not in request.args else None,
        interviews=(interviews := interviews_about(current_user, found)),
        interview_notes=notes_of(current_user, interviews),
        states=wording.STATES,
        rating=rating,
        shown_pages=pages.MOST_PAGES,
        cannot_be_drawn=pages.cannot_be_drawn,
        carried=carried(),
        now=now,
        mail_is_refused=lambda: refuses_mail,
        cross_check=cross_check_of(found),
        tags=all_tags_of(current_user, [found.id], now).get(found.id, []),
        labels=wording.LABELS,
        askable=_askable(found),
        comments=comments,
        hidden=hidden,
        changeable=changeable(comments),
    )


def _askable(application: Application) -> Collection[str]:
    """What the reader may ask the applicant once more, by name."""
    may_ask = authorize(current_user, Action.DECIDE_APPLICATIONS, application)
    return askable(application) if may_ask and awaits_documents(State(application.state)) else ()


def _place(application: Application, now: datetime) -> Place:
    """In the sitting that the address names; else in the list that it names, in its order."""
    sitting = sitting_of(current_user, request.args.get("sitting"))
    place = place_in(sitting, application.reference) if sitting else None
    return place or place_among(current_user, _walked(now), read_order(request.args.get("sort")), application)


@blueprint.route("/<reference>/outcomes/<requirement>/", methods=["GET", "POST"])
@allow(Action.READ_APPLICATIONS)
def outcome(reference: str, requirement: str) -> ResponseReturnValue:
    """Say what a requirement comes to: that the verdict was verified, or another one with the reason."""
    found = queries.application_in_full(current_user, reference) or abort(404)
    judged = outcomes_for(found, current_locale())
    this = next((each for each in judged if each.outcome.key == requirement), None) or abort(404)
    form = OutcomeForm(this)
    if form.validate_on_submit() and _said(found, this, form):
        return redirect(url_for("review.application", reference=reference, _anchor="outcomes", **carried()), 303)
    page = render_template("review/outcome.html", application=found, judged=this, form=form, carried=carried())
    return page, 422 if form.errors else 200


def _said(application: Application, judged: JudgedOutcome, form: OutcomeForm) -> bool:
    """Whether it was written; otherwise the form says why not."""
    try:
        override_outcome(
            application=application,
            requirement=judged.outcome.key,
            verdict=form.said,
            reason=form.reason.data,
            seen=form.seen.data,
            computed=form.shown,
            actor=current_user,
            now=clock.now(),
        )
    except ReasonMissingError:
        form.ask_for_reason()
    except OutdatedOutcomeError:
        form.tell_of_change()
    else:
        flash("outcome_said")
        return True
    return False


def _walked(now: datetime) -> Select[ApplicationFacts]:
    """The applications that the reader walks through: those of the search in the address; all of theirs without one."""
    typed = request.args.get("q")
    search = read(typed, current_user, now) if typed else None
    return found_by(current_user, search) if isinstance(search, Expression) else facts_with_ratings(current_user)


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
    """A picture of one page of a file; for whoever must not know whose it is, with the person blacked out."""
    found = shown_file(current_user, reference, kind) or abort(404)
    image = pages.page_image(found.sha256, number, found.hidden)
    if image is None:
        abort(404)
    return kept_private(Response(image, mimetype=pages.IMAGE_TYPE))


def _document(reference: str, kind: str) -> Document:
    found = queries.document_of(current_user, reference, kind)
    return found or abort(404)
