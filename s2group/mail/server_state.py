"""Whether the mail server takes mail at all. While it takes none the outbox waits as a whole, and one mail tries it.

So an outage costs one attempt every few minutes, however many mails wait, and ends for all of them with the first mail
that is taken. Mail that waits for the server is never given up; a server that refuses everything raises the alarm.
Each function works within the caller's transaction.
"""

from datetime import datetime

from flask import current_app
from sqlalchemy import ColumnElement, func, or_, select, true, update
from sqlalchemy.orm import Session

from s2group.mail.models import MailServer, OutboxMail
from s2group.mail.replies import ServerReply
from s2group.mail.rules import (
    FAILURES_IN_A_ROW,
    NO_SUCH_RECIPIENT,
    PROBES,
    REFUSED_DOMAINS_IN_A_ROW,
    Server,
    next_probe,
    wake_times,
)

THE_ONE = 1


def mail_server(session: Session) -> MailServer | None:
    """What is known of the mail server; None where it has always taken what it got."""
    return session.get(MailServer, THE_ONE, populate_existing=True)


def is_held(session: Session) -> bool:
    """Whether the outbox waits for the server."""
    server = mail_server(session)
    return server is not None and server.state != "open"


def refuses_everything(session: Session) -> bool:
    """Whether the server refuses whatever it gets, so that a refusal says nothing of the mail itself."""
    server = mail_server(session)
    return server is not None and server.state == "refusing"


def may_be_sent(session: Session, *, due_at: datetime) -> ColumnElement[bool] | None:
    """Which waiting mails may be tried: those that are due; any one, to try a server that is down; None: none now."""
    if not is_held(session):
        return OutboxMail.next_attempt_at <= due_at
    probe = (
        update(MailServer)
        .where(MailServer.state != "open", MailServer.next_probe_at <= due_at)
        .values(next_probe_at=due_at + PROBES[-1])
        .returning(MailServer.id)
    )
    waits = select(OutboxMail.id).where(OutboxMail.state == "waiting").exists()
    return true() if session.scalar(probe.where(waits)) else None


def hear(session: Session, *, mail: OutboxMail, answer: ServerReply, now: datetime) -> None:
    """Draw from the answer to one mail what it tells of the server. A mail that was taken wakes all that wait."""
    if answer.verdict in ("accepted", "written"):
        server = mail_server(session)
        if server and server.failures:
            reopen(session, now=now)
    elif answer.about != "portal" and answer.verdict != "too big":
        _note_failure(session, mail, answer, now)


def reopen(session: Session, *, now: datetime) -> None:
    """Let what has waited for the server go out, one small group after the other."""
    server = mail_server(session)
    if server is None:
        return
    if server.state != "open":
        _wake(session, since=server.since, now=now)
        current_app.logger.info("mail: the server takes mail again")
    server.state, server.failures = "open", 0
    session.flush()


def _wake(session: Session, *, since: datetime, now: datetime) -> None:
    """Not what failed before, for a reason of its own, and waits for its own time."""
    for_the_server = or_(OutboxMail.claimed_at >= since, OutboxMail.next_attempt_at <= now)
    waiting = select(OutboxMail.id).where(OutboxMail.state == "waiting", for_the_server).order_by(OutboxMail.id)
    ids = session.scalars(waiting).all()
    times = zip(ids, wake_times(mails=len(ids), now=now), strict=True)
    if ids:
        session.execute(update(OutboxMail), [{"id": mail_id, "next_attempt_at": at} for mail_id, at in times])


def _note_failure(session: Session, mail: OutboxMail, answer: ServerReply, now: datetime) -> None:
    server = mail_server(session) or MailServer(id=THE_ONE, state="open", failures=0)
    if not server.failures:
        server.since = mail.claimed_at or now
    server.failures += 1
    former, state = server.state, _judged(session, server, answer)
    server.next_probe_at = next_probe(failures=server.failures, now=now)
    server.state, server.reply_code, server.reply_text = state, answer.code, answer.text
    session.add(server)
    session.flush()
    if state == "refusing" != former:
        current_app.logger.error("mail: the server refuses everything (%s); the outbox waits", answer.code)


def _judged(session: Session, server: MailServer, answer: ServerReply) -> Server:
    refused = answer.code is not None and answer.code >= 500
    if refused and (answer.about == "server" or _refused_domains(session) >= REFUSED_DOMAINS_IN_A_ROW):
        return "refusing"
    if server.state == "refusing" and refused:
        return "refusing"
    if server.state == "open" and (refused or (answer.about == "mail" and server.failures < FAILURES_IN_A_ROW)):
        return "open"
    return "down"


def _refused_domains(session: Session) -> int:
    """At how many domains recipients were refused for good since a mail was last accepted, and not for being none."""
    accepted = select(func.max(OutboxMail.accepted_at)).scalar_subquery()
    refused = (
        OutboxMail.state == "stuck",
        OutboxMail.reply_code >= 500,
        *(~OutboxMail.reply_text.startswith(status) for status in NO_SUCH_RECIPIENT),
        or_(accepted.is_(None), OutboxMail.claimed_at > accepted),
    )
    recipients = session.scalars(select(OutboxMail.recipient).where(*refused))
    return len({recipient.rpartition("@")[2].lower() for recipient in recipients})
