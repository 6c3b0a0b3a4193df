"""Preparing, queueing, taking back and telling what the staff have for applicants.

Until a release takes effect nothing that an applicant sees has changed. Then, for each of its messages in a transaction
of its own, the status page and the mail change together: a worker that is killed leaves each told or not told, and
whoever comes next goes on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.admissions.services import states
from s2group.admissions.services.notices import Preview, notify_applicant, preview
from s2group.audit.rules import Details, MessageSent, ReleaseQueued, ReleaseSkipped, ReleaseTakenBack
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.errors import log_error
from s2group.core.identifiers import new_token
from s2group.core.localized import Locale
from s2group.evaluation.access import items_to_tell
from s2group.evaluation.messages.queries import FREE, Template, group_values, merge_values, templates
from s2group.evaluation.messages.rules import as_html, filled
from s2group.evaluation.releases.models import MessageRelease, ReleaseItem
from s2group.evaluation.releases.queries import ids_to_tell, is_due, unfinished_ids
from s2group.evaluation.releases.rules import Outcome, Standing, effective_at, outcome_of
from s2group.extensions import db
from s2group.mail.services import Attachment

DECISION_TOLD, MESSAGE_WRITTEN = "decision_told", "message_written"


@dataclass(frozen=True)
class Message:
    """What one applicant shall be told: a state or none, and a mail in its last words."""

    application: Application
    state: str | None
    subject: str
    text: str
    attachments: Sequence[Attachment] = ()
    template_version: int = 0


class NothingToReleaseError(ValueError):
    """A release needs somebody to tell."""


def decision_messages(applications: Sequence[Application]) -> list[Message]:
    """For each the mail that tells its state, as the template of that state says it in its applicant's language."""
    keys = sorted({application.state for application in applications})
    by_state: dict[str | None, Template] = {template.key: template for template in templates(keys)}
    return _from_templates(applications, by_state, [application.state for application in applications])


def free_messages(applications: Sequence[Application], template: Template) -> list[Message]:
    """For each a mail of these words that tells no decision."""
    return _from_templates(applications, {None: template}, [None] * len(applications))


def free_template() -> Template:
    """What a message without a decision begins with."""
    return templates([FREE])[0]


def _from_templates(
    applications: Sequence[Application], by_state: dict[str | None, Template], told: Sequence[str | None]
) -> list[Message]:
    of_group: dict[Locale, dict[str, str]] = {}
    messages = []
    for application, state in zip(applications, told, strict=True):
        locale, template = cast("Locale", application.locale), by_state[state]
        values, missing = merge_values(application, of_group.setdefault(locale, group_values(locale)))
        messages.append(
            Message(
                application,
                state,
                filled(template.subject.in_locale(locale)[0], values, missing),
                filled(template.text.in_locale(locale)[0], values, missing),
                template.attachments(locale),
                template.version,
            )
        )
    return messages


def prepare(*, messages: Sequence[Message], actor: User, now: datetime) -> MessageRelease:
    """Write messages down so that they can be seen, edited and held back. Nobody is told yet, and nothing waits.

    Raises NothingToReleaseError without any.
    """
    with transaction() as session:
        return _prepare(session, messages, actor, now)


def release(*, items: Sequence[Message], actor: User, now: datetime) -> MessageRelease:
    """Prepare messages and queue them at once: for those whose words somebody has seen elsewhere.

    Raises NothingToReleaseError without any.
    """
    prepared = prepare(messages=items, actor=actor, now=now)
    queue(release=prepared, actor=actor, now=now)
    return prepared


def _prepare(session: Session, messages: Sequence[Message], actor: User, now: datetime) -> MessageRelease:
    if not messages:
        raise NothingToReleaseError
    found = MessageRelease(key=new_token(), made_at=now, actor_id=actor.id, items=[_item(each) for each in messages])
    session.add(found)
    return found


def _item(message: Message) -> ReleaseItem:
    return ReleaseItem(
        application_id=message.application.id,
        state=message.state,
        subject=message.subject,
        text=message.text,
        attachments=[vars(each) for each in message.attachments],
        template_version=message.template_version,
    )


def edit(*, item: ReleaseItem, subject: str, text: str) -> bool:
    """Give one message other words; False where its release is no longer only prepared."""
    with transaction() as session:
        if not _hold(session, item.release).is_prepared:
            return False
        item.subject, item.text, item.edited = subject, text, True
    return True


def hold_back(*, item: ReleaseItem, held_back: bool) -> bool:
    """Leave one message out, or take it in again; False where its release is no longer only prepared."""
    with transaction() as session:
        if not _hold(session, item.release).is_prepared:
            return False
        item.held_back = held_back
    return True


def queue(*, release: MessageRelease, actor: User, now: datetime) -> bool:
    """Let a prepared release take effect once it was held; False where somebody was faster, or all is held back.

    Without a time to be held it takes effect before this returns.
    """
    minutes = current_app.config["HOLD_MINUTES"]
    with transaction() as session:
        going = [item for item in _hold(session, release).items if not item.held_back]
        if not release.is_prepared or not going:
            return False
        release.effective_at = effective_at(now, minutes)
        _record_all(session, going, ReleaseQueued, actor, now)
    if minutes == 0:
        take_effect(now=now)
    return True


def take_back(*, release: MessageRelease, actor: User, now: datetime) -> bool:
    """Make a release that is held only prepared again; False where it has begun, or somebody was faster.

    Nobody has heard of it, and its messages stay as they were written.
    """
    with transaction() as session:
        if not _hold(session, release).is_held:
            return False
        release.effective_at, release.taken_back_at = None, now
        _record_all(session, [item for item in release.items if not item.held_back], ReleaseTakenBack, actor, now)
    return True


def discard(*, release: MessageRelease) -> bool:
    """Forget a release that is only prepared; False where it is not. The decisions stay as they are."""
    with transaction() as session:
        if not _hold(session, release).is_prepared:
            return False
        session.delete(release)
    return True


def take_effect(*, now: datetime) -> int:
    """Tell what is due, and go on with what another worker left; how many messages went into the outbox.

    As many workers as like may do so at once. What fails is logged, and tried again the next time.
    """
    if not is_due(now):
        return 0
    _begin(now)
    told = sum(_try_to_tell(item_id, now) for item_id in ids_to_tell())
    _finish(now)
    return told


def _begin(now: datetime) -> None:
    """From here on nobody takes it back: the row is locked while it is decided."""
    due = (MessageRelease.effective_at <= now, MessageRelease.begun_at.is_(None))
    with transaction() as session:
        for found in session.scalars(select(MessageRelease).where(*due).with_for_update()).all():
            found.begun_at = now


def _finish(now: datetime) -> None:
    with transaction() as session:
        begun = (MessageRelease.begun_at.is_not(None), MessageRelease.done_at.is_(None))
        found, left = session.scalars(select(MessageRelease).where(*begun)).all(), unfinished_ids()
        for each in found:
            each.done_at = None if each.id in left else now


def _try_to_tell(item_id: int, now: datetime) -> bool:
    try:
        with transaction() as session:
            return _tell(session, item_id, now)
    except Exception as error:
        log_error(f"the message {item_id} of a release could not be told", error)
        db.session.rollback()
        return False


def _tell(session: Session, item_id: int, now: datetime) -> bool:
    """One message: the state shown and the mail written together. The application is locked first, as everywhere."""
    item = session.scalar(items_to_tell().where(ReleaseItem.id == item_id))
    if item is None:
        return False
    application = item.application
    session.refresh(application, with_for_update={"of": Application})
    session.refresh(item, with_for_update={"of": ReleaseItem})
    if item.done_at:  # another worker was faster
        return False
    standing = Standing(application.state, application.shown_state)
    outcome = Outcome.HELD_BACK if item.held_back else outcome_of(item.state, standing)
    item.outcome, item.done_at = outcome.value, now
    if outcome is Outcome.TOLD:
        _show_and_write(session, item, now)
    elif outcome is not Outcome.HELD_BACK:
        skipped = ReleaseSkipped(item.state, outcome.value)
        record(session, skipped, about=application.subject, at=now, actor_id=item.release.actor_id)
    return outcome is Outcome.TOLD


def _show_and_write(session: Session, item: ReleaseItem, now: datetime) -> None:
    application, actor = item.application, item.release.actor
    if item.state:
        states.release(session, application=application, actor=actor, now=now)
    notify_applicant(
        session,
        message=_kind(item),
        application=application,
        attachments=[Attachment(**each) for each in item.attachments],
        now=now,
        **_words(item),
    )
    record(session, MessageSent(item.subject), about=application.subject, at=now, actor_id=actor.id)


def mail_of(item: ReleaseItem) -> Preview:
    """The mail as it will be written, to the last sign."""
    return preview(message=_kind(item), application=item.application, **_words(item))


def _kind(item: ReleaseItem) -> str:
    return DECISION_TOLD if item.state else MESSAGE_WRITTEN


def _words(item: ReleaseItem) -> dict[str, Any]:
    return {"subject_line": item.subject, "text": item.text, "html": as_html(item.text)}


def _hold(session: Session, found: MessageRelease) -> MessageRelease:
    """The release as it is, kept so until the end of the transaction."""
    session.refresh(found, with_for_update={"of": MessageRelease})
    return found


def _record_all(
    session: Session,
    items: Iterable[ReleaseItem],
    kind: type[ReleaseQueued] | type[ReleaseTakenBack],
    actor: User,
    now: datetime,
) -> None:
    for item in items:
        details: Details = kind(item.state)
        record(session, details, about=item.application.subject, at=now, actor_id=actor.id)
