"""Scenarios a part at a time: what a replay keeps in memory stays small."""

from collections.abc import Iterator

from optimizer.scenarios.scenario_set import ScenarioSet

SCENARIOS_AT_ONCE = 250


def in_parts(scenarios: ScenarioSet) -> Iterator[ScenarioSet]:
    """Yield the scenarios in order, some at a time."""
    for first in range(0, scenarios.number_of_scenarios, SCENARIOS_AT_ONCE):
        yield scenarios.select(slice(first, first + SCENARIOS_AT_ONCE))
