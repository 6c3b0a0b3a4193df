"""Releasing decisions: which ones wait, what is told to whom, and the ten minutes in which it can be taken back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from s2group.admissions.models import Application
from s2group.admissions.wording import STATES
from s2group.core import clock
from s2group.core.permissions import Action, allow
from s2group.evaluation.messages.rules import fields_in
from s2group.evaluation.pipeline.queries import places
from s2group.evaluation.releases import queries, services
from s2group.evaluation.releases.models import MessageRelease, ReleaseItem
from s2group.evaluation.releases.rules import Doubt, Standing, doubts
from s2group.evaluation.releases.wording import DOUBTS, OUTCOMES
from s2group.review.forms.releases import MessageForm
from s2group.review.views.blueprint import blueprint


@dataclass(frozen=True)
class ItemRow:
    """One message as a row, with what a person should look at before it goes."""

    item: ReleaseItem
    doubts: Sequence[Doubt]


@blueprint.route("/releases/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def releases() -> ResponseReturnValue:
    """The decisions that no applicant has heard of yet, and what is prepared, held or told. A POST prepares some."""
    if request.method == "POST":
        chosen = queries.applications_to_tell(current_user, request.form.getlist("reference"))
        return prepared(services.decision_messages([each for each in chosen if each.state != each.shown_state]))
    pending = queries.pending_decisions(current_user)
    return render_template(
        "review/releases/index.html",
        pending=pending,
        waiting=queries.waiting_elsewhere(current_user, None, [each.id for each in pending]),
        places=places(current_user, list({each.route_id: each.route for each in pending}.values())),
        open_releases=queries.open_releases(current_user),
        done_releases=queries.done_releases(current_user),
        states=STATES,
        now=clock.now(),
    )


def prepare_decision(application: Application) -> ResponseReturnValue:
    """The page on which one decision is seen before it goes."""
    return prepared(services.decision_messages([application]))


def prepared(messages: list[services.Message]) -> ResponseReturnValue:
    """The page on which these messages are seen before they go."""
    try:
        found = services.prepare(messages=messages, actor=current_user, now=clock.now())
    except services.NothingToReleaseError:
        flash("nothing_chosen")
        return redirect(url_for("review.releases"), 303)
    return redirect(url_for("review.release", release_key=found.key), 303)


@blueprint.route("/<reference>/write/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def write(reference: str) -> ResponseReturnValue:
    """Write to one applicant without telling a decision."""
    [application] = queries.applications_to_tell(current_user, [reference]) or abort(404)
    [begun] = services.free_messages([application], services.free_template())
    form = MessageForm(data={"subject": begun.subject, "text": begun.text})
    if not form.validate_on_submit():
        return render_template(
            "review/releases/write.html", application=application, form=form, attachments=begun.attachments
        ), 422 if form.errors else 200
    return prepared([services.Message(application, None, form.subject.data, form.text.data, begun.attachments)])


@blueprint.route("/releases/<release_key>/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def release(release_key: str) -> ResponseReturnValue:
    """One release: to whom what is told and when. A POST lets it go, takes it back, or forgets it."""
    found = _release(release_key)
    if request.method == "POST":
        return _done(found, request.form.get("action", ""))
    items = queries.items_of(current_user, found)
    return render_template(
        "review/releases/release.html",
        release=found,
        rows=_rows(found, items),
        by_state=Counter(item.state for item in items if not item.held_back),
        may_rule=queries.may_rule(current_user, found),
        **_words(),
    )


def _done(found: MessageRelease, action: str) -> ResponseReturnValue:
    if not queries.may_rule(current_user, found):
        abort(404)
    about = {"actor": current_user, "now": clock.now()}
    if action == "discard":
        flash("discarded" if services.discard(release=found) else "too_late")
        return redirect(url_for("review.releases"), 303)
    verb = {"go": services.queue, "take_back": services.take_back}.get(action) or abort(400)
    flash(action if verb(release=found, **about) else "too_late")
    return redirect(url_for("review.release", release_key=found.key), 303)


@blueprint.route("/releases/<release_key>/<reference>/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def release_message(release_key: str, reference: str) -> ResponseReturnValue:
    """One mail of a release, as its reader will get it; it can be written anew, or held back."""
    found = _release(release_key)
    items = queries.items_of(current_user, found)
    place = next((at for at, each in enumerate(items) if each.application.reference == reference), None)
    item = items[place] if place is not None else abort(404)
    form = MessageForm(data={"subject": item.subject, "text": item.text})
    if request.form.get("action") in ("hold_back", "take_in"):
        held_back = request.form["action"] == "hold_back"
        return _edited(item, services.hold_back(item=item, held_back=held_back))
    if form.validate_on_submit():
        words = {"subject": form.subject.data, "text": form.text.data}
        return _edited(item, services.edit(item=item, **words))
    return render_template(
        "review/releases/message.html",
        release=found,
        row=_rows(found, [item])[0],
        mail=services.mail_of(item),
        place=place,
        items=items,
        form=form,
        **_words(),
    ), 422 if form.errors else 200


def _edited(item: ReleaseItem, done: bool) -> ResponseReturnValue:
    flash("kept" if done else "too_late")
    key, reference = item.release.key, item.application.reference
    return redirect(url_for("review.release_message", release_key=key, reference=reference), 303)


def _release(key: str) -> MessageRelease:
    return queries.release_by_key(current_user, key) or abort(404)


def _rows(found: MessageRelease, items: Sequence[ReleaseItem]) -> list[ItemRow]:
    elsewhere = queries.waiting_elsewhere(current_user, found, [item.application_id for item in items])
    return [ItemRow(item, [] if item.done_at else _doubts(item, item.application_id in elsewhere)) for item in items]


def _doubts(item: ReleaseItem, waits_elsewhere: bool) -> list[Doubt]:
    standing = Standing(item.application.state, item.application.shown_state)
    fields = fields_in(item.subject + item.text)
    return doubts(item.state, standing, waits_elsewhere=waits_elsewhere, empty_fields=fields)


def _words() -> dict[str, object]:
    return {"states": STATES, "doubts": DOUBTS, "outcomes": OUTCOMES, "now": clock.now()}
