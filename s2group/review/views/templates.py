"""The words of the mails that tell decisions, and of those that tell none."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from s2group.admissions.wording import STATES
from s2group.core import clock
from s2group.core.localized import LOCALES
from s2group.core.permissions import Action, allow, reach
from s2group.documents.services import UnacceptableDocument, take_upload
from s2group.evaluation.messages import services
from s2group.evaluation.messages.queries import KEYS, Template, template_file, template_of, templates
from s2group.evaluation.messages.services import ChangedMeanwhileError, save_template
from s2group.evaluation.messages.wording import FIELD_WORDS
from s2group.review.downloads import download
from s2group.review.forms.templates import TemplateFileForm, TemplateForm
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
    template, may_change = _template(template_key), _may_change()
    form = TemplateForm(data=words_of(template) | {"seen": template.version})
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


@blueprint.route("/templates/<template_key>/files/<mail_locale>/", methods=["GET", "POST"])
@allow(Action.MANAGE_MAIL)
def add_template_file(template_key: str, mail_locale: str) -> ResponseReturnValue:
    """Have a PDF go along with the mails of a template in one language."""
    template, form = _template(template_key), TemplateFileForm()
    locale = next((each for each in LOCALES if each == mail_locale), None) or abort(404)
    there = redirect(url_for("review.message_template", template_key=template_key, _anchor="files"), 303)
    if not _may_change():
        return there
    if form.validate_on_submit():
        sent, now = form.file.data, clock.now()
        try:
            document = take_upload(stream=sent.stream, original_name=sent.filename, now=now)
        except UnacceptableDocument as refused:
            form.refuse(refused.reason)
        else:
            services.add_file(key=template_key, locale=locale, document=document, actor=current_user, now=now)
            return there
    page = render_template(
        "review/templates/file.html", template=template, mail_locale=locale, form=form, states=STATES
    )
    return page, 422 if form.errors else 200


@blueprint.route("/templates/<template_key>/files/<file_token>.pdf", methods=["GET", "POST"])
@allow(Action.MANAGE_MAIL)
def message_template_file(template_key: str, file_token: str) -> ResponseReturnValue:
    """A file that goes along, as it was uploaded. A POST has it go along no more."""
    found = template_file(template_key, file_token) or abort(404)
    if request.method != "POST":
        return download(found.document, f"{template_key}-{found.id}.pdf")
    if not _may_change():
        abort(404)
    services.remove_file(file=found, actor=current_user, now=clock.now())
    return redirect(url_for("review.message_template", template_key=template_key, _anchor="files"), 303)


def _template(key: str) -> Template:
    return template_of(key) if key in KEYS else abort(404)


def _may_change() -> bool:
    return reach(current_user, Action.MANAGE_MAIL).everywhere


def words_of(template: Template) -> dict[str, object]:
    """Its words, as a form takes them."""
    return {
        "subject_zh": template.subject.zh,
        "subject_en": template.subject.en,
        "text_zh": template.text.zh,
        "text_en": template.text.en,
    }
