"""What a person does with a mail that did not arrive, and how they tell the outbox of one that came back.

Each works within the caller's transaction and returns None, or False, where the mail is no longer in a state for it:
somebody else was faster, or the worker was.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import Session

from s2group.links.rules import without_token_lines
from s2group.mail.bounces import Bounce
from s2group.mail.headers import address
from s2group.mail.models import OutboxMail
from s2group.mail.rules import FOR_A_PERSON
from s2group.mail.server_state import reopen
from s2group.mail.services import new_message_id
from s2group.mail.states import move


def send_again(session: Session, *, mail: OutboxMail, now: datetime) -> bool:
    """Let a mail that was given up or came back wait for the worker again, under the same Message-ID.

    Attempts and patience count from `now`.
    """
    return bool(move(session, "send again", OutboxMail.id == mail.id, **_fresh(now)))


def send_all_again(session: Session, *, which: ColumnElement[bool], now: datetime) -> Sequence[OutboxMail]:
    """Let what was given up of these mails wait for the worker again, which begins at once; those that it was.

    What came back stays: its recipient refused it, not the server.
    """
    sent = move(session, "send again", and_(OutboxMail.state == "stuck", which), **_fresh(now))
    reopen(session, now=now)
    return sent


def _fresh(now: datetime) -> dict[str, Any]:
    return {"attempts": 0, "retry_since": now, "next_attempt_at": now, "accepted_at": None}


def send_elsewhere(session: Session, *, mail: OutboxMail, recipient: str, now: datetime) -> OutboxMail | None:
    """Put the same content into the outbox for `recipient`, as a mail of its own, and mark this one as replaced by it.

    Lines with links that give rights do not go along. The new mail shows only the new address. Raises
    UnfitForHeaderError for an address that is no plain one.
    """
    current = session.get(OutboxMail, mail.id, with_for_update=True, populate_existing=True)
    if current is None or current.state not in FOR_A_PERSON:
        return None
    successor = _copy(current, address(recipient), now)
    session.add(successor)
    session.flush()
    move(session, "replace", OutboxMail.id == current.id, replaced_by_id=successor.id)
    return successor


def record_bounce(session: Session, *, mail: OutboxMail, bounce: Bounce) -> bool:
    """Mark a mail that had been accepted as come back, and keep what the notice says."""
    return bool(move(session, "bounce", OutboxMail.id == mail.id, bounce_text=bounce.record))


def _copy(mail: OutboxMail, recipient: str, now: datetime) -> OutboxMail:
    return OutboxMail(
        message_id=new_message_id(),
        message=mail.message,
        topic=mail.topic,
        recipient=recipient,
        to=[recipient],
        copies=[],
        reply_to=mail.reply_to,
        locale=mail.locale,
        subject=mail.subject,
        text=without_token_lines(mail.text),
        html=without_token_lines(mail.html),
        attachments=mail.attachments,
        calendar=mail.calendar,
        created_at=now,
        retry_since=now,
        next_attempt_at=now,
    )
