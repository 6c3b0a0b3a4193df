"""Remembering what a reader has seen."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import own_transaction
from s2group.evaluation.looks.models import ApplicationLook
from s2group.evaluation.looks.queries import has_news_since, look_of
from s2group.evaluation.looks.rules import Look, Seen, look_again
from s2group.extensions import db


def remember_look(*, application: Application, user: User, now: datetime) -> Look:
    """Write that `user` sees the application as it is loaded; the look as it is now.

    On a connection of its own, so that what is loaded need not be read again. Where nothing can be written, as on a
    full disk, the page is shown all the same, and its news stay marked until next time.
    """
    seen = Seen(now, application.version, max((event.id for event in application.events), default=0))
    row = look_of(user, application)
    look = look_again(row.look if row else None, seen)
    if row is None:
        row = ApplicationLook(user_id=user.id, application_id=application.id)
    else:
        db.session.expunge(row)
    row.write(look)
    # Asked when it is written: what happened since the page was read must not be taken for seen.
    row.has_news = has_news_since(application.id, user, look.seen.event_id)
    # Two tabs may both be the first.
    with suppress(IntegrityError, OperationalError), own_transaction() as connection, Session(connection) as session:
        session.add(row)
        session.flush()
    return look
