"""The one function through which a mail changes its state."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from s2group.mail.models import OutboxMail
from s2group.mail.rules import MOVES, Verb


def move(session: Session, verb: Verb, which: ColumnElement[bool], **facts: Any) -> Sequence[OutboxMail]:
    """Move the mails that `which` finds as rules.MOVES says, within the caller's transaction; those that were moved.

    One conditional UPDATE: a mail that is in none of the move's origins, or no longer, is left alone, so that of two
    who want to move the same mail one comes too late. Side effects: the mails' `state`, and the columns in `facts`.
    Nothing is sent, logged or written into a history here.
    """
    statement = (
        update(OutboxMail)
        .where(OutboxMail.state.in_(MOVES[verb].origins), which)
        .values(state=MOVES[verb].target, **facts)
        .returning(OutboxMail)
    )
    options = {"synchronize_session": False, "populate_existing": True}
    return session.scalars(statement, execution_options=options).all()
