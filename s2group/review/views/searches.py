"""How to search, what completes a search, and the searches that are kept."""

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.permissions import Action, allow
from s2group.evaluation.search import Expression, counted, read
from s2group.evaluation.search.completion import completions
from s2group.evaluation.search.fields import fields
from s2group.evaluation.search.models import SavedSearch
from s2group.evaluation.search.rules.grammar import LONGEST
from s2group.evaluation.search.saved import saved_views, search_by_key, words_of
from s2group.evaluation.search.services import (
    NameTakenError,
    change_search,
    forget_search,
    move_search,
    save_search,
)
from s2group.evaluation.search.wording import explained, kind_in_words
from s2group.review.forms.searches import SavedSearchForm
from s2group.review.views.blueprint import blueprint

blueprint.add_app_template_filter(explained, "explained_mistake")
blueprint.add_app_template_filter(kind_in_words)


@blueprint.get("/search/help/")
@allow(Action.READ_APPLICATIONS)
def search_help() -> str:
    """Every field with what it means, made of the declarations; each example with how many it finds."""
    known = fields(current_user)
    examples = [example for field in known for example in field.examples]
    read_ones = {typed: read(typed, current_user, clock.now()) for typed in examples}
    counts = counted(current_user, {typed: each for typed, each in read_ones.items() if isinstance(each, Expression)})
    return render_template("review/search/help.html", fields=known, counts=counts)


@blueprint.get("/search/completion/")
@allow(Action.READ_APPLICATIONS)
def search_completion() -> ResponseReturnValue:
    """What may follow: of the search `q` up to the sign `at`, as JSON for the box."""
    typed = request.args.get("q", "")[:LONGEST]
    at = request.args.get("at", len(typed), type=int)
    options = completions(typed, at, current_user, current_locale(), clock.now())
    return jsonify([vars(each) for each in options])


@blueprint.route("/searches/", methods=["GET", "POST"])
@allow(Action.READ_APPLICATIONS)
def searches() -> ResponseReturnValue:
    """The kept searches with what each finds now; a form keeps another one, filled in with `q`."""
    form = SavedSearchForm(data={"q": request.args.get("q", "")})
    expression = _read(form) if form.validate_on_submit() else None
    if expression:
        try:
            save_search(
                name=form.name.data, expression=expression, shared=form.shared.data, owner=current_user,
                now=clock.now(),
            )  # fmt: skip
        except NameTakenError:
            form.refuse_name()
        else:
            return _done("kept")
    views = saved_views(current_user, current_locale(), clock.now())
    return render_template("review/search/searches.html", form=form, views=views), 422 if form.errors else 200


@blueprint.route("/searches/<search_key>/", methods=["GET", "POST"])
@allow(Action.READ_APPLICATIONS)
def saved_search(search_key: str) -> ResponseReturnValue:
    """Another name or meaning for one's own search; one that somebody else shares leads to what it finds."""
    saved = search_by_key(current_user, search_key) or abort(404)
    words = words_of(saved, current_user, current_locale(), clock.now())
    if saved.owner_id != current_user.id:
        return redirect(url_for("review.applications", q=words))
    form = SavedSearchForm(data={"name": saved.name, "q": words, "shared": saved.shared})
    expression = _read(form) if form.validate_on_submit() else None
    if expression:
        try:
            change_search(saved=saved, name=form.name.data, expression=expression, shared=form.shared.data)
        except NameTakenError:
            form.refuse_name()
        else:
            return _done("changed")
    return render_template("review/search/saved.html", form=form, saved=saved), 422 if form.errors else 200


@blueprint.post("/searches/<search_key>/remove/")
@allow(Action.READ_APPLICATIONS)
def remove_search(search_key: str) -> ResponseReturnValue:
    """Keep one's own search no longer."""
    forget_search(saved=_own(search_key))
    return _done("removed")


@blueprint.post("/searches/<search_key>/move/")
@allow(Action.READ_APPLICATIONS)
def move_saved_search(search_key: str) -> ResponseReturnValue:
    """One place up in one's own order, or down."""
    move_search(saved=_own(search_key), up=request.form.get("to") == "up")
    return redirect(url_for("review.searches"), 303)


def _read(form: SavedSearchForm) -> Expression | None:
    """What the form asks; a mistake is said beside the field."""
    found = read(form.q.data, current_user, clock.now())
    if isinstance(found, Expression):
        return found
    form.refuse_query(explained(found))
    return None


def _own(key: str) -> SavedSearch:
    saved = search_by_key(current_user, key)
    return saved if saved and saved.owner_id == current_user.id else abort(404)


def _done(what: str) -> ResponseReturnValue:
    flash(what)
    return redirect(url_for("review.searches"), 303)
