"""What a plan avoids and what it costs to hold, with intervals over scenarios."""

import numpy as np
from numpy.typing import NDArray

from models.benefit import Benefit, Estimate
from models.cost_of_holding import benefit_cost_ratio
from optimizer.evaluation.statistics import confidence_interval, mean
from optimizer.scenarios.scenario_set import Floats

Batch = NDArray[np.int64]


def benefit_of(
    avoided: Floats, cost_of_holding: Floats, probability: Floats, batch: Batch
) -> Benefit:
    """Return the benefit of a plan from both figures by scenario (w)."""
    return Benefit(
        avoided_usd=estimate(avoided, probability, batch),
        cost_of_holding_usd=estimate(cost_of_holding, probability, batch),
        net_benefit_usd=estimate(avoided - cost_of_holding, probability, batch),
        benefit_cost_ratio=_ratio(avoided, cost_of_holding, probability, batch),
    )


def estimate(values: Floats, probability: Floats, batch: Batch) -> Estimate:
    """Return the expectation of values (w) with its interval."""
    return Estimate(
        mean=mean(values, probability),
        confidence_interval=confidence_interval(values, probability, batch),
    )


def _ratio(
    avoided: Floats, cost: Floats, probability: Floats, batch: Batch
) -> Estimate | None:
    """Return the ratio of both means, its interval by linearisation at the means.

    None if the interval of the cost has 0 or less: then the ratio has no bounds.
    """
    held = estimate(cost, probability, batch)
    ratio = benefit_cost_ratio(mean(avoided, probability), held.mean)
    if ratio is None or (held.confidence_interval or (held.mean,))[0] <= 0:
        return None
    # Its mean is the ratio: avoided - ratio cost has the mean 0.
    linear = ratio + (avoided - ratio * cost) / held.mean
    interval = confidence_interval(linear, probability, batch)
    return Estimate(mean=ratio, confidence_interval=interval)
