"""One answer or document of an application that the group asks for once more: what it is called, and what it says."""

from dataclasses import dataclass
from typing import Any

from flask import Flask

from s2group.admissions import queries
from s2group.admissions.document_kinds import document_label
from s2group.admissions.models import AGAIN, AdmissionRoute, Application, DocumentRequest
from s2group.admissions.rules import Requirement, read_requirements
from s2group.admissions.rules.route_form import RouteForm, read_form
from s2group.admissions.wording import LABELS, Areas, answer_rows, label_of
from s2group.core.i18n import current_locale, in_language
from s2group.core.localized import Locale

ADDRESSES = ("name", "email")


@dataclass(frozen=True)
class AskedAgain:
    """What is asked once more of an application, with the form of its route as it is now."""

    application: Application
    question: str
    form: RouteForm
    # What the group's research areas are called, by their keys.
    areas: Areas

    @property
    def is_document(self) -> bool:
        """Whether a file answers it."""
        return self.question.removeprefix(AGAIN) in self.form.documents and self.question.startswith(AGAIN)

    @property
    def names(self) -> list[str]:
        """The fields that are answered together; none of a document."""
        return self.form.asked_with(self.question)

    @property
    def answers(self) -> dict[str, Any]:
        """What the application answers to them now."""
        said = answers_of(self.application)
        return {name: said.get(name) for name in self.names}

    @property
    def requirements(self) -> list[Requirement]:
        """What the route requires now."""
        return read_requirements(queries.current_requirements(self.application.route).requirements)

    @property
    def can_be_asked(self) -> bool:
        """Whether the route still asks it."""
        return self.is_document or bool(self.names)

    def label(self, locale: Locale | None = None) -> str:
        """What it is called, in `locale` or else the reader's language."""
        return question_label(self.question, self.application.route, locale)

    def said(self, locale: Locale) -> list[tuple[str, str]]:
        """What the application says now, question by question; of a document nothing."""
        with in_language(locale):
            plain = [(str(LABELS[name]), str(self.answers[name])) for name in ADDRESSES if name in self.names]
        return plain + answer_rows(
            self.answers, locale, self.areas, [own for own in self.form.questions if own.name in self.names]
        )


def asked_again(application: Application, question: str) -> AskedAgain:
    """What is asked once more by this name."""
    form = read_form(application.route.form)
    return AskedAgain(application, question, form, queries.area_titles_for(form.fields))


def askable(application: Application) -> set[str]:
    """All that its route asks and can ask once more, by name; of documents those that are there."""
    form = read_form(application.route.form)
    answers = [*form.fields, *(own.name for own in form.questions), "referees"]
    files = [entry.kind for entry in application.documents if entry.kind in form.documents]
    return {*(name for name in answers if form.asked_with(name)), *(AGAIN + kind for kind in files)}


def what_is_asked(asked: DocumentRequest) -> str:
    """What a request asks for once more is called; of a further document nothing."""
    return question_label(asked.question, asked.application.route) if asked.question else ""


def init_app(app: Flask) -> None:
    """Give the templates this word."""
    app.jinja_env.filters.update(what_is_asked=what_is_asked)


def question_label(question: str, route: AdmissionRoute, locale: Locale | None = None) -> str:
    """What an answer or a document is called, in `locale` or else the reader's language."""
    locale = locale or current_locale()
    if question.startswith(AGAIN):
        return document_label(question.removeprefix(AGAIN), route, locale)
    with in_language(locale):
        return label_of(question, read_form(route.form), locale)


def answers_of(application: Application) -> dict[str, Any]:
    """All answers by the names of their questions, those among them that have columns of their own."""
    return {**application.answers, "name": application.name, "email": application.email}
