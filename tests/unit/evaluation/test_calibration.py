"""Leanings of simulated reviewers, whose true ones are known."""

from random import Random

import pytest

from s2group.evaluation.calibration.rules import FEWEST, Mark, calibrate

BIASES = {1: 0.8, 2: 0.3, 3: 0.0, 4: -0.4, 5: -0.7}


def simulated(
    seed: int, *, applications: int = 120, each: int = 3, noise: float = 0.5
) -> tuple[list[Mark], dict[int, float]]:
    """Marks of reviewers with BIASES, and what the applications are worth."""
    chance = Random(seed)
    worth = {number: chance.gauss(3, 0.8) for number in range(applications)}
    return [
        Mark(number, reviewer, value + BIASES[reviewer] + chance.gauss(0, noise))
        for number, value in worth.items()
        for reviewer in chance.sample(sorted(BIASES), each)
    ], worth


@pytest.mark.parametrize("seed", range(5))
def test_known_leanings_are_found_within_their_errors(seed: int) -> None:
    marks, worth = simulated(seed)
    found = calibrate(marks)
    for each in found.leanings:
        assert each.leaning is not None
        assert each.error is not None
        assert 0.02 < each.error < 0.3
        assert abs(each.leaning - BIASES[each.reviewer_id]) < 3.5 * each.error
    raw = sum((each.mean - worth[each.application_id]) ** 2 for each in found.applications)
    better = sum((each.adjusted - worth[each.application_id]) ** 2 for each in found.applications)
    assert better < 0.8 * raw


def test_errors_tell_how_wrong_the_estimates_are() -> None:
    """About two thirds of the true values lie within one standard error."""
    within = total = 0
    for seed in range(30):
        marks, worth = simulated(seed, applications=60)
        for each in calibrate(marks).applications:
            total += 1
            within += abs(each.adjusted - worth[each.application_id]) < each.error
    assert 0.6 < within / total < 0.76


def test_without_leanings_nothing_is_adjusted_much() -> None:
    chance = Random(7)
    marks = [Mark(a, r, 3 + a % 3 * 0.5 + chance.gauss(0, 0.5)) for a in range(60) for r in chance.sample(range(5), 2)]
    assert all(abs(each.adjusted - each.mean) < 0.15 for each in calibrate(marks).applications)


def test_too_few_marks_in_common_are_not_adjusted() -> None:
    marks = [Mark(a, 1, 5.0) for a in range(FEWEST - 1)] + [Mark(a, 2, 1.0) for a in range(20)]
    found = calibrate(marks)
    assert [(each.reviewer_id, each.count, each.common, each.leaning) for each in found.leanings] == [
        (1, FEWEST - 1, FEWEST - 1, None), (2, 20, FEWEST - 1, None),
    ]  # fmt: skip
    assert all(each.adjusted == each.mean for each in found.applications)


def test_who_is_not_connected_is_said() -> None:
    marks = [Mark(a, r, 3.0) for a, r in ((1, 1), (1, 2), (2, 2), (2, 3), (3, 4), (4, 5), (4, 6))]
    assert calibrate(marks).groups == (frozenset({1, 2, 3}), frozenset({5, 6}), frozenset({4}))


def test_nothing_is_nothing() -> None:
    found = calibrate([])
    assert (found.leanings, found.applications, found.groups) == ((), (), ())


def test_one_mark_is_itself() -> None:
    [found] = calibrate([Mark(1, 1, 4.0)]).applications
    assert (found.mean, found.adjusted, found.count) == (4.0, 4.0, 1)
