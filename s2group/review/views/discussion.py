"""The discussion of an application, and the comments that wait for the reader."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core import clock
from s2group.core.permissions import Action, allow
from s2group.evaluation.discussion import queries, rules, services
from s2group.evaluation.discussion.models import Comment
from s2group.evaluation.queries import application_in_full
from s2group.evaluation.reviews.queries import shows_ratings
from s2group.review.forms.discussion import CommentForm, NewCommentForm
from s2group.review.views.blueprint import blueprint


@blueprint.route("/<reference>/discussion/", methods=["GET", "POST"])
@allow(Action.READ_APPLICATIONS)
def discussion(reference: str) -> ResponseReturnValue:
    """What colleagues have said about an application; a form says more. The reader's own mentions count as seen."""
    application = application_in_full(current_user, reference) or abort(404)
    colleagues = queries.colleagues_of(current_user, application)
    form = NewCommentForm(colleagues)
    chosen = [each for each in colleagues if str(each.id) in (form.colleagues.data or ())]
    is_preview = request.form.get("do") == "preview"
    if form.validate_on_submit() and not is_preview:
        services.add_comment(
            application=application, text=form.text.data, chosen=chosen, actor=current_user, now=clock.now()
        )
        return _done("said", reference)
    is_open = shows_ratings(current_user, application)
    comments, hidden = queries.discussion_of(current_user, application, is_open=is_open)
    if not hidden:
        services.note_seen(application=application, actor=current_user, now=clock.now())
    return render_template(
        "review/discussion/index.html",
        application=application,
        form=form,
        comments=comments,
        hidden=hidden,
        changeable=changeable(comments),
        preview=_preview(application, form, chosen) if is_preview else None,
    ), 422 if form.errors else 200


@dataclass(frozen=True)
class Preview:
    """A comment before anybody sees it: what it says, whom it mentions first, and whether they wait for ratings."""

    text: str
    mentioned: Sequence[User]
    is_hidden_at_first: bool


def _preview(application: Application, form: CommentForm, chosen: Collection[User] = ()) -> Preview | None:
    if form.errors:
        return None
    mentioned = services.whom_it_mentions(application, form.text.data, chosen, current_user)
    return Preview(form.text.data, mentioned, application.route.call.hide_ratings)


@blueprint.route("/<reference>/discussion/<comment_key>/", methods=["GET", "POST"])
@allow(Action.READ_APPLICATIONS)
def comment(reference: str, comment_key: str) -> ResponseReturnValue:
    """Say one's own comment otherwise, for as long as that is possible."""
    found = _comment(reference, comment_key)
    form = CommentForm(data={"text": found.text})
    if not changeable([found]):
        return _done("too_late", reference)
    is_preview = request.form.get("do") == "preview"
    if not form.validate_on_submit() or is_preview:
        preview = _preview(found.application, form) if is_preview else None
        told = {mention.user_id for mention in found.mentions}
        page = render_template("review/discussion/comment.html", form=form, comment=found, preview=preview, told=told)
        return page, 422 if form.errors else 200
    try:
        services.change_comment(comment=found, text=form.text.data, actor=current_user, now=clock.now())
    except services.TooLateError:
        return _done("too_late", reference)
    return _done("changed", reference)


@blueprint.post("/<reference>/discussion/<comment_key>/remove/")
@allow(Action.READ_APPLICATIONS)
def remove_comment(reference: str, comment_key: str) -> ResponseReturnValue:
    """Take one's own comment back, for as long as that is possible."""
    try:
        services.remove_comment(comment=_comment(reference, comment_key), actor=current_user, now=clock.now())
    except services.TooLateError:
        return _done("too_late", reference)
    return _done("removed", reference)


@blueprint.get("/mentions/")
@allow(Action.READ_APPLICATIONS)
def mentions() -> str:
    """The comments that mention the reader and wait for them."""
    return render_template("review/discussion/mentions.html", mentions=queries.waiting_mentions(current_user))


def _comment(reference: str, key: str) -> Comment:
    return queries.comment_by_key(current_user, reference, key) or abort(404)


def changeable(comments: Sequence[Comment]) -> set[int]:
    """The ids of those that the reader may still say otherwise, or take back."""
    now, actor_id = clock.now(), current_user.id
    return {
        each.id
        for each in comments
        if rules.may_change(author_id=each.author_id, at=each.at, actor_id=actor_id, now=now)
    }


def _done(what: str, reference: str) -> ResponseReturnValue:
    flash(what)
    return redirect(url_for("review.discussion", reference=reference), 303)
