"""A page for each topic of a draft, and the question that follows an address that looks mistyped."""

from flask import Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from s2group.admissions import wording
from s2group.admissions.services import drafts
from s2group.apply.forms.email_typos import likely_address, likely_addresses, with_likely_addresses
from s2group.apply.forms.questions import QuestionsForm, topic_form
from s2group.apply.forms.topics import TITLES
from s2group.apply.opened_draft import OpenedDraft, lead_on, open_draft
from s2group.apply.saving import saved_words
from s2group.apply.views.blueprint import POSTS, blueprint, checks_token_itself, private_page, try_again_later
from s2group.core import clock
from s2group.core.errors import as_storage_error
from s2group.core.forms import PortalForm
from s2group.core.i18n import current_locale
from s2group.core.permissions import personal
from s2group.core.storage_errors import StorageError
from s2group.core.templating import problems
from s2group.extensions import limiter

# Saving while somebody writes makes more requests than a person's own clicks.
SAVES = "120 per minute"
AUTOSAVE = "autosave"


@blueprint.route("/apply/draft/<key>/<topic>/", methods=["GET", "POST"])
@personal
@limiter.limit(SAVES, methods=["POST"])
@checks_token_itself
def topic(key: str, topic: str) -> ResponseReturnValue:
    """The questions of one topic; all that was typed is saved, what is no answer yet as it was typed."""
    opened = open_draft(key, now=clock.now())
    if topic not in opened.form.topics:
        abort(404)
    form = topic_form(opened, topic)
    if not form.is_submitted():
        form.put_back(opened.draft.unfinished)
        return _page(opened, topic, form)
    if form.press_row_button():
        return _page(opened, topic, form, seen=_seen())
    return _saved_or_again(opened, topic, form)


def _saved_or_again(opened: OpenedDraft, topic: str, form: QuestionsForm) -> ResponseReturnValue:
    try:
        with as_storage_error():
            return _save(opened, topic, form)
    except drafts.OlderTabError as older:
        return _older(opened, topic, form, older.saves)
    except StorageError as trouble:
        words = gettext(
            "Not saved: the portal cannot store anything right now. Wait a few minutes, then press the button again."
        )
        return try_again_later(form, trouble, words, lambda status: _answer(opened, topic, form, status, seen=_seen()))


def _save(opened: OpenedDraft, topic: str, form: QuestionsForm) -> ResponseReturnValue:
    is_right = form.validate()
    if form.form_errors:  # the session had ended
        return _answer(opened, topic, form, 422, seen=_seen())
    former = opened.key
    draft = drafts.save_topic(
        draft=opened.draft,
        topic=topic,
        answers=form.accepted(),
        unfinished=form.unfinished(),
        seen=_seen(),
        now=opened.now,
    )
    lead_on(former, draft)
    if AUTOSAVE in request.form or not is_right:
        return _answer(opened, topic, form, 200 if is_right else 422)
    if likely_addresses(draft.answers, topic):
        return redirect(url_for("apply.check_address", key=draft.key, topic=topic), 303)
    if not likely_address(draft.email):
        drafts.invite(draft=draft, now=opened.now)
    return redirect(opened.address_after(topic), 303)


def _older(opened: OpenedDraft, topic: str, form: QuestionsForm, saves: int) -> ResponseReturnValue:
    """The page is older than what was saved: say so, keep what it says, and let it be saved on purpose."""
    form.form_errors.insert(
        0,
        gettext(
            "This page was saved in another tab or on another device after you opened it here. "
            "Below is what you typed here: save it to replace the other answers, or open the page again to see them."
        ),
    )
    return _answer(opened, topic, form, 409, seen=saves)


def _answer(opened: OpenedDraft, topic: str, form: QuestionsForm, status: int, *, seen: int | None = None) -> Response:
    """The page again; for a save that a script made, the little that it needs to know.

    `seen` is given where nothing was saved: the page then knows no more than it did before.
    """
    if AUTOSAVE not in request.form:
        return _page(opened, topic, form, status=status, seen=seen)
    told = {"said": saved_words(opened, form), "seen": _saves(opened, topic) if seen is None else seen}
    answer = jsonify(told | {"errors": dict(problems(form.errors))})
    return private_page(answer, 200 if status == 422 else status)


def _page(
    opened: OpenedDraft, topic: str, form: QuestionsForm, *, status: int = 200, seen: int | None = None
) -> Response:
    frozen = {name: opened.answers[name] for name in opened.frozen if name in opened.form.fields_of(topic)}
    page = render_template(
        "apply/topic.html",
        draft=opened.draft,
        topic=topic,
        titles=TITLES,
        form=form,
        seen=_saves(opened, topic) if seen is None else seen,
        frozen=wording.answer_rows(frozen, current_locale(), opened.areas),
        said=saved_words(opened, form) if form.is_submitted() and seen is None else "",
        step_number=opened.place_of(topic),
    )
    return private_page(page, status)


def _saves(opened: OpenedDraft, topic: str) -> int:
    """How often the topic has been saved."""
    return int(opened.draft.saves.get(topic, 0))


def _seen() -> int:
    """How often the topic had been saved when the page that was posted was made."""
    typed = request.form.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


@blueprint.route("/apply/draft/<key>/email/", methods=["GET", "POST"], defaults={"topic": "about"})
@blueprint.route("/apply/draft/<key>/referees/email/", methods=["GET", "POST"], defaults={"topic": "referees"})
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
def check_address(key: str, topic: str) -> ResponseReturnValue:
    """Ask whether addresses that look mistyped are meant as they are. Nothing depends on the answer."""
    opened, form = open_draft(key, now=clock.now()), PortalForm()
    if topic not in opened.form.topics:
        abort(404)
    meant = likely_addresses(opened.answers, topic)
    if not meant or (topic == "about" and "email" in opened.frozen):
        return redirect(opened.address_after(topic), 303)
    if form.validate_on_submit():
        _take_addresses(opened, topic)
        return redirect(opened.address_after(topic), 303)
    page = render_template("apply/check_address.html", draft=opened.draft, form=form, meant=meant, topic=topic)
    return private_page(page, 422 if form.errors else 200)


def _take_addresses(opened: OpenedDraft, topic: str) -> None:
    """Keep the addresses that were suggested, where they were meant; then the link to go on goes out."""
    if "correct" in request.form:
        answers, seen = with_likely_addresses(opened.answers, topic), _saves(opened, topic)
        former = opened.key
        drafts.save_topic(draft=opened.draft, topic=topic, answers=answers, seen=seen, now=opened.now)
        lead_on(former, opened.draft)
    if topic == "about":
        drafts.invite(draft=opened.draft, now=opened.now)
