"""Who shall rate what, so that loads differ as little as they can. Pure, but for the solver.

Applications that the same reviewers may rate, and that lack as many, are alike: they are one node of a flow from
applications to reviewers, so that a thousand applications make a network of a few nodes. Each further application of a
reviewer costs more than the one before, which makes the cheapest flow the most even one (a convex cost, one arc a unit
step). networkx solves it by network simplex, which is exact for whole numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

# An application, and a reviewer, by id.
Pair = tuple[int, int]
SOURCE, SINK = "source", "sink"
Group = tuple[tuple[int, ...], int]


@dataclass(frozen=True)
class Wanted:
    """An application that lacks `lacking` reviewers, and who could be one: nobody who has it yet or must not."""

    application_id: int
    lacking: int
    eligible: Set[int]


@dataclass(frozen=True)
class Proposal:
    """Whom to assign to what; `short` are the applications that lack so many still, because too few may rate them."""

    pairs: tuple[Pair, ...]
    short: Mapping[int, int]

    def added(self) -> dict[int, int]:
        """How many each reviewer gets."""
        return dict(Counter(reviewer for _, reviewer in self.pairs))


def balanced(wanted: Iterable[Wanted], loads: Mapping[int, int]) -> Proposal:
    """Assign as many as are lacking, so that the loads come out as even as they can be.

    `loads` is how many each reviewer has already. The same input gives the same proposal.
    """
    groups, short = _groups(wanted)
    quotas = _quotas(groups, loads)
    pairs = sorted(pair for group, members in groups.items() for pair in _dealt(members, group[1], quotas[group]))
    return Proposal(tuple(pairs), short)


def _groups(wanted: Iterable[Wanted]) -> tuple[dict[Group, list[int]], dict[int, int]]:
    """The applications that are alike; and those that cannot get all that they lack, with how many are missing."""
    groups: dict[Group, list[int]] = defaultdict(list)
    short: dict[int, int] = {}
    for each in sorted(wanted, key=lambda each: each.application_id):
        possible = min(each.lacking, len(each.eligible))
        if possible < each.lacking:
            short[each.application_id] = each.lacking - possible
        if possible:
            groups[tuple(sorted(each.eligible)), possible].append(each.application_id)
    return dict(groups), short


def _quotas(groups: Mapping[Group, list[int]], loads: Mapping[int, int]) -> dict[Group, dict[int, int]]:
    """How many applications of each group every reviewer gets. There is a way: none lacks more than may rate it."""
    import networkx as nx  # large, and needed here alone

    graph, demand, most = nx.MultiDiGraph(), 0, Counter[int]()
    for group, members in groups.items():
        eligible, lacking = group
        demand += lacking * len(members)
        graph.add_edge(SOURCE, group, capacity=lacking * len(members), weight=0)
        for reviewer in eligible:
            graph.add_edge(group, reviewer, capacity=len(members), weight=0)
            most[reviewer] += len(members)
    for reviewer, count in most.items():
        begin = loads.get(reviewer, 0)
        graph.add_edges_from((reviewer, SINK, {"capacity": 1, "weight": begin + step}) for step in range(count))
    graph.add_node(SOURCE, demand=-demand)
    graph.add_node(SINK, demand=demand)
    _, flow = nx.network_simplex(graph)
    return {group: {each: sum(flow[group][each].values()) for each in group[0]} for group in groups}


def _dealt(members: list[int], lacking: int, quotas: Mapping[int, int]) -> Iterator[Pair]:
    """Pairs for a group: `lacking` different reviewers to each member, and to each reviewer their quota.

    The reviewers stand in a row, each as often as their quota, and are dealt round and round: nobody's quota is larger
    than the group, so nobody comes to the same application twice (McNaughton's wrap-around rule).
    """
    row = [reviewer for reviewer, quota in sorted(quotas.items()) for _ in range(quota)]
    if len(row) != lacking * len(members):
        raise ValueError("the quotas do not fit the group")
    yield from ((members[place % len(members)], reviewer) for place, reviewer in enumerate(row))
