"""Those whom an applicant names: they are asked for a letter by mail, reminded of it, and may be exchanged."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any, cast

from flask import render_template
from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from s2group.admissions.models import AdmissionRoute, Application, Call, Referee
from s2group.admissions.rules import letters as rules
from s2group.admissions.rules.states import ENDED
from s2group.core.database import transaction
from s2group.core.i18n import in_language, public_url
from s2group.core.localized import LOCALES, Locale
from s2group.extensions import db
from s2group.links.rules import Purpose
from s2group.links.services import issue, remove
from s2group.mail.models import OutboxMail
from s2group.mail.queries import room_at
from s2group.mail.services import enqueue, take_back

ASKED = "letter_asked"
REMINDER = "letter_reminder"
# Anybody's address can be typed into the form. A professor may well be named by several students in a day.
MAILS_A_DAY = 10
# How many are read at a time.
AT_ONCE = 500
_IS_AWAITED = and_(Referee.document_id.is_(None), Application.state.not_in(ENDED))


def due_at(referee: Referee) -> datetime:
    """When the letter is due."""
    return rules.due_at(asked_at=referee.asked_at, closes_at=referee.application.route.call.closes_at)


def sync_referees(session: Session, application: Application, now: datetime) -> None:
    """Ask the referees whom the application names and that were not asked yet, within the caller's transaction.

    Whoever it names no longer is forgotten with their link and what still waits to be mailed to them, unless their
    letter has come; that stays.
    """
    named = {entry["email"].lower(): entry for entry in application.answers.get("referees") or []}
    rows = _rows(session, application)
    _forget(session, [row for row in rows if row.email.lower() not in named and row.document_id is None])
    kept = {row.email.lower(): row for row in rows if row.email.lower() in named}
    for address, row in kept.items():
        row.name, row.title = named[address]["name"], named[address]["position"]
    session.flush()
    for address, entry in named.items():
        if address not in kept:
            _ask(session, application, entry, now)
    session.expire(application, ["referees"])


def call_off(session: Session, application: Application) -> None:
    """Take back what still waits to be mailed to its referees, within the caller's transaction: it is over."""
    take_back(session, topic=application.reference, messages=(ASKED, REMINDER))


def ask_the_unasked(session: Session, application: Application, now: datetime) -> None:
    """Ask the referees to whom no mail about the application went, within the caller's transaction."""
    for referee in _rows(session, application):
        if referee.document_id is None and not _has_mail(session, referee):
            _mail(session, referee, ASKED, now)


def _has_mail(session: Session, referee: Referee) -> bool:
    mailed = select(OutboxMail.id).where(
        OutboxMail.topic == referee.application.reference,
        OutboxMail.message.in_((ASKED, REMINDER)),
        OutboxMail.recipient_key == referee.email.lower(),
    )
    return session.scalar(mailed.limit(1)) is not None


def remind_referees(*, now: datetime) -> int:
    """Ask again for the letters that are awaited, each at most twice, with fresh links; how many mails there were.

    AT_ONCE are read at a time, and each mail is written in a transaction of its own.
    """
    return sum(_remind_if_due(referee_id, now) for referee_id in _awaited(now))


def _awaited(now: datetime) -> Iterator[int]:
    """The ids of the referees to remind."""
    columns = (Referee.id, Referee.asked_at, Referee.reminded_at, Call.closes_at)
    awaited = select(*columns).join(Referee.application).join(Application.route).join(AdmissionRoute.call)
    following, last = awaited.where(_IS_AWAITED).order_by(Referee.id).limit(AT_ONCE), 0
    while some := db.session.execute(following.where(Referee.id > last)).all():
        last = some[-1].id
        yield from [row.id for row in some if _is_reminder_due(row.asked_at, row.reminded_at, row.closes_at, now)]


def _remind_if_due(referee_id: int, now: datetime) -> bool:
    """False where the letter, a reminder or a decision came meanwhile."""
    with transaction() as session:
        one = select(Referee).join(Referee.application).where(Referee.id == referee_id, _IS_AWAITED)
        held = one.with_for_update(of=Referee).execution_options(populate_existing=True)
        referee = session.scalar(held)
        if referee is None:
            return False
        closes_at = referee.application.route.call.closes_at
        if not _is_reminder_due(referee.asked_at, referee.reminded_at, closes_at, now):
            return False
        referee.reminded_at = now
        _mail(session, referee, REMINDER, now)
    return True


def _is_reminder_due(
    asked_at: datetime, reminded_at: datetime | None, closes_at: datetime | None, now: datetime
) -> bool:
    letter_due_at = rules.due_at(asked_at=asked_at, closes_at=closes_at)
    return rules.is_reminder_due(asked_at=asked_at, due_at=letter_due_at, reminded_at=reminded_at, now=now)


def _rows(session: Session, application: Application) -> Sequence[Referee]:
    """The referees as they are now: one may be sending a letter at this moment."""
    ours = select(Referee).where(Referee.application_id == application.id).order_by(Referee.position)
    return session.scalars(ours.with_for_update().execution_options(populate_existing=True)).all()


def _forget(session: Session, referees: Sequence[Referee]) -> None:
    for referee in referees:
        take_back(session, topic=referee.application.reference, messages=(ASKED, REMINDER), recipient=referee.email)
    ids = [referee.id for referee in referees]
    remove(session, (Purpose.LETTER,), [str(each) for each in ids])
    session.execute(delete(Referee).where(Referee.id.in_(ids)))


def _ask(session: Session, application: Application, entry: Mapping[str, str], now: datetime) -> None:
    taken = {row.position for row in _rows(session, application)}
    referee = Referee(
        application=application,
        position=next(number for number in count(1) if number not in taken),
        name=entry["name"],
        email=entry["email"],
        title=entry["position"],
        asked_at=now,
    )
    session.add(referee)
    session.flush()
    _mail(session, referee, ASKED, now)


def _mail(session: Session, referee: Referee, message: str, now: datetime) -> None:
    """Nothing is written where the address has had MAILS_A_DAY of them within a day; the reminder will ask then."""
    if room_at(message, referee.email, a_day=MAILS_A_DAY, now=now) > now:
        return
    application, call = referee.application, referee.application.route.call
    token = issue(session, purpose=Purpose.LETTER, subject=str(referee.id), now=now)
    first = cast("Locale", application.locale)
    context = {
        "application": application,
        "call": call,
        "referee": referee,
        "due_at": due_at(referee),
        "links": {locale: public_url("apply.letter", locale=locale, token=token) for locale in LOCALES},
        "is_reminder": message == REMINDER,
    }
    enqueue(
        session,
        message=message,
        topic=application.reference,
        to=[referee.email],
        reply_to=call.recipients[0],
        locale=first,
        context={"in_both": _in_both(first, context)},
        letterhead=False,
        now=now,
    )


def _in_both(first: Locale, context: Mapping[str, Any]) -> Callable[[str], list[tuple[Locale, str]]]:
    """What renders a template in both languages, the applicant's first: nobody knows which of them a referee reads."""
    return partial(_rendered, [first, *(locale for locale in LOCALES if locale != first)], context)


def _rendered(locales: Sequence[Locale], context: Mapping[str, Any], template: str) -> list[tuple[Locale, str]]:
    rendered = []
    for locale in locales:
        with in_language(locale):
            rendered.append((locale, render_template(template, locale=locale, **context).strip()))
    return rendered
