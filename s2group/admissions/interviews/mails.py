"""Mail about an interview, to its applicant and to whoever interviews: written within the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.interviews import calendar
from s2group.admissions.interviews.calendar import Entry, Method
from s2group.admissions.interviews.models import Interview, InterviewSlot
from s2group.admissions.models import Application
from s2group.admissions.services.notices import manage_link, notify_applicant
from s2group.core.i18n import in_language, public_url
from s2group.core.localized import Locale
from s2group.mail.services import enqueue


def invite(session: Session, interview: Interview, message: str, *, now: datetime) -> None:
    """Ask the applicant to choose, or remind them: with a link to the page where they can."""
    application = interview.application
    link = manage_link(session, application, now)
    notify_applicant(
        session,
        message=message,
        application=application,
        now=now,
        interview=interview,
        round=interview.round,
        link=link,
    )


def tell_booked(session: Session, interview: Interview, *, is_change: bool, now: datetime) -> None:
    """Tell both sides when it is, or that it is at another time, in another place or with others than before."""
    _tell_both(session, interview, _slot(interview), "interview_booked", "REQUEST", now, is_change=is_change)


def tell_cancelled(session: Session, interview: Interview, slot: InterviewSlot, *, now: datetime) -> None:
    """Tell both sides that it does not take place at this slot, and take it out of their calendars."""
    _tell_both(session, interview, slot, "interview_cancelled", "CANCEL", now)


def tell_former(
    session: Session, interview: Interview, slot: InterviewSlot, former: Sequence[User], *, now: datetime
) -> None:
    """Tell those who no longer interview, and take it out of their calendars."""
    to = [user.email for user in former if user.active]
    _tell_staff(session, interview, slot, "interview_cancelled", "CANCEL", now, to=to)


def remind(session: Session, interview: Interview, *, now: datetime) -> None:
    """Remind both sides that it is about to take place."""
    _tell_both(session, interview, _slot(interview), "interview_tomorrow", None, now)


def tell_none_fits(session: Session, interview: Interview, *, now: datetime) -> None:
    """Tell the group that no slot suits the applicant, and why."""
    application, call = interview.application, interview.application.route.call
    enqueue(
        session,
        message="interview_none_fits",
        topic=application.reference,
        to=call.recipients,
        copies=call.copies,
        reply_to=application.email,
        locale=cast("Locale", call.mail_locale),
        context={"application": application, "interview": interview, "round": interview.round},
        letterhead=False,
        now=now,
    )


def _tell_both(
    session: Session,
    interview: Interview,
    slot: InterviewSlot,
    message: str,
    method: Method | None,
    now: datetime,
    **context: Any,
) -> None:
    _tell_applicant(session, interview, slot, message, method, now, **context)
    to = interviewers_emails(slot, interview.application)
    _tell_staff(session, interview, slot, message, method, now, to=to, **context)


def _slot(interview: Interview) -> InterviewSlot:
    if interview.slot is None:
        raise ValueError("an interview without a slot takes place at no time")
    return interview.slot


def interviewers_emails(slot: InterviewSlot, application: Application) -> list[str]:
    """Where mail to the interviewers goes: to whoever receives the applications where nobody is named."""
    named = [user.email for user in slot.interviewers if user.active]
    return named or list(application.route.call.recipients)


def _tell_applicant(
    session: Session,
    interview: Interview,
    slot: InterviewSlot,
    message: str,
    method: Method | None,
    now: datetime,
    **context: Any,
) -> None:
    application = interview.application
    locale = cast("Locale", application.locale)
    entry = _entry(
        interview, slot, locale, attendees=[application.email], side="applicant",
        url=public_url("apply.status", locale=locale, reference=application.reference),
    )  # fmt: skip
    enqueue(
        session,
        message=message,
        topic=application.reference,
        to=[application.email],
        reply_to=application.route.call.recipients[0],
        locale=locale,
        context={"application": application, "interview": interview, "round": interview.round, "slot": slot, **context},
        calendar=calendar.write(entry, method, now=now) if method else None,
        now=now,
    )


def _tell_staff(
    session: Session,
    interview: Interview,
    slot: InterviewSlot,
    message: str,
    method: Method | None,
    now: datetime,
    *,
    to: Sequence[str],
    **context: Any,
) -> None:
    """In the language of the group's mail; without anybody in `to` nothing is written."""
    if not to:
        return
    application = interview.application
    locale = cast("Locale", application.route.call.mail_locale)
    entry = _entry(
        interview, slot, locale, attendees=to, side="group",
        url=public_url("review.application", locale=locale, reference=application.reference),
    )  # fmt: skip
    enqueue(
        session,
        message=f"{message}_notice",
        topic=application.reference,
        to=to,
        reply_to=application.email,
        locale=locale,
        context={"application": application, "interview": interview, "round": interview.round, "slot": slot, **context},
        calendar=calendar.write(entry, method, now=now) if method else None,
        letterhead=False,
        now=now,
    )


def _entry(
    interview: Interview, slot: InterviewSlot, locale: Locale, *, attendees: Sequence[str], side: str, url: str
) -> Entry:
    """Each side has its own: an applicant reads nobody's address, and a calendar shows one name at a time."""
    application, (title, _) = interview.application, interview.round.title.in_locale(locale)
    with in_language(locale):
        summary = gettext("%(what)s: %(value)s", what=title, value=application.name) if side == "group" else title
    return Entry(
        uid=f"interview-{interview.key}-{side}@{_host()}",
        sequence=interview.sequence,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=str(summary),
        description=url,
        location=slot.where,
        organizer=application.route.call.recipients[0],
        attendees=attendees,
        url=url,
    )


def _host() -> str:
    return urlsplit(current_app.config["PUBLIC_URL"]).hostname or "localhost"
