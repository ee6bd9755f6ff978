"""A lower bound of the allocation's cost from any prices of the gaps, in closed form.

For every price >= 0 of a tonne in each gap, the other dual variables of FORMULATION.md
(25) to (27) have a best value that can be written down, so *any* prices are dual
feasible: those of a solver with its last digits wrong, or those of another case. Weak
duality then bounds the cost from below for every supply (Benders 1962).
"""

from dataclasses import dataclass

import numpy as np

from optimizer.recourse.blocks import Recourse
from optimizer.scenarios.scenario_set import Floats, Positions


@dataclass(frozen=True, slots=True)
class PriceBound:
    """cost of a block >= constant - own @ supply of its gaps - pooled @ pooled supply.

    own is by gap and pooled by short material, in US dollars a tonne; constant is in US
    dollars by short material, one part of it for each material of a block.
    """

    own: Floats
    pooled: Floats
    constant: Floats


def price_bound(recourse: Recourse, prices: Floats) -> PriceBound:
    """Return the bound that prices (by gap, US dollars a tonne, not negative) give."""
    number_of_short = len(recourse.short_m)
    pooled = np.zeros(number_of_short)
    drawing = np.where(recourse.gap_may_draw, prices, 0.0)
    np.maximum.at(pooled, recourse.gap_short, drawing)
    rent = np.zeros(number_of_short)
    np.maximum.at(rent, recourse.gap_short, prices - recourse.emergency_cost)
    saved = np.zeros(recourse.number_of_shortages)
    worth = recourse.coefficient * prices[recourse.coefficient_gap]
    np.add.at(saved, recourse.coefficient_shortage, worth)
    surplus = np.maximum(saved - recourse.shortage_cost, 0.0)
    constant = -rent * recourse.emergency_limit
    np.add.at(constant, recourse.gap_short, prices * recourse.gap)
    lost = surplus * recourse.shortage_limit
    np.subtract.at(constant, short_of_shortage(recourse), lost)
    return PriceBound(prices, pooled, constant)


def short_of_shortage(recourse: Recourse) -> Positions:
    """Return one of the short materials that each shortage column saves."""
    found = np.zeros(recourse.number_of_shortages, dtype=np.int64)
    found[recourse.coefficient_shortage] = recourse.gap_short[recourse.coefficient_gap]
    return found
