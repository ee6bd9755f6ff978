"""The relative gap of two bounds."""

from math import inf, isfinite

SMALLEST_COST_USD = 1e-3


def gap_of(upper: float, lower: float, no_cost_usd: float = SMALLEST_COST_USD) -> float:
    """Return (upper - lower) / |upper|: 0 where the bounds are no cost apart.

    What counts as no cost depends on the case; the default is for costs whose case is
    not known. Infinite if one of the bounds is.
    """
    if not (isfinite(upper) and isfinite(lower)):
        return inf
    if upper - lower <= no_cost_usd:
        return 0.0
    return (upper - lower) / max(abs(upper), no_cost_usd)
