"""Results do not depend on the division of scenarios, nor on the executors."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import ParamSpec, TypeVar

import numpy as np
import pytest

from models.instance import Instance
from models.reading import read_instance
from optimizer.decomposition.scenario_blocks import (
    ScenarioBlocks,
    divided,
    forget,
    start,
    work,
)
from optimizer.executors import open_executors
from optimizer.executors.here import Here
from optimizer.point import TrialPoint
from optimizer.problem import first_stage_problem, recourse_of
from optimizer.scenarios.scenario_set import ScenarioSet
from tests.optimizer.decomposition.drawn_cases import drawn_trial, limited, outlined
from tests.optimizer.vault_case import bans, vault_case

Case = tuple[Instance, ScenarioSet]
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
SEED = 3


class Forgetful(Here):
    """An executor whose worker starts anew before each call."""

    def submit(
        self,
        fn: Callable[Arguments, Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Future[Result]:
        """Forget the block, if the call is for one."""
        if fn is work:
            forget(str(args[0]))
        return super().submit(fn, *args, **kwargs)


class AnyRank(Executor):
    """A pool that gives each call to one of several workers, by a list of turns."""

    def __init__(self, ranks: Sequence[Executor], turns: Sequence[int]) -> None:
        self._ranks, self._turns = ranks, iter(turns)

    def submit(
        self,
        fn: Callable[Arguments, Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Future[Result]:
        """Make the call where it is its turn."""
        return self._ranks[next(self._turns, 0)].submit(fn, *args, **kwargs)


@pytest.fixture(scope="module")
def processes() -> Iterator[tuple[Executor, ...]]:
    """Two processes of this machine."""
    with open_executors("local:2") as executors:
        yield executors


def trials() -> list[TrialPoint]:
    """Return a few trials of the case."""
    draw = np.random.default_rng(SEED)
    return [drawn_trial(outlined(SEED), draw) for _ in range(2)]


def case() -> Case:
    """Return a case on seven scenarios, which no number of blocks divides evenly."""
    return limited(SEED, {"financing.collateral_cover": 0.5}, number=7)


def assert_same(executors: Sequence[Executor]) -> None:
    """Compare all results of several blocks with those of one block."""
    with divided(*case(), (Here(),)) as one, divided(*case(), executors) as blocks:
        assert blocks.number_of_clusters == one.number_of_clusters
        assert blocks.scenario_costs == pytest.approx(one.scenario_costs)
        assert blocks.cluster_costs == pytest.approx(one.cluster_costs)
        for trial in trials():
            assert_same_view(blocks, one, trial)
        assert_same_rows(blocks, one)


def assert_same_view(
    blocks: ScenarioBlocks, one: ScenarioBlocks, trial: TrialPoint
) -> None:
    """Compare costs, cash and cuts; cuts may differ, but not where they touch."""
    view, expected = blocks.evaluate(trial), one.evaluate(trial)
    for name in ("cost", "cash", "stock"):
        found = getattr(view, name)
        assert found == pytest.approx(getattr(expected, name), rel=1e-7, abs=1e-9)
    chosen = np.array([0, 3, 6])
    for cuts, wanted in (
        (view.cuts, expected.cuts),
        (blocks.scenario_cuts(trial, chosen), one.scenario_cuts(trial, chosen)),
    ):
        value = cuts.constant + cuts.gradient @ trial.vector
        touched = wanted.constant + wanted.gradient @ trial.vector
        assert value == pytest.approx(touched, rel=1e-7, abs=1e-7)


def assert_same_rows(blocks: ScenarioBlocks, one: ScenarioBlocks) -> None:
    """Compare cash rows, whatever their order."""
    chosen = [(2, 6), (0, 0), (1, 3), (2, 2), (0, 5)]
    order, *money = blocks.cash_rows(chosen)
    expected_order, *expected = one.cash_rows(chosen)
    assert sorted(order) == sorted(expected_order) == sorted(chosen)
    position = [expected_order.index(pair) for pair in order]
    for found, wanted in zip(money, expected, strict=True):
        assert found == pytest.approx(wanted[position], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("number", [1, 2, 3, 7, 9])
def test_parts_here_are_the_whole(number: int) -> None:
    """Also with more executors than scenarios."""
    assert_same((Here(),) * number)


def test_parts_in_processes_are_the_whole(processes: tuple[Executor, ...]) -> None:
    """A process for each of two blocks."""
    assert_same(processes)


def test_a_worker_that_lost_the_block_gets_it_again() -> None:
    """A worker that has lost its blocks gives the same results."""
    assert_same((Forgetful(), Forgetful()))


@pytest.mark.parametrize(
    "turns",
    [
        # The first call of a worker that does not know the block is made twice.
        pytest.param([0, 0, 0, 1, 1, 0, 1], id="seen by another"),
        pytest.param([0, 0, 1, 1, 1, 1], id="assigned by another"),
        pytest.param([0, 0, 1, 1, 0, 0, 1, 0], id="seen by the first"),
    ],
)
def test_any_worker_may_get_any_call(
    processes: tuple[Executor, ...], turns: Sequence[int]
) -> None:
    """As in a pool of ranks: a worker that missed a call gives the same results."""
    assert_same((AnyRank(processes, turns),))


@pytest.mark.parametrize(
    "turns",
    [
        pytest.param([], id="one worker"),
        # The second worker gets the block, and is the only one that gets the change.
        pytest.param([0, 0, 0, 0, 1, 1, 1, 0], id="told to another"),
    ],
)
def test_every_worker_has_the_present_terms_of_money(
    processes: tuple[Executor, ...], turns: Sequence[int]
) -> None:
    """Turned to a case with dear storage, cash is that of the dear case."""
    instance, scenarios = limited(SEED)
    costs = {"storage_classes.0.cost_usd_per_tonne_year": 50_000.0}
    dear, _ = limited(SEED, costs)
    trial = trials()[0]
    with (
        divided(dear, scenarios, (Here(),)) as expected,
        divided(instance, scenarios, (AnyRank(processes, turns),)) as blocks,
    ):
        blocks.evaluate(trial)
        blocks.evaluate(trial)
        blocks.turn_to(dear)
        found = blocks.evaluate(trial).cash
        assert found == pytest.approx(
            expected.evaluate(trial).cash, rel=1e-9, abs=1e-12
        )


def test_closed_parts_are_forgotten() -> None:
    """The worker does not know the key of a block any more."""
    keys: list[str] = []

    class Noting(Here):
        def submit(
            self,
            fn: Callable[Arguments, Result],
            /,
            *args: Arguments.args,
            **kwargs: Arguments.kwargs,
        ) -> Future[Result]:
            """Note the key of the block."""
            keys.append(str(args[0]))
            return super().submit(fn, *args, **kwargs)

    with divided(*case(), (Noting(),)):
        pass
    with pytest.raises(LookupError):
        work(keys[0], 0, None, 60.0, start)


def test_a_part_may_have_no_shortage() -> None:
    """The first of the bans is a calm scenario, alone in its block."""
    instance = read_instance(vault_case())
    with divided(instance, bans(instance), (Here(), Here(), Here())) as blocks:
        costs = blocks.scenario_costs
    assert costs[0] == 0
    assert (costs[1:] > 0).all()


def test_a_scenario_set_without_shortage_has_one_cluster() -> None:
    """Nothing is ever short: costs are 0, and cuts have no slope."""
    instance, scenarios = case()
    calm = replace(
        scenarios,
        availability=np.ones_like(scenarios.availability),
        demand=np.zeros_like(scenarios.demand),
    )
    problem = first_stage_problem(instance, calm)
    assert recourse_of(problem).number_of_gaps == 0
    with divided(instance, calm, (Here(), Here())) as blocks:
        assert blocks.number_of_clusters == 1
        view = blocks.evaluate(drawn_trial(problem, np.random.default_rng(0)))
    assert not view.cost.any()
    assert view.cuts.gradient.nnz == 0
