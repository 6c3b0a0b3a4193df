"""The table of moves, whole: every state, every other one, both movers, from wherever it was withdrawn."""

from itertools import product

import pytest

from s2group.admissions.rules.states import EDITABLE, ENDED, MOVES, OVER, TAKES_A_PLACE, Mover, State, may_move

# Written out by hand, from what the group does: who may move an application from where to where.
STAFF_MAY = {
    "submitted": "screening interview waitlist offer declined",
    "screening": "interview waitlist offer declined",
    "interview": "screening waitlist offer declined",
    "waitlist": "interview offer declined",
    "offer": "waitlist declined",
    "accepted": "declined",
    "refused": "waitlist offer",
    "lapsed": "waitlist offer",
    "declined": "screening interview waitlist offer",
    "withdrawn": "",
}
# From what they are shown.
APPLICANT_MAY = {
    "submitted": "withdrawn",
    "screening": "withdrawn",
    "interview": "withdrawn",
    "waitlist": "withdrawn",
    "offer": "accepted refused withdrawn",
    "accepted": "withdrawn",
    "refused": "",
    "lapsed": "",
    "declined": "",
}
NAMES = [
    "submitted", "screening", "interview", "waitlist", "offer", "accepted", "refused", "lapsed", "declined",
    "withdrawn",
]  # fmt: skip


def expected(state: str, to: str, by: str, withdrawn_from: str | None) -> bool:
    if by == "staff":
        return to in STAFF_MAY[state].split()
    if by == "clock":
        return (state, to) == ("offer", "lapsed")
    if state == "withdrawn":
        return to == withdrawn_from
    return to in APPLICANT_MAY[state].split()


@pytest.mark.parametrize("by", ["staff", "applicant", "clock"])
@pytest.mark.parametrize("state", NAMES)
def test_every_move_is_allowed_or_forbidden_as_the_table_says(state: str, by: str) -> None:
    for to, withdrawn_from in product(NAMES, [None, *NAMES[:-1]]):
        came_from = State(withdrawn_from) if withdrawn_from else None
        allowed = may_move(State(state), State(to), Mover(by), withdrawn_from=came_from)
        assert allowed is expected(state, to, by, withdrawn_from), (state, to, by, withdrawn_from)


def test_the_table_knows_every_state_and_mover() -> None:
    assert [str(state) for state in State] == NAMES
    assert {state: set(movers) for state, movers in MOVES.items()} == {key: set(Mover) for key in State}


def test_nobody_moves_an_application_to_where_it_is() -> None:
    for state, by, withdrawn_from in product(State, Mover, [None, *list(State)[:-1]]):
        assert not may_move(state, state, by, withdrawn_from=withdrawn_from)


def test_what_has_ended_is_not_edited() -> None:
    assert {str(state) for state in EDITABLE} == {"submitted", "screening"}
    assert {str(state) for state in ENDED} == {"offer", "accepted", "refused", "lapsed", "declined", "withdrawn"}


def test_what_is_over_has_ended_and_takes_no_place() -> None:
    assert {str(state) for state in OVER} == {"refused", "lapsed", "declined", "withdrawn"}
    assert OVER < ENDED
    assert not OVER & TAKES_A_PLACE
