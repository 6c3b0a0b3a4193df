"""Rounds of interviews of tests, and what mail about them brings to calendars."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import vobject
from icalendar import Calendar
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.accounts.services import add_account
from s2group.admissions.interviews.models import Interview, InterviewRound, InterviewSlot
from s2group.admissions.interviews.rules import lay_out
from s2group.admissions.models import AdmissionRoute, Application
from s2group.core import clock
from s2group.core.localized import LocalizedText
from s2group.core.permissions import Role
from s2group.evaluation.interviews import services
from s2group.evaluation.interviews.services import RoundValues, SlotValues, Span
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.moving import move
from tests.support.refereeing import apply_with_referees
from tests.support.staff import PASSWORD

NOW = datetime(2026, 9, 20, 2, tzinfo=UTC)
DAY = date(2026, 9, 26)


def applicant(name: str = "Test Applicant", **changes: Any) -> Application:
    """Somebody who has applied for a PhD and knows that there is an interview."""
    email = f"{name.lower().replace(' ', '.')}@example.org"
    application = apply_with_referees((), key=f"key-{name}", **{"name": name, "email": email, **changes})
    move(application, "interview")
    return application


def colleague(name: str = "pi", role: Role = Role.PI) -> User:
    """An account of the staff."""
    return add_account(email=f"{name}@example.org", role=role, password=PASSWORD, now=NOW)


def a_round(key: str = "phd-assessment", **changes: Any) -> InterviewRound:
    """A round for one route, in Beijing, until the day before DAY."""
    routes = [db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == key)).one()]
    values: dict[str, Any] = {
        "title": LocalizedText("样本面试", "Sample interviews"),
        "text": LocalizedText("带上身份证。", "Bring your ID card."),
        "place": "https://meeting.example.org/1",
        "timezone": "Asia/Shanghai",
        "minutes": 20,
        "choose_until": datetime(2026, 9, 25, 16, tzinfo=UTC),
        "changes_allowed": 1,
        "routes": routes,
    }
    return services.add_round(values=RoundValues(**{**values, **changes}), now=NOW)


def slots(interview_round: InterviewRound, *users: User, day: date = DAY, **changes: Any) -> list[InterviewSlot]:
    """Slots from nine to ten, every twenty minutes without a pause."""
    how: dict[str, Any] = {
        "begin": time(9),
        "end": time(10),
        "minutes": 20,
        "pause": 0,
        "timezone": interview_round.timezone,
    }
    spans = [Span(*each) for each in lay_out(day=day, **{**how, **changes})]
    values = SlotValues(place="", is_open=True, interviewers=users)
    services.add_slots(interview_round=interview_round, spans=spans, values=values)
    db.session.refresh(interview_round)
    return interview_round.slots[-len(spans) :]


def invited(interview_round: InterviewRound, application: Application, by: User) -> Interview:
    """The interview to which the application is invited now."""
    services.invite(interview_round=interview_round, applications=[application], actor=by, told_at=NOW, now=NOW)
    return db.session.scalars(select(Interview).where(Interview.application_id == application.id)).one()


def interview_values(application: Application) -> dict[str, Any]:
    """What the addresses of an interview are made of: one to which the application is invited."""
    by = colleague(f"of-{application.reference.lower()}")
    move(application, "interview")
    found = a_round(application.route.key, choose_until=clock.now() + timedelta(days=3))
    slot = slots(found, day=clock.now().date() + timedelta(days=5))[0]
    services.invite(interview_round=found, applications=[application], actor=by, told_at=clock.now(), now=clock.now())
    return {"round_key": found.key, "slot_id": slot.id, "interview_key": found.interviews[0].key}


@dataclass(frozen=True)
class Told:
    """What one calendar file says, as two parsers read it."""

    method: str
    uid: str
    sequence: int
    status: str
    starts_at: datetime
    ends_at: datetime
    attendees: list[str]
    location: str


def told(mail: OutboxMail) -> Told:
    """What the calendar file of a mail says; both parsers must read the same."""
    assert mail.calendar
    event: Any = Calendar.from_ical(mail.calendar).walk("VEVENT")[0]
    attendees = event.get("attendee", [])
    one = Told(
        method=str(Calendar.from_ical(mail.calendar)["method"]),
        uid=str(event["uid"]),
        sequence=int(event["sequence"]),
        status=str(event["status"]),
        starts_at=event["dtstart"].dt,
        ends_at=event["dtend"].dt,
        attendees=[str(each) for each in (attendees if isinstance(attendees, list) else [attendees])],
        location=str(event["location"]),
    )
    other = vobject.readOne(mail.calendar)
    found = other.vevent
    assert one == Told(
        method=other.method.value,
        uid=found.uid.value,
        sequence=int(found.sequence.value),
        status=found.status.value,
        starts_at=found.dtstart.value,
        ends_at=found.dtend.value,
        attendees=[each.value for each in found.contents.get("attendee", [])],
        location=found.location.value,
    )
    return one


def mails_about(message: str) -> list[OutboxMail]:
    """The mails of this kind, in the order in which they were written."""
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.message == message).order_by(OutboxMail.id)))


def hour(clock_time: str, day: date = DAY) -> datetime:
    """A moment in Beijing."""
    return datetime.combine(day, time.fromisoformat(clock_time), UTC) - timedelta(hours=8)
