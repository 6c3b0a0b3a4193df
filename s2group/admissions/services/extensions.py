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
from s2group.mail.headers import address

MESSAGE = "extension"
# The link in the mail works for so long, and an untouched draft is kept for longer.
LONGEST = timedelta(days=30)


def extend(
    *, route: AdmissionRoute, email: str, until: datetime, locale: Locale, actor: User, told_at: datetime, now: datetime
) -> Extension:
    """Let whoever reads this address apply to the route until then; from `told_at` on, when a link to it is mailed.

    A second time for the same address another moment holds, and a link is mailed again. Raises UnfitForHeaderError for
    an address that is no plain one.
    """
    address(email)
    with transaction() as session:
        found = session.scalar(select(Extension).filter_by(route_id=route.id, email=email.lower()).with_for_update())
        extension = found or Extension(route=route, email=email.lower())
        extension.address, extension.locale, extension.until = email, locale, until
        extension.made_at, extension.told_at, extension.is_told, extension.actor_id = now, told_at, False, actor.id
        session.add(extension)
        record(session, ExtensionGiven(until.isoformat()), about=route.subject, at=now, actor_id=actor.id)
        if told_at <= now:
            _tell(session, extension, now)
    return extension


def tell_due(*, now: datetime) -> int:
    """Let those apply whose time to hear of it has come, and mail them; how many there were."""
    due = select(Extension).where(Extension.is_told.is_(False), Extension.told_at <= now)
    with transaction() as session:
        found = session.scalars(due.order_by(Extension.id).with_for_update()).all()
        for extension in found:
            _tell(session, extension, now)
    return len(found)


def _tell(session: Session, extension: Extension, now: datetime) -> None:
    """The newest draft that they have for the route is theirs; without one a draft is begun that knows the address."""
    draft = _draft_of(session, extension) or _begin(session, extension, now)
    draft.extended_until, extension.is_told = extension.until, True
    session.flush()
    drafts.mail_about(session, MESSAGE, draft, now=now)


def _draft_of(session: Session, extension: Extension) -> Draft | None:
    theirs = select(Draft).filter_by(route_id=extension.route.id, email=extension.email, application_id=None)
    return session.scalar(theirs.order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(1).with_for_update())


def _begin(session: Session, extension: Extension, now: datetime) -> Draft:
    draft = Draft(
        key=new_token(), route=extension.route, locale=extension.locale, email=extension.email,
        answers={"email": extension.address}, saves={}, removed=[], started_at=now, saved_at=now,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft


def end_extension(*, extension: Extension, actor: User, now: datetime) -> None:
    """Take an extension back, told or not: what was sent stays, and a draft is judged by its call again."""
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
