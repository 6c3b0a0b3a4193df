"""The states of an application and who may move it from which to which."""

from enum import StrEnum


class State(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    SCREENING = "screening"
    INTERVIEW = "interview"
    WAITLIST = "waitlist"
    OFFER = "offer"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Mover(StrEnum):
    """Who moves an application."""

    APPLICANT = "applicant"
    STAFF = "staff"
    # An offer that nobody answered in time.
    CLOCK = "clock"


# While an application is in one of these, its answers may be edited (as long as its call takes applications).
EDITABLE = frozenset({State.SUBMITTED, State.SCREENING})
# Nobody has invited them yet, or put them aside: other requirements may still change how they are read.
BEFORE_INTERVIEW = frozenset({State.SUBMITTED, State.SCREENING})
# The group has decided all it had to; from here the time counts after which data go.
ENDED = frozenset({State.OFFER, State.ACCEPTED, State.REFUSED, State.LAPSED, State.DECLINED, State.WITHDRAWN})
# For whoever sees one of these, the application is over: nothing to withdraw, nothing to send.
OVER = frozenset({State.REFUSED, State.LAPSED, State.DECLINED, State.WITHDRAWN})
# Each of these takes one of the places of its route.
TAKES_A_PLACE = frozenset({State.OFFER, State.ACCEPTED})

# The staff move by where an application stands; applicant and clock by what is shown, for they know nothing else.
_WITHDRAW = frozenset({State.WITHDRAWN})
_NOWHERE: frozenset[State] = frozenset()
MOVES: dict[State, dict[Mover, frozenset[State]]] = {
    State.SUBMITTED: {
        Mover.STAFF: frozenset({State.SCREENING, State.INTERVIEW, State.WAITLIST, State.OFFER, State.DECLINED}),
        Mover.APPLICANT: _WITHDRAW,
        Mover.CLOCK: _NOWHERE,
    },
    State.SCREENING: {
        Mover.STAFF: frozenset({State.INTERVIEW, State.WAITLIST, State.OFFER, State.DECLINED}),
        Mover.APPLICANT: _WITHDRAW,
        Mover.CLOCK: _NOWHERE,
    },
    State.INTERVIEW: {
        Mover.STAFF: frozenset({State.SCREENING, State.WAITLIST, State.OFFER, State.DECLINED}),
        Mover.APPLICANT: _WITHDRAW,
        Mover.CLOCK: _NOWHERE,
    },
    State.WAITLIST: {
        Mover.STAFF: frozenset({State.INTERVIEW, State.OFFER, State.DECLINED}),
        Mover.APPLICANT: _WITHDRAW,
        Mover.CLOCK: _NOWHERE,
    },
    State.OFFER: {
        Mover.STAFF: frozenset({State.WAITLIST, State.DECLINED}),
        Mover.APPLICANT: frozenset({State.ACCEPTED, State.REFUSED, State.WITHDRAWN}),
        Mover.CLOCK: frozenset({State.LAPSED}),
    },
    State.ACCEPTED: {Mover.STAFF: frozenset({State.DECLINED}), Mover.APPLICANT: _WITHDRAW, Mover.CLOCK: _NOWHERE},
    # Who refused by mistake, or was too late, may be offered the place once more.
    State.REFUSED: {
        Mover.STAFF: frozenset({State.WAITLIST, State.OFFER}),
        Mover.APPLICANT: _NOWHERE,
        Mover.CLOCK: _NOWHERE,
    },
    State.LAPSED: {
        Mover.STAFF: frozenset({State.WAITLIST, State.OFFER}),
        Mover.APPLICANT: _NOWHERE,
        Mover.CLOCK: _NOWHERE,
    },
    # A decision may be wrong. Whoever was told of it has nothing to withdraw.
    State.DECLINED: {
        Mover.STAFF: frozenset({State.SCREENING, State.INTERVIEW, State.WAITLIST, State.OFFER}),
        Mover.APPLICANT: _NOWHERE,
        Mover.CLOCK: _NOWHERE,
    },
    # The applicant may go back to where it was withdrawn from, and nowhere else: may_move knows.
    State.WITHDRAWN: {Mover.STAFF: _NOWHERE, Mover.APPLICANT: _NOWHERE, Mover.CLOCK: _NOWHERE},
}


def may_move(state: State, to: State, by: Mover, *, withdrawn_from: State | None = None) -> bool:
    """Whether `by` may move an application from `state`, as they know it, to `to`.

    An applicant may take a withdrawal back: then the application is where it was, `withdrawn_from`.
    """
    if state is State.WITHDRAWN:
        return by is Mover.APPLICANT and to is withdrawn_from
    return to in MOVES[state][by]
