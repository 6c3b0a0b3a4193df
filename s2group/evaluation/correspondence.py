"""What staff do with the mail about an application: done to the outbox and recorded, or neither."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.audit.rules import Details, MailCameBack, MailSentAgain, MailSentElsewhere, Subject, SubjectKind
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.permissions import Action, reach
from s2group.evaluation.access import mails_visible_to, visible_to
from s2group.extensions import db
from s2group.links.rules import without_tokens
from s2group.mail import manual
from s2group.mail.bounces import read_bounce
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mail_by_message_ids, stopped_private_mails

RECEIVED = "application_received"


@dataclass(frozen=True)
class Notice:
    """Which mail a notice was about, and what came of it: noted; known before; or no failure at all."""

    mail: OutboxMail
    result: Literal["came_back", "known", "delayed", "delivered"]


@dataclass(frozen=True)
class About:
    """The mail of a list about one application, in the list's order; about none that has a name, both are empty."""

    reference: str
    name: str
    mails: list[OutboxMail]


def by_application(mails: Iterable[OutboxMail], names: Mapping[str, str]) -> list[About]:
    """The mails of a list, those about one application together, where the first of them stands; `names` by reference.

    Mail about anything else, or about an application that the reader does not see, stands together as well.
    """
    found: dict[str, list[OutboxMail]] = {}
    for mail in mails:
        found.setdefault(mail.topic if mail.topic in names else "", []).append(mail)
    return [About(reference, names.get(reference, ""), those) for reference, those in found.items()]


def stopped_unseen(user: User) -> dict[str, int]:
    """How many mails of each kind that nobody reads wait for a person, for whoever deals with all mail."""
    return stopped_private_mails() if reach(user, Action.MANAGE_MAIL).everywhere else {}


def applicants(user: User, mails: list[OutboxMail]) -> dict[str, str]:
    """The names of the applicants whom these mails are about, by reference; of those whose application `user` sees."""
    about = Application.reference.in_({mail.topic for mail in mails})
    statement = visible_to(user).with_only_columns(Application.reference, Application.name).where(about)
    return dict(db.session.execute(statement).all())


def is_for_its_recipient_alone(mail: OutboxMail) -> bool:
    """Whether the mail is about a link that gives rights, so that nobody may send it to another address.

    From a mail to the group the links with which its reader can act are left out instead.
    """
    return mail.message != RECEIVED and without_tokens(mail.text) != mail.text


def send_again(*, mail: OutboxMail, actor: User, now: datetime) -> bool:
    """Have a mail that did not arrive sent once more; False where it waits for nobody any more."""
    with transaction() as session:
        done = manual.send_again(session, mail=mail, now=now)
        if done:
            _record(session, mail, MailSentAgain(mail.recipient), actor, now)
    return done


def send_all_again(*, actor: User, now: datetime) -> None:
    """Have all that was given up of the actor's mail sent again, and let what waits for the mail server go out."""
    with transaction() as session:
        for mail in manual.send_all_again(session, which=_may_send(actor), now=now):
            _record(session, mail, MailSentAgain(mail.recipient), actor, now)


def _may_send(actor: User) -> ColumnElement[bool]:
    if reach(actor, Action.MANAGE_MAIL).everywhere:
        return true()  # with what nobody sees, such as the mail about drafts
    return OutboxMail.id.in_(mails_visible_to(actor).with_only_columns(OutboxMail.id))


def send_elsewhere(*, mail: OutboxMail, recipient: str, actor: User, now: datetime) -> OutboxMail | None:
    """Have its content sent to another address; the new mail, or None where the old one waits for nobody any more.

    None also for a mail with a link that gives rights: whoever chooses the address would have them.
    Raises UnfitForHeaderError for an address that is no plain one.
    """
    if is_for_its_recipient_alone(mail):
        return None
    with transaction() as session:
        successor = manual.send_elsewhere(session, mail=mail, recipient=recipient, now=now)
        if successor:
            _record(session, mail, MailSentElsewhere(mail.recipient, successor.recipient), actor, now)
    return successor


def take_bounce(*, raw: bytes, actor: User, now: datetime) -> Notice | None:
    """Read a notice that came back by mail, and mark the mail it names; None where it names none of the actor's."""
    bounce = read_bounce(raw)
    with transaction() as session:
        mail = mail_by_message_ids(mails_visible_to(actor), bounce.message_ids)
        if mail is None:
            return None
        if bounce.verdict != "failed":
            return Notice(mail, bounce.verdict)
        noted = manual.record_bounce(session, mail=mail, bounce=bounce)
        if noted:
            _record(session, mail, MailCameBack(mail.recipient), actor, now)
    return Notice(mail, "came_back" if noted else "known")


def _record(session: Session, mail: OutboxMail, details: Details, actor: User, now: datetime) -> None:
    """Where the mail is about an application. Of others nothing is kept: an address would outlive its draft."""
    about = visible_to(actor, Action.MANAGE_MAIL).with_only_columns(Application.id)
    application_id = session.scalar(about.where(Application.reference == mail.topic))
    if application_id:
        subject = Subject(SubjectKind.MAIL, mail.key, application_id)
        record(session, details, about=subject, at=now, actor_id=actor.id)
