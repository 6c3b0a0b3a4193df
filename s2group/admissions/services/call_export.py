"""Writing the calls as content files, which load again as the same."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from s2group.admissions.call_kinds import CALL, ROUTE
from s2group.admissions.models import AdmissionRoute, Call
from s2group.admissions.services.call_files import FOLDER, ReadCall, as_read, clash
from s2group.content.records.writing import toml_text
from s2group.extensions import db


def export_calls(folder: Path) -> list[str]:
    """Write a file for each call into `folder`/calls, with the newest requirements of its routes.

    Gives a sentence for each call that is left out: two that were open at one time with a route of one name, such as
    where a call was given another key, cannot stand in files together. The one that was loaded first is left out, and
    stays in the portal as it is. Raises OSError.
    """
    remarks = []
    (folder / FOLDER).mkdir(exist_ok=True)
    written: list[ReadCall] = []
    for call in _calls(db.session()):
        read = as_read(call)
        if any(clash(read, other) for other in written):
            remarks.append(f"The call {call.key} is left out: a later one has the same routes at the same time.")
            continue
        written.append(read)
        (folder / FOLDER / f"{call.key}.toml").write_text(_text(read), encoding="utf-8", newline="")
    return remarks


def _calls(session: Session) -> Iterator[Call]:
    """The latest first, with their routes and what these ask for."""
    whole = selectinload(Call.routes).selectinload(AdmissionRoute.requirement_sets)
    yield from session.scalars(select(Call).order_by(Call.id.desc()).options(whole))


def _text(read: ReadCall) -> str:
    """With the call's own moments as its clocks show them."""
    zone = ZoneInfo(read.call.values["timezone"])
    call = _in_zone(CALL.write(read.call.values), zone)
    return toml_text({**call, "routes": [ROUTE.write(route.values) for route in read.routes]})


def _in_zone(written: Any, zone: ZoneInfo) -> Any:
    if isinstance(written, list):
        return [_in_zone(each, zone) for each in written]
    if isinstance(written, dict):
        return {name: _in_zone(value, zone) for name, value in written.items()}
    return written.astimezone(zone) if isinstance(written, datetime) else written
