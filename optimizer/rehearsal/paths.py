"""Fresh paths: scenarios drawn as evaluations draw them, with what lies behind them.

A scenario tells availability and prices. Who plans in the middle of it also knows which
event is in which phase, and how prices and demand stand without any event.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.disruption import Event, ReplayDisruption
from models.instance import Instance
from optimizer.scenarios import ScenarioSet, courses_in_batches, sample_batches
from optimizer.scenarios.market import demand_path
from optimizer.scenarios.scenario_set import Floats
from optimizer.scenarios.timeline import Course, timeline


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that happens on a path, in days from the start of the horizon.

    history is what it really was, if the event of the case is only one of its kind.
    """

    event: str
    onset_day: float
    phase_days: tuple[float, ...]
    history: ReplayDisruption | None = None


@dataclass(frozen=True, slots=True)
class FreshPath:
    """One scenario, alone and certain, with what lies behind it.

    probability is that among all paths. price_level (m, t) and demand_level (p, t) are
    the noise: what multiplies undisrupted prices and planned demand.
    """

    number: int
    probability: float
    batch: int
    scenario: ScenarioSet
    happenings: tuple[Happening, ...]
    price_level: Floats
    demand_level: Floats


def fresh_paths(
    instance: Instance, *, number_of_paths: int, seed: int
) -> tuple[FreshPath, ...]:
    """Draw paths; they are the scenarios that an evaluation draws with this seed."""
    drawn = sample_batches(
        instance,
        number_of_scenarios=number_of_paths,
        generator=np.random.default_rng(seed),
    )
    courses = courses_in_batches(
        instance,
        number_of_scenarios=number_of_paths,
        generator=np.random.default_rng(seed),
    )
    scenarios, happenings = drawn.scenarios, _by_scenario(courses)
    nature = timeline(instance, [x for _, x in courses], number_of_paths)
    undisrupted = scenarios.base_price[:, None] * nature.price_multiplier
    planned = demand_path(instance)[:, None]
    price_level = scenarios.price / undisrupted
    demand_level = np.divide(
        scenarios.demand,
        planned,
        out=np.ones_like(scenarios.demand),
        where=np.broadcast_to(planned > 0, scenarios.demand.shape),
    )
    return tuple(
        FreshPath(
            number=w,
            probability=float(scenarios.probability[w]),
            batch=int(drawn.batch[w]),
            scenario=alone(scenarios, w),
            happenings=tuple(happenings[w]),
            price_level=price_level[:, w],
            demand_level=demand_level[:, w],
        )
        for w in range(number_of_paths)
    )


def rest_of(scenario: ScenarioSet, period: int) -> ScenarioSet:
    """Return scenarios from a later period on."""
    return replace(
        scenario,
        availability=scenario.availability[..., period:],
        announced=scenario.announced[..., period:],
        price=scenario.price[..., period:],
        base_price=scenario.base_price[..., period:],
        demand=scenario.demand[..., period:],
    )


def alone(scenarios: ScenarioSet, w: int) -> ScenarioSet:
    """Return one of the scenarios, certain."""
    return replace(
        scenarios.select(slice(w, w + 1)),
        probability=np.ones(1),
        stratum=np.zeros(1, dtype=np.int64),
    )


def _by_scenario(
    courses: Sequence[tuple[Event, Course]],
) -> defaultdict[int, list[Happening]]:
    found: defaultdict[int, list[Happening]] = defaultdict(list)
    for event, course in courses:
        for w, onset, days in zip(
            course.scenarios.tolist(),
            course.onset_day.tolist(),
            course.duration_days.tolist(),
            strict=True,
        ):
            found[w].append(Happening(event.id, onset, tuple(days)))
    return found
