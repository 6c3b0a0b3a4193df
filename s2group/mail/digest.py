"""A daily word to the administrators about mail that waits for somebody, and stored files that are lost."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.core.database import transaction
from s2group.core.localized import Locale
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mails_for_a_person, staff_mails
from s2group.mail.rules import UNDER_WAY
from s2group.mail.services import enqueue

MESSAGE = "stuck_mail_digest"
TOPIC = "outbox"
MOST_LISTED = 20


def send_digest(*, to: Sequence[str], locale: Locale, lost_files: int = 0, now: datetime) -> int:
    """Put a mail into the outbox for `to` that lists what was given up or came back; how many mails that is.

    It also tells how many stored files are missing or damaged. Nothing is written where there is neither. A digest
    that did not arrive is no reason for another one, and whoever has one on its way gets no second. Names nobody.
    Raises UnfitForHeaderError for an address that is no plain one.
    """
    with transaction() as session:
        mails = [mail for mail in mails_for_a_person(staff_mails()) if mail.message != MESSAGE]
        waiting = _who_has_one_on_its_way(session)
        readers = [address for address in to if address.lower() not in waiting]
        if readers and (mails or lost_files):
            context = {**_context(mails, now), "lost_files": lost_files}
            enqueue(session, message=MESSAGE, topic=TOPIC, to=readers, locale=locale, context=context, now=now)
    return len(mails)


def _who_has_one_on_its_way(session: Session) -> set[str]:
    statement = select(OutboxMail.recipient).where(OutboxMail.message == MESSAGE, OutboxMail.state.in_(UNDER_WAY))
    return {recipient.lower() for recipient in session.scalars(statement)}


def _context(mails: list[OutboxMail], now: datetime) -> dict[str, Any]:
    """The oldest first, each with its state, its key and how long ago it was written."""
    return {
        "listed": [(mail.state, mail.key, now - mail.created_at) for mail in mails[:MOST_LISTED]],
        "stuck": sum(mail.state == "stuck" for mail in mails),
        "bounced": sum(mail.state == "bounced" for mail in mails),
        "oldest": now - mails[0].created_at if mails else None,
    }
