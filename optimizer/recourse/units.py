"""What 1 stands for in the programs of the recourse, derived from the recourse.

A tonne of copper is nothing and a gram of gallium much. Each gap is counted in the
widest gap of its participant and material, each product in the units that its widest
gap is worth, and money so that the dearest of them costs a thousand.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.highs import power_of_two
from optimizer.recourse.blocks import Recourse
from optimizer.scenarios.scenario_set import Floats

DEAREST = 1024.0
MILLION = 1e6


@dataclass(frozen=True, slots=True)
class RecourseUnits:
    """Tonnes by gap and by short material, units by shortage column, US dollars."""

    gap: Floats
    short: Floats
    shortage: Floats
    cost_usd: float

    @property
    def columns(self) -> Floats:
        """Units of allocations by gap, emergency purchases by gap and shortages."""
        return np.concatenate([self.gap, self.gap, self.shortage])

    @property
    def rows(self) -> Floats:
        """Units of gap covers, pool limits and emergency limits."""
        return np.concatenate([self.gap, self.short, self.short])


def plain_units(recourse: Recourse) -> RecourseUnits:
    """Return tonnes, units of products and millions of US dollars."""
    gap, short = np.ones(recourse.number_of_gaps), np.ones(len(recourse.short_m))
    return RecourseUnits(gap, short, np.ones(recourse.number_of_shortages), MILLION)


def recourse_units(recourse: Recourse) -> RecourseUnits:
    """Return the units of a recourse."""
    gap = power_of_two(_widest(recourse.gap_pair, recourse.gap)[recourse.gap_pair])
    widest = np.zeros(len(recourse.short_m))
    np.maximum.at(widest, recourse.gap_short, gap)
    short = power_of_two(_widest(recourse.short_m, widest)[recourse.short_m])
    worth = np.zeros(recourse.number_of_shortages)
    units = gap[recourse.coefficient_gap] / recourse.coefficient
    np.maximum.at(worth, recourse.coefficient_shortage, units)
    most = np.minimum(worth, recourse.products.demand[recourse.shortage_entry])
    product = recourse.shortage_product
    shortage = power_of_two(_widest(product, most)[product])
    costs = recourse.shortage_cost * shortage, recourse.emergency_cost * gap
    dearest = max(float(cost.max(initial=0.0)) for cost in costs)
    cost_usd = float(power_of_two(np.array([dearest / DEAREST]))[0])
    return RecourseUnits(gap, short, shortage, cost_usd)


def _widest(item: np.ndarray, amount: Floats) -> Floats:
    """Return the largest amount of each item."""
    widest = np.zeros(int(item.max(initial=-1)) + 1)
    np.maximum.at(widest, item, amount)
    return widest
