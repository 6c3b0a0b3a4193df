"""Taking over publications from elsewhere: looked at first, imported then."""

from collections.abc import Sequence

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from s2group.content.publications.bibtex_import import Report, import_bibtex
from s2group.content.publications.lookup import Missed, look_up
from s2group.content.records.imports import Editor
from s2group.core.clock import now
from s2group.core.permissions import Action, allow
from s2group.editor import bibtex_wording, lookup_wording
from s2group.editor.forms.importing import BibtexForm
from s2group.editor.views.blueprint import blueprint


@blueprint.route("/editor/publications/import/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def import_publications() -> ResponseReturnValue:
    """Show what would become of each entry, and then import them.

    Nothing is kept in between: the form carries the text. An import that is sent twice changes nothing the second time.
    """
    form = BibtexForm(may_ask=current_app.config["PAPER_LOOKUP"])
    if request.method != "POST":
        return _page(form)
    is_valid = form.validate()
    form.take_file()
    if not form.says_something() or not is_valid:
        return _page(form), 422
    done = request.form.get("action") == "import" and not form.file.data
    missed = [] if done else _looked_up(form)
    if not form.text.data:
        return _page(form, missed=missed)
    editor = Editor(current_user.id, now()) if done else None
    report = import_bibtex(form.text.data, merge_known=form.merge.data, dry_run=not done, editor=editor)
    return _page(form, report, done=done, missed=missed)


def _looked_up(form: BibtexForm) -> Sequence[Missed]:
    """Ask for the papers that are named by number, and put them into the box; returns what did not come."""
    if not form.named:
        return []
    found = look_up(form.named, current_app.config, room=form.room)
    form.take_found(found)
    return found.missed


def _page(form: BibtexForm, report: Report | None = None, *, done: bool = False, missed: Sequence[Missed] = ()) -> str:
    not_found = list(lookup_wording.sentences(missed))
    return render_template(
        "editor/import.html", form=form, report=report, done=done, not_found=not_found, say=bibtex_wording
    )
