"""Sets of materials that are short together and linked by products: the cut families.

A block of the recourse is a component of materials in one scenario and period. All
blocks with the same set or one like it form a cluster, over all scenarios and periods;
a cut of a cluster has coefficients for few materials only, and a cut of one of its
blocks is nearly tight for all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from optimizer.recourse.blocks import Recourse

Floats = NDArray[np.floating]
Positions = NDArray[np.int64]
ALIKE = 0.95
MOST_TRIED = 1_000  # of the largest weights
MaterialSet = frozenset[int]


@dataclass(frozen=True, slots=True)
class MaterialSets:
    """The set of materials that each short material's block has (by short material)."""

    sets: tuple[MaterialSet, ...]
    set_of_short: Positions

    def weights(self, cost: NDArray[np.float64]) -> dict[MaterialSet, float]:
        """Return the sum of a cost by short material over the blocks of each set."""
        total = np.zeros(len(self.sets))
        np.add.at(total, self.set_of_short, cost)
        return dict(zip(self.sets, total.tolist(), strict=True))

    def clusters(self, cluster_of: Mapping[MaterialSet, int], rest: int) -> Positions:
        """Return the cluster of each short material."""
        by_set = np.array([cluster_of.get(x, rest) for x in self.sets], dtype=np.int64)
        return by_set[self.set_of_short]


def material_sets(recourse: Recourse) -> MaterialSets:
    """Find the connected blocks and the materials of each."""
    number_of_short, number_of_entries = (
        len(recourse.short_m),
        len(recourse.products.w),
    )
    short = recourse.gap_short[recourse.coefficient_gap]
    entry = number_of_short + recourse.shortage_entry[recourse.coefficient_shortage]
    size = number_of_short + number_of_entries
    graph = coo_array((np.ones(len(short)), (short, entry)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    block = label[:number_of_short]
    order = np.argsort(block, kind="stable")
    starts = np.flatnonzero(np.diff(block[order], prepend=-1))
    number: dict[MaterialSet, int] = {}
    set_of_short = np.zeros(number_of_short, dtype=np.int64)
    for members in np.split(order, starts[1:]) if number_of_short else ():
        materials: list[int] = recourse.short_m[members].tolist()
        set_of_short[members] = number.setdefault(frozenset(materials), len(number))
    return MaterialSets(tuple(number), set_of_short)


def choose_clusters(
    weights: Iterable[Mapping[MaterialSet, float]], most: int
) -> dict[MaterialSet, int]:
    """Return the cluster of each set: that of the typical set it is most like.

    The likeness of two sets is the share of their materials that both have. Typical
    sets are chosen greedily: each raises the weighted mean likeness of all sets to
    their typical set most, until that mean is ALIKE or there are `most`.
    """
    total: Counter[MaterialSet] = Counter()
    for part in weights:
        total.update(dict(part))
    ranked = sorted(total, key=lambda x: (-total[x], sorted(x)))
    if not ranked:
        return {}
    has = np.zeros((len(ranked), 1 + max(map(max, ranked))), dtype=np.float32)
    for i, materials in enumerate(ranked):
        has[i, list(materials)] = 1.0
    weight = np.array([total[x] for x in ranked])
    typical = _typical(has, weight, most)
    nearest = np.stack([_likeness(has, i) for i in typical]).argmax(axis=0)
    return dict(zip(ranked, nearest.tolist(), strict=True))


def _typical(has: Floats, weight: Floats, most: int) -> list[int]:
    """Return the sets (i of i, material) that are chosen as typical.

    The gain of a set only falls as others are chosen, so few are computed again (lazy
    greedy, Minoux 1978).
    """
    best = np.zeros(len(has))
    typical: list[int] = []

    def added(i: int) -> float:
        return float(np.maximum(_likeness(has, i) - best, 0.0) @ weight)

    queue = [(-added(i), i) for i in range(min(len(has), MOST_TRIED))]
    heapify(queue)
    while queue and len(typical) < most and best @ weight <= ALIKE * weight.sum():
        i = queue[0][1]
        gain = -added(i)
        heapreplace(queue, (gain, i))
        if queue[0] < (gain, i):
            continue
        heappop(queue)
        typical.append(i)
        best = np.maximum(best, _likeness(has, i))
    return typical


def _likeness(has: Floats, i: int) -> Floats:
    """Return how like all sets are to one of them: materials of both by of either."""
    number = has.sum(axis=1)
    both = has @ has[i]
    return both / (number + number[i] - both)
