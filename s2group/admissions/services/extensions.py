"""Letting one person apply to a route that takes nobody else any more."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Draft, Extension
from s2group.admissions.services import drafts
from s2group.audit.rules import ExtensionEnded, ExtensionGiven
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.identifiers import new_token
from s2group.core.localized import Locale

MESSAGE = "extension"
# The link in the mail works for so long, and an untouched draft is kept for longer.
LONGEST = timedelta(days=30)


def extend(
    *, route: AdmissionRoute, email: str, until: datetime, locale: Locale, actor: User, now: datetime
) -> Extension:
    """Let whoever reads this address apply to the route until then, and mail them a link to their draft.

    The newest draft that they have for the route is the one; without one a draft is begun in which the address is
    known. A second time for the same address another moment holds, and the link is mailed again. Raises
    UnfitForHeaderError for an address that is no plain one.
    """
    address = email.lower()
    with transaction() as session:
        found = session.scalar(select(Extension).filter_by(route_id=route.id, email=address).with_for_update())
        extension = found or Extension(route=route, email=address)
        extension.until, extension.made_at, extension.actor_id = until, now, actor.id
        draft = _draft_of(session, extension) or _begin(session, extension, email, locale, now)
        draft.extended_until = until
        session.add(extension)
        session.flush()
        drafts.mail_about(session, MESSAGE, draft, now=now)
        record(session, ExtensionGiven(until.isoformat()), about=route.subject, at=now, actor_id=actor.id)
    return extension


def _draft_of(session: Session, extension: Extension) -> Draft | None:
    theirs = select(Draft).filter_by(route_id=extension.route.id, email=extension.email, application_id=None)
    return session.scalar(theirs.order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(1).with_for_update())


def _begin(session: Session, extension: Extension, email: str, locale: Locale, now: datetime) -> Draft:
    draft = Draft(
        key=new_token(), route=extension.route, locale=locale, email=extension.email, answers={"email": email},
        saves={}, removed=[], started_at=now, saved_at=now,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft


def end_extension(*, extension: Extension, actor: User, now: datetime) -> None:
    """Take an extension back: what was sent stays, and a draft is judged by its call again."""
    with transaction() as session:
        theirs = (Draft.route_id == extension.route_id, Draft.email == extension.email)
        session.execute(update(Draft).where(*theirs).values(extended_until=None))
        record(session, ExtensionEnded(), about=extension.route.subject, at=now, actor_id=actor.id)
        session.delete(extension)


def forget_extensions(*, now: datetime) -> int:
    """Remove the extensions that ended LONGEST ago, in a transaction of its own; how many there were."""
    with transaction() as session:
        ended = session.scalars(select(Extension).where(Extension.until < now - LONGEST)).all()
        for extension in ended:
            session.delete(extension)
    return len(ended)
