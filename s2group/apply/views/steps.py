"""The steps of a draft: the topics of its route, its files, and the last look; how far each has come."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Literal

from flask import url_for
from flask_babel import gettext

from s2group.admissions import wording
from s2group.admissions.catalogue import ALWAYS_ASKED
from s2group.admissions.document_kinds import document_label
from s2group.admissions.models import Draft
from s2group.admissions.queries import current_requirements
from s2group.admissions.rules import Level, declarations, read_requirements
from s2group.admissions.rules.route_form import RouteForm
from s2group.admissions.services.drafts import documents_of
from s2group.admissions.wording import LABELS
from s2group.apply.forms.topics import TITLES
from s2group.apply.views.draft_context import FILES, form_of
from s2group.core.i18n import current_locale
from s2group.documents.models import Document

# The last look.
CHECK = "check"
Progress = Literal["done", "begun", "to_do", "optional"]


@dataclass(frozen=True)
class Step:
    """One step: where it is, how far it has come, and what was answered in it."""

    name: str
    title: str
    address: str
    progress: Progress
    rows: list[tuple[str, str]]
    # What to look at before it is sent.
    notes: tuple[str, ...] = ()
    # How many of the required declarations are ticked, in words, where it asks for any.
    declared: str = ""


def steps_of(draft: Draft, *, now: datetime) -> list[Step]:
    """The topics and the files, in their order."""
    form = form_of(draft)
    missing, unfinished = set(form.missing_answers(draft.answers, now)), _unfinished(draft, form, now)
    return [*(_step(draft, form, topic, missing, unfinished) for topic in form.topics), _files(draft, form)]


def place_of(draft: Draft, step: str) -> tuple[int, int]:
    """Which of how many steps it is; the files and the last look come after the topics."""
    names = [*form_of(draft).topics, FILES, CHECK]
    return names.index(step) + 1, len(names)


def next_step(draft: Draft, after: str) -> str:
    """The address of the step that follows a topic; the files come after the last."""
    topics = [*form_of(draft).topics, FILES]
    return _address(draft, topics[topics.index(after) + 1])


def problems_of(draft: Draft, *, now: datetime) -> dict[str, list[str]]:
    """What keeps the draft from being sent, by the step that mends it."""
    form = form_of(draft)
    missing = {*form.missing_answers(draft.answers, now), *_unfinished(draft, form, now)}
    needed = {topic: [_label(form, name) for name in _names(form, topic) if name in missing] for topic in form.topics}
    needed[FILES] = [document_label(kind, draft.route) for kind in form.missing_documents(documents_of(draft))]
    return {step: [_still_needed(step, labels)] for step, labels in needed.items() if labels}


def _still_needed(step: str, labels: list[str]) -> str:
    what = reduce(lambda one, other: gettext("%(one)s, %(other)s", one=one, other=other), labels)
    return str(gettext("%(step)s, still needed: %(what)s", step=TITLES[step], what=what))


def _unfinished(draft: Draft, form: RouteForm, now: datetime) -> set[str]:
    return set(form.unfinished_answers(draft.unfinished, draft.answers, now))


def _step(draft: Draft, form: RouteForm, topic: str, missing: set[str], unfinished: set[str]) -> Step:
    names = _names(form, topic)
    is_begun = any(name in unfinished or draft.answers.get(name) not in (None, "", []) for name in names)
    progress = _progress(is_begun=is_begun, is_missing=not (missing | unfinished).isdisjoint(names))
    rows = _rows(draft, form, [name for name in names if name not in unfinished])
    later = [(_label(form, name), str(gettext("Not finished yet"))) for name in names if name in unfinished]
    declared = _declared(draft) if "declared" in names else ""
    return Step(topic, str(TITLES[topic]), _address(draft, topic), progress, rows + later, declared=declared)


def _declared(draft: Draft) -> str:
    """How many of the required declarations are ticked."""
    requirements = read_requirements(current_requirements(draft.route).requirements)
    required = {each.key for each in declarations(requirements) if each.level is not Level.PREFERRED}
    ticked = required.intersection(draft.answers.get("declared") or [])
    words = gettext("%(ticked)s of %(all)s required declarations ticked", ticked=len(ticked), all=len(required))
    return str(words) if required else ""


def _files(draft: Draft, form: RouteForm) -> Step:
    there = documents_of(draft)
    progress = _progress(is_begun=bool(there), is_missing=bool(form.missing_documents(there)))
    rows = [(document_label(kind, draft.route), file.original_name) for kind, file in there.items()]
    notes = tuple(filter(None, (_note(document_label(kind, draft.route), file) for kind, file in there.items())))
    return Step(FILES, str(TITLES[FILES]), _address(draft, FILES), progress, rows, notes)


def _note(label: str, file: Document) -> str:
    if file.is_waiting:
        return str(gettext("%(label)s: the file is stored, and is still being looked at.", label=label))
    if file.fault == "encrypted":
        return str(
            gettext("%(label)s: the file asks for a password. Replace it with one that needs none.", label=label)
        )
    words = gettext(
        "%(label)s: the portal could not open this file. Look at it on your device; replace it, or send it as it is.",
        label=label,
    )
    return str(words) if file.fault else ""


def _progress(*, is_begun: bool, is_missing: bool) -> Progress:
    if is_missing:
        return "begun" if is_begun else "to_do"
    return "done" if is_begun else "optional"


def _names(form: RouteForm, topic: str) -> list[str]:
    if topic == "questions":
        return [question.name for question in form.questions if question.kind != "file"]
    return ["referees"] if topic == "referees" else form.fields_of(topic)


def _rows(draft: Draft, form: RouteForm, names: list[str]) -> list[tuple[str, str]]:
    answers = {name: draft.answers.get(name) for name in names}
    own = [question for question in form.questions if question.name in names]
    above = [(str(LABELS[name]), str(answers[name])) for name in ALWAYS_ASKED if answers.get(name)]
    return above + wording.answer_rows(answers, current_locale(), own)


def _label(form: RouteForm, name: str) -> str:
    question = form.question(name)
    return question.label[current_locale()] if question else str(LABELS[name])


def _address(draft: Draft, step: str) -> str:
    if step == FILES:
        return url_for("apply.files", key=draft.key)
    return url_for("apply.topic", key=draft.key, topic=step)
