"""Taking a reply away."""

from datetime import datetime

from sqlalchemy import delete

from s2group.accounts.models import User
from s2group.admissions.replies.models import Reply
from s2group.audit.rules import ReplyRemoved
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.documents.models import Document
from s2group.documents.services import remove_unnamed


def remove_reply(*, reply: Reply, actor: User, now: datetime) -> None:
    """Take a reply away for good, with its files: it belongs elsewhere, or nowhere."""
    documents = [each.document for each in reply.files]
    digests = [each.sha256 for each in documents]
    with transaction() as session:
        if reply.confirmed:
            record(session, ReplyRemoved(reply.sender), about=reply.application.subject, at=now, actor_id=actor.id)
        session.delete(reply)
        session.flush()
        session.execute(delete(Document).where(Document.id.in_([each.id for each in documents])))
    remove_unnamed(digests)
