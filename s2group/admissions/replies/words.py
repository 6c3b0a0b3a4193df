"""The words of replies, by which the applications are found that these belong to."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from s2group.admissions.fulltext.rules import Token, indexed
from s2group.admissions.replies.models import Reply
from s2group.core.database import transaction


def words_of(reply: Reply) -> str:
    """What its sender, its subject, its text and the names of its files are found by."""
    names = [entry.document.original_name for entry in reply.files]
    return indexed([reply.sender, reply.subject, reply.text, *names, *reply.left_out])


def says(wanted: Sequence[Token]) -> ColumnElement[bool]:
    """That a reply holds these words one after the other. Replies are few: they are read one by one."""
    phrase = " ".join(token.text for token in wanted)
    end = "" if wanted[-1].is_beginning else " "
    return (" " + Reply.words + " ").contains(f" {phrase}{end}", autoescape=True)


def mend_replies() -> None:
    """Cut what an older version cut, or did not cut at all, as this one does."""
    with transaction() as session:
        for reply in session.scalars(select(Reply)):
            reply.words = words_of(reply)
