"""Assignments by load: as even as they can be, nobody twice, nobody in conflict."""

from collections import Counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from s2group.evaluation.balancing.rules import Proposal, Wanted, balanced

REVIEWERS = (1, 2, 3, 4)
WANTED = st.lists(st.tuples(st.integers(1, 3), st.frozensets(st.sampled_from(REVIEWERS))), max_size=7).map(
    lambda found: [Wanted(10 + place, lacking, eligible) for place, (lacking, eligible) in enumerate(found)]
)
LOADS = st.dictionaries(st.sampled_from(REVIEWERS), st.integers(0, 6))


def total(proposal: Proposal, loads: dict[int, int]) -> dict[int, int]:
    return {each: loads.get(each, 0) + proposal.added().get(each, 0) for each in REVIEWERS}


@settings(max_examples=60, deadline=None)
@given(WANTED, LOADS)
def test_each_gets_what_it_lacks_and_nothing_that_must_not_be(wanted: list[Wanted], loads: dict[int, int]) -> None:
    proposal = balanced(wanted, loads)
    assert len(set(proposal.pairs)) == len(proposal.pairs)
    given_to = Counter(application_id for application_id, _ in proposal.pairs)
    for each in wanted:
        assert given_to[each.application_id] + proposal.short.get(each.application_id, 0) == each.lacking
        assert given_to[each.application_id] == min(each.lacking, len(each.eligible))
        assert {who for at, who in proposal.pairs if at == each.application_id} <= each.eligible
    assert balanced(wanted, loads) == proposal


@settings(max_examples=60, deadline=None)
@given(WANTED, LOADS)
def test_no_other_way_is_more_even(wanted: list[Wanted], loads: dict[int, int]) -> None:
    """Moving any one to anybody who may have it makes no two loads closer."""
    proposal = balanced(wanted, loads)
    loaded, eligible = total(proposal, loads), {each.application_id: each.eligible for each in wanted}
    for (application_id, who), other in product(proposal.pairs, REVIEWERS):
        if other in eligible[application_id] and (application_id, other) not in proposal.pairs:
            assert loaded[who] <= loaded[other] + 1


@given(st.integers(1, 40), st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_without_conflicts_loads_differ_by_one_at_most(count: int, lacking: int) -> None:
    wanted = [Wanted(number, lacking, frozenset(REVIEWERS)) for number in range(count)]
    loaded = total(balanced(wanted, {}), {}).values()
    assert max(loaded) - min(loaded) <= 1
    assert sum(loaded) == count * lacking


def test_who_has_much_already_gets_less() -> None:
    wanted = [Wanted(number, 1, frozenset({1, 2})) for number in range(4)]
    assert balanced(wanted, {1: 6, 2: 3}).added() == {1: 1, 2: 3} or balanced(wanted, {1: 6, 2: 3}).added() == {2: 4}
