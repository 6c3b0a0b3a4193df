"""What has become of the mail."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import get_args

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer, load_only

from s2group.core.paging import Page, counts_by, fetch_page
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.mail.rules import (
    A_DAY,
    FOR_A_PERSON,
    MAILS_A_DAY,
    PRIVATE_MESSAGES,
    TO_A_TYPED_ADDRESS,
    UNDER_WAY,
    State,
)

PAGE_SIZE = 25
FOR_STAFF = OutboxMail.message.not_in(PRIVATE_MESSAGES)
# All that a list shows; what the mails say stays where it is.
LISTED = load_only(
    OutboxMail.message_id, OutboxMail.message, OutboxMail.topic, OutboxMail.recipient, OutboxMail.state,
    OutboxMail.attempts, OutboxMail.created_at, OutboxMail.next_attempt_at, OutboxMail.accepted_at,
    OutboxMail.written_at, OutboxMail.reply_code, OutboxMail.reply_text, OutboxMail.bounce_text,
)  # fmt: skip
WITHOUT_WORDS = (defer(OutboxMail.text), defer(OutboxMail.html), defer(OutboxMail.calendar))


def mails_of(topic: str) -> Sequence[OutboxMail]:
    """Every mail about `topic` (an application's reference), oldest first."""
    return db.session.scalars(select(OutboxMail).where(OutboxMail.topic == topic).order_by(OutboxMail.id)).all()


def staff_mails() -> Select[OutboxMail]:
    """All mail that is for the staff's eyes, in no order; what begins the queries below, or is narrowed for them."""
    return select(OutboxMail).where(FOR_STAFF)


def staff_mails_of(topic: str) -> Sequence[OutboxMail]:
    """Every mail about `topic` that is for the staff's eyes, oldest first, without what they say."""
    mails = staff_mails().where(OutboxMail.topic == topic).order_by(OutboxMail.id)
    return db.session.scalars(mails.options(*WITHOUT_WORDS)).all()


def stopped_private_mails() -> dict[str, int]:
    """How many mails of each kind that no list shows wait for a person; not to whom, about what, or what they say."""
    stopped = select(OutboxMail.message, func.count()).where(~FOR_STAFF, OutboxMail.state.in_(FOR_A_PERSON))
    return dict(db.session.execute(stopped.group_by(OutboxMail.message).order_by(OutboxMail.message)).all())


def mail_by_key(mails: Select[OutboxMail], key: str) -> OutboxMail | None:
    """The one of these mails with this name in addresses, or None."""
    return db.session.scalar(mails.where(OutboxMail.message_id == f"<{key}>"))


def mail_by_message_ids(mails: Select[OutboxMail], message_ids: Sequence[str]) -> OutboxMail | None:
    """The one of these mails with the first of these Message-IDs that is one of theirs, or None."""
    found = db.session.scalars(mails.where(OutboxMail.message_id.in_(message_ids)))
    return min(found, key=lambda mail: message_ids.index(mail.message_id), default=None)


def mails_for_a_person(mails: Select[OutboxMail], limit: int | None = None) -> Sequence[OutboxMail]:
    """What of these mails was given up or came back, oldest first, without what they say."""
    return _listed(mails, FOR_A_PERSON, limit)


def mails_under_way(mails: Select[OutboxMail], limit: int | None = None) -> Sequence[OutboxMail]:
    """What of these mails the worker still has to do with, oldest first, without what they say."""
    return _listed(mails, UNDER_WAY, limit)


def unsent_mails() -> Sequence[OutboxMail]:
    """What waits, was given up or came back, oldest first, without what the mails say. For the operator."""
    return _listed(staff_mails(), UNDER_WAY + FOR_A_PERSON, None)


def finished_mails(mails: Select[OutboxMail], after: str | None) -> Page[OutboxMail]:
    """What of these mails is done with, newest first, beginning after the one with this key.

    That is what was accepted, written to a file, or sent to another address instead.
    """
    # Most mail is finished: a walk back from the newest is short, where a search by state would first sort it all.
    finished = OutboxMail.state.not_in(UNDER_WAY + FOR_A_PERSON)
    statement = mails.where(finished).options(LISTED).order_by(OutboxMail.id.desc())
    if after:
        last = mails.with_only_columns(OutboxMail.id).where(OutboxMail.message_id == f"<{after}>")
        statement = statement.where(OutboxMail.id < last.scalar_subquery())
    return fetch_page(statement, size=PAGE_SIZE, key=lambda mail: mail.key)


def free_at(recipient: str, *, now: datetime) -> datetime:
    """When the address may get another mail of those that a visitor can have sent: now, or once there is room again."""
    of_the_day = select(OutboxMail.retry_since).where(
        OutboxMail.message.in_(TO_A_TYPED_ADDRESS), OutboxMail.recipient_key == recipient.lower(),
        OutboxMail.retry_since > now - A_DAY,
    )  # fmt: skip
    latest = of_the_day.order_by(OutboxMail.retry_since.desc()).offset(MAILS_A_DAY - 1).limit(1)
    before = db.session.scalar(latest)
    return before + A_DAY if before else now


def room_at(message: str, recipient: str, *, a_day: int, now: datetime) -> datetime:
    """When the address may get another mail of a kind of which it gets `a_day`: now, or once there is room again."""
    of_the_day = select(OutboxMail.created_at).where(
        OutboxMail.message == message, OutboxMail.recipient_key == recipient.lower(),
        # None is older than its creation, and the index has this one.
        OutboxMail.retry_since > now - A_DAY, OutboxMail.created_at > now - A_DAY,
    )  # fmt: skip
    before = db.session.scalar(of_the_day.order_by(OutboxMail.created_at.desc()).offset(a_day - 1).limit(1))
    return max(before + A_DAY if before else now, free_at(recipient, now=now))


def mails_by_state(mails: Select[OutboxMail]) -> dict[str, int]:
    """How many of these mails are in each state that has any, as core.paging counts."""
    counts = counts_by(mails, OutboxMail.state, get_args(State))
    return {state: count for state, count in counts.items() if count}


def written_mails() -> int:
    """How many mails for the staff's eyes were written to files."""
    written = select(func.count()).select_from(OutboxMail).where(FOR_STAFF, OutboxMail.state == "written")
    return db.session.scalar(written) or 0


def _listed(mails: Select[OutboxMail], states: Iterable[State], limit: int | None) -> Sequence[OutboxMail]:
    statement = mails.where(OutboxMail.state.in_(states)).options(LISTED).order_by(OutboxMail.id)
    return db.session.scalars(statement.limit(limit)).all()
