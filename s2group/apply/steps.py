"""The steps of a draft: the topics of its route and its files; how far each has come, and what each still needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from flask_babel import gettext

from s2group.admissions import wording
from s2group.admissions.catalogue import ALWAYS_ASKED
from s2group.admissions.document_kinds import document_label
from s2group.admissions.rules import Level, declarations
from s2group.admissions.rules.route_form import RouteForm
from s2group.admissions.wording import LABELS, label_of
from s2group.apply.forms.topics import TITLES
from s2group.apply.opened_draft import FILES, OpenedDraft
from s2group.core.i18n import current_locale
from s2group.documents.models import Document

Progress = Literal["done", "begun", "to_do", "optional", "to_look_at"]


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
    # Whether some of them are not: nothing that stops anybody, and nothing that is done or optional either.
    is_open: bool = False


def steps_of(opened: OpenedDraft) -> list[Step]:
    """The topics and the files, in their order."""
    return [*(_topic_step(opened, topic) for topic in opened.form.topics), _files_step(opened)]


def problems_of(opened: OpenedDraft) -> dict[str | None, Sequence[str]]:
    """What keeps the draft from being sent, by the step that mends it."""
    form, missing = opened.form, opened.missing | opened.unfinished
    needed = {
        topic: [label_of(name, form, current_locale()) for name in _names(form, topic) if name in missing]
        for topic in form.topics
    }
    needed[FILES] = [document_label(kind, opened.route) for kind in form.missing_documents(opened.documents)]
    return {step: [_still_needed(step, labels)] for step, labels in needed.items() if labels}


def _still_needed(step: str, labels: list[str]) -> str:
    what = reduce(lambda one, other: gettext("%(one)s, %(other)s", one=one, other=other), labels)
    return str(gettext("%(step)s, still needed: %(what)s", step=TITLES[step], what=what))


def _topic_step(opened: OpenedDraft, topic: str) -> Step:
    names, unfinished = _names(opened.form, topic), opened.unfinished
    ticked, required = _declarations(opened) if "declared" in names else (0, 0)
    later = [
        (label_of(name, opened.form, current_locale()), str(gettext("Not finished yet")))
        for name in names
        if name in unfinished
    ]
    return Step(
        topic,
        str(TITLES[topic]),
        opened.address_of(topic),
        _progress(
            is_begun=any(name in unfinished or opened.answers.get(name) not in (None, "", []) for name in names),
            is_missing=not (opened.missing | unfinished).isdisjoint(names),
        ),
        _rows(opened, [name for name in names if name not in unfinished]) + later,
        declared=_ticked_words(ticked, required) if required else "",
        is_open=ticked < required,
    )


def _declarations(opened: OpenedDraft) -> tuple[int, int]:
    """How many of the required declarations are ticked, and how many there are."""
    required = {each.key for each in declarations(opened.requirements) if each.level is not Level.PREFERRED}
    return len(required.intersection(opened.answers.get("declared") or [])), len(required)


def _ticked_words(ticked: int, required: int) -> str:
    return str(gettext("%(ticked)s of %(all)s required declarations ticked", ticked=ticked, all=required))


def _files_step(opened: OpenedDraft) -> Step:
    files = [(document_label(kind, opened.route), file) for kind, file in opened.documents.items()]
    progress = _progress(is_begun=bool(files), is_missing=bool(opened.form.missing_documents(opened.documents)))
    if progress == "done" and any(file.fault for _, file in files):
        progress = "to_look_at"
    rows = [(label, file.original_name) for label, file in files]
    notes = tuple(filter(None, (_note(label, file) for label, file in files)))
    return Step(FILES, str(TITLES[FILES]), opened.address_of(FILES), progress, rows, notes)


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


def _rows(opened: OpenedDraft, names: list[str]) -> list[tuple[str, str]]:
    answers = {name: opened.answers.get(name) for name in names}
    own = [question for question in opened.form.questions if question.name in names]
    above = [(str(LABELS[name]), str(answers[name])) for name in ALWAYS_ASKED if answers.get(name)]
    return above + wording.answer_rows(answers, current_locale(), opened.areas, own)
