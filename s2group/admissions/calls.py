"""Loading the calls from the files that the group edits by hand."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.admissions.models import AdmissionRoute, Call, RequirementSet
from s2group.admissions.rules import read_requirements
from s2group.core.database import transaction
from s2group.core.localized import Locale, LocalizedText

CALL_NAMES = {
    "key", "opens_at", "closes_at", "timezone", "recipients", "copies", "mail_locale", "answer_days",
    "title", "summary", "notice", "benefits", "routes",
}  # fmt: skip
ROUTE_NAMES = {"key", "title", "subject_label", "requirements"}


def load_calls(folder: Path, *, now: datetime) -> None:
    """Bring the calls and their routes up to date with the files in `folder`, by their keys.

    A route gets a new version of its requirements only where they changed. A call or route that is no longer in a
    file stays as it is: applications refer to it. Nothing is changed when any file is wrong; then ValueError says
    which, and what to mend.
    """
    read = [_read_file(path) for path in sorted(folder.glob("*.toml"))]
    with transaction() as session:
        for data in read:
            _save_call(session, data, now)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        _check(data)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        missing = "missing: " if isinstance(error, KeyError) else ""
        raise ValueError(f"{path.name}: {missing}{error}") from error
    return data


def _check(data: dict[str, Any]) -> None:
    """Raise ValueError or KeyError where the file could not be loaded or would not make sense."""
    _only(data, CALL_NAMES)
    ZoneInfo(data["timezone"])
    for name in ("opens_at", "closes_at"):
        moment = data.get(name, data["opens_at"])
        if not isinstance(moment, datetime) or moment.tzinfo is None:
            raise ValueError(f"'{name}' must be a moment with its offset, such as 2027-09-30T23:59:59+08:00")
    if data["mail_locale"] not in get_args(Locale):
        raise ValueError("'mail_locale' must be zh or en")
    if not data["recipients"]:
        raise ValueError("'recipients' must name at least one address: somebody must get the applications")
    for name in ("title", "summary", "notice"):
        LocalizedText.of(data[name])
    for route in data["routes"]:
        _only(route, ROUTE_NAMES)
        read_requirements(route["requirements"])


def _only(table: dict[str, Any], names: set[str]) -> None:
    if unknown := set(table) - names:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")


def _save_call(session: Session, data: dict[str, Any], now: datetime) -> None:
    call = session.scalar(select(Call).where(Call.key == data["key"])) or Call(key=data["key"])
    for name in ("title", "summary", "notice"):
        setattr(call, name, LocalizedText.of(data[name]))
    for name in ("opens_at", "timezone", "recipients", "mail_locale", "answer_days"):
        setattr(call, name, data[name])
    call.closes_at = data.get("closes_at")
    call.copies = data.get("copies", [])
    call.benefits = [LocalizedText.of(benefit) for benefit in data.get("benefits", [])]
    session.add(call)
    session.flush()
    for position, route in enumerate(data["routes"]):
        _save_route(session, call, position, route, now)


def _save_route(session: Session, call: Call, position: int, data: dict[str, Any], now: datetime) -> None:
    found = select(AdmissionRoute).where(AdmissionRoute.call_id == call.id, AdmissionRoute.key == data["key"])
    route = session.scalar(found) or AdmissionRoute(call_id=call.id, key=data["key"])
    route.position = position
    route.title = LocalizedText.of(data["title"])
    route.subject_label = LocalizedText.of(data["subject_label"])
    session.add(route)
    session.flush()
    _save_requirements(session, route, data["requirements"], now)


def _save_requirements(
    session: Session, route: AdmissionRoute, requirements: list[dict[str, Any]], now: datetime
) -> None:
    newest = select(RequirementSet).where(RequirementSet.route_id == route.id).order_by(RequirementSet.version.desc())
    current = session.scalar(newest.limit(1))
    if current and current.requirements == requirements:
        return
    version = current.version + 1 if current else 1
    session.add(RequirementSet(route_id=route.id, version=version, requirements=requirements, created_at=now))
