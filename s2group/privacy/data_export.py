"""All that is held about an applicant, for the applicant: one ZIP of a JSON file and the files as they came."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile

from sqlalchemy import select

from s2group.admissions.document_kinds import file_name
from s2group.admissions.interviews.queries import interviews_of
from s2group.admissions.models import Application, ApplicationDocument, Draft, DraftDocument, FormerVersion
from s2group.admissions.queries import draft_of
from s2group.admissions.replies.models import Reply
from s2group.admissions.timeline import timeline
from s2group.audit.rules import DataExported, Kind
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.documents.models import Document
from s2group.documents.rules import extension
from s2group.documents.store import store
from s2group.extensions import db
from s2group.mail.models import OutboxMail

ABOUT = (
    "Everything that the portal holds about this application. Letters of referees are not included: they were written "
    "in confidence, for the group alone. What the group notes for itself is not included either, nor what others than "
    "the applicant wrote about it by mail."
)


def write_data_export(
    target: IO[bytes], *, application: Application, mails: Iterable[OutboxMail], now: datetime
) -> None:
    """Write the archive, and that it was fetched, in a transaction of its own.

    The names in it are ours. A file that the store has lost does not keep the others back.
    """
    change = draft_of(application)
    with ZipFile(target, "w", ZIP_STORED) as archive:
        data = json.dumps(contents(application, change, mails, now), default=_as_text, ensure_ascii=False, indent=2)
        archive.writestr("application.json", data)
        for name, document in _named_files(application, change):
            if store.has(document.sha256):
                with store.local(document.sha256) as path:
                    archive.write(path, name)
    with transaction() as session:
        record(session, DataExported(), about=application.subject, at=now)


def contents(
    application: Application, change: Draft | None, mails: Iterable[OutboxMail], now: datetime
) -> dict[str, Any]:
    """What application.json says. A decision that was not released is not in it."""
    return {
        "about": ABOUT,
        "written_at": now,
        "reference": application.reference,
        "route": application.route.title,
        "language": application.locale,
        "state": application.shown_state,
        "submitted_at": application.submitted_at,
        "versions": [*map(_former, application.former_versions), _current(application)],
        "files": [_file(entry) for entry in _files(application)],
        "change_not_sent": change and _not_sent(application, change),
        "files_removed_at": application.files_removed_at,
        "requests": [
            {"asked_at": asked.asked_at, "question": asked.question, "text": asked.text, "due_at": asked.due_at,
             "answered_at": asked.answered_at, "taken_back_at": asked.taken_back_at}
            for asked in application.document_requests
            if asked.is_told(now)
        ],
        "referees": [
            {"name": referee.name, "email": referee.email, "position": referee.title, "asked_at": referee.asked_at,
             "letter_received": referee.received_at is not None}
            for referee in application.referees
        ],
        "interviews": _interviews(application),
        "history": [
            {"at": event.at, "event": event.kind, **event.details.to_dict()} for event in timeline(application, now)
        ],
        "first_read_at": next((event.at for event in application.events if event.kind == Kind.OPENED), None),
        "mails": [_mail(mail, application) for mail in mails],
        "replies": [_reply(reply) for reply in _replies(application)],
    }  # fmt: skip


def _interviews(application: Application) -> list[dict[str, Any]]:
    """What the applicant was asked and has chosen. Neither what interviewers noted is in it, nor what is held."""
    return [
        {
            "title": interview.round.title,
            "invited_at": interview.invited_at,
            "starts_at": interview.slot.starts_at if interview.slot and interview.is_chosen else None,
            "place": interview.slot.where if interview.slot and interview.is_chosen else None,
            "chosen_at": interview.chosen_at,
            "timezone": interview.timezone,
            "none_fits": interview.none_fits,
            "none_fits_at": interview.none_fits_at,
        }
        for interview in interviews_of(application)
    ]


def name_of(entry: ApplicationDocument) -> str:
    """Where a file lies in the archive: by the version that it came with."""
    return (
        f"files/version-{entry.since}/{file_name(entry.kind, entry.application.reference, entry.document.media_type)}"
    )


def _name_not_sent(application: Application, entry: DraftDocument) -> str:
    return f"files/not-sent/{file_name(entry.kind, application.reference, entry.document.media_type)}"


def _named_files(application: Application, change: Draft | None) -> list[tuple[str, Document]]:
    sent = [(name_of(entry), entry.document) for entry in _files(application)]
    begun = change.documents if change else []
    replied = [
        (_name_of_reply(reply, entry.position, entry.document), entry.document)
        for reply in _replies(application)
        for entry in reply.files
    ]
    return sent + [(_name_not_sent(application, entry), entry.document) for entry in begun] + replied


def _files(application: Application) -> list[ApplicationDocument]:
    return sorted(application.all_documents, key=lambda entry: (entry.since, entry.kind))


def _current(application: Application) -> dict[str, Any]:
    sent_at = application.changed_at or application.submitted_at
    return _version(application, application.version, sent_at)


def _former(former: FormerVersion) -> dict[str, Any]:
    return _version(former, former.number, former.sent_at)


def _version(source: Application | FormerVersion, number: int, sent_at: datetime) -> dict[str, Any]:
    return {
        "number": number,
        "sent_at": sent_at,
        "name": source.name,
        "email": source.email,
        "answers": source.answers,
        "outcomes": source.outcomes,
        "consent_version": source.consent_version,
    }


def _not_sent(application: Application, change: Draft) -> dict[str, Any]:
    """A change that was begun."""
    return {
        "started_at": change.started_at,
        "saved_at": change.saved_at,
        "answers": change.answers,
        "unfinished": change.unfinished,
        "removed": change.removed,
        "files": [
            {"name": _name_not_sent(application, entry), "kind": entry.kind, **_facts(entry.document)}
            for entry in change.documents
        ],
    }


def _file(entry: ApplicationDocument) -> dict[str, Any]:
    return {
        "name": name_of(entry),
        "kind": entry.kind,
        "from_version": entry.since,
        "until_version": entry.until and entry.until - 1,
        **_facts(entry.document),
    }


def _facts(document: Document) -> dict[str, Any]:
    return {
        "original_name": document.original_name,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
        "stored_at": document.stored_at,
    }


def _mail(mail: OutboxMail, application: Application) -> dict[str, Any]:
    """Who of the group, or which referee, got a mail is their own affair."""
    recipient = mail.recipient if mail.recipient.lower() in _own_addresses(application) else None
    return {
        "written_at": mail.created_at,
        "subject": mail.subject,
        "to": recipient,
        "accepted_at": mail.accepted_at,
        "written_to_file_at": mail.written_at,
    }


def _replies(application: Application) -> list[Reply]:
    """What the applicant wrote by mail. What a referee or a colleague wrote was written for the group alone."""
    statement = select(Reply).where(Reply.application_id == application.id, Reply.confirmed).order_by(Reply.id)
    own = _own_addresses(application)
    return [reply for reply in db.session.scalars(statement) if reply.sender.lower() in own]


def _reply(reply: Reply) -> dict[str, Any]:
    return {
        "sent_at": reply.sent_at,
        "from": reply.sender,
        "subject": reply.subject,
        "text": reply.text,
        "files": [
            {"name": _name_of_reply(reply, entry.position, entry.document), **_facts(entry.document)}
            for entry in reply.files
        ],
    }


def _name_of_reply(reply: Reply, position: int, document: Document) -> str:
    return f"files/replies/{reply.id}-{position}.{extension(document.media_type)}"


def _own_addresses(application: Application) -> set[str]:
    return {former.email.lower() for former in application.former_versions} | {application.email.lower()}


def _as_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return {"zh": value.zh, "en": value.en}
