"""What changed from one version of a record to the next, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from s2group.accounts.models import User
from s2group.admissions import wording
from s2group.admissions.call_fields import Form, Requirements
from s2group.admissions.rules import read_requirements
from s2group.admissions.rules.route_form import read_form
from s2group.admissions.wording import DOCUMENTS, LABELS
from s2group.content.records.fields import Field
from s2group.content.records.kinds import Kind
from s2group.content.records.models import Revision
from s2group.core.i18n import current_locale
from s2group.core.localized import LocalizedText
from s2group.editor.wording import label_of


@dataclass(frozen=True)
class Difference:
    """What a field said before and says after, line by line."""

    label: str
    before: Sequence[str]
    after: Sequence[str]


@dataclass(frozen=True)
class Version:
    """A revision, who made it (nobody: files or an import), and what it changed of the one before."""

    revision: Revision
    user: User | None
    changes: Sequence[Difference]


def name_of(row: Any) -> str:
    """What a record is called in the reader's language."""
    name = getattr(row, "name", None) or row.title
    return name if isinstance(name, str) else str(name.in_locale(current_locale())[0])


def name_in(values: Mapping[str, Any]) -> str:
    """The same of a record as JSON keeps it."""
    name = values.get("name") or values["title"]
    return name if isinstance(name, str) else str(LocalizedText(**name).in_locale(current_locale())[0])


def versions(kind: Kind, revisions: Sequence[tuple[Revision, User | None]]) -> list[Version]:
    """The revisions, the newest first, each compared with the one before."""
    before = [revision.values for revision, _ in revisions[1:]] + [None]
    return [
        Version(revision, user, differences(kind, former, revision.values) if former else [])
        for (revision, user), former in zip(revisions, before, strict=True)
    ]


def differences(kind: Kind, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Difference]:
    """The fields in which two records, as JSON keeps them, differ."""
    one, other = before or {}, after or {}
    return [
        Difference(label_of(kind.name, field), _lines(field, one.get(field.name)), _lines(field, other.get(field.name)))
        for field in kind.fields
        if one.get(field.name) != other.get(field.name)
    ]


def _lines(field: Field[Any], value: Any) -> list[str]:
    """A value of a field as JSON keeps it, in lines."""
    match field:
        case Requirements():
            return requirement_lines(value or [])
        case Form():
            return form_lines(value or {})
    return lines_of(value)


def requirement_lines(tables: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each requirement asks, in the reader's language."""
    locale = current_locale()
    return [
        f"{row.level} · {row.label} {row.also}".strip()
        for row in wording.requirement_rows(read_requirements(list(tables)), locale)
    ]


def form_lines(form: Mapping[str, Any]) -> list[str]:
    """What a route asks, in the reader's language."""
    asked = read_form(form)
    lines = [_asked(LABELS[name], name in asked.required) for name in asked.fields]
    lines += [_asked(DOCUMENTS[kind], needed) for kind, needed in asked.documents.items() if kind in DOCUMENTS]
    lines += [_asked(each.label[current_locale()], each.required) for each in asked.questions]
    dated = [*asked.required_from.items(), *asked.frozen_from.items()]
    lines += [f"{LABELS[name]} · {at.isoformat()}" for name, at in dated]
    return [*lines, *([f"{LABELS['referees']} · {asked.referees}"] if asked.referees else [])]


def _asked(label: object, is_required: bool) -> str:
    return f"{label} · {gettext('required') if is_required else gettext('optional')}"


def lines_of(value: Any) -> list[str]:
    """A value as JSON keeps it, in lines; those of texts in two languages begin with the language."""
    if isinstance(value, Mapping):
        return [f"{_said(name)}{' · '.join(lines_of(words))}" for name, words in value.items() if words]
    if isinstance(value, list):
        return [" · ".join(lines_of(each)) for each in value]
    if isinstance(value, bool):
        return [gettext("Yes") if value else gettext("No")]
    return [] if value in (None, "") else [str(value)]


def _said(name: str) -> str:
    return {"zh": "中文：", "en": "English: "}.get(name, f"{name}: ")
