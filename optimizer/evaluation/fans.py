"""Quantiles over scenarios, period by period."""

import numpy as np
from numpy.typing import NDArray

from models.trajectories import Fan, Quantiles
from optimizer.scenarios.scenario_set import Booleans, Floats

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def fan(values: Floats, probability: Floats, is_defined: Booleans | None = None) -> Fan:
    """Return the quantiles of values (w, t); null in periods (t) where undefined."""
    found = quantiles(values, probability, LEVELS)
    periods = range(values.shape[1])
    return Fan(
        periods=tuple(
            _quantiles(found[:, t]) if is_defined is None or is_defined[t] else None
            for t in periods
        )
    )


def quantiles(
    values: Floats, probability: Floats, levels: tuple[float, ...]
) -> NDArray[np.float64]:
    """Return the least value not exceeded with each probability, over scenarios w.

    values is (w, ...), the result (level, ...). The inverse of the distribution
    function and not an interpolation: scenarios have unequal probabilities, and each
    figure is that of some scenario.
    """
    found = np.quantile(
        values, levels, axis=0, weights=probability, method="inverted_cdf"
    )
    return np.asarray(found, dtype=np.float64)


def _quantiles(of_period: Floats) -> Quantiles:
    p5, p25, p50, p75, p95 = (float(x) for x in of_period)
    return Quantiles(p5=p5, p25=p25, p50=p50, p75=p75, p95=p95)
