"""The questions of the forms, made for a route: which of the catalogue it asks, and which it needs answered."""

from collections.abc import Iterable
from datetime import datetime

from wtforms.fields.core import UnboundField

from s2group.admissions.rules.route_form import RouteForm
from s2group.apply.forms.fieldsets.about import ABOUT
from s2group.apply.forms.fieldsets.languages import LANGUAGES, WHY_NONE
from s2group.apply.forms.fieldsets.own import own_question, referees
from s2group.apply.forms.fieldsets.question import Question
from s2group.apply.forms.fieldsets.research import RESEARCH, STATEMENT, WORKS
from s2group.apply.forms.fieldsets.studies import EXAM, STUDIES

CATALOGUE: dict[str, Question] = {**ABOUT, **STUDIES, **EXAM, **LANGUAGES, **RESEARCH, **WORKS, **STATEMENT}


def fields_named(names: Iterable[str], required: Iterable[str] = ()) -> dict[str, UnboundField]:
    """The fields with these names; beside a score of CET the question why there is none."""
    needed, fields = set(required), {}
    for name in names:
        fields[name] = CATALOGUE[name].field(required=name in needed)
        if name in WHY_NONE:
            fields[WHY_NONE[name]] = CATALOGUE[WHY_NONE[name]].field(required=False)
    return fields


def fields_again(form: RouteForm, names: Iterable[str], *, now: datetime, applicant: str) -> dict[str, UnboundField]:
    """The fields with these names as some topic of the route asks them, also where answers stay as they are by now."""
    fields: dict[str, UnboundField] = {}
    for topic in form.topics:
        fields |= fields_of_topic(form, topic, frozen=(), now=now, applicant=applicant)
    wanted = {*names, *(WHY_NONE[name] for name in names if name in WHY_NONE)}
    return {name: field for name, field in fields.items() if name in wanted}


def fields_of_topic(
    form: RouteForm, topic: str, *, frozen: Iterable[str], now: datetime, applicant: str | None = None
) -> dict[str, UnboundField]:
    """The fields of one topic of a route, without those whose answers stay as they are.

    `applicant` is the e-mail address that is known already: whoever has it is no referee.
    """
    if topic == "referees":
        return {"referees": referees(form.referees, applicant).field(required=True)}
    if topic == "questions":
        asked = [question for question in form.questions if question.kind != "file"]
        return {question.name: own_question(question).field(required=question.required) for question in asked}
    names = [name for name in form.fields_of(topic) if name not in frozen]
    return fields_named(names, [name for name in names if form.is_required(name, now)])
