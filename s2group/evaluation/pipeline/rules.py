"""How the places of a route are taken, where applications go next, and how long an offer usually stands. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from s2group.admissions.rules.states import State
from s2group.core.days import end_of_day

# The steps as the board shows them, each with its states.
LANES: dict[State, tuple[State, ...]] = {
    State.SUBMITTED: (State.SUBMITTED,),
    State.SCREENING: (State.SCREENING,),
    State.INTERVIEW: (State.INTERVIEW,),
    State.OFFER: (State.OFFER, State.ACCEPTED),
    State.WAITLIST: (State.WAITLIST,),
}
# Where most go from a state.
AHEAD = {
    State.SUBMITTED: State.SCREENING,
    State.SCREENING: State.INTERVIEW,
    State.INTERVIEW: State.OFFER,
    State.WAITLIST: State.OFFER,
}
# So much time an applicant has to answer an offer, unless somebody chooses another day.
USUAL_TIME = timedelta(days=14)


def usual_due(now: datetime, timezone: str) -> datetime:
    """The end of the day by which an offer that is decided now is answered: midnight in `timezone`."""
    zone = ZoneInfo(timezone)
    return end_of_day((now + USUAL_TIME).astimezone(zone).date(), zone)


@dataclass(frozen=True)
class Places:
    """The places of a route as the staff know them: accepted, offered and not answered, offered and not told yet."""

    total: int | None
    accepted: int = 0
    open: int = 0
    pending: int = 0

    @property
    def taken(self) -> int:
        """How many nobody else can be offered."""
        return self.accepted + self.open + self.pending

    @property
    def left(self) -> int | None:
        """How many may still be offered, below nothing where more were than there are; None where nobody knows."""
        return None if self.total is None else self.total - self.taken
