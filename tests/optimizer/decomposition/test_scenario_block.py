"""Cuts are tight where they were found and nowhere above the cost."""

import numpy as np
import pytest
from hypothesis import given

from optimizer.decomposition.scenario_block import BlockCuts, ScenarioBlock
from optimizer.decomposition.scenario_blocks import ScenarioBlocks
from optimizer.executors.here import Here
from optimizer.point import TrialPoint
from optimizer.problem import FirstStageProblem
from optimizer.scenarios.scenario_set import Floats
from tests.laws.tiny_cases import LAW, SEEDS
from tests.optimizer.decomposition.drawn_cases import (
    drawn_trial,
    limited,
    outlined,
    true_costs,
)

EXACT = 1e-6


def blocks_of(problem: FirstStageProblem) -> ScenarioBlocks:
    """Return all scenarios of a problem as one block."""
    return ScenarioBlocks(problem.instance, problem.scenarios, (Here(),))


def at(cuts: BlockCuts, trial: TrialPoint) -> Floats:
    """Return the value of each cut at a trial point."""
    return cuts.constant + cuts.gradient @ trial.vector


def scale(problem: FirstStageProblem) -> float:
    """Return the digits that count, in millions: those of the cost of nothing held."""
    shares = tuple(np.zeros(len(menu.candidates)) for menu in problem.menus)
    nothing = TrialPoint(shares, np.zeros(len(problem.contracts)))
    return EXACT * (1 + float(true_costs(problem, nothing).max()))


@LAW
@given(seed=SEEDS)
def test_costs_are_those_of_the_allocation(seed: int) -> None:
    """The cost of a trial point is that of allocating its releases."""
    problem, draw = outlined(seed), np.random.default_rng(seed)
    blocks = blocks_of(problem)
    for _ in range(3):
        trial = drawn_trial(problem, draw)
        cost = blocks.evaluate(trial).cost
        assert cost == pytest.approx(
            true_costs(problem, trial), rel=EXACT, abs=scale(problem)
        )


@LAW
@given(seed=SEEDS)
def test_cuts_of_clusters_are_valid(seed: int) -> None:
    """At other trials each is at most its cluster's cost, and their sum the mean."""
    problem, draw = outlined(seed), np.random.default_rng(seed)
    blocks, digits = blocks_of(problem), scale(problem)
    trials = [drawn_trial(problem, draw) for _ in range(4)]
    views = [blocks.evaluate(trial).cuts for trial in trials]
    for trial, touching in zip(trials, views, strict=True):
        by_cluster = at(touching, trial)
        expected = problem.scenarios.probability @ true_costs(problem, trial)
        assert by_cluster.sum() == pytest.approx(expected, rel=EXACT, abs=digits)
        for cuts in [*views, blocks.cuts]:
            assert (at(cuts, trial) <= by_cluster + digits).all()


@LAW
@given(seed=SEEDS)
def test_cuts_of_scenarios_are_valid(seed: int) -> None:
    """Each is tight for its own scenario and never above its cost."""
    problem, draw = outlined(seed), np.random.default_rng(seed)
    blocks, digits = blocks_of(problem), scale(problem)
    chosen = np.array([0, 2])
    trials = [drawn_trial(problem, draw) for _ in range(4)]
    found = [blocks.scenario_cuts(trial, chosen) for trial in trials]
    for trial, own in zip(trials, found, strict=True):
        cost = true_costs(problem, trial)[chosen]
        assert at(own, trial) == pytest.approx(cost, rel=EXACT, abs=digits)
        for cuts in found:
            assert (at(cuts, trial) <= cost + digits).all()


@pytest.mark.parametrize("seed", range(4))
def test_first_cuts_touch_at_nothing(seed: int) -> None:
    """Their constants are the costs by cluster of a world without vault."""
    problem = outlined(seed)
    blocks = blocks_of(problem)
    expected = problem.scenarios.probability @ blocks.scenario_costs
    assert blocks.cluster_costs.sum() == pytest.approx(expected)
    assert len(blocks.cluster_costs) == blocks.number_of_clusters


def test_cuts_before_any_trial_are_a_fault() -> None:
    """There are no prices to take them from."""
    with pytest.raises(ValueError, match="expected one before cuts"):
        ScenarioBlock(*limited(0)).cluster_cuts()
