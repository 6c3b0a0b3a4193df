"""Reads of replies, and of the application to which one belongs."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from s2group.accounts.models import User
from s2group.admissions.fulltext.rules import Token
from s2group.admissions.models import Application
from s2group.admissions.queries import REFERENCE
from s2group.admissions.replies.models import Reply, ReplyDocument
from s2group.admissions.replies.words import says
from s2group.core.permissions import Action, reach
from s2group.evaluation.access import mails_visible_to, replies_visible_to, rows_of, visible_to
from s2group.evaluation.blind import knows_person
from s2group.extensions import db
from s2group.mail.incoming import Incoming
from s2group.mail.queries import mail_by_message_ids


def replies_of(application: Application) -> Sequence[Reply]:
    """What was added to an application that the reader sees, without what the replies say."""
    statement = rows_of(application, Reply).where(Reply.confirmed).order_by(Reply.sent_at, Reply.id)
    return db.session.scalars(statement.options(defer(Reply.text))).all()


def reply_by_key(user: User, reference: str, key: str) -> Reply | None:
    """One reply with its files; None where `user` deals with no mail about its application."""
    statement = replies_visible_to(user).where(Reply.key == key, Application.reference == reference)
    files = selectinload(Reply.files).joinedload(ReplyDocument.document)
    return db.session.scalar(statement.options(contains_eager(Reply.application), files))


def replies_to_confirm(user: User) -> Sequence[Reply]:
    """What waits for somebody to say that it belongs where it seems to, oldest first, without what it says."""
    statement = replies_visible_to(user).where(Reply.confirmed.is_(False)).order_by(Reply.id)
    return db.session.scalars(statement.options(contains_eager(Reply.application), defer(Reply.text))).all()


def application_answered(user: User, incoming: Incoming) -> Application | None:
    """The application whose mail is answered, or whose reference the subject says; None where `user` sees none such."""
    answered = mail_by_message_ids(mails_visible_to(user), incoming.answers) if incoming.answers else None
    said = REFERENCE.search(incoming.subject.upper())
    references = [answered.topic if answered else "", said[0] if said else ""]
    statement = visible_to(user, Action.MANAGE_MAIL).options(joinedload(Application.route))
    found = {
        each.reference: each for each in db.session.scalars(statement.where(Application.reference.in_(references)))
    }
    return next((found[reference] for reference in references if reference in found), None)


def replies_that_say(user: User, wanted: Sequence[Token]) -> Select[int] | None:
    """The ids of applications to which replies hold these words; None where `user` deals with no mail."""
    mails = reach(user, Action.MANAGE_MAIL)
    if not mails.everywhere and not mails.route_ids:
        return None
    said = replies_visible_to(user).where(Reply.confirmed, says(wanted))
    return said.with_only_columns(Reply.application_id)


def replies_to_export(user: User, ids: Collection[int]) -> dict[int, list[Reply]]:
    """What was added to these applications, oldest first, with files, as far as `user` deals with mail about them."""
    statement = (
        replies_visible_to(user)
        .where(Reply.confirmed, Reply.application_id.in_(ids), knows_person(user, Application.route_id))
        .options(selectinload(Reply.files).joinedload(ReplyDocument.document))
        .order_by(Reply.sent_at, Reply.id)
    )
    found: dict[int, list[Reply]] = {}
    for reply in db.session.scalars(statement):
        found.setdefault(reply.application_id, []).append(reply)
    return found
