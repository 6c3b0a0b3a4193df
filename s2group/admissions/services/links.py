"""Links that lead back: to a draft that shall be continued, or to an application that shall be changed."""

from datetime import datetime

from sqlalchemy import select

from s2group.admissions.models import Application, Draft
from s2group.core.database import transaction
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.queries import find
from s2group.links.rules import TO_A_DRAFT, Purpose
from s2group.links.services import use

LEADS_BACK = (*TO_A_DRAFT, Purpose.MANAGE)


def target_of_link(token: str, *, now: datetime) -> Draft | Application | None:
    """Where the link with this token leads; None where it works no longer. Asking does not use it up."""
    return _target(find(token, *LEADS_BACK, now=now))


def follow_link(*, token: str, now: datetime) -> Draft | Application | None:
    """Use the link with this token; where it leads, None where it works no longer or somebody was faster."""
    with transaction() as session:
        return _target(use(session, token, *LEADS_BACK, now=now))


def _target(link: Link | None) -> Draft | Application | None:
    if link is None:
        return None
    if link.purpose in TO_A_DRAFT:
        return db.session.scalar(select(Draft).where(Draft.key == link.subject))
    return db.session.scalar(select(Application).where(Application.reference == link.subject))
