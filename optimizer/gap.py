"""The relative gap of two bounds."""

from math import inf, isfinite

SMALLEST_COST_USD = 1e-3


def gap_of(upper: float, lower: float) -> float:
    """Return (upper - lower) / max(|upper|, eps): 0 where the bounds have met.

    Infinite if one of them is.
    """
    if not (isfinite(upper) and isfinite(lower)):
        return inf
    if upper - lower <= SMALLEST_COST_USD:
        return 0.0
    return (upper - lower) / max(abs(upper), SMALLEST_COST_USD)
