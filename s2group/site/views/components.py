"""What pages are made of, all on one page, for whoever changes a template or a style sheet; only in development."""

from flask import Flask, render_template
from flask_babel import lazy_gettext
from wtforms import BooleanField, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice

from s2group.core.permissions import public
from s2group.graphics.marks.drawing import portrait, strip
from s2group.graphics.marks.families import FAMILIES
from s2group.graphics.marks.subject import Subject, rhythm
from s2group.site.views.marks import TINTS

# Of nobody.
NAME = "欧阳一苇"
PAPER = Subject("components", rhythm("What pages are made of"), voices=4, share=0.5)


class SampleForm(Form):  # type: ignore[misc]
    """A field of each kind; the first has a mistake."""

    name = StringField(lazy_gettext("Name"))
    route = SelectField(lazy_gettext("Route"), choices=[SelectChoice("", "—")])
    statement = TextAreaField(lazy_gettext("Statement"))
    language = RadioField(lazy_gettext("Language"), choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")])
    consent = BooleanField(lazy_gettext("Yes"))


def init_app(app: Flask) -> None:
    """Give the page its address, in development alone."""
    if app.config["ENV_NAME"] == "development":
        app.add_url_rule("/components/", "site.components", components)


@public
def components() -> str:
    """Every component in the scheme and the language of the reader."""
    form = SampleForm()
    form.name.errors = [lazy_gettext("Enter your name")]
    drawings = {family: (strip(family, PAPER), portrait(family, PAPER, NAME[:2])) for family in FAMILIES}
    return render_template("site/components.html", form=form, drawings=drawings, tints=range(TINTS + 1))
