"""The tags themselves, and those of one application."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.permissions import Action, allow
from s2group.evaluation.queries import application_in_full
from s2group.evaluation.search import Mistake, read
from s2group.evaluation.search.asking import by_keys, in_words
from s2group.evaluation.search.wording import explained
from s2group.evaluation.tags import queries, services
from s2group.evaluation.tags.models import Tag
from s2group.evaluation.tags.rules import LONGEST_QUERY, Colour
from s2group.review.forms.tags import NewTagForm, TagForm, TagsOfOneForm
from s2group.review.views.blueprint import blueprint


@blueprint.route("/tags/", methods=["GET", "POST"])
@allow(Action.READ_APPLICATIONS)
def tags() -> ResponseReturnValue:
    """All tags that the reader sees, with how many applications have each; a form makes another."""
    form = NewTagForm()
    if form.validate_on_submit() and (not form.q.data or _kept_query(form)):
        try:
            services.make_tag(
                name=form.name.data,
                colour=form.colour.data,
                shared=form.shared,
                query=_kept_query(form) if form.q.data else None,
                actor=current_user,
                now=clock.now(),
            )
        except services.NameTakenError:
            form.refuse_name()
        else:
            return _done("made")
    return render_template(
        "review/tags/index.html",
        form=form,
        tags=queries.tags_visible_to(current_user),
        counts=queries.tag_counts(current_user),
        removed=queries.removed_tags(current_user, now=clock.now()),
    ), 422 if form.errors else 200


@blueprint.route("/tags/<tag_key>/", methods=["GET", "POST"])
@allow(Action.READ_APPLICATIONS)
def tag(tag_key: str) -> ResponseReturnValue:
    """Another name or colour for a tag, for an automatic one another search."""
    found = _tag(tag_key)
    form = TagForm(data={"name": found.name, "colour": Colour(found.colour), "q": _query_in_words(found)})
    if form.validate_on_submit() and (not found.is_automatic or _kept_query(form)):
        try:
            services.change_tag(
                tag=found,
                name=form.name.data,
                colour=form.colour.data,
                query=_kept_query(form) if found.is_automatic else None,
                actor=current_user,
                now=clock.now(),
            )
        except services.NameTakenError:
            form.refuse_name()
        else:
            return _done("changed")
    return render_template("review/tags/tag.html", form=form, tag=found), 422 if form.errors else 200


def _kept_query(form: TagForm) -> str | None:
    """The search of an automatic tag as it is kept; None where it cannot be, which the form says."""
    if not form.q.data:
        form.refuse_query(gettext("Write which applications have the tag"))
        return None
    expression = read(form.q.data, current_user, clock.now())
    if isinstance(expression, Mistake):
        form.refuse_query(explained(expression))
        return None
    kept = by_keys(expression, current_user)
    if len(kept) > LONGEST_QUERY:
        form.refuse_query(gettext("Use at most %(count)s characters", count=LONGEST_QUERY))
        return None
    return kept


def _query_in_words(tag: Tag) -> str:
    """The search of an automatic tag as its reader would type it; as it is kept where it can be read no longer."""
    expression = read(tag.query or "", current_user, clock.now())
    if isinstance(expression, Mistake):
        return tag.query or ""
    return in_words(expression, current_user, current_locale())


@blueprint.post("/tags/<tag_key>/remove/")
@allow(Action.READ_APPLICATIONS)
def remove_tag(tag_key: str) -> ResponseReturnValue:
    """Take a tag off everywhere. The page that follows offers to bring it back."""
    services.remove_tag(tag=_tag(tag_key), actor=current_user, now=clock.now())
    return _done("removed")


@blueprint.post("/tags/<tag_key>/restore/")
@allow(Action.READ_APPLICATIONS)
def restore_tag(tag_key: str) -> ResponseReturnValue:
    """Bring a removed tag back to wherever it was."""
    try:
        services.restore_tag(tag=_tag(tag_key), actor=current_user, now=clock.now())
    except services.NameTakenError:
        return _done("taken")
    return _done("restored")


@blueprint.route("/<reference>/tags/", methods=["GET", "POST"])
@allow(Action.READ_APPLICATIONS)
def tags_of_one(reference: str) -> ResponseReturnValue:
    """Which tags an application has."""
    application = application_in_full(current_user, reference) or abort(404)
    every, chosen = queries.tags_by_hand(current_user), queries.tags_of(current_user, [application.id])
    form = TagsOfOneForm(list(every), chosen.get(application.id, []))
    if form.validate_on_submit():
        wanted = [each for each in every if each.key in form.tags.data]
        services.set_tags(application=application, chosen=wanted, actor=current_user, now=clock.now())
        return redirect(url_for("review.application", reference=reference), 303)
    return render_template(
        "review/tags/application.html", application=application, form=form, tags={each.key: each for each in every}
    ), 422 if form.errors else 200


def _tag(key: str) -> Tag:
    return queries.tag_by_key(current_user, key) or abort(404)


def _done(what: str) -> ResponseReturnValue:
    flash(what)
    return redirect(url_for("review.tags"), 303)
