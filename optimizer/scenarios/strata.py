"""Strata by the number of onsets: exact probabilities, and scenarios for each.

The number of independent onsets follows the Poisson-binomial distribution (Chen & Liu
1997); one backward recursion gives both the probability of a stratum and the law of the
set of events in it. `onsets` draws within a stratum.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.demand import Product
from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.time_path import fraction_in
from optimizer.scenarios.scenario_set import Floats

MOST_STRATA = 4
LEAST_SHARE = 0.01
CALM_SHARE = 0.01
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Stratum:
    """All scenarios with least to most onsets of uncertain events."""

    least: int
    most: int
    probability: float

    @property
    def is_without_onset(self) -> bool:
        """No uncertain event happens."""
        return self.most == 0

    def joined(self, following: "Stratum") -> "Stratum":
        """Return this stratum and the following one as one."""
        probability = self.probability + following.probability
        return Stratum(self.least, following.most, probability)


def completion_probabilities(probabilities: Floats, least: int, most: int) -> Floats:
    """Return by (event i, count c): probability that c onsets before i end in range.

    That is, that c and the onsets among events i, i + 1, ... make least to most onsets.
    The shape is (n + 1, n + 2); entry (0, 0) is the probability of the range.
    """
    number_of_events = len(probabilities)
    counts = np.arange(number_of_events + 2)
    completion = np.zeros((number_of_events + 1, number_of_events + 2))
    completion[-1] = (counts >= least) & (counts <= most)
    for i in range(number_of_events - 1, -1, -1):
        onset = probabilities[i]
        after = completion[i + 1]
        completion[i, :-1] = onset * after[1:] + (1 - onset) * after[:-1]
    return completion


def onset_strata(probabilities: Floats, number_of_scenarios: int) -> list[Stratum]:
    """Return the strata 0, 1, 2 and 3 or more onsets, joined where that is too fine.

    A stratum with less probability than a hundredth of the average scenario joins its
    less probable neighbour, and so do strata in excess of the number of scenarios.
    """
    least_probability = LEAST_SHARE / number_of_scenarios
    number_of_events = len(probabilities)
    tail = MOST_STRATA - 1
    ranges = [(count, count) for count in range(min(tail, number_of_events + 1))]
    if number_of_events >= tail:
        ranges.append((tail, number_of_events))
    strata = [
        Stratum(a, b, float(completion_probabilities(probabilities, a, b)[0, 0]))
        for a, b in ranges
    ]
    while len(strata) > 1:
        rarest = min(range(len(strata)), key=lambda h: strata[h].probability)
        is_worth_it = strata[rarest].probability >= least_probability
        if is_worth_it and len(strata) <= number_of_scenarios:
            break
        neighbours = [h for h in (rarest - 1, rarest + 1) if 0 <= h < len(strata)]
        neighbour = min(neighbours, key=lambda h: strata[h].probability)
        first = min(rarest, neighbour)
        strata[first : first + 2] = [strata[first].joined(strata[first + 1])]
    return strata


def allocate(
    strata: Sequence[Stratum], number_of_scenarios: int, *, is_calm_safe: bool
) -> list[int]:
    """Return the number of scenarios of each stratum, at least 1 each.

    In proportion to the square root of the probability, so that rare combinations are
    met more often than they happen. If nothing can be short without an onset, that
    stratum gets one scenario in a hundred.
    """
    roots = np.sqrt([stratum.probability for stratum in strata])
    calm = [h for h, x in enumerate(strata) if x.is_without_onset and is_calm_safe]
    numbers = np.ones(len(strata), dtype=np.int64)
    if calm and len(strata) > 1:
        most = number_of_scenarios - len(strata) + 1
        wanted = int(CALM_SHARE * number_of_scenarios)
        numbers[calm] = min(most, max(1, wanted))
        roots[calm] = 0.0
    left = number_of_scenarios - int(numbers.sum())
    ideal = left * roots / roots.sum()
    numbers += np.floor(ideal).astype(np.int64)
    # Largest remainders; the order is stable, so equal ones go to the fewer onsets.
    missing = number_of_scenarios - int(numbers.sum())
    numbers[np.argsort(np.floor(ideal) - ideal, kind="stable")[:missing]] += 1
    return [int(number) for number in numbers]


def calm_covers_need(instance: Instance) -> bool:
    """Return whether normal supply covers every need while nothing happens.

    Volatilities are ignored, so that they never move a scenario to another stratum.
    """
    years = instance.horizon.years
    products = instance.final_products()
    growth = max(1 + product.growth_per_year for product in products)
    rise = max(_rise(product) for product in products)
    supply = dict.fromkeys((m.id for m in instance.materials), 0.0)
    for m, need_tonnes_per_day in instance.index.need_tonnes_per_day.items():
        need = need_tonnes_per_day * DAYS_PER_YEAR * max(1.0, growth) ** years * rise
        for route, operation in zip(
            instance.routes, instance.index.operation, strict=True
        ):
            if route.material == m:
                flow = route.capacity_factor * min(operation.in_market)
                tonnes = (route.tonnes_per_year or 0.0) * flow
                supply[m] += tonnes / need if need > 0 else 1.0
                supply[m] += (route.share or 0.0) * flow
    return min(supply.values()) >= 1 - TOLERANCE


def _rise(product: Product) -> float:
    """Return the largest multiple of its first demand that a ramp comes to."""
    fractions = [point.value for point in product.ramp] or [1.0]
    first = fraction_in(product.ramp, 0)
    return max(fractions) / first if first > 0 else math.inf
