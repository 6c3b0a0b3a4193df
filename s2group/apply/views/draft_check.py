"""The last look at everything that a draft will send, and sending it."""

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from s2group.admissions import wording
from s2group.admissions.models import Application
from s2group.admissions.rules import Outcome, evaluate
from s2group.admissions.rules.openings import Closure, accepts_until
from s2group.admissions.services import changes, submissions
from s2group.apply.access import remember
from s2group.apply.file_slots import Errors
from s2group.apply.forms.consent import ConsentForm
from s2group.apply.forms.email_typos import likely_addresses
from s2group.apply.opened_draft import CHECK, OpenedDraft, open_draft
from s2group.apply.steps import problems_of, steps_of
from s2group.apply.views.blueprint import (
    CONSENT_VERSION,
    NO_RECEIPT_YET,
    POSTS,
    blueprint,
    checks_token_itself,
    private_page,
    try_again_later,
)
from s2group.apply.views.draft import why_closed
from s2group.core import clock
from s2group.core.errors import as_storage_error
from s2group.core.i18n import current_locale
from s2group.core.permissions import personal
from s2group.core.storage_errors import StorageError
from s2group.extensions import limiter


@blueprint.route("/apply/draft/<key>/check/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
def draft_check(key: str) -> ResponseReturnValue:
    """Everything that will be sent, to be checked; and the button that sends it."""
    opened, form = open_draft(key, now=clock.now()), ConsentForm()
    if not form.is_submitted():
        return _page(opened, form, {})
    try:
        with as_storage_error():
            return _submit(opened, form)
    except StorageError as trouble:
        words = str(NO_RECEIPT_YET)
        return try_again_later(form, trouble, words, lambda status: _page(opened, form, {None: [words]}, status))


def _submit(opened: OpenedDraft, form: ConsentForm) -> ResponseReturnValue:
    is_right = form.validate()
    missing = problems_of(opened)
    if missing or not is_right:
        return _page(opened, form, {**missing, **form.errors}, 422)
    try:
        sent = _send(opened)
    except submissions.IncompleteError:  # another tab was faster, and took something out
        return redirect(url_for("apply.draft_check", key=opened.key), 303)
    except changes.TooLateError:
        return _too_late(opened, None)
    except submissions.ClosedError as closed:
        return _too_late(opened, closed.closure)
    except submissions.BlockedError as blocked:
        outcomes = wording.explained(blocked.outcomes, current_locale())
        return _page(opened, form, {None: [f"{outcome.label}: {outcome.reason}" for outcome in outcomes]}, 422)
    remember(sent)
    return redirect(url_for("apply.receipt", reference=sent.reference), 303)


def _send(opened: OpenedDraft) -> Application:
    send = changes.amend if opened.draft.application_id else submissions.submit_draft
    return send(draft=opened.draft, consent_version=CONSENT_VERSION, now=opened.now)


def _too_late(opened: OpenedDraft, closure: Closure | None) -> Response:
    """Nothing is sent: its route is closed, or (None) the application that it changes is too far on its way."""
    until = accepts_until(opened.route.call)
    page = render_template("apply/too_late.html", draft=opened.draft, closure=closure, accepts_until=until)
    return private_page(page, 409)


def _page(opened: OpenedDraft, form: ConsentForm, errors: Errors, status: int = 200) -> Response:
    page = render_template(
        "apply/check_answers.html",
        draft=opened.draft,
        step_number=opened.place_of(CHECK),
        form=form,
        errors=errors,
        missing=problems_of(opened),
        mistyped={topic: likely_addresses(opened.answers, topic) for topic in opened.form.topics},
        outcomes=wording.explained(_outcomes(opened), current_locale()),
        steps=steps_of(opened),
        closure=why_closed(opened),
        accepts_until=accepts_until(opened.route.call),
    )
    return private_page(page, status)


def _outcomes(opened: OpenedDraft) -> list[Outcome]:
    """What the answers as they stand say to each requirement; what is not finished says nothing."""
    answers = {name: answer for name, answer in opened.answers.items() if name not in opened.draft.unfinished}
    return evaluate(opened.requirements, {**answers, "documents": sorted(opened.documents)})
