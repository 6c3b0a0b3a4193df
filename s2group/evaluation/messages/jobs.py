"""What the worker does by the clock: it lets go of the files that went along with mails and do so no more."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Text, cast, exists, select

from s2group.admissions.template_files.models import TemplateFile
from s2group.core.database import transaction
from s2group.custody.reconciliation import Difference
from s2group.documents.models import Document
from s2group.evaluation.releases.models import ReleaseItem
from s2group.extensions import db
from s2group.mail.models import OutboxMail

# Whoever was preparing mails when it was removed has prepared them by then.
REMOVED_BEFORE = timedelta(days=1)
# The job runs once a day: what is here after this was let go of by nobody.
KEPT_FOR_NOTHING = timedelta(days=3)


def let_go_of_files(*, now: datetime) -> int:
    """Forget the files that were removed from a template and that no message carries; how many there were.

    Their uploads are nobody's then, like those of a form that was left, and go the same way.
    """
    with transaction() as session:
        unneeded = _unneeded(now - REMOVED_BEFORE)
        for file in unneeded:
            session.delete(file)
    return len(unneeded)


def files_kept_for_nothing(now: datetime) -> list[Difference]:
    """What should have been let go of, for the check."""
    what = "removed file of a mail template that no message carries"
    return [Difference(what, file.document.sha256) for file in _unneeded(now - KEPT_FOR_NOTHING)]


def _unneeded(removed_before: datetime) -> Sequence[TemplateFile]:
    """Not what a mail of the outbox shows, sent or not, nor what a release holds."""
    carried = [
        exists().where(cast(holder.attachments, Text).contains(Document.sha256)) for holder in (OutboxMail, ReleaseItem)
    ]
    statement = select(TemplateFile).join(TemplateFile.document).where(TemplateFile.removed_at < removed_before)
    for each in carried:
        statement = statement.where(~each)
    return db.session.scalars(statement.order_by(TemplateFile.id)).all()
