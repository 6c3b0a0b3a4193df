"""The words of the mails that tell decisions, and of those that tell none."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from s2group.admissions.wording import STATES
from s2group.core import clock
from s2group.core.permissions import Action, allow, reach
from s2group.evaluation.messages.queries import KEYS, Template, template_of, templates
from s2group.evaluation.messages.services import ChangedMeanwhileError, save_template
from s2group.evaluation.messages.wording import FIELD_WORDS
from s2group.review.forms.templates import TemplateForm
from s2group.review.views.blueprint import blueprint


@blueprint.get("/templates/")
@allow(Action.MANAGE_MAIL)
def message_templates() -> str:
    """Every template, and which version is in use."""
    return render_template("review/templates/index.html", templates=templates(), states=STATES)


@blueprint.route("/templates/<template_key>/", methods=["GET", "POST"])
@allow(Action.MANAGE_MAIL)
def message_template(template_key: str) -> ResponseReturnValue:
    """One template in both languages. All routes share it, so that only who decides everywhere changes it."""
    if template_key not in KEYS:
        abort(404)
    template = template_of(template_key)
    may_change = reach(current_user, Action.MANAGE_MAIL).everywhere
    form = TemplateForm(data=_stored(template))
    if may_change and form.validate_on_submit():
        try:
            save_template(
                key=template_key,
                subject=form.subject,
                text=form.text,
                seen=form.seen.data or 0,
                actor=current_user,
                now=clock.now(),
            )
        except ChangedMeanwhileError:
            form.form_errors.append(gettext("Somebody else has changed it meanwhile. Their words are below yours."))
        else:
            flash("template_saved")
            return redirect(url_for("review.message_template", template_key=template_key), 303)
    return render_template(
        "review/templates/template.html",
        template=template,
        form=form,
        may_change=may_change,
        fields=FIELD_WORDS,
        states=STATES,
    ), 422 if form.errors else 200


def _stored(template: Template) -> dict[str, object]:
    return {
        "subject_zh": template.subject.zh,
        "subject_en": template.subject.en,
        "text_zh": template.text.zh,
        "text_en": template.text.en,
        "seen": template.version,
    }
