"""Statistics over scenarios: mean with its interval, CVaR, quantiles."""

from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from models.trajectories import Fan, Quantiles
from optimizer.scenarios.scenario_set import Booleans, Floats

CONFIDENCE = 0.95
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def mean(costs: Floats, probability: Floats) -> float:
    """Return the expectation of costs (w)."""
    return float(probability @ costs)


def cvar(costs: Floats, probability: Floats, level: float) -> float:
    """Return the mean of the worst 1 - level of the probability (Rockafellar 2000)."""
    order = np.argsort(-costs, kind="stable")
    before = np.cumsum(probability[order]) - probability[order]
    weight = np.clip((1 - level) - before, 0.0, probability[order])
    return float(weight @ costs[order] / (1 - level))


def confidence_interval(
    values: Floats, probability: Floats, batch: NDArray[np.int64]
) -> tuple[float, float] | None:
    """Return the 95 % interval of the expectation of values (w) from batch means.

    Student's t on the means of independent batches; None if there is one batch only.
    """
    centre = mean(values, probability)
    number = int(batch.max()) + 1
    if number == 1:
        return None
    weight, total = np.zeros(number), np.zeros(number)
    np.add.at(weight, batch, probability)
    np.add.at(total, batch, probability * values)
    variance = float(weight @ (total / weight - centre) ** 2) / (number - 1)
    half = float(stdtrit(number - 1, (1 + CONFIDENCE) / 2) * np.sqrt(variance))
    return (centre - half, centre + half)


def scenarios_needed(
    interval: tuple[float, float] | None, number_of_scenarios: int, precision: float
) -> int | None:
    """Return how many scenarios give an interval of mean x (1 -+ precision).

    Its width falls at least with the root of their number. None if the mean is 0 or its
    interval unknown.
    """
    if interval is None or sum(interval) <= 0:
        return None
    low, high = interval
    centre, half = (low + high) / 2, (high - low) / 2
    return max(ceil(number_of_scenarios * (half / (precision * centre)) ** 2), 1)


def fan(values: Floats, probability: Floats, is_defined: Booleans | None = None) -> Fan:
    """Return the quantiles of values (w, t) over the scenarios that define them (w, t).

    Null in periods in which none does.
    """
    if is_defined is None:
        is_defined = np.ones(values.shape, dtype=np.bool_)
    is_defined = np.broadcast_to(is_defined, values.shape)
    is_shown = np.asarray(is_defined.any(axis=0), dtype=np.bool_)
    weights = probability
    if np.any(is_defined != is_shown):
        weights = np.where(is_defined | ~is_shown, probability[:, None], 0.0)
    found = quantiles(values, weights, LEVELS)
    return Fan(
        periods=tuple(
            _quantiles(found[:, t]) if is_shown[t] else None
            for t in range(values.shape[1])
        )
    )


def quantiles(
    values: Floats, probability: Floats, levels: tuple[float, ...]
) -> NDArray[np.float64]:
    """Return the least value not exceeded with each probability, over scenarios w.

    values is (w, ...), the result (level, ...). The inverse of the distribution
    function and not an interpolation: scenarios have unequal probabilities, and each
    figure is that of some scenario. probability is (w), or of the shape of values.
    """
    found = np.quantile(
        values, levels, axis=0, weights=probability, method="inverted_cdf"
    )
    return np.asarray(found, dtype=np.float64)


def _quantiles(of_period: Floats) -> Quantiles:
    p5, p25, p50, p75, p95 = (float(x) for x in of_period)
    return Quantiles(p5=p5, p25=p25, p50=p50, p75=p75, p95=p95)
