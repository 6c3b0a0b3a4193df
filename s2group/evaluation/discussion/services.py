"""Saying something about an application, and telling those whom it mentions."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.accounts.queries import accounts
from s2group.accounts.rules import Notify
from s2group.admissions.models import Application
from s2group.audit.rules import CommentChanged, Commented, CommentRemoved
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.evaluation.discussion.models import Comment, Mention
from s2group.evaluation.discussion.queries import colleagues_of, waiting_mentions
from s2group.evaluation.discussion.rules import may_change, mentioned
from s2group.mail.services import enqueue

MENTION, DIGEST = "mention", "mention_digest"


class TooLateError(ValueError):
    """A comment can be changed by its author, for a while, and by nobody else."""


def add_comment(
    *, application: Application, text: str, chosen: Collection[User] = (), actor: User, now: datetime
) -> Comment:
    """Say something to all who read the application. Whom it mentions is told as they have chosen.

    Mentioned is who is among `chosen` or called by an @ in the text, as far as they may read the application.
    """
    with transaction() as session:
        comment = Comment(application_id=application.id, author_id=actor.id, at=now, text=text)
        session.add(comment)
        _mention(session, comment, application, whom_it_mentions(application, text, chosen, actor), actor, now)
        session.flush()
        record(session, Commented(), about=application.subject, at=now, actor_id=actor.id)
    return comment


def change_comment(*, comment: Comment, text: str, actor: User, now: datetime) -> None:
    """Say it otherwise; what it said before is kept as an event. Raises TooLateError.

    Whom it mentions for the first time is told; a mention that was told stays.
    """
    with transaction() as session:
        session.refresh(comment, with_for_update={"of": Comment})
        _check(comment, actor, now)
        application, before = comment.application, comment.text
        if text != before:
            comment.text, comment.changed_at = text, now
            known = {mention.user_id for mention in comment.mentions}
            new = [each for each in whom_it_mentions(application, text, (), actor) if each.id not in known]
            _mention(session, comment, application, new, actor, now)
            record(session, CommentChanged(before), about=application.subject, at=now, actor_id=actor.id)


def remove_comment(*, comment: Comment, actor: User, now: datetime) -> None:
    """Take it back, its mentions too; what it said is kept as an event. Raises TooLateError."""
    with transaction() as session:
        _check(comment, actor, now)
        record(session, CommentRemoved(comment.text), about=comment.application.subject, at=now, actor_id=actor.id)
        session.delete(comment)


def note_seen(*, application: Application, actor: User, now: datetime) -> None:
    """Whoever has the discussion before them is waited for no longer."""
    waiting = [each for each in waiting_mentions(actor) if each.comment.application_id == application.id]
    if waiting:
        with transaction():
            for mention in waiting:
                mention.seen_at = now


def send_digests(*, now: datetime) -> int:
    """Write to each who wants one mail a day about what mentions them since the last one; how many mails that is."""
    with transaction() as session:
        return sum(_send_digest(session, user, now) for user in accounts() if user.active)


def _send_digest(session: Session, user: User, now: datetime) -> bool:
    waiting = [mention for mention in waiting_mentions(user) if mention.for_digest]
    for mention in waiting:
        mention.for_digest = False
    if waiting:
        authors = sorted({mention.comment.author.shown_name for mention in waiting})
        enqueue(
            session, message=DIGEST, topic=f"account-{user.id}", to=[user.notify_address], locale=user.locale,
            context={"count": len(waiting), "authors": authors}, letterhead=False, now=now,
        )  # fmt: skip
    return bool(waiting)


def _check(comment: Comment, actor: User, now: datetime) -> None:
    if not may_change(author_id=comment.author_id, at=comment.at, actor_id=actor.id, now=now):
        raise TooLateError


def whom_it_mentions(application: Application, text: str, chosen: Collection[User], actor: User) -> list[User]:
    """Whom a comment mentions in these words, by name."""
    colleagues = colleagues_of(actor, application)
    called = mentioned(text, {each.id: each.shown_name for each in colleagues})
    return [each for each in colleagues if each in chosen or each.id in called]


def _mention(
    session: Session, comment: Comment, application: Application, users: Sequence[User], actor: User, now: datetime
) -> None:
    comment.mentions += [Mention(user=user, for_digest=user.notify == Notify.DAILY) for user in users]
    for user in users:
        if user.notify == Notify.AT_ONCE:
            _tell(session, user, application, actor, now)


def _tell(session: Session, user: User, application: Application, author: User, now: datetime) -> None:
    """Nothing in it but the reference says whom it is about: it may lie in any mailbox, and the reader may be blind."""
    enqueue(
        session, message=MENTION, topic=application.reference, to=[user.notify_address], locale=user.locale,
        context={"reference": application.reference, "route": application.route.title, "author": author.shown_name},
        letterhead=False, now=now,
    )  # fmt: skip
