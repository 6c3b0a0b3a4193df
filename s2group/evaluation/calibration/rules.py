"""Reviewers' leanings, estimated from whom they have rated in common. Pure; numpy does the algebra.

Model: the overall mark that reviewer r gives application a is  v_a + b_r + noise.  v_a, what the application is worth,
is free; b_r, the reviewer's leaning (above 0: milder than the others), is drawn from a normal distribution around 0, so
that few marks move it little (shrinkage). How much leanings and noise vary is estimated from the same marks by
restricted maximum likelihood. This is the additive model of MacKay, Kenna, Low and Parker, 'Calibration with
confidence: a principled method for panel assessment', Royal Society Open Science 4 (2017) 160760, with one noise for
all reviewers in place of a confidence for each mark, and a random in place of a fixed leaning.

Limits: a reviewer who rates better applications only looks mild where nobody else has rated them. Leanings compare
reviewers who are connected by common applications, and are against their mean: `Calibration.groups` says who is. One
with fewer than FEWEST marks beside others' is not adjusted: their leaning counts as 0. The model knows no reviewer who
uses half of the scale, and none whose leaning changes. An adjusted mark is a hint for reading again, no verdict.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean
from typing import Any

# Marks on applications that others have rated too, below which nobody's leaning is estimated.
FEWEST = 5
# How much stronger than leanings the noise may be, or weaker: powers of ten between which the likelihood is looked at.
RATIOS = (-3.0, 3.0, 121)


@dataclass(frozen=True)
class Mark:
    """One overall mark, from 1 to 5."""

    application_id: int
    reviewer_id: int
    overall: float


@dataclass(frozen=True)
class Leaning:
    """A reviewer: how many marks, how many of them beside others', their mean; the leaning and its standard error.

    `leaning` is None where there are too few marks in common.
    """

    reviewer_id: int
    count: int
    common: int
    mean: float
    leaning: float | None
    error: float | None


@dataclass(frozen=True)
class Adjusted:
    """An application: how many marks, their mean, the same with leanings taken out, and its standard error."""

    application_id: int
    count: int
    mean: float
    adjusted: float
    error: float


@dataclass(frozen=True)
class Calibration:
    """What the marks tell. `groups` are the reviewers who are connected by common applications, the largest first."""

    leanings: tuple[Leaning, ...]
    applications: tuple[Adjusted, ...]
    groups: tuple[frozenset[int], ...]


def calibrate(marks: Sequence[Mark]) -> Calibration:
    """Estimate every reviewer's leaning. At most one mark a reviewer and application is expected."""
    by_application: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_application[mark.application_id].append(mark)
    shared = [mark for some in by_application.values() if len(some) > 1 for mark in some]
    common = Counter(mark.reviewer_id for mark in shared)
    adjusted = sorted(reviewer for reviewer, count in common.items() if count >= FEWEST)
    groups = connected(by_application.values())
    fit = _centred(_fit(by_application, adjusted), groups)
    return Calibration(
        tuple(_leaning(reviewer, marks, common, fit) for reviewer in sorted({mark.reviewer_id for mark in marks})),
        tuple(_adjusted(application, some, fit) for application, some in sorted(by_application.items())),
        groups,
    )


def connected(applications: Iterable[Iterable[Mark]]) -> tuple[frozenset[int], ...]:
    """The reviewers in groups within which common applications lead from each to each; the largest first."""
    groups: list[set[int]] = []
    for some in applications:
        together = {mark.reviewer_id for mark in some}
        for group in [group for group in groups if group & together]:
            groups.remove(group)
            together |= group
        groups.append(together)
    return tuple(sorted(map(frozenset, groups), key=lambda group: (-len(group), min(group))))


@dataclass(frozen=True)
class Fit:
    """Leanings and their covariance, in the order of `places`; the variance of the noise."""

    places: Mapping[int, int]
    leanings: Any
    covariance: Any
    noise: float


def _fit(by_application: Mapping[int, Sequence[Mark]], reviewers: Sequence[int]) -> Fit:
    """Each application's own mean is taken out first: what is left to solve is as large as the reviewers are many."""
    import numpy as np  # large, and needed here alone

    places = {reviewer: place for place, reviewer in enumerate(reviewers)}
    size = len(reviewers)
    sums, rests, total, free = [[0.0] * size for _ in range(size)], [0.0] * size, 0.0, 0
    for some in by_application.values():
        mean = fmean(mark.overall for mark in some)
        for mark in some:
            place, rest = places.get(mark.reviewer_id), mark.overall - mean
            total += rest**2
            if place is not None:
                rests[place] += rest
                sums[place][place] += 1.0
        for one, other in product(_places(some, places), repeat=2):
            sums[one][other] -= 1 / len(some)
        free += len(some) - 1
    if not size or free < 1:
        noise = total / free if free > 0 else 0.0
        return Fit(places, np.zeros(size), np.zeros((size, size)), noise)
    normal, right = np.array(sums), np.array(rests)
    roots, basis = np.linalg.eigh(normal)
    roots, turned = np.maximum(roots, 0.0), basis.T @ right
    ratio = min(np.logspace(*RATIOS), key=lambda each: _deviance(each, roots, turned, total, free))
    solved = np.linalg.inv(normal + ratio * np.eye(size))
    leanings = solved @ right
    noise = max(total - float(right @ leanings), 0.0) / free
    return Fit(places, leanings, noise * solved, noise)


def _centred(fit: Fit, groups: Iterable[frozenset[int]]) -> Fit:
    """Leanings against the mean of those who are connected: a leaning that all have in common shows in no mark."""
    import numpy as np

    centre = np.eye(len(fit.places))
    for group in groups:
        places = [fit.places[reviewer] for reviewer in group if reviewer in fit.places]
        for place in places:
            centre[place, places] -= 1 / len(places)
    return Fit(fit.places, centre @ fit.leanings, centre @ fit.covariance @ centre.T, fit.noise)


def _places(some: Sequence[Mark], places: Mapping[int, int]) -> list[int]:
    """Where those who gave these marks stand, as far as their leanings are estimated."""
    return [places[mark.reviewer_id] for mark in some if mark.reviewer_id in places]


def _deviance(ratio: float, roots: Any, turned: Any, total: float, free: int) -> float:
    """Twice the negative restricted log-likelihood, for this ratio of the variances of noise and leanings."""
    import numpy as np

    rest = max(total - float(np.sum(turned**2 / (roots + ratio))), 1e-12)
    return float(free * np.log(rest / free) + np.sum(np.log1p(roots / ratio)))


def _leaning(reviewer: int, marks: Sequence[Mark], common: Mapping[int, int], fit: Fit) -> Leaning:
    own = [mark.overall for mark in marks if mark.reviewer_id == reviewer]
    place = fit.places.get(reviewer)
    leaning = None if place is None else float(fit.leanings[place])
    error = None if place is None else float(fit.covariance[place, place]) ** 0.5
    return Leaning(reviewer, len(own), common.get(reviewer, 0), fmean(own), leaning, error)


def _adjusted(application: int, some: Sequence[Mark], fit: Fit) -> Adjusted:
    mean, known = fmean(mark.overall for mark in some), _places(some, fit.places)
    shift = sum(float(fit.leanings[place]) for place in known) / len(some)
    shared = sum(float(fit.covariance[one, other]) for one in known for other in known) / len(some) ** 2
    return Adjusted(application, len(some), mean, mean - shift, (fit.noise / len(some) + shared) ** 0.5)
