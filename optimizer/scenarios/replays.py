"""Scenarios that are not drawn: replays of history, and one in which nothing happens.

Prices and demand follow their undisrupted paths without noise, prices at the level of
the start; they answer to the phases of a replay as they do to those of an event.
"""

import numpy as np

from models.disruption import ReplayDisruption
from models.instance import Instance
from optimizer.scenarios.market import demand_path, price_levels, price_path
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.scenarios.timeline import Course, timeline


def replay_scenarios(instance: Instance) -> ScenarioSet:
    """Return one scenario for each replay, equally probable; none without replays."""
    courses = [
        _course(disruption, w)
        for w, replay in enumerate(instance.replays)
        for disruption in replay.disruptions
    ]
    names = tuple(replay.id for replay in instance.replays)
    return _without_noise(instance, names, courses)


def calm_scenario(instance: Instance) -> ScenarioSet:
    """Return the one scenario in which nothing happens."""
    return _without_noise(instance, ("calm",), [])


def _course(disruption: ReplayDisruption, w: int) -> Course:
    """Return the course of a disruption in scenario w; a phase has its mean length."""
    return Course(
        disruption=disruption,
        scenarios=np.array([w]),
        onset_day=np.array([disruption.onset_day]),
        duration_days=np.array(
            [[phase.law.average_days for phase in disruption.phases]]
        ),
    )


def _without_noise(
    instance: Instance, names: tuple[str, ...], courses: list[Course]
) -> ScenarioSet:
    number = len(names)
    nature = timeline(instance, courses, number)
    base_price = price_path(instance)
    undisrupted = base_price * price_levels(instance)[:, np.newaxis]
    demand = np.repeat(demand_path(instance)[:, np.newaxis], number, axis=1)
    return ScenarioSet(
        names=names,
        probability=np.full(number, 1 / max(number, 1)),
        stratum=np.arange(number),
        availability=nature.availability,
        announced=nature.announced,
        price=undisrupted[:, np.newaxis] * nature.price_multiplier,
        base_price=base_price,
        demand=demand,
    )
