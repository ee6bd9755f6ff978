"""Sets of materials that are short together and linked by products: the cut families.

A block of the recourse is a connected set of materials in one scenario and period. All
blocks with the same set form a cluster, over all scenarios and periods; a cut of a
cluster has coefficients for few materials only, and few clusters have most of the
cost.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from optimizer.recourse.blocks import Recourse

Positions = NDArray[np.int64]
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
    """Return a cluster for each of the weightiest sets; all others share one more."""
    total: Counter[MaterialSet] = Counter()
    for part in weights:
        total.update(dict(part))
    ranked = sorted(total, key=lambda x: (-total[x], sorted(x)))
    return {materials: k for k, materials in enumerate(ranked[:most])}
