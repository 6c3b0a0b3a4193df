"""A draft: its list of steps, a page for each topic, the last look at everything, and sending it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from flask import Response, abort, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from s2group.admissions import wording
from s2group.admissions.models import Application, Draft
from s2group.admissions.openings import why_not_send
from s2group.admissions.rules import Outcome, evaluate
from s2group.admissions.rules.openings import Closure, accepts_until, closure
from s2group.admissions.services import changes, drafts, submissions
from s2group.apply.forms.email_typos import likely_address
from s2group.apply.forms.questions import ConsentForm, QuestionsForm, frozen_answers, topic_form
from s2group.apply.forms.topics import TITLES
from s2group.apply.saving import saved_words
from s2group.apply.views.access import remember
from s2group.apply.views.blueprint import CONSENT_VERSION, POSTS, blueprint, keep_to_the_reader
from s2group.apply.views.draft_context import form_of, opened_draft
from s2group.apply.views.routes import requirements_of
from s2group.apply.views.steps import CHECK, next_step, place_of, problems_of, steps_of
from s2group.core import clock
from s2group.core.errors import as_storage_trouble
from s2group.core.forms import PortalForm
from s2group.core.i18n import current_locale
from s2group.core.permissions import public
from s2group.core.storage_errors import StorageTrouble
from s2group.core.templating import problems
from s2group.extensions import csrf, limiter

Errors = Mapping[str | None, Sequence[str]]
# Saving while somebody writes makes more requests than a person's own clicks.
SAVES = "120 per minute"
AUTOSAVE = "autosave"


@blueprint.get("/apply/draft/<key>/")
@public
def draft(key: str) -> ResponseReturnValue:
    """The steps of a draft and how far each has come."""
    now = clock.now()
    found = opened_draft(key, now=now)
    page = render_template(
        "apply/draft.html",
        draft=found,
        steps=steps_of(found, now=now),
        ends_at=drafts.ends_at(found),
        is_invited=drafts.is_invited(found),
        closure=_closure(found, now),
        accepts_until=accepts_until(found.route.call),
        has_closed=closure(found.route.call, now) is Closure.CLOSED,
    )
    return keep_to_the_reader(make_response(page))


@blueprint.route("/apply/draft/<key>/<topic>/", methods=["GET", "POST"])
@public
@limiter.limit(SAVES, methods=["POST"])
def topic(key: str, topic: str) -> ResponseReturnValue:
    """The questions of one topic; all that was typed is saved, what is no answer yet as it was typed."""
    now = clock.now()
    found = opened_draft(key, now=now)
    if topic not in form_of(found).topics:
        abort(404)
    form = topic_form(form_of(found), topic, requirements_of(found.route), found.answers, now=now)
    if not form.is_submitted():
        form.put_back(found.unfinished)
        return _topic_page(found, topic, form, now=now)
    if form.press_row_button():
        return _topic_page(found, topic, form, now=now, seen=_seen())
    try:
        with as_storage_trouble():
            return _save(found, topic, form, now)
    except StorageTrouble as trouble:
        return _put_off(found, topic, form, trouble, now)


def _save(draft: Draft, topic: str, form: QuestionsForm, now: datetime) -> ResponseReturnValue:
    is_right = form.validate()
    if form.form_errors:  # the session had ended
        return _answer(draft, topic, form, 422, now, seen=_seen())
    try:
        saved = drafts.save_topic(
            draft=draft, topic=topic, answers=form.accepted(), unfinished=form.unfinished(), seen=_seen(), now=now
        )
    except drafts.OlderTabError as older:
        return _older(draft, topic, form, older.saves, now)
    if AUTOSAVE in request.form or not is_right:
        return _answer(saved, topic, form, 200 if is_right else 422, now)
    if topic == "about" and likely_address(saved.answers["email"]):
        return redirect(url_for("apply.check_address", key=draft.key), 303)
    if not likely_address(saved.email):
        drafts.invite(draft=saved, now=now)
    return redirect(next_step(saved, topic), 303)


def _older(draft: Draft, topic: str, form: QuestionsForm, saves: int, now: datetime) -> ResponseReturnValue:
    """The page is older than what was saved: say so, keep what it says, and let it be saved on purpose."""
    form.form_errors.insert(
        0,
        gettext(
            "This page was saved in another tab or on another device after you opened it here. "
            "Below is what you typed here: save it to replace the other answers, or open the page again to see them."
        ),
    )
    return _answer(draft, topic, form, 409, now, seen=saves)


def _put_off(
    draft: Draft, topic: str, form: QuestionsForm, trouble: StorageTrouble, now: datetime
) -> ResponseReturnValue:
    """Disk or database cannot keep anything now: give the page back as it was filled in, to be saved again."""
    form.form_errors.insert(
        0,
        gettext(
            "Not saved: the portal cannot store anything right now. Wait a few minutes, then press the button again."
        ),
    )
    response = _answer(draft, topic, form, trouble.code, now, seen=_seen())
    response.headers["Retry-After"] = str(trouble.retry_after)
    return response


def _answer(
    draft: Draft, topic: str, form: QuestionsForm, status: int, now: datetime, *, seen: int | None = None
) -> Response:
    """The page again; for a save that a script made, the little that it needs to know.

    `seen` is given where nothing was saved: the page then knows no more than it did before.
    """
    if AUTOSAVE not in request.form:
        return _topic_page(draft, topic, form, now=now, status=status, seen=seen)
    told = {"said": saved_words(draft, form, now), "seen": draft.saves.get(topic, 0) if seen is None else seen}
    response = jsonify(told | {"errors": dict(problems(form.errors))})
    response.status_code = 200 if status == 422 else status
    return keep_to_the_reader(response)


def _topic_page(
    draft: Draft, topic: str, form: QuestionsForm, *, now: datetime, status: int = 200, seen: int | None = None
) -> Response:
    frozen = frozen_answers(form_of(draft), draft.answers, now)
    kept = {name: draft.answers[name] for name in form_of(draft).fields_of(topic) if name in frozen}
    page = render_template(
        "apply/topic.html",
        draft=draft,
        topic=topic,
        titles=TITLES,
        form=form,
        seen=draft.saves.get(topic, 0) if seen is None else seen,
        frozen=wording.answer_rows(kept, current_locale()),
        said=saved_words(draft, form, now) if form.is_submitted() and seen is None else "",
        step_number=place_of(draft, topic),
    )
    return keep_to_the_reader(make_response(page, status))


def _seen() -> int:
    """How often the topic had been saved when the page that was posted was made."""
    typed = request.form.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


@blueprint.route("/apply/draft/<key>/email/", methods=["GET", "POST"])
@public
@limiter.limit(POSTS, methods=["POST"])
def check_address(key: str) -> ResponseReturnValue:
    """Ask whether an address that looks mistyped is meant as it is. Nothing depends on the answer."""
    now = clock.now()
    found, form = opened_draft(key, now=now), PortalForm()
    suggested = likely_address(str(found.answers.get("email") or ""))
    if suggested is None or "email" in frozen_answers(form_of(found), found.answers, now):
        return redirect(next_step(found, "about"), 303)
    if form.validate_on_submit():
        if "correct" in request.form:
            seen = found.saves.get("about", 0)
            found = drafts.save_topic(draft=found, topic="about", answers={"email": suggested}, seen=seen, now=now)
        drafts.invite(draft=found, now=now)
        return redirect(next_step(found, "about"), 303)
    page = render_template("apply/check_address.html", draft=found, form=form, suggested=suggested)
    return keep_to_the_reader(make_response(page, 422 if form.errors else 200))


@blueprint.route("/apply/draft/<key>/check/", methods=["GET", "POST"])
@public
@limiter.limit(POSTS, methods=["POST"])
def draft_check(key: str) -> ResponseReturnValue:
    """Everything that will be sent, to be checked; and the button that sends it."""
    now = clock.now()
    found, form = opened_draft(key, now=now), ConsentForm()
    if not form.is_submitted():
        return _check_page(found, form, {}, now)
    try:
        with as_storage_trouble():
            return _submit(found, form, now)
    except StorageTrouble as trouble:
        words = gettext(
            "You have no receipt yet: the portal cannot store anything right now. "
            "Wait a few minutes, then press the button again; sending twice does no harm."
        )
        response = _check_page(found, form, {None: [words]}, now, status=trouble.code)
        response.headers["Retry-After"] = str(trouble.retry_after)
        return response


def _submit(draft: Draft, form: ConsentForm, now: datetime) -> ResponseReturnValue:
    is_right = form.validate()
    missing = problems_of(draft, now=now)
    if missing or not is_right:
        return _check_page(draft, form, dict(chain(missing.items(), form.errors.items())), now, status=422)
    try:
        sent = _send(draft, now)
    except submissions.IncompleteError:  # another tab was faster, and took something out
        return redirect(url_for("apply.draft_check", key=draft.key), 303)
    except changes.TooLateError:
        return _too_late(draft, None)
    except submissions.ClosedError as closed:
        return _too_late(draft, closed.closure)
    except submissions.BlockedError as blocked:
        outcomes = wording.explained(blocked.outcomes, current_locale())
        words: Errors = {None: [f"{outcome.label}: {outcome.reason}" for outcome in outcomes]}
        return _check_page(draft, form, words, now, status=422)
    remember(sent)
    return redirect(url_for("apply.receipt", reference=sent.reference), 303)


def _send(draft: Draft, now: datetime) -> Application:
    if draft.application_id:
        return changes.amend(draft=draft, consent_version=CONSENT_VERSION, now=now)
    return submissions.submit_draft(draft=draft, consent_version=CONSENT_VERSION, now=now)


def _too_late(draft: Draft, closure: Closure | None) -> Response:
    """Nothing is sent: its route is closed, or (None) the application that it changes is too far on its way."""
    until = accepts_until(draft.route.call)
    page = render_template("apply/too_late.html", draft=draft, closure=closure, accepts_until=until)
    return keep_to_the_reader(make_response(page, 409))


def _closure(draft: Draft, now: datetime) -> Closure | None:
    """Why a new application cannot be sent now, if so."""
    if draft.application_id:
        return None
    return why_not_send(draft_started_at=draft.started_at, route=draft.route, now=now)


def _check_page(draft: Draft, form: ConsentForm, errors: Errors, now: datetime, *, status: int = 200) -> Response:
    page = render_template(
        "apply/check_answers.html",
        draft=draft,
        step_number=place_of(draft, CHECK),
        form=form,
        errors=errors,
        missing=problems_of(draft, now=now),
        suggested=likely_address(str(draft.answers.get("email") or "")),
        outcomes=wording.explained(_outcomes(draft), current_locale()),
        steps=steps_of(draft, now=now),
        titles=TITLES,
        questions=form_of(draft).questions,
        documents=drafts.documents_of(draft),
        closure=_closure(draft, now),
        accepts_until=accepts_until(draft.route.call),
    )
    return keep_to_the_reader(make_response(page, status))


def _outcomes(draft: Draft) -> list[Outcome]:
    """What the answers as they stand say to each requirement; what is not finished says nothing."""
    answers = {name: answer for name, answer in draft.answers.items() if name not in draft.unfinished}
    return evaluate(requirements_of(draft.route), {**answers, "documents": sorted(drafts.documents_of(draft))})


# These forms check the token themselves and keep what was typed; the app-wide check would answer with a bare page.
for _view in (topic, check_address, draft_check):
    csrf.exempt(_view)
