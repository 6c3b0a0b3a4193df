"""What a new call says before anything is typed."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from s2group.admissions.call_kinds import CALL
from s2group.admissions.models import Call
from s2group.content.group.queries import group_profile, group_zone
from s2group.content.records.kinds import Values
from s2group.core.days import end_of_day
from s2group.core.localized import LocalizedText

YEAR = re.compile(r"20\d\d")
# What does not change from one call to the next.
KEPT = ("timezone", "recipients", "copies", "mail_locale", "answer_days", "grace_minutes", "hide_ratings", "blind",
        "retention_days", "files_retention_days", "contact", "purpose")  # fmt: skip
DAYS_OPEN = 60


def begun_call(last: Call | None, now: datetime) -> Values:
    """A call from nothing; who gets its mail and for how long data are kept is as in the last one."""
    values = _usual() | ({name: CALL.of(last)[name] for name in KEPT} if last else {})
    zone = ZoneInfo(values["timezone"])
    opens_at = end_of_day(now.astimezone(zone).date(), zone)
    return {**values, "opens_at": opens_at, "closes_at": opens_at + timedelta(days=DAYS_OPEN, minutes=-1)}


def _usual() -> Values:
    profile = group_profile()
    texts = ("title", "summary", "notice", "contact", "purpose", "first_route")
    return {
        **dict.fromkeys(texts, LocalizedText()),
        "key": "",
        "timezone": str(group_zone()),
        "recipients": list(profile.emails[:1]) if profile else [],
        "copies": [],
        "hide_ratings": True,
        "blind": False,
        "mail_locale": "zh",
        "answer_days": 14,
        "grace_minutes": 60,
        "retention_days": 730,
        "files_retention_days": 180,
        "benefits": [],
        "timeline": [],
        "questions_answers": [],
    }


def copied_call(last: Call) -> Values:
    """The same call a year later; years in its address and its title move on, too."""
    values = CALL.of(last)
    moments = {name: _next_year(values[name]) for name in ("opens_at", "closes_at")}
    key, title = _with_next_year(last.key), values["title"]
    return {
        **values,
        **moments,
        "key": "" if key == last.key else key,
        "title": LocalizedText(zh=_with_next_year(title.zh), en=_with_next_year(title.en)),
        "timeline": [{**line, "at": _next_year(line["at"])} for line in values["timeline"]],
    }


def _next_year(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    try:
        return at.replace(year=at.year + 1)
    except ValueError:  # 29 February
        return at + timedelta(days=365)


def _with_next_year(text: str) -> str:
    return YEAR.sub(lambda found: str(int(found[0]) + 1), text)
