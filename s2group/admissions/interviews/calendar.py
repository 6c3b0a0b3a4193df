"""An interview as a calendar file that calendars take up, change and remove (RFC 5545, 5546 and 6047)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vText

Method = Literal["REQUEST", "CANCEL"]
PRODUCT = "-//S2Group//Interviews//ZH"


@dataclass(frozen=True)
class Entry:
    """What a calendar is told: `uid` stays the same through all changes, `sequence` grows with each.

    Times are written in UTC, which every calendar shows in its owner's own zone, summer time included.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    organizer: str
    attendees: Sequence[str]
    url: str


def write(entry: Entry, method: Method, *, now: datetime) -> str:
    """The file as text, with lines that end in CRLF."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_event(entry, method, now))
    return str(calendar.to_ical(), "utf-8")


def _event(entry: Entry, method: Method, now: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("location", entry.location)
    event.add("url", entry.url)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event["organizer"] = vCalAddress(f"mailto:{entry.organizer}")
    for each in entry.attendees:
        event.add("attendee", _attendee(each), encode=False)
    return event


def _attendee(email: str) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{email}")
    attendee.params["CUTYPE"] = vText("INDIVIDUAL")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee
