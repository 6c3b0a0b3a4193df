"""The states of an application and who may move it from which to which."""

from enum import StrEnum


class State(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    SCREENING = "screening"
    INTERVIEW = "interview"
    WAITLIST = "waitlist"
    OFFER = "offer"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Mover(StrEnum):
    """Who moves an application."""

    APPLICANT = "applicant"
    STAFF = "staff"


# While an application is in one of these, its answers may be edited (as long as its call takes applications).
EDITABLE = frozenset({State.SUBMITTED, State.SCREENING})
# Nothing more is decided; from here the time counts after which data go.
ENDED = frozenset({State.OFFER, State.DECLINED, State.WITHDRAWN})
# For whoever sees one of these, the application is over: nothing to withdraw, nothing to send.
OVER = frozenset({State.DECLINED, State.WITHDRAWN})

MOVES: dict[State, dict[Mover, frozenset[State]]] = {
    State.SUBMITTED: {
        Mover.STAFF: frozenset({State.SCREENING, State.INTERVIEW, State.WAITLIST, State.OFFER, State.DECLINED}),
        Mover.APPLICANT: frozenset({State.WITHDRAWN}),
    },
    State.SCREENING: {
        Mover.STAFF: frozenset({State.INTERVIEW, State.WAITLIST, State.OFFER, State.DECLINED}),
        Mover.APPLICANT: frozenset({State.WITHDRAWN}),
    },
    State.INTERVIEW: {
        Mover.STAFF: frozenset({State.SCREENING, State.WAITLIST, State.OFFER, State.DECLINED}),
        Mover.APPLICANT: frozenset({State.WITHDRAWN}),
    },
    State.WAITLIST: {
        Mover.STAFF: frozenset({State.INTERVIEW, State.OFFER, State.DECLINED}),
        Mover.APPLICANT: frozenset({State.WITHDRAWN}),
    },
    State.OFFER: {
        Mover.STAFF: frozenset({State.WAITLIST, State.DECLINED}),
        Mover.APPLICANT: frozenset({State.WITHDRAWN}),
    },
    # A decision may be wrong. Whoever was not told of it may still withdraw; whoever was has nothing to withdraw.
    State.DECLINED: {
        Mover.STAFF: frozenset({State.SCREENING, State.INTERVIEW, State.WAITLIST, State.OFFER}),
        Mover.APPLICANT: frozenset({State.WITHDRAWN}),
    },
    # The applicant may go back to where it was withdrawn from, and nowhere else: may_move knows.
    State.WITHDRAWN: {Mover.STAFF: frozenset(), Mover.APPLICANT: frozenset()},
}


def may_move(state: State, to: State, by: Mover, *, withdrawn_from: State | None = None) -> bool:
    """Whether `by` may move an application from `state` to `to`.

    An applicant may take a withdrawal back: then the application is where it was, `withdrawn_from`.
    """
    if state is State.WITHDRAWN:
        return by is Mover.APPLICANT and to is withdrawn_from
    return to in MOVES[state][by]
