"""What differs from one version of an application to the next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from flask_babel import gettext

from s2group.admissions import wording
from s2group.admissions.models import Application, ApplicationDocument, FormerVersion
from s2group.admissions.queries import area_titles_for
from s2group.admissions.rules import Outcome, Verdict, verdict_changes
from s2group.admissions.rules.route_form import OwnQuestion, read_form
from s2group.core.localized import Locale, LocalizedText

Version = Application | FormerVersion


@dataclass(frozen=True)
class Difference:
    """An answer, or how a requirement came out, before and after; empty where there was none."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class FileChange:
    """The file of one kind before and after; None where there was none."""

    kind: str
    before: ApplicationDocument | None
    after: ApplicationDocument | None


@dataclass(frozen=True)
class Step:
    """How a version differs from the one before it."""

    number: int
    sent_at: datetime
    answers: list[Difference]
    files: list[FileChange]
    verdicts: list[Difference]


def steps(application: Application, locale: Locale) -> list[Step]:
    """Every change of the application, the newest first."""
    questions = read_form(application.route.form).questions
    versions: list[Version] = [*application.former_versions, application]
    areas = area_titles_for({name for version in versions for name in version.answers})
    found = [
        Step(
            number=number,
            sent_at=_sent_at(after),
            answers=_answers(before, after, locale, areas, questions),
            files=_files(application.all_documents, number),
            verdicts=_verdicts(before, after, locale),
        )
        for number, (before, after) in enumerate(pairwise(versions), start=2)
    ]
    return found[::-1]


def changes_since(application: Application, number: int, locale: Locale) -> Step:
    """How the application differs from its version of this number, all changes since taken together."""
    before = next((version for version in application.former_versions if version.number == number), application)
    questions = read_form(application.route.form).questions
    areas = area_titles_for({*before.answers, *application.answers})
    return Step(
        number=application.version,
        sent_at=_sent_at(application),
        answers=_answers(before, application, locale, areas, questions),
        files=_files_since(application.all_documents, number),
        verdicts=_verdicts(before, application, locale),
    )


def _sent_at(version: Version) -> datetime:
    if isinstance(version, FormerVersion):
        return version.sent_at
    return version.changed_at or version.submitted_at


def _answers(
    before: Version,
    after: Version,
    locale: Locale,
    areas: wording.Areas,
    questions: Iterable[OwnQuestion],
) -> list[Difference]:
    old, new = _rows(before, locale, areas, questions), _rows(after, locale, areas, questions)
    return _differences(old, new)


def _rows(version: Version, locale: Locale, areas: wording.Areas, questions: Iterable[OwnQuestion]) -> dict[str, str]:
    person = {str(gettext("Name")): version.name, str(gettext("E-mail")): version.email}
    return person | dict(wording.answer_rows(version.answers, locale, areas, questions))


def _verdicts(before: Version, after: Version, locale: Locale) -> list[Difference]:
    old = [Outcome.from_dict(outcome) for outcome in before.outcomes]
    new = [Outcome.from_dict(outcome) for outcome in after.outcomes]
    labels = {outcome.key: LocalizedText(outcome.label.zh, outcome.label.en) for outcome in [*old, *new]}
    return [
        Difference(labels[key].in_locale(locale)[0], _verdict(verdict_before), _verdict(verdict_after))
        for key, verdict_before, verdict_after in verdict_changes(old, new)
    ]


def _verdict(verdict: Verdict | None) -> str:
    return wording.verdict_label(verdict) if verdict else ""


def _differences(old: dict[str, str], new: dict[str, str]) -> list[Difference]:
    """In the order of the new ones; what was there before and is gone comes last."""
    names = [*new, *(name for name in old if name not in new)]
    return [Difference(name, old.get(name, ""), new.get(name, "")) for name in names if old.get(name) != new.get(name)]


def _files_since(documents: Iterable[ApplicationDocument], number: int) -> list[FileChange]:
    """The files that are others than with version `number`."""
    listed = list(documents)
    ended = {each.kind: each for each in listed if each.since <= number and each.until and each.until > number}
    begun = {each.kind: each for each in listed if each.since > number and each.until is None}
    return [FileChange(kind, ended.get(kind), begun.get(kind)) for kind in sorted(ended.keys() | begun.keys())]


def _files(documents: Iterable[ApplicationDocument], number: int) -> list[FileChange]:
    """The files that version `number` brought or took away."""
    listed = list(documents)
    ended = {entry.kind: entry for entry in listed if entry.until == number}
    begun = {entry.kind: entry for entry in listed if entry.since == number and number > 1}
    return [FileChange(kind, ended.get(kind), begun.get(kind)) for kind in sorted(ended.keys() | begun.keys())]
