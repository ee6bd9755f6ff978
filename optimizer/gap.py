"""The relative gap of two bounds."""

from math import inf, isfinite

from models.record import LARGEST_NUMBER

SMALLEST_COST_USD = 1e-3


def gap_of(upper: float, lower: float, no_cost_usd: float = SMALLEST_COST_USD) -> float:
    """Return (upper - lower) / |upper|: 0 where the bounds are no cost apart.

    What counts as no cost depends on the case; the default is for costs whose case is
    not known. Infinite if one of the bounds is, else at most what a document can state.
    """
    if not (isfinite(upper) and isfinite(lower)):
        return inf
    if upper - lower <= no_cost_usd:
        return 0.0
    # Where nothing is ever short, and a plan costs exactly nothing, both are 0.
    cost = max(abs(upper), no_cost_usd) or SMALLEST_COST_USD
    return min((upper - lower) / cost, LARGEST_NUMBER)
