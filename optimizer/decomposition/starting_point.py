"""A starting point from one in six scenarios: cheap rounds first."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from optimizer.deadline import Deadline
from optimizer.decomposition.relaxation import StartingPoint, set_up
from optimizer.decomposition.scenario_blocks import divided
from optimizer.problem import FirstStageProblem, first_stage_problem
from optimizer.scenarios.scenario_set import ScenarioSet

FEWEST_SCENARIOS = 40
ONE_IN = 6
GAP = 0.02


def rough_start(
    problem: FirstStageProblem, executors: Sequence[Executor], deadline: Deadline
) -> StartingPoint | None:
    """Return the end of a relaxation of one in six scenarios, None if those are few."""
    if problem.scenarios.number_of_scenarios < ONE_IN * FEWEST_SCENARIOS:
        return None
    scenarios, is_eased = one_in(problem.scenarios, ONE_IN), problem.eases_levels
    few = first_stage_problem(problem.instance, scenarios, eases_levels=is_eased)
    start = rough_start(few, executors, deadline)
    with divided(few.instance, few.scenarios, executors) as blocks:
        relaxation = set_up(few, blocks, start)
        relaxation.relax(GAP, deadline)
        return relaxation.end()


def one_in(scenarios: ScenarioSet, number: int) -> ScenarioSet:
    """Return one in `number` scenarios of each stratum, with all its probability."""
    chosen: list[int] = []
    probability: list[float] = []
    for stratum in np.unique(scenarios.stratum):
        members = np.flatnonzero(scenarios.stratum == stratum)
        few = members[::number]
        chosen += few.tolist()
        total = float(scenarios.probability[members].sum())
        probability += [total / len(few)] * len(few)
    order = np.argsort(chosen)
    selected = scenarios.select(np.array(chosen, dtype=np.int64)[order])
    return replace(selected, probability=np.array(probability)[order])
