"""What applicants do with an application that they have sent: withdraw it, take that back, change it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.admissions import queries
from s2group.admissions.catalogue import ALWAYS_ASKED
from s2group.admissions.comparison import steps
from s2group.admissions.facts.services import refresh_facts
from s2group.admissions.fulltext.services import index_answers
from s2group.admissions.models import (
    Application,
    ApplicationDocument,
    Draft,
    FormerVersion,
)  # fmt: skip
from s2group.admissions.rules.openings import closure
from s2group.admissions.rules.states import EDITABLE, Mover, State
from s2group.admissions.services import drafts
from s2group.admissions.services.notices import notify_applicant, notify_group
from s2group.admissions.services.referees import ask_the_unasked, call_off, sync_referees
from s2group.admissions.services.states import move
from s2group.admissions.services.submissions import IncompleteError, evaluated
from s2group.audit.rules import Changed
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.localized import Locale
from s2group.links.rules import Purpose
from s2group.links.services import remove


@dataclass(frozen=True)
class Said:
    """What the next version of an application says: all answers, name and address among them, and which files change.

    `files` are new documents by their kind, `removed` the kinds that go.
    """

    answers: Mapping[str, Any]
    files: Mapping[str, int] = field(default_factory=dict)
    removed: Collection[str] = ()


class TooLateError(Exception):
    """The call takes no applications any more, or this one is too far on its way or too old to be changed."""


def may_be_changed(application: Application, *, now: datetime) -> bool:
    """Whether its answers and files may be changed: while its call is open and no decision is shown."""
    return State(application.shown_state) in EDITABLE and takes_changes(application, now=now)


def may_come_back(application: Application, *, now: datetime) -> bool:
    """Whether a withdrawal may be taken back: while its call is open and its files are there."""
    return application.state == State.WITHDRAWN and _is_whole_in_time(application, now)


def takes_changes(application: Application, *, now: datetime) -> bool:
    """Whether its call still takes applications."""
    return closure(application.route.call, now) is None


def _is_whole_in_time(application: Application, now: datetime) -> bool:
    return application.files_removed_at is None and takes_changes(application, now=now)


def withdraw(*, application: Application, now: datetime) -> None:
    """Withdraw an application, and mail that to the applicant and the group; its referees are asked no more.

    Raises ForbiddenMoveError.
    """
    with transaction() as session:
        move(session, application=application, to=State.WITHDRAWN, by=Mover.APPLICANT, actor=None, release=True,
             now=now)  # fmt: skip
        call_off(session, application)
        notify_applicant(session, message="application_withdrawn", application=application, now=now)
        notify_group(session, message="withdrawal_notice", application=application, now=now)


def take_back_withdrawal(*, application: Application, now: datetime) -> None:
    """Put an application back to where it was before it was withdrawn, and mail that to the group.

    Raises TooLateError once its call has closed or its files are gone, ForbiddenMoveError for one that is not
    withdrawn.
    """
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        if not _is_whole_in_time(application, now):
            raise TooLateError(application.reference)
        to = State(application.withdrawn_from or application.state)
        move(session, application=application, to=to, by=Mover.APPLICANT, actor=None, release=True, now=now)
        ask_the_unasked(session, application, now)
        notify_group(session, message="withdrawal_notice", application=application, now=now)


def begin_change(*, application: Application, key: str, now: datetime) -> Draft:
    """The draft that changes the application: the one that was begun already, or a new one with this key.

    Two drafts side by side would each undo what the other says. One that has ended is forgotten. Raises TooLateError.
    """
    if not may_be_changed(application, now=now):
        raise TooLateError(application.reference)
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        begun = queries.draft_of(application)
        if begun and drafts.ends_at(begun) >= now:
            return begun
        if begun:
            drafts.forget(session, begun.id)
            # The new one may get its number.
            session.expunge(begun)
        return drafts.start_change(session, application=application, key=key, now=now)


def amend(*, draft: Draft, consent_version: str, now: datetime) -> Application:
    """Make the next version of an application from a draft that changes it; the draft is gone then.

    What the application said goes to `former_versions`; the new answers are judged by the newest requirements. The
    group gets the new files by mail, the applicant a confirmation, also at a former address, whose links lead nowhere
    from then on. All of it or nothing.
    Whoever sends the same draft a second time gets the application as it is. Raises TooLateError,
    IncompleteError, BlockedError, and DraftGoneError where the draft was forgotten unsent.
    """
    key = draft.key
    try:
        with transaction() as session:
            application = _amend(session, drafts.hold(session, draft), consent_version, now)
    except (drafts.DraftGoneError, IntegrityError):
        sent = queries.application_by_form_key(key)
        if sent is None:
            raise
        return sent
    return application


def _amend(session: Session, draft: Draft, consent_version: str, now: datetime) -> Application:
    application = session.get_one(Application, draft.application_id, with_for_update=True, populate_existing=True)
    if not may_be_changed(application, now=now):
        raise TooLateError(application.reference)
    former = application.email
    if missing := drafts.missing_from(draft, now=now):
        raise IncompleteError(missing)
    said = Said(draft.answers, {entry.kind: entry.document_id for entry in draft.documents}, draft.removed)
    new_files = next_version(session, application, said, draft.key, consent_version, now)
    drafts.forget(session, draft.id)
    tell_of_change(session, application, "application_changed", new_files, former, now)
    return application


def next_version(
    session: Session, application: Application, said: Said, form_key: str, consent_version: str, now: datetime
) -> list[ApplicationDocument]:
    """Make the next version of an application, within the caller's transaction, which holds it; its new files.

    What it said until now goes to `former_versions`; what it says from now on is judged by the newest requirements.
    Whoever reads a former address has no way in any more.
    """
    if said.answers["email"].lower() != application.email.lower():
        _end_access(session, application)
    session.add(_former(application))
    new_files = _replace_files(session, application, said)
    application.form_key, application.consent_version = form_key, consent_version
    _write(application, said.answers, now)
    record(session, Changed(application.version), about=application.subject, at=now)
    refresh_facts(session, [application.id])
    index_answers(session, [application.id])
    sync_referees(session, application, now)
    session.expire(application, ["former_versions"])
    return new_files


def tell_of_change(
    session: Session,
    application: Application,
    message: str,
    files: Sequence[ApplicationDocument],
    former: str,
    now: datetime,
    **context: Any,
) -> None:
    """Mail the group what the newest version changed, and the applicant that it came, at a `former` address too."""
    step = steps(application, cast("Locale", application.route.call.mail_locale))[0]
    notify_group(session, message=message, application=application, files=files, step=step, now=now, **context)
    for address in {application.email.lower(): application.email, former.lower(): former}.values():
        notify_applicant(session, message="change_confirmation", application=application, to=address, now=now)


def _end_access(session: Session, application: Application) -> None:
    """Whoever reads the mail of the former address has no say any more, whichever link or browser they have."""
    application.access_version += 1
    remove(session, (Purpose.MANAGE,), [application.reference])
    remove(session, (Purpose.ANSWER,), [str(asked.id) for asked in application.document_requests])


def _former(application: Application) -> FormerVersion:
    """The application as it was until now."""
    same = ("form_key", "name", "email", "answers", "outcomes", "requirement_set_id", "consent_version")
    return FormerVersion(
        application_id=application.id,
        number=application.version,
        sent_at=application.changed_at or application.submitted_at,
        **{name: getattr(application, name) for name in same},
    )


def _replace_files(session: Session, application: Application, said: Said) -> list[ApplicationDocument]:
    """End the files that the next version has no more, and add its new ones, which are returned."""
    number = application.version + 1
    current = (ApplicationDocument.application_id == application.id, ApplicationDocument.until.is_(None))
    ending = ApplicationDocument.kind.in_([*said.files, *said.removed])
    session.execute(update(ApplicationDocument).where(*current, ending).values(until=number))
    added = [
        ApplicationDocument(application_id=application.id, kind=kind, since=number, document_id=document_id)
        for kind, document_id in sorted(said.files.items())
    ]
    session.add_all(added)
    session.flush()
    session.expire(application, ["documents", "all_documents"])
    return added


def _write(application: Application, said: Mapping[str, Any], now: datetime) -> None:
    requirement_set = queries.current_requirements(application.route)
    answers = {name: answer for name, answer in said.items() if name not in ALWAYS_ASKED}
    outcomes = evaluated(requirement_set, answers, [entry.kind for entry in application.documents])
    application.name, application.email = said["name"], said["email"]
    application.answers = answers
    application.requirement_set = requirement_set
    application.outcomes = [outcome.to_dict() for outcome in outcomes]
    application.version, application.changed_at = application.version + 1, now
