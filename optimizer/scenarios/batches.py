"""Fresh scenarios in independent batches, for a confidence interval.

Within one stratified sample scenarios depend on each other (sets of onsets are spread
over the unit interval), and the textbook variance of the strata is far too large. Each
batch is a sample of its own; their means are independent (Owen 2013, ch. 17.3, on
replicated quasi-Monte Carlo).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.disruption import Event
from models.instance import Instance
from optimizer.scenarios.labels import labels_of
from optimizer.scenarios.sampling import drawn_courses, sample
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.scenarios.timeline import Course

MOST_BATCHES = 10
SMALLEST_BATCH = 2


@dataclass(frozen=True, slots=True)
class Batches:
    """Scenarios, and the number of the batch (w) that each of them belongs to."""

    scenarios: ScenarioSet
    batch: NDArray[np.int64]


def sample_batches(
    instance: Instance, *, number_of_scenarios: int, generator: np.random.Generator
) -> Batches:
    """Draw scenarios in as many batches of nearly equal size as they suffice for.

    Raises ValueError if number_of_scenarios is below 1.
    """
    sizes = _sizes(number_of_scenarios)
    number = len(sizes)
    labels = labels_of(instance)
    drawn = [
        sample(instance, number_of_scenarios=int(size), generator=own, labels=labels)
        for size, own in zip(sizes, generator.spawn(number), strict=True)
    ]
    return Batches(
        _joined(drawn, sizes / number_of_scenarios), np.repeat(np.arange(number), sizes)
    )


def courses_in_batches(
    instance: Instance, *, number_of_scenarios: int, generator: np.random.Generator
) -> tuple[tuple[Event, Course], ...]:
    """Return each event with its course in the scenarios of `sample_batches`.

    An event has one course for each batch in which it happens.
    """
    sizes = _sizes(number_of_scenarios)
    found: list[tuple[Event, Course]] = []
    first = 0
    for size, own in zip(sizes.tolist(), generator.spawn(len(sizes)), strict=True):
        for event, course in drawn_courses(
            instance, number_of_scenarios=size, generator=own
        ):
            found.append((event, replace(course, scenarios=course.scenarios + first)))
        first += size
    return tuple(found)


def _sizes(number_of_scenarios: int) -> NDArray[np.int64]:
    """Return the number of scenarios of each batch."""
    number = min(MOST_BATCHES, max(number_of_scenarios // SMALLEST_BATCH, 1))
    sizes = np.full(number, number_of_scenarios // number)
    sizes[: number_of_scenarios % number] += 1
    return sizes


def _joined(drawn: Sequence[ScenarioSet], weights: NDArray[np.float64]) -> ScenarioSet:
    """Return all scenarios in order; strata of different batches stay different."""
    first = np.cumsum([0, *(int(x.stratum.max()) + 1 for x in drawn[:-1])])
    return ScenarioSet(
        names=tuple(f"b{b}{name}" for b, x in enumerate(drawn) for name in x.names),
        probability=np.concatenate(
            [weight * x.probability for weight, x in zip(weights, drawn, strict=True)]
        ),
        stratum=np.concatenate(
            [x.stratum + start for x, start in zip(drawn, first, strict=True)]
        ),
        availability=np.concatenate([x.availability for x in drawn], axis=1),
        announced=np.concatenate([x.announced for x in drawn], axis=1),
        price=np.concatenate([x.price for x in drawn], axis=1),
        base_price=drawn[0].base_price,
        demand=np.concatenate([x.demand for x in drawn], axis=1),
    )
