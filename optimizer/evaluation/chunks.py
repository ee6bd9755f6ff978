"""Replays of many scenarios: a chunk at a time, so that memory stays small."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

from optimizer.executors import opened
from optimizer.scenarios.scenario_set import ScenarioSet

SCENARIOS_AT_ONCE = 250
FEWEST_FOR_PROCESSES = 500  # for fewer, processes take longer to start than they save
Results = TypeVar("Results")


def in_chunks(scenarios: ScenarioSet) -> Iterator[ScenarioSet]:
    """Yield the scenarios in order, some at a time."""
    for first in range(0, scenarios.number_of_scenarios, SCENARIOS_AT_ONCE):
        yield scenarios.select(slice(first, first + SCENARIOS_AT_ONCE))


def executors_for(
    number_of_scenarios: int, executors: Sequence[Executor] | None
) -> AbstractContextManager[Sequence[Executor]]:
    """Return the given executors; without any, those that suit the number."""
    is_large = number_of_scenarios >= FEWEST_FOR_PROCESSES
    return opened(executors or ("local" if is_large else "here"))


def joined(parts: Sequence[Results], axis: int) -> Results:
    """Return dataclasses of arrays as one, concatenated along the scenario axis."""
    first: Any = parts[0]
    columns = {
        field.name: np.concatenate([getattr(x, field.name) for x in parts], axis=axis)
        for field in fields(first)
    }
    return type(first)(**columns)
