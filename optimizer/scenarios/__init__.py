"""From disruption events to scenarios."""

from optimizer.scenarios.batches import (
    Batches,
    courses_in_batches,
    sample_batches,
)
from optimizer.scenarios.replays import calm_scenario, replay_scenarios
from optimizer.scenarios.sampling import sample
from optimizer.scenarios.scenario_set import ScenarioSet

__all__ = [
    "Batches",
    "ScenarioSet",
    "calm_scenario",
    "courses_in_batches",
    "replay_scenarios",
    "sample",
    "sample_batches",
]
