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
from time import monotonic, sleep

from flask import current_app
from sqlalchemy import and_, select, true

from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.errors import log_error
from s2group.core.locks import exclusive, shared
from s2group.extensions import db
from s2group.links.services import begin_anew
from s2group.mail.composing import compose, compose_without_attachments
from s2group.mail.models import OutboxMail
from s2group.mail.replies import ServerReply, words
from s2group.mail.rules import PAUSES, Verb, next_attempt
from s2group.mail.server_state import hear, may_be_sent, refuses_everything
from s2group.mail.states import move
from s2group.mail.transports import Transport, open_transport

ReadAttachment = Callable[[str], bytes]

# Longer than any attempt: at worst two connections of some ten steps of STEP_SECONDS, and, where the server finds the
# mail too big, two verdicts of VERDICT_SECONDS.
CLAIM_LIFETIME = timedelta(minutes=25)
POLL_SECONDS = 1.0


def deliver_due(*, now: datetime, read_attachment: ReadAttachment, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Try every mail that is due at `now`, one after the other over one connection; how many were tried.

    `read_attachment` gives the bytes of a stored file by its SHA-256. `may_go_on` is asked before each mail.
    """
    started, tried = monotonic(), 0

    def moment() -> datetime:
        return now + timedelta(seconds=monotonic() - started)

    with _presence(now), open_transport() as transport:
        while may_go_on() and (mail := _claim(due_at=now, now=moment())):
            _record(mail, _attempt(mail, transport, read_attachment), now=moment())
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

    Who gets the lock alone knows that no other worker lives: a lock goes with its process, however that ends. So after
    a crash nobody waits for CLAIM_LIFETIME.
    """
    with exclusive("mail-worker", wait=False) as alone:
        _return_dead_claims(now, alone=alone)
    with shared("mail-worker"):
        yield


def _return_dead_claims(now: datetime, *, alone: bool) -> None:
    """Let mails wait again whose worker died while sending."""
    with transaction() as session:
        move(session, "put off", true() if alone else OutboxMail.claimed_at <= now - CLAIM_LIFETIME)


def _claim(*, due_at: datetime, now: datetime) -> OutboxMail | None:
    """Take the mail that has been due longest, detached from the session; no two workers get the same one."""
    with transaction() as session:
        which = may_be_sent(session, due_at=due_at)
        if which is None:
            return None
        due = (
            select(OutboxMail.id)
            .where(OutboxMail.state == "waiting", which)
            .order_by(OutboxMail.next_attempt_at, OutboxMail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .correlate(None)
            .scalar_subquery()
        )
        mails = move(session, "claim", OutboxMail.id == due, claimed_at=now, attempts=OutboxMail.attempts + 1)
        for mail in mails:
            session.expunge(mail)
    return mails[0] if mails else None


def _attempt(mail: OutboxMail, transport: Transport, read_attachment: ReadAttachment) -> ServerReply:
    sender = current_app.config["MAIL_DEFAULT_SENDER"]

    def send(content: bytes) -> ServerReply:
        return transport.hand_over(message_id=mail.message_id, recipient=mail.recipient, content=content)

    try:
        answer = send(compose(mail, sender=sender, read_attachment=read_attachment))
        if answer.verdict == "too big" and mail.attachments:
            answer = send(compose_without_attachments(mail, sender=sender))
    except Exception as error:
        # One mail that cannot be made must not hold up the others; a person sees it in the end.
        log_error(f"mail {mail.message_id} could not be made", error)
        answer = ServerReply("later", None, words(f"{type(error).__name__}: {error}"), about="portal")
    return answer


def _record(mail: OutboxMail, answer: ServerReply, *, now: datetime) -> None:
    """Keep the answer. That the mail is out counts whoever has it by now; all else only while the claim is ours."""
    this, ours = OutboxMail.id == mail.id, OutboxMail.claimed_at == mail.claimed_at
    with transaction() as session:
        verb, facts = _outcome(mail, answer, now, refusing=refuses_everything(session))
        is_out = verb in ("accept", "write")
        move(
            session,
            verb,
            this if is_out else and_(this, ours),
            reply_code=answer.code,
            reply_text=answer.text,
            **facts,
        )
        if is_out:
            begin_anew(session, mail.text, now=now)
        hear(session, mail=mail, answer=answer, now=now)
    current_app.logger.info("mail %s: %s (%s)", mail.message_id, answer.verdict, answer.code)


def _outcome(
    mail: OutboxMail, answer: ServerReply, now: datetime, *, refusing: bool
) -> tuple[Verb, dict[str, datetime]]:
    """What waits for the server waits for as long as that takes; what fails by itself, for GIVE_UP_AFTER."""
    if answer.verdict == "accepted":
        return "accept", {"accepted_at": now}
    if answer.verdict == "written":
        return "write", {"written_at": now}
    if answer.about == "server":
        return "put off", {"next_attempt_at": now + PAUSES[0]}
    again_at = None
    if answer.verdict == "later" or refusing:
        again_at = next_attempt(
            attempts=mail.attempts,
            retry_since=mail.retry_since,
            now=now,
            jitter=random.random(),  # noqa: S311
        )
    return ("give up", {}) if again_at is None else ("put off", {"next_attempt_at": again_at})
