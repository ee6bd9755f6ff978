"""Two strata by the event that matters most for the variance.

A small sample either misses a rare event that can cost more than all others together,
or gives it too much weight. Scenarios with and without it are drawn separately and
weighted by its probability.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.disruption import Event
from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from optimizer.scenarios.scenario_set import Floats

FEWEST_SCENARIOS = 10
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Branch:
    """Scenarios in which the most important event happens, or does not.

    probabilities are those of all events in this branch; split_on is the position of
    the most important event, None if there is only one branch.
    """

    name: str
    probability: float
    probabilities: Floats
    number_of_scenarios: int
    split_on: int | None = None

    def probability_under(self, probabilities: Floats) -> float:
        """Return the probability of the branch if events have other probabilities."""
        if self.split_on is None:
            return 1.0
        happens = float(probabilities[self.split_on])
        return happens if self.probabilities[self.split_on] > 0 else 1 - happens


def branches(
    instance: Instance,
    events: Sequence[Event],
    probabilities: Floats,
    number_of_scenarios: int,
) -> list[Branch]:
    """Return the branches to sample, one alone if a split is not worth it.

    Scenarios are shared out in proportion to the square root of the probability.
    """
    whole = [Branch("", 1.0, probabilities, number_of_scenarios)]
    variance = probabilities * (1 - probabilities) * importance(instance, events) ** 2
    if number_of_scenarios < FEWEST_SCENARIOS or variance.max(initial=0.0) <= 0:
        return whole
    # The first of equally important ones, whatever rounding has made of them.
    chosen = int((variance >= (1 - ROUNDING) * variance.max()).argmax())
    happens = float(probabilities[chosen])
    roots = np.sqrt([1 - happens, happens])
    with_it = round(float(number_of_scenarios * roots[1] / roots.sum()))
    with_it = min(max(with_it, 1), number_of_scenarios - 1)
    certain, impossible = probabilities.copy(), probabilities.copy()
    certain[chosen], impossible[chosen] = 1.0, 0.0
    return [
        Branch(
            "without", 1 - happens, impossible, number_of_scenarios - with_it, chosen
        ),
        Branch("with", happens, certain, with_it, chosen),
    ]


def importance(instance: Instance, events: Sequence[Event]) -> Floats:
    """Return what each event puts at stake, roughly, in US dollars.

    The value of output that needs a material, times the share of its supply that is
    cut, times the years that it is missing; no buffers, no allocation.
    """
    stakes = _stakes(instance)
    years = instance.horizon.years
    return np.array(
        [
            min(_missing_years(event) * _times(event, instance), years)
            * sum(stakes[m] * _share_cut(instance, event, m) for m in event.materials)
            for event in events
        ]
    )


def _stakes(instance: Instance) -> dict[str, float]:
    """Return by material the shortage cost of a year's output that needs it."""
    tonnes = instance.index.tonnes_per_unit
    stakes = dict.fromkeys((m.id for m in instance.materials), 0.0)
    periods = range(instance.horizon.number_of_periods)
    for product in instance.final_products():
        cost = sum(x.share * x.cost_usd_per_unit for x in product.shortage_blocks)
        for m in tonnes[product.id]:
            stakes[m] += cost * max(product.units_per_year(t) for t in periods)
    return stakes


def _missing_years(event: Event) -> float:
    """Return the mean length of the phases, each weighted by what it takes away."""
    return (
        sum((1 - x.availability) * x.law.average_days for x in event.phases)
        / DAYS_PER_YEAR
    )


def _times(event: Event, instance: Instance) -> float:
    """Return roughly how often an event happens if it happens at all."""
    cycle = event.mean_cycle_days
    return 1.0 if cycle is None else max(instance.horizon.days / cycle, 1.0)


def _share_cut(instance: Instance, event: Event, material: str) -> float:
    """Return the share of a material's normal supply that comes through the event."""
    cut = 0.0
    for route in instance.routes:
        is_mined = event.stage != "refining" and route.mining_country == event.country
        is_refined = event.stage != "mining" and route.refining_country == event.country
        if route.material == material and (is_mined or is_refined):
            cut += instance.index.normal_share(route)
    return cut
