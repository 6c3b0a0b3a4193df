"""The forms over the catalogue's questions: the requirement check, one topic of a draft, a whole application."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType, new_class
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField
from wtforms.fields import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired

from s2group.admissions.asked_again import AskedAgain
from s2group.admissions.catalogue import FIELDS, READ_TOGETHER
from s2group.admissions.document_kinds import RESUME, document_label
from s2group.admissions.models import AdmissionRoute
from s2group.admissions.rules import Level, Requirement, declarations, quick_fields
from s2group.admissions.rules.route_form import RouteForm, read_form
from s2group.admissions.wording import Areas
from s2group.apply.forms.consent import consent_field
from s2group.apply.forms.fields import DocumentField, RowsField, answer_of
from s2group.apply.forms.fieldsets import fields_again, fields_named, fields_of_topic
from s2group.apply.forms.fieldsets.languages import WHY_NONE
from s2group.apply.forms.fieldsets.studies import READ_AS_ONE
from s2group.apply.forms.file_words import problem
from s2group.apply.forms.files import FilesForm, with_tokens
from s2group.apply.forms.shapes import apart, token
from s2group.apply.opened_draft import OpenedDraft
from s2group.core.forms import PortalForm
from s2group.core.i18n import plain_text
from s2group.core.identifiers import new_token
from s2group.core.localized import LocalizedText

# A button beside a list: `rows` = papers:add, or papers:2 to take the entry of that number away.
ROW_BUTTON = "rows"


class QuestionsForm(PortalForm):
    """A form whose answers the rules can read and an application keeps."""

    class Meta(PortalForm.Meta):
        """How what was posted gets into the fields."""

        def wrap_formdata(self, form: PortalForm, formdata: object) -> Any:
            """As usual; two answers that were typed into the first of two fields go where they belong."""
            posted = super().wrap_formdata(form, formdata)
            typed = MultiDict(posted.items(multi=True)) if posted is not None else None
            for first, second in READ_AS_ONE.items():
                if typed and first in typed and second in form:
                    typed[first], typed[second] = apart(typed[first], typed.get(second, ""))
            return typed

    # The names of its questions; the rest of its fields are the form's own affair.
    asked: frozenset[str] = frozenset()

    @property
    def questions(self) -> list[Field]:
        """The fields that a page shows, in their order."""
        beside = {WHY_NONE[name] for name in self.asked if name in WHY_NONE}
        return [field for field in self if field.name in self.asked | beside]

    def answer_to(self, name: str) -> Any:
        """The answer to one question; None where there is none."""
        field = self[name]
        if name == "declared":
            ticked = field.data or []
            return [choice.value for choice in field.choices if choice.value in ticked]
        answer = answer_of(field)
        if answer is None and name in WHY_NONE:
            return answer_of(self[WHY_NONE[name]])
        return answer

    def answers(self) -> dict[str, Any]:
        """Every answer by the name of its question."""
        return {name: self.answer_to(name) for name in self._names()}

    def accepted(self) -> dict[str, Any]:
        """The answers that nothing is wrong with; to be asked for once the form was validated.

        Where one of those that are read together is wrong, the others wait: beside an earlier one they may be wrong.
        """
        waiting = self._waiting()
        return {name: self.answer_to(name) for name in self._names() if name not in waiting}

    def unfinished(self) -> dict[str, dict[str, list[str]]]:
        """What was typed in the place of the others, by the name of the question and of its inputs."""
        waiting = self._waiting()
        return {name: self._typed(name) for name in self._names() if name in waiting}

    def put_back(self, unfinished: Mapping[str, Mapping[str, list[str]]]) -> None:
        """Show what was typed before and is no answer yet, with what is to be done about it."""
        names = [name for name in unfinished if name in self]
        for name in names:
            texts = MultiDict([(key, text) for key, values in unfinished[name].items() for text in values])
            for field in self._inputs(name):
                field.process(texts)
        for name in names:
            for field in self._inputs(name):
                field.validate(self)

    def _inputs(self, name: str) -> list[Field]:
        return [self[name], *([self[WHY_NONE[name]]] if name in WHY_NONE else [])]

    def _typed(self, name: str) -> dict[str, list[str]]:
        names = {field.name for field in self._inputs(name)}
        rows = f"{name}-" if isinstance(self[name], RowsField) else None
        keys = [key for key in request.form if key in names or (rows and key.startswith(rows))]
        return {key: request.form.getlist(key) for key in keys}

    def _waiting(self) -> set[str]:
        wrong = {name for name in self._names() if self._has_error(name)}
        return wrong.union(*(names & {*self._names()} for names in READ_TOGETHER if names & wrong))

    def press_row_button(self) -> bool:
        """Add or take away an entry of a list, where such a button was pressed."""
        name, _, button = request.form.get(ROW_BUTTON, "").partition(":")
        if name not in self or not isinstance(self[name], RowsField):
            return False
        self[name].press(button)
        return True

    def _names(self) -> Iterator[str]:
        return (field.name for field in self if field.name in self.asked)

    def _has_error(self, name: str) -> bool:
        return bool(self[name].errors or (name in WHY_NONE and self[WHY_NONE[name]].errors))


class ApplicationForm(QuestionsForm, FilesForm):
    """A whole application."""

    # Which way of being admitted; and the random key by which a second post of this form is known.
    route = HiddenField()
    form_key = HiddenField(filters=[lambda text: token(text) or new_token()])
    # The addresses about which this form has asked whether they are meant.
    email_asked = HiddenField()
    # The missed requirements of which its page has told; None where it was posted by a program that saw no page.
    outcomes_shown = HiddenField()
    route_is_open = True
    # The names of the fields of each topic.
    topics: Mapping[str, frozenset[str]] = MappingProxyType({})

    @property
    def sections(self) -> list[tuple[str, list[Field]]]:
        """The questions under the names of their topics; a topic without any is left out."""
        sections = [
            (topic, [field for field in self.questions if field.name in names]) for topic, names in self.topics.items()
        ]
        return [(topic, fields) for topic, fields in sections if fields]

    def take_addresses(self, meant: Mapping[str, str]) -> None:
        """Put another address in the place of each of these."""
        rows = self["referees"].entries if "referees" in self else []
        for field in (self["email"], *(row.form["email"] for row in rows)):
            field.data = meant.get(field.answer, field.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """As usual; a way of applying that is not open is said of the form as a whole."""
        is_right = super().validate(extra_validators)
        if not self.route_is_open:
            self.form_errors.append(
                gettext("The way of applying has changed. Check the form, then press the button again.")
            )
        return is_right and self.route_is_open


F = TypeVar("F", bound=QuestionsForm)


def check_form(requirement_lists: Iterable[Sequence[Requirement]], areas: Areas) -> QuestionsForm:
    """The requirement check: what any of the requirements looks at; every question may stay open."""
    requirements = [requirement for requirements in requirement_lists for requirement in requirements]
    return _made(QuestionsForm, fields_named(quick_fields(requirements)), requirements, areas)


def topic_form(opened: OpenedDraft, topic: str) -> QuestionsForm:
    """One topic of a draft, filled in with what is known; what is frozen by now is left out."""
    applicant = opened.answers.get("email")
    fields = fields_of_topic(opened.form, topic, frozen=opened.frozen, now=opened.now, applicant=applicant)
    return _made(QuestionsForm, fields, opened.requirements, opened.areas, opened.answers)


def asked_again_form(asked: AskedAgain, *, now: datetime) -> QuestionsForm:
    """One question of an application that was sent, with what is answered together with it, filled in."""
    fields = fields_again(asked.form, asked.names, now=now, applicant=asked.application.email)
    return _made(QuestionsForm, fields, asked.requirements, asked.areas, asked.answers)


def application_form(
    route: AdmissionRoute | None, requirements: Sequence[Requirement], areas: Areas, *, now: datetime
) -> ApplicationForm:
    """All of a route's questions on one page; without a route every question there is, to keep what was typed."""
    if route is None:
        return _made(ApplicationForm, fields_named(FIELDS), [], areas)
    form = read_form(route.form)
    topics = {topic: fields_of_topic(form, topic, frozen=(), now=now) for topic in form.topics}
    fields = {name: field for of_topic in topics.values() for name, field in of_topic.items()}
    made = _made(ApplicationForm, fields, requirements, areas, files=_file_fields(form, route))
    made.topics = {topic: frozenset(of_topic) for topic, of_topic in topics.items()}
    made.route_is_open = made.route.data in (None, route.key)
    made.route.data = route.key
    return made


def _file_fields(form: RouteForm, route: AdmissionRoute) -> dict[str, UnboundField]:
    fields = {kind: _file_field(kind, route, required=required) for kind, required in form.documents.items()}
    return with_tokens(fields) | {"consent": consent_field()}


def _file_field(kind: str, route: AdmissionRoute, *, required: bool) -> UnboundField:
    label = lazy_gettext("CV (PDF)") if kind == RESUME else document_label(kind, route)
    return DocumentField(label, [DataRequired(problem("none", kind, label))] if required else [])


def _made(
    base: type[F],
    fields: Mapping[str, UnboundField],
    requirements: Sequence[Requirement],
    areas: Areas,
    answers: Mapping[str, Any] | None = None,
    *,
    files: Mapping[str, UnboundField] | None = None,
) -> F:
    """A form of its own class. What can be ticked comes from the requirements; without any it is not asked.

    Among the research areas that the group has, `areas` by their keys, one can be chosen.
    """
    declared = declarations(requirements)
    ticks = [
        SelectChoice(value=key, label=plain_text(LocalizedText(**asdict(words))))
        for key, words in dict.fromkeys((each.key, each.wording) for each in declared)
    ]
    chosen = {name: field for name, field in fields.items() if name != "declared" or ticks}
    asked = frozenset(chosen) - set(WHY_NONE.values())
    made = new_class("MadeForm", (base,), {}, lambda body: body.update(chosen, **(files or {}), asked=asked))
    form: F = made(data=_as_fields(answers or {}))
    if "research_line" in form:
        chosen_from = [SelectChoice(value=key, label=plain_text(title)) for key, title in areas.items()]
        form.research_line.choices = [SelectChoice(value="", label="—"), *chosen_from]
    if "declared" in form:
        form.declared.choices = ticks
        if any(each.level is not Level.PREFERRED for each in declared):
            form.declared.label.text = gettext("Required declarations")
            # For the page alone: what is not ticked stays open, and stops nobody from saving.
            form.declared.flags.required = True
    return form


def _as_fields(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as the fields take them: a test that has no score says why in a field of its own."""
    reasons = {name: answers[name] for name in WHY_NONE if isinstance(answers.get(name), str)}
    return {**answers, **dict.fromkeys(reasons), **{WHY_NONE[name]: reason for name, reason in reasons.items()}}
