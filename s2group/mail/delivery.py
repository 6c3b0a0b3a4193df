"""The worker: claims a mail, sends it, records the answer; each step in a transaction of its own, or in none.

A mail may be sent twice, when the worker dies between the server's answer and its record, but never not at all; the
Message-ID stays the same, so that a mail program shows the two as one.
"""

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from time import monotonic, sleep
from typing import Any

from flask import current_app
from sqlalchemy import and_, select, true, update

from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.errors import log_error
from s2group.extensions import db
from s2group.mail.composing import compose, compose_without_attachments
from s2group.mail.headers import header_text
from s2group.mail.models import OutboxMail
from s2group.mail.rules import next_attempt
from s2group.mail.transports import LONGEST_REPLY, Answer, hand_over

ReadAttachment = Callable[[str], bytes]

# Longer than any attempt: some ten steps of STEP_SECONDS and a verdict of VERDICT_SECONDS.
CLAIM_LIFETIME = timedelta(minutes=15)
POLL_SECONDS = 1.0


def deliver_due(*, now: datetime, read_attachment: ReadAttachment, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Try every mail that is due at `now`, one after the other; how many were tried.

    `read_attachment` gives the bytes of a stored file by its SHA-256. `may_go_on` is asked before each mail.
    """
    started, tried = monotonic(), 0

    def moment() -> datetime:
        return now + timedelta(seconds=monotonic() - started)

    with _presence(now):
        while may_go_on() and (mail := _claim(due_at=now, now=moment())):
            _record(mail, _attempt(mail, read_attachment), now=moment())
            tried += 1
    return tried


def run_worker(*, read_attachment: ReadAttachment, parent: int | None = None) -> None:
    """Deliver what is due, every second, until SIGTERM or SIGINT, or until the process that started this one is gone.

    A mail being sent is finished first. `parent` is the id of that process, for one that may already be gone.
    An error is logged without what the mails say, and the work goes on.
    """
    caught: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: caught.append(number))
    parent = parent or os.getppid()

    def may_go_on() -> bool:
        return not caught and os.getppid() == parent

    while may_go_on():
        try:
            deliver_due(now=clock.now(), read_attachment=read_attachment, may_go_on=may_go_on)
        except Exception as error:
            log_error("the mail worker stumbled", error)
        db.session.remove()
        sleep(POLL_SECONDS)


@contextmanager
def _presence(now: datetime) -> Iterator[None]:
    """Show by a shared lock that a worker lives, after taking back what dead ones have left.

    Who gets the lock for itself alone knows that no other worker lives on this machine: the kernel takes the lock from
    a process however it ends. So after a crash nobody waits for CLAIM_LIFETIME.
    """
    with (current_app.config["DATA_DIR"] / "mail-worker.lock").open("a") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
            alone = True
        except BlockingIOError:
            alone = False
        _return_dead_claims(now, alone=alone)
        flock(lock, LOCK_SH)
        yield


def _return_dead_claims(now: datetime, *, alone: bool) -> None:
    """Let mails wait again whose worker died while sending. On PostgreSQL a worker may live on another machine."""
    nobody_else = alone and db.engine.dialect.name == "sqlite"
    dead = true() if nobody_else else OutboxMail.claimed_at <= now - CLAIM_LIFETIME
    statement = update(OutboxMail).where(OutboxMail.state == "sending", dead).values(state="waiting")
    with transaction() as session:
        session.execute(statement, execution_options={"synchronize_session": False})


def _claim(*, due_at: datetime, now: datetime) -> OutboxMail | None:
    """Take the mail that has been due longest, detached from the session; no two workers get the same one."""
    due = (
        select(OutboxMail.id)
        .where(OutboxMail.state == "waiting", OutboxMail.next_attempt_at <= due_at)
        .order_by(OutboxMail.next_attempt_at, OutboxMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .correlate(None)
        .scalar_subquery()
    )
    statement = (
        update(OutboxMail)
        .where(OutboxMail.id == due)
        .values(state="sending", claimed_at=now, attempts=OutboxMail.attempts + 1)
        .returning(OutboxMail)
    )
    options = {"synchronize_session": False, "populate_existing": True}
    with transaction() as session:
        mail = session.scalars(statement, execution_options=options).one_or_none()
        if mail is not None:
            session.expunge(mail)
    return mail


def _attempt(mail: OutboxMail, read_attachment: ReadAttachment) -> Answer:
    sender = current_app.config["MAIL_DEFAULT_SENDER"]
    try:
        answer = _send(mail, compose(mail, sender=sender, read_attachment=read_attachment))
        if answer.verdict == "too big" and mail.attachments:
            answer = _send(mail, compose_without_attachments(mail, sender=sender))
    except Exception as error:
        # One mail that cannot be made must not hold up the others; a person sees it in the end.
        log_error(f"mail {mail.message_id} could not be made", error)
        answer = Answer("later", None, header_text(f"{type(error).__name__}: {error}", limit=LONGEST_REPLY))
    return answer


def _send(mail: OutboxMail, content: bytes) -> Answer:
    return hand_over(message_id=mail.message_id, recipient=mail.recipient, content=content)


def _record(mail: OutboxMail, answer: Answer, *, now: datetime) -> None:
    """Keep the answer. Acceptance always counts; anything else only while the claim is still ours."""
    ours = and_(OutboxMail.state == "sending", OutboxMail.attempts == mail.attempts)
    still = OutboxMail.state != "accepted" if answer.verdict == "accepted" else ours
    statement = (
        update(OutboxMail)
        .where(OutboxMail.id == mail.id, still)
        .values(reply_code=answer.code, reply_text=answer.text, **_new_state(mail, answer, now))
    )
    with transaction() as session:
        session.execute(statement, execution_options={"synchronize_session": False})
    current_app.logger.info("mail %s: %s (%s)", mail.message_id, answer.verdict, answer.code)


def _new_state(mail: OutboxMail, answer: Answer, now: datetime) -> dict[str, Any]:
    if answer.verdict == "accepted":
        return {"state": "accepted", "accepted_at": now}
    again_at = None
    if answer.verdict == "later":
        again_at = next_attempt(
            attempts=mail.attempts,
            created_at=mail.created_at,
            now=now,
            jitter=random.random(),  # noqa: S311
        )
    return {"state": "stuck"} if again_at is None else {"state": "waiting", "next_attempt_at": again_at}
