"""When a call and its routes take applications, and why not otherwise."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Closure(StrEnum):
    """Why applications are not taken."""

    NOT_YET = "not_yet"
    CLOSED = "closed"
    FILLED = "filled"


class Window(Protocol):
    """What must be known of a call; without `closes_at` it stays open (长期有效)."""

    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def grace_minutes(self) -> int: ...


class Places(Protocol):
    """What must be known of a route: how many can be admitted, if that is known, and whether the group says 已招满."""

    @property
    def places(self) -> int | None: ...
    @property
    def filled(self) -> bool: ...


def closure(call: Window, now: datetime) -> Closure | None:
    """Why the call takes no new application at `now`; None while it does, until just before `closes_at`."""
    if now < call.opens_at:
        return Closure.NOT_YET
    return Closure.CLOSED if call.closes_at is not None and call.closes_at <= now else None


def accepts_until(call: Window) -> datetime | None:
    """When the grace ends for a draft that was begun before the close; None where the call stays open."""
    return None if call.closes_at is None else call.closes_at + timedelta(minutes=call.grace_minutes)


def places_left(route: Places, offers: int) -> int | None:
    """How many of the route's places no offer has taken; None where nobody knows."""
    if route.filled:
        return 0
    return None if route.places is None else max(route.places - offers, 0)


def why_not(route: Places, call: Window, *, offers: int, now: datetime) -> Closure | None:
    """Why the route takes no new application at `now`; None while it does."""
    return closure(call, now) or (Closure.FILLED if places_left(route, offers) == 0 else None)


def why_not_submit(
    draft_started_at: datetime,
    call: Window,
    route: Places,
    now: datetime,
    *,
    offers: int,
    extended_until: datetime | None = None,
) -> Closure | None:
    """Why a draft cannot be submitted at `now`; None where it can.

    The grace counts for a draft that was begun while the call was open: a form that was filled in on time is not lost.
    What the group lets one person do until `extended_until` holds also where the call has closed or is full.
    """
    if extended_until is not None and now < extended_until:
        return None
    until = accepts_until(call)
    in_grace = until is not None and now < until and closure(call, draft_started_at) is None
    return why_not(route, call, offers=offers, now=draft_started_at if in_grace else now)
