"""One message to many applicants, which tells no decision: written once, then seen and held as every release is."""

from collections import Counter

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from s2group.core.permissions import Action, allow, authorize
from s2group.evaluation.bulk.queries import applications_with
from s2group.evaluation.bulk.rules import MOST
from s2group.evaluation.messages.queries import FREE, Template
from s2group.evaluation.messages.wording import FIELD_WORDS
from s2group.evaluation.releases.services import free_messages, free_template
from s2group.review.forms.templates import WordsForm
from s2group.review.views.blueprint import blueprint
from s2group.review.views.bulk import choice_page, chosen
from s2group.review.views.releases import prepared
from s2group.review.views.templates import words_of


@blueprint.post("/bulk/write/")
@allow(Action.DECIDE_APPLICATIONS)
def write_to_many() -> ResponseReturnValue:
    """Write to the applicants `r`, or to those whom the search `q` finds; each gets it in their language."""
    search, template = request.form.get("q", ""), free_template()
    ids = chosen(request.form.getlist("r"), search) or []
    if not ids or len(ids) > MOST:
        return choice_page(ids, search, 422)
    every = applications_with(current_user, ids)
    decided = [each for each in every if authorize(current_user, Action.DECIDE_APPLICATIONS, each)]
    going = [each for each in decided if each.state != "withdrawn"]
    is_written = "written" in request.form
    form = WordsForm() if is_written else WordsForm(None, data=words_of(template))
    if going and is_written and form.validate():
        return prepared(free_messages(going, Template(FREE, form.subject, form.text, template.version, template.files)))
    page = render_template(
        "review/bulk/write.html",
        form=form,
        search=search,
        references=request.form.getlist("r"),
        locales=Counter(each.locale for each in going),
        not_theirs=len(every) - len(decided),
        withdrawn=len(decided) - len(going),
        files=template.files,
        fields=FIELD_WORDS,
    )
    return page, 422 if form.errors else 200
