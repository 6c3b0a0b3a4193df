"""Taking over the home page of a member: looked at first, line by line."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from s2group.content.editing import record_at
from s2group.content.importer.report import Report
from s2group.content.importer.services import take_over
from s2group.content.people.files import MEMBER
from s2group.content.people.models import Member
from s2group.content.records.imports import Editor
from s2group.core.clock import now
from s2group.core.permissions import Action, allow
from s2group.editor.forms.importing import HomepageForm
from s2group.editor.views.blueprint import blueprint


@blueprint.route("/editor/member/<path:key>/homepage/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def import_homepage(key: str) -> ResponseReturnValue:
    """Show what would become of each line, and then take the page over.

    Nothing is kept in between: the form carries the text. A page that is sent twice changes nothing the second time.
    """
    member = record_at(MEMBER, key) or abort(404)
    form = HomepageForm()
    if request.method != "POST":
        return _page(member, form)
    is_valid = form.validate()
    form.take_file()
    if not form.says_something() or not is_valid:
        return _page(member, form), 422
    done = request.form.get("action") == "import" and not form.file.data
    editor = Editor(current_user.id, now()) if done else None
    report = take_over(form.text.data.encode(), "", slug=member.slug, dry_run=not done, editor=editor)
    return _page(member, form, report, done=done)


def _page(member: Member, form: HomepageForm, report: Report | None = None, *, done: bool = False) -> str:
    return render_template("editor/homepage.html", member=member, form=form, report=report, done=done)
