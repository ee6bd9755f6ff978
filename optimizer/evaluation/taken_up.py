"""What of all that is supplied goes into units that are made."""

import numpy as np

from optimizer.evaluation.replay import PlanReplay
from optimizer.scenarios.scenario_set import Floats


def taken_up(happened: PlanReplay) -> Floats:
    """Return what gaps took of all that was supplied (m, w, t), contracts included.

    In tonnes. A gap needs no more than what is made with it: allocation costs nothing,
    so what stands allocated may be for units that miss another material.
    """
    recourse, allocation = happened.recourse, happened.allocation
    saved = np.bincount(
        recourse.coefficient_gap,
        weights=recourse.coefficient
        * allocation.shortage[recourse.coefficient_shortage],
        minlength=recourse.number_of_gaps,
    )
    needed = np.maximum(recourse.gap - saved, 0.0)
    supplied = happened.supply.own + allocation.allocated
    pairs = np.array(happened.market.pairs, dtype=np.int64).reshape(-1, 2)
    at = (pairs[recourse.gap_pair, 1], recourse.gap_w, recourse.gap_t)
    found = np.zeros_like(happened.market.market_gap)
    np.add.at(found, at, np.minimum(supplied, needed))
    return found
