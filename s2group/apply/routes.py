"""Which route a request is about, what routes ask for, and what is said where one takes no applications."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from wtforms import Field

from s2group.admissions import wording
from s2group.admissions.catalogue import TOPICS
from s2group.admissions.document_kinds import document_label
from s2group.admissions.openings import Admissions, CallOpening, RouteOpening
from s2group.admissions.rules import Level
from s2group.admissions.wording import label_of
from s2group.apply.forms import file_words
from s2group.apply.forms.fields import LineField, NumberField, ParagraphsField, RowsField
from s2group.apply.forms.questions import QuestionsForm
from s2group.core.i18n import current_locale, listed


@dataclass(frozen=True)
class Demands:
    """What a route has people answer and upload, and what they may upload besides, each as one phrase or empty."""

    answers: str
    documents: str
    optional_documents: str


def asked_opening(admissions: Admissions) -> RouteOpening | None:
    """The route that the request names, which may be closed, or else the first that is open; None without any."""
    name = request.values.get("route")
    named = [opening for opening in admissions.routes if opening.route.key == name]
    return next(iter(named + admissions.open_routes), None)


def in_words(calls: Iterable[CallOpening]) -> dict[str, Any]:
    """For the templates: the requirements by route, and the routes of which a requirement can stop an application."""
    routes = [route for call in calls for route in call.routes]
    rows = {each.route.id: wording.requirement_rows(each.requirements, current_locale()) for each in routes}
    strict = {each.route.id for each in routes if any(one.level is Level.BLOCKING for one in each.requirements)}
    return {"rows": rows, "strict": strict, "largest_file": file_words.largest_file()}


def demands_of(calls: Iterable[CallOpening]) -> dict[int, Demands]:
    """What each route has people answer and upload, by its id."""
    return {each.route.id: _demands(each) for call in calls for each in call.routes}


def _demands(opening: RouteOpening) -> Demands:
    """How to reach somebody is asked everywhere, so it is not named."""
    form, locale = opening.form, current_locale()
    documents = form.documents
    answers = [name for name in form.required if name not in TOPICS["about"]]
    answers += [question.name for question in form.questions if question.required and question.kind != "file"]
    phrases = [label_of(name, form, locale) for name in answers]
    if form.referees:
        phrases.append(ngettext("%(num)s referee", "%(num)s referees", form.referees))
    needed = [document_label(kind, opening.route) for kind, must in documents.items() if must]
    optional = [document_label(kind, opening.route) for kind, must in documents.items() if not must]
    return Demands(listed(phrases), listed(needed), listed(optional))


def closed(admissions: Admissions, opening: RouteOpening | None, form: QuestionsForm | None) -> ResponseReturnValue:
    """No application is taken: say why and what to do, and give back what was typed, to be copied."""
    typed = list(_typed(form)) if form else []
    page = render_template("apply/closed.html", admissions=admissions, opening=opening, typed=typed)
    return page, 409 if request.method == "POST" else 200


def _typed(form: Iterable[Field]) -> Iterator[tuple[str, str]]:
    for field in form:
        if isinstance(field, RowsField):
            for entry in field.entries:
                yield from _typed(entry.form)
        elif isinstance(field, LineField | NumberField | ParagraphsField) and field._value():
            yield str(field.label.text), field._value()
