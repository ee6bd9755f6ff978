"""One scenario in the place of many: the mean of availability, price and demand.

A mean availability is no course of events. Ten cuts to zero in a hundred scenarios look
like a tenth less of the flow, for certain and announced to nobody: gaps shrink to what
buffers can bear, and alert levels are hardly ever reached. A plan made for it holds the
wrong things; what that costs is the value of the stochastic solution (Birge 1982).
"""

import numpy as np

from optimizer.scenarios.scenario_set import ScenarioSet


def mean_scenario(scenarios: ScenarioSet) -> ScenarioSet:
    """Return the scenario of all means; word is out if it is so more often than not."""
    probability = scenarios.probability
    announced = np.einsum("mwt,w->mt", scenarios.announced, probability)
    return ScenarioSet(
        names=("mean",),
        probability=np.ones(1),
        stratum=np.zeros(1, dtype=np.int64),
        availability=np.einsum("rwt,w->rt", scenarios.availability, probability)[
            :, None
        ],
        announced=announced[:, None] > 1 / 2,
        price=np.einsum("mwt,w->mt", scenarios.price, probability)[:, None],
        base_price=scenarios.base_price,
        demand=np.einsum("pwt,w->pt", scenarios.demand, probability)[:, None],
    )
