"""Writing events."""

from datetime import datetime

from sqlalchemy.orm import Session

from s2group.audit.models import Event
from s2group.audit.rules import Details, Subject
from s2group.core.logs import current_request_id


def record(session: Session, details: Details, *, about: Subject, at: datetime, actor_id: int | None = None) -> None:
    """Write that this happened, within the transaction of whatever made it happen.

    `actor_id` is the account that did it; None for an applicant, a referee, the worker or the operator.
    """
    event = Event(
        at=at,
        actor_id=actor_id,
        kind=details.kind.value,
        subject_kind=about.kind.value,
        subject_key=about.key,
        application_id=about.application_id,
        stored=details.to_dict(),
        request_id=current_request_id(),
    )
    session.add(event)
