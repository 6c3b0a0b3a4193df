"""Loading the calls from the files that the group edits by hand."""

from dataclasses import asdict
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.admissions.models import AdmissionRoute, Call, RequirementSet
from s2group.admissions.queries import CALL_KEY
from s2group.admissions.rules import DocumentPresent, Requirement, read_requirements
from s2group.admissions.rules.composites import with_parts
from s2group.admissions.rules.route_form import RouteForm, read_form
from s2group.admissions.rules.wordings import contradictions
from s2group.admissions.services.ended_calls import Ended, end_calls
from s2group.content.records.files import toml_values
from s2group.core.database import transaction
from s2group.core.localized import LOCALES, LocalizedText
from s2group.mail.headers import address

# Addresses beside those of the calls: /admissions/check/ and /admissions/privacy/.
TAKEN_KEYS = ("check", "privacy")
Values = dict[str, Any]
ReadCall = tuple[Values, list[Values]]


def load_calls(folder: Path, *, now: datetime) -> Ended:
    """Make the calls and their routes what the files in `folder` say, by their keys; which calls that has ended.

    A route gets a new version of its requirements only where they changed. A call that no file describes any more
    closes, and opens again when its file comes back. A route that is no longer in the file of its call stays as it is.
    Nothing is changed when any file is wrong; then ValueError says which, and what to mend.
    """
    read = read_calls(folder)
    with transaction() as session:
        _save_calls(session, read, now)
        return end_calls(session, but={values["key"] for values, _routes in read}, now=now)


def add_calls(folder: Path, *, now: datetime) -> None:
    """The same for the calls in `folder` alone: what else there is stays as it is."""
    read = read_calls(folder)
    with transaction() as session:
        _save_calls(session, read, now)


def read_calls(folder: Path) -> list[ReadCall]:
    """The calls and routes in the files of `folder`. Raises ValueError that says which is wrong, and what to mend."""
    read = [_read_file(path) for path in sorted(folder.glob("*.toml"))]
    keys = [values["key"] for values, _routes in read]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"two files describe the call '{min(twice)}'")
    for one, other in combinations(read, 2):
        _tell_apart(one, other)
    return read


def _tell_apart(one: ReadCall, other: ReadCall) -> None:
    """ValueError where two calls have a route of one name and are open at once: nobody could choose the second."""
    both = {route["key"] for route in one[1]} & {route["key"] for route in other[1]}
    first, second = sorted((one[0], other[0]), key=lambda call: call["opens_at"])
    are_apart = first["closes_at"] is not None and first["closes_at"] <= second["opens_at"]
    names = f"'{first['key']}' and '{second['key']}'"
    _expect(are_apart or not both, f"{names} are open at the same time, and both have the route {', '.join(both)}")


def _read_file(path: Path) -> ReadCall:
    """The columns of a call and of its routes; ValueError where the file does not give them all, or no sense."""
    try:
        data = toml_values(path.read_text(encoding="utf-8-sig"))
        routes = [_route_values(route) for route in data.pop("routes")]
        return _call_values(data), routes
    except ZoneInfoNotFoundError as error:
        raise ValueError(f"{path.name}: 'timezone' must be a name such as Asia/Shanghai") from error
    except KeyError as error:
        raise ValueError(f"{path.name}: missing: {error}") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _call_values(data: Values) -> Values:
    values = {
        "key": data.pop("key"),
        "opens_at": _moment(data, "opens_at"),
        "closes_at": _moment(data, "closes_at") if "closes_at" in data else None,
        "timezone": ZoneInfo(data.pop("timezone")).key,
        "recipients": [address(recipient) for recipient in data.pop("recipients")],
        "copies": [address(copy) for copy in data.pop("copies", [])],
        "mail_locale": data.pop("mail_locale"),
        "answer_days": data.pop("answer_days"),
        "benefits": [LocalizedText.of(benefit) for benefit in data.pop("benefits", [])],
        **{name: LocalizedText.of(data.pop(name)) for name in ("title", "summary", "notice", "contact", "purpose")},
        **{name: _days(data, name) for name in ("grace_minutes", "retention_days", "files_retention_days")},
        "timeline": [_date_to_know(entry) for entry in data.pop("timeline", [])],
        "questions_answers": [_question_answer(entry) for entry in data.pop("questions_answers", [])],
    }
    fits = CALL_KEY.fullmatch(values["key"]) and values["key"] not in TAKEN_KEYS
    _expect(fits, "'key' must be of letters, digits and hyphens: it is the call's address, and some are taken")
    _expect(values["recipients"], "'recipients' must name at least one address")
    _expect(values["mail_locale"] in LOCALES, f"'mail_locale' must be one of {', '.join(LOCALES)}")
    days = values["answer_days"]
    _expect(type(days) is int and days > 0, "'answer_days' must be a whole number of days")
    closes_at = values["closes_at"]
    _expect(closes_at is None or closes_at > values["opens_at"], "'closes_at' must be later than 'opens_at'")
    _expect(not data, f"unknown: {', '.join(sorted(data))}")
    return values


def _route_values(data: Values) -> Values:
    values = {
        "key": data.pop("key"),
        "title": LocalizedText.of(data.pop("title")),
        "subject_label": LocalizedText.of(data.pop("subject_label")),
        "places": data.pop("places", None),
        "filled": data.pop("filled", False),
        "form": _storable(data.pop("form")),
        "requirements": _with_todays_names(data.pop("requirements")),
    }
    requirements = read_requirements(values["requirements"])
    _expect_asked(requirements, read_form(values["form"]))
    wrong = list(contradictions(requirements))
    _expect(not wrong, "; ".join(wrong))
    places = values["places"]
    _expect(places is None or (type(places) is int and places > 0), "'places' must be a whole number above 0")
    _expect(isinstance(values["filled"], bool), "'filled' must be true or false")
    _expect(not data, f"unknown: {', '.join(sorted(data))}")
    return values


def _with_todays_names(entry: Any) -> Any:
    """`entry` and all it holds, what was `line` called `minimum`: files written for earlier versions are still read."""
    if isinstance(entry, list):
        return [_with_todays_names(each) for each in entry]
    if isinstance(entry, dict):
        return {"minimum" if name == "line" else name: _with_todays_names(value) for name, value in entry.items()}
    return entry


def _expect_asked(requirements: list[Requirement], form: RouteForm) -> None:
    """No requirement looks at an answer or a document that nobody can give."""
    asked = {*form.fields, *form.documents}
    for part in (part for requirement in requirements for part in with_parts(requirement)):
        looks_at = part.document if isinstance(part, DocumentPresent) else part.field
        _expect(not looks_at or looks_at in asked, f"requirement '{part.key}': the form does not ask '{looks_at}'")


def _moment(data: Values, name: str) -> datetime:
    moment = data.pop(name)
    aware = isinstance(moment, datetime) and moment.tzinfo is not None
    _expect(aware, f"'{name}' must be a moment with its offset, such as 2027-09-30T23:59:59+08:00")
    return cast("datetime", moment)


def _days(data: Values, name: str) -> int:
    """A number of days, or of minutes."""
    number = data.pop(name)
    _expect(type(number) is int and number >= 0, f"'{name}' must be a whole number, 0 or more")
    return cast("int", number)


def _date_to_know(entry: Values) -> Values:
    at = _moment(entry, "at").isoformat() if "at" in entry else None
    return {"at": at, "text": asdict(LocalizedText.of(entry))}


def _question_answer(entry: Values) -> Values:
    return {name: asdict(LocalizedText.of(entry[name])) for name in ("question", "answer")}


def _storable(value: Any) -> Any:
    """The same table with its moments as ISO texts, as JSON can keep them."""
    if isinstance(value, dict):
        return {name: _storable(inner) for name, inner in value.items()}
    return value.isoformat() if isinstance(value, datetime) else value


def _expect(is_right: object, message: str) -> None:
    if not is_right:
        raise ValueError(message)


def _save_calls(session: Session, read: list[ReadCall], now: datetime) -> None:
    for values, routes in read:
        _save_call(session, values, routes, now)


def _save_call(session: Session, values: Values, routes: list[Values], now: datetime) -> None:
    call = session.scalar(select(Call).where(Call.key == values["key"])) or Call()
    _fill(session, call, values)
    for position, route in enumerate(routes):
        _save_route(session, route | {"call_id": call.id, "position": position}, now)


def _save_route(session: Session, values: Values, now: datetime) -> None:
    requirements = values.pop("requirements")
    found = select(AdmissionRoute).filter_by(call_id=values["call_id"], key=values["key"])
    route = session.scalar(found) or AdmissionRoute()
    _fill(session, route, values)
    _save_requirements(session, route, requirements, now)


def _save_requirements(session: Session, route: AdmissionRoute, requirements: list[Values], now: datetime) -> None:
    newest = select(RequirementSet).where(RequirementSet.route_id == route.id).order_by(RequirementSet.version.desc())
    current = session.scalar(newest.limit(1))
    if current and current.requirements == requirements:
        return
    version = current.version + 1 if current else 1
    session.add(RequirementSet(route_id=route.id, version=version, requirements=requirements, created_at=now))


def _fill(session: Session, row: Call | AdmissionRoute, values: Values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
