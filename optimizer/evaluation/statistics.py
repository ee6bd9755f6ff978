"""Statistics of scenario costs: stratified mean with its interval, and CVaR."""

from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]
CONFIDENCE = 0.95


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
    costs: Floats, probability: Floats, stratum: NDArray[np.int64]
) -> tuple[float, float]:
    """Return the 95 % interval of the expectation of a stratified sample.

    The variance is the sum over strata of P(stratum)^2 s^2 / n (Cochran 1977, 5.3); a
    stratum with a single scenario is joined with its neighbour (collapsed strata,
    5A.12).
    """
    centre = mean(costs, probability)
    variance = 0.0
    degrees = 0
    for members in _collapsed(stratum):
        weight = probability[members].sum()
        relative = probability[members] / weight
        within = relative @ (costs[members] - relative @ costs[members]) ** 2
        number = len(members)
        if number > 1:
            variance += weight**2 * within / (number - 1)
            degrees += number - 1
    if degrees == 0:
        return (0.0, float("inf")) if centre > 0 else (0.0, 0.0)
    half = float(stdtrit(degrees, (1 + CONFIDENCE) / 2) * np.sqrt(variance))
    return (centre - half, centre + half)


def scenarios_needed(
    interval: tuple[float, float], number_of_scenarios: int, precision: float
) -> int | None:
    """Return how many scenarios give an interval of mean x (1 -+ precision).

    Its width falls with the root of their number, as strata grow in proportion. None
    if the mean is 0 or its interval unknown.
    """
    low, high = interval
    centre, half = (low + high) / 2, (high - low) / 2
    if not np.isfinite(half) or centre <= 0:
        return None
    return max(ceil(number_of_scenarios * (half / (precision * centre)) ** 2), 1)


def _collapsed(stratum: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the members of each stratum, single ones joined with a neighbour."""
    groups = [np.flatnonzero(stratum == label) for label in np.unique(stratum)]
    joined: list[NDArray[np.int64]] = []
    for group in groups:
        if joined and (len(group) == 1 or len(joined[-1]) == 1):
            joined[-1] = np.concatenate([joined[-1], group])
        else:
            joined.append(group)
    return joined
