"""What has become of the mail."""

from collections.abc import Sequence

from sqlalchemy import select

from s2group.extensions import db
from s2group.mail.models import OutboxMail


def mails_of(topic: str) -> Sequence[OutboxMail]:
    """Every mail about `topic` (an application's reference), oldest first."""
    return db.session.scalars(select(OutboxMail).where(OutboxMail.topic == topic).order_by(OutboxMail.id)).all()


def stuck_mails() -> Sequence[OutboxMail]:
    """The mails that the worker has given up on and a person must look at, oldest first."""
    return db.session.scalars(select(OutboxMail).where(OutboxMail.state == "stuck").order_by(OutboxMail.id)).all()


def unsent_mails() -> Sequence[OutboxMail]:
    """What no mail server has accepted yet, oldest first."""
    return db.session.scalars(select(OutboxMail).where(OutboxMail.state != "accepted").order_by(OutboxMail.id)).all()
