"""Which template is in use, and what its fields stand for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from s2group.admissions.decision_words import TOLD, words_for
from s2group.admissions.models import Application
from s2group.admissions.offers.queries import set_due
from s2group.admissions.rules.states import State
from s2group.admissions.template_files.models import TemplateFile
from s2group.content.group.queries import group_profile
from s2group.content.people.queries import principal_investigators
from s2group.core.i18n import deadline, in_language, listed, public_url
from s2group.core.localized import Locale, LocalizedText
from s2group.evaluation.messages.models import MessageTemplate
from s2group.extensions import db
from s2group.mail.headers import attachment_title
from s2group.mail.services import Attachment

# The key of the template for a message that tells no decision.
FREE = "message"
KEYS = (*(state.value for state in TOLD), FREE)


@dataclass(frozen=True)
class Template:
    """The words for one kind of mail, and what goes along; version 0 is what the portal came with."""

    key: str
    subject: LocalizedText
    text: LocalizedText
    version: int = 0
    files: Sequence[TemplateFile] = ()

    def attachments(self, locale: Locale) -> list[Attachment]:
        """What goes along with its mails in this language, in the order in which it was added."""
        return [_attachment(file) for file in self.files if file.locale == locale]


def template_of(key: str) -> Template:
    """The template in use for a state, or FREE. Raises ValueError for another key."""
    return templates([key])[0]


def templates(keys: Sequence[str] = KEYS) -> list[Template]:
    """The templates in use with these keys, in their order, in two statements."""
    rows = {row.key: row for row in db.session.scalars(select(MessageTemplate).where(MessageTemplate.key.in_(keys)))}
    files = _files(keys)
    return [_of_row(rows[key], files[key]) if key in rows else default_template(key, files[key]) for key in keys]


def _of_row(row: MessageTemplate, files: Sequence[TemplateFile]) -> Template:
    return Template(row.key, row.subject, row.text, row.version, files)


def _files(keys: Sequence[str]) -> Mapping[str, list[TemplateFile]]:
    statement = select(TemplateFile).where(TemplateFile.template_key.in_(keys), TemplateFile.removed_at.is_(None))
    found: dict[str, list[TemplateFile]] = {key: [] for key in keys}
    for file in db.session.scalars(statement.options(joinedload(TemplateFile.document)).order_by(TemplateFile.id)):
        found[file.template_key].append(file)
    return found


def _attachment(file: TemplateFile) -> Attachment:
    """Under the name that its editor gave it, as far as mail programs are sure to read it."""
    stem = file.document.original_name.rpartition(".")[0]
    title = attachment_title(re.split(r"[\W_]+", stem) if re.search(r"[^\W_]", stem) else [file.template_key], "pdf")
    return Attachment(file.document.sha256, f"{file.template_key}-{file.id}.pdf", title)


def template_file(key: str, token: str) -> TemplateFile | None:
    """A file of this template by the random name of its document, whether or not it still goes along."""
    statement = select(TemplateFile).where(TemplateFile.template_key == key).options(joinedload(TemplateFile.document))
    return next((file for file in db.session.scalars(statement) if file.document.token == token), None)


def default_template(key: str, files: Sequence[TemplateFile] = ()) -> Template:
    """What the portal came with: around the words of a decision what its reader needs."""
    (subject_zh, text_zh), (subject_en, text_en) = _default(key, "zh"), _default(key, "en")
    return Template(key, LocalizedText(subject_zh, subject_en), LocalizedText(text_zh, text_en), files=files)


def _default(key: str, locale: Locale) -> tuple[str, str]:
    with in_language(locale):
        greeting = gettext("Hello {name},")
        facts = gettext("Reference: {reference}\nRoute: {route}\nStatus: {status}")
        closing = gettext("Questions? Reply to this mail.")
        if key == FREE:
            return gettext("About your application {reference}"), "\n\n".join([greeting, facts, closing])
        words = words_for(State(key), locale)
        subject = f"{words.subject}: {{reference}}"
        if key == State.OFFER:
            facts = facts + gettext("\nAnswer by: {deadline}")
            subject = subject + gettext("[[, answer by {deadline}]]")
        return subject, "\n\n".join([greeting, words.text, facts, closing])


def group_values(locale: Locale) -> dict[str, str]:
    """What the fields about the group stand for in this language."""
    group = group_profile()
    names = [each.name.in_locale(locale)[0] for each in principal_investigators()]
    return {
        "group": group.name.in_locale(locale)[0] if group else "",
        "institution": group.institution.in_locale(locale)[0] if group else "",
        "pi": listed(names, locale),
    }


def merge_values(application: Application, of_group: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """What all fields stand for in a mail about this application, in its applicant's language.

    And those of them whose value only says that there is none.
    """
    locale = cast("Locale", application.locale)
    due_at = set_due(application) if application.state == State.OFFER else None
    values = of_group | {
        "name": application.name,
        "reference": application.reference,
        "route": application.route.title.in_locale(locale)[0],
        "call": application.route.call.title.in_locale(locale)[0],
        "status": public_url("apply.status", locale=locale, reference=application.reference),
        "deadline": _answer_by(application, due_at, locale),
    }
    return values, [] if due_at else ["deadline"]


def _answer_by(application: Application, due_at: datetime | None, locale: Locale) -> str:
    """Until when an offer is answered; empty for what is no offer."""
    if application.state != State.OFFER:
        return ""
    with in_language(locale):
        return deadline(due_at, application.route.call.timezone, locale) if due_at else gettext("no last day")
