"""All blocks of scenarios, each evaluated by an executor that keeps it warm.

A worker without the block is sent what it is built from, so the answers are the same on
any executor. How many blocks there are depends on the scenarios alone: sums over blocks
then have the same last digits whatever the number of executors.
"""

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from models.instance import Instance
from optimizer.cash_rows import Tangent
from optimizer.cost_of_holding import ExpectedMoney
from optimizer.deadline import NEVER, Deadline, enforced, enforced_deadline
from optimizer.decomposition.clusters import MaterialSet, choose_clusters
from optimizer.decomposition.scenario_block import BlockCuts, ScenarioBlock
from optimizer.executors import is_closing, settle
from optimizer.point import TrialPoint
from optimizer.recourse.warm import MOST_IN_SOLVERS
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

Result = TypeVar("Result")
MOST_CLUSTERS = 150
SCENARIOS_PER_BLOCK = 25
FEWEST_BLOCKS = 2  # so that two cores share a case of few scenarios

_blocks_here: dict[str, tuple[int, ScenarioBlock]] = {}


class UnknownBlockError(LookupError):
    """The worker does not have the block."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a block is built from; it has its share of the memory for solvers."""

    instance: Instance
    scenarios: ScenarioSet
    number_of_blocks: int
    cluster_of: Mapping[MaterialSet, int]
    number_of_clusters: int


@dataclass(frozen=True, slots=True)
class BlockView:
    """In a block: cost by scenario, cuts by cluster; cash, stock (w, t)."""

    cost: Floats
    cuts: BlockCuts
    cash: Floats
    stock: Floats


def costs(block: ScenarioBlock, trial: TrialPoint) -> Floats:
    """Return the cost of a trial point by scenario (w)."""
    return block.costs(trial)


def evaluate(block: ScenarioBlock, trial: TrialPoint) -> BlockView:
    """Evaluate a trial point in a block."""
    cost = block.costs(trial)
    return BlockView(cost, block.cluster_cuts(), *block.cash(trial))


def scenario_cuts(
    block: ScenarioBlock, trial: TrialPoint, chosen: Sequence[int]
) -> BlockCuts:
    """Return cuts of some scenarios at a trial point."""
    block.costs(trial)
    return block.scenario_cuts(chosen)


def cash_rows(
    block: ScenarioBlock, chosen: Sequence[tuple[int, int]]
) -> tuple[Floats, Floats]:
    """Return cash flow and stock value of each column at some (t, w)."""
    return block.cash_rows(chosen)


def tangents(
    block: ScenarioBlock, chosen: Sequence[tuple[int, int, tuple[float, ...]]]
) -> tuple[Floats, Floats]:
    """Return weighted cash flow and stock value of each column at some (t, w)."""
    return block.tangents(chosen)


def money(block: ScenarioBlock) -> ExpectedMoney:
    """Return what candidates and contracts are expected to earn in the block."""
    return block.money


def start(block: ScenarioBlock) -> tuple[Floats, dict[MaterialSet, float]]:
    """Return the costs without any supply, as `ScenarioBlock.start`."""
    return block.start()


def first_cuts(block: ScenarioBlock) -> BlockCuts:
    """Return cuts that are tight without any supply."""
    block.start()
    return block.cluster_cuts()


def inherit(block: ScenarioBlock, old_key: str) -> list[BlockCuts]:
    """Return cuts from the prices of another case's block, if this worker has it."""
    if old_key not in _blocks_here:
        return []
    _, old = _blocks_here[old_key]
    return block.inherit(list(old.prices))


def work(
    key: str,
    version: int,
    recipe: Recipe | None,
    seconds: float,
    act: Callable[..., Result],
    *arguments: object,
) -> Result:
    """Act on a block of this worker, in so many seconds.

    Raises UnknownBlockError if the worker does not have this version of the block, and
    the call has no recipe; OutOfTimeError if the seconds are over, or the executor
    closes.
    """
    if enforced_deadline() is not NEVER:  # the caller's own: the call is made by it
        return _work(key, version, recipe, act, *arguments)
    ends_at = time.monotonic() + seconds
    with enforced(Deadline(ends_at, is_interrupted=is_closing)):
        return _work(key, version, recipe, act, *arguments)


def _work(
    key: str,
    version: int,
    recipe: Recipe | None,
    act: Callable[..., Result],
    *arguments: object,
) -> Result:
    has_version, block = _blocks_here.get(key, (-1, None))
    if block is None or has_version != version:
        if recipe is None:
            raise UnknownBlockError(key)
        block = _made(recipe, block)
        _blocks_here[key] = (version, block)
    return act(block, *arguments)


def _made(recipe: Recipe, block: ScenarioBlock | None) -> ScenarioBlock:
    """Return the block of a recipe, made from an older version if there is one."""
    if block is None:
        most = MOST_IN_SOLVERS // recipe.number_of_blocks
        block = ScenarioBlock(recipe.instance, recipe.scenarios, most)
    else:
        block.turn_to(recipe.instance)
    block.assign(recipe.cluster_of, recipe.number_of_clusters)
    return block


def forget(key: str) -> None:
    """Delete a block from this worker."""
    _blocks_here.pop(key, None)


class ScenarioBlocks:
    """The scenarios of a problem in blocks, which executors work on.

    scenario_costs and cluster_costs are those without any supply, in millions; cuts
    are the first ones, which touch there. Clusters are chosen unless they are given.
    """

    def __init__(
        self,
        instance: Instance,
        scenarios: ScenarioSet,
        executors: Sequence[Executor],
        cluster_of: Mapping[MaterialSet, int] | None = None,
    ) -> None:
        number = number_of_blocks(scenarios.number_of_scenarios)
        edges = np.linspace(0, scenarios.number_of_scenarios, number + 1)
        self._edges = edges.astype(np.int64)
        self._executors = executors
        self.keys = [uuid4().hex for _ in range(number)]
        self._version = 0
        self._money: tuple[int, ExpectedMoney] | None = None
        self._recipes = [
            Recipe(instance, scenarios.select(slice(a, b)), number, {}, 1)
            for a, b in pairwise(self._edges)
        ]
        try:
            self._begin(cluster_of)
        except BaseException:
            self.close()
            raise

    def _begin(self, cluster_of: Mapping[MaterialSet, int] | None) -> None:
        """Build the blocks, choose clusters, and make the first cuts."""
        started = self._all(start)
        if cluster_of is None:
            weights = [weights for _, weights in started]
            cluster_of = choose_clusters(weights, MOST_CLUSTERS)
        self.cluster_of = cluster_of
        self.number_of_clusters = 1 + max(cluster_of.values(), default=0)
        self._recipes = [
            replace(
                recipe,
                cluster_of=cluster_of,
                number_of_clusters=self.number_of_clusters,
            )
            for recipe in self._recipes
        ]
        self._version += 1
        self.scenario_costs = np.concatenate([cost for cost, _ in started])
        self.cuts = _summed(self._all(first_cuts))

    @property
    def cluster_costs(self) -> Floats:
        """Expected cost by cluster without any supply."""
        return self.cuts.constant

    def costs(self, trial: TrialPoint) -> Floats:
        """Return the cost of a trial point in each scenario (w), in millions."""
        return np.concatenate(self._all(costs, trial))

    def evaluate(self, trial: TrialPoint) -> BlockView:
        """Evaluate a trial point in all scenarios."""
        views = self._all(evaluate, trial)
        return BlockView(
            np.concatenate([view.cost for view in views]),
            _summed([view.cuts for view in views]),
            np.concatenate([view.cash for view in views]),
            np.concatenate([view.stock for view in views]),
        )

    def scenario_cuts(self, trial: TrialPoint, chosen: NDArray[np.int64]) -> BlockCuts:
        """Return the cuts of some scenarios (ascending) at a trial point."""
        found = self._of(
            [
                (i, (trial, [int(w) - first for w in chosen if first <= w < end]))
                for i, first, end in self._spans()
                if ((first <= chosen) & (chosen < end)).any()
            ],
            scenario_cuts,
        )
        return BlockCuts(
            np.concatenate([cuts.constant for cuts in found]),
            csr_array(vstack([cuts.gradient for cuts in found], format="csr")),
        )

    def cash_rows(
        self, chosen: Sequence[tuple[int, int]]
    ) -> tuple[list[tuple[int, int]], Floats, Floats]:
        """Return some (t, w), and cash flow and stock value of each column there."""
        order: list[tuple[int, int]] = []
        calls: list[tuple[int, tuple[object, ...]]] = []
        for i, first, end in self._spans():
            mine = [(t, w) for t, w in chosen if first <= w < end]
            order += mine
            if mine:
                calls.append((i, ([(t, w - first) for t, w in mine],)))
        found = self._of(calls, cash_rows)
        return (
            order,
            np.concatenate([flow for flow, _ in found]),
            np.concatenate([stock for _, stock in found]),
        )

    def tangents(
        self, chosen: Sequence[Tangent]
    ) -> tuple[list[Tangent], Floats, Floats]:
        """Return tangents, and weighted cash flow and stock value of each column."""
        order: list[Tangent] = []
        calls: list[tuple[int, tuple[object, ...]]] = []
        for i, first, end in self._spans():
            mine = [x for x in chosen if first <= x.w < end]
            order += mine
            if mine:
                places = [(x.t, x.w - first, x.weights) for x in mine]
                calls.append((i, (places,)))
        found = self._of(calls, tangents)
        return (
            order,
            np.concatenate([flow for flow, _ in found]),
            np.concatenate([stock for _, stock in found]),
        )

    def expected_money(self) -> ExpectedMoney:
        """Return what candidates and contracts are expected to earn."""
        if self._money is None or self._money[0] != self._version:
            found = self._all(money)
            total = found[0]
            for part in found[1:]:
                total = total.plus(part)
            self._money = self._version, total
        return self._money[1]

    def turn_to(self, instance: Instance) -> None:
        """Change to a case with the same cuts, in which cash flows may differ."""
        self._recipes = [replace(x, instance=instance) for x in self._recipes]
        self._version += 1

    def inherit(self, old: "ScenarioBlocks") -> list[BlockCuts]:
        """Return cuts from the prices of another case's blocks."""
        if len(old.keys) != len(self.keys):
            return []
        calls = [(i, (key,)) for i, key in enumerate(old.keys)]
        found = self._of(calls, inherit)
        return [_summed(cuts) for cuts in zip(*found, strict=False)]

    def close(self) -> None:
        """Delete the blocks from their workers, once these have ended other calls."""
        for i, key in enumerate(self.keys):
            self._executor(i).submit(forget, key)

    def _spans(self) -> Iterator[tuple[int, int, int]]:
        edges: list[int] = self._edges.tolist()
        for i, (first, end) in enumerate(pairwise(edges)):
            yield i, first, end

    def _all(self, act: Callable[..., Result], *arguments: object) -> list[Result]:
        return self._of([(i, arguments) for i in range(len(self.keys))], act)

    def _of(
        self,
        calls: Sequence[tuple[int, tuple[object, ...]]],
        act: Callable[..., Result],
    ) -> list[Result]:
        """Act on some blocks in parallel; send recipes to workers without the block."""
        seconds = enforced_deadline().seconds_left()
        futures = [
            self._executor(i).submit(
                work, self.keys[i], self._version, None, seconds, act, *arguments
            )
            for i, arguments in calls
        ]
        settle(futures)
        missing = [isinstance(x.exception(), UnknownBlockError) for x in futures]
        futures = [
            self._executor(i).submit(
                work,
                self.keys[i],
                self._version,
                self._recipes[i],
                seconds,
                act,
                *arguments,
            )
            if is_missing
            else future
            for (i, arguments), future, is_missing in zip(
                calls, futures, missing, strict=True
            )
        ]
        settle(futures)
        return [future.result() for future in futures]

    def _executor(self, i: int) -> Executor:
        return self._executors[i % len(self._executors)]


def number_of_blocks(number_of_scenarios: int) -> int:
    """Return into how many blocks some scenarios are divided."""
    wanted = max(FEWEST_BLOCKS, -(-number_of_scenarios // SCENARIOS_PER_BLOCK))
    return min(wanted, number_of_scenarios)


@contextmanager
def divided(
    instance: Instance, scenarios: ScenarioSet, executors: Sequence[Executor]
) -> Generator[ScenarioBlocks]:
    """Divide scenarios among executors for the time of a `with`."""
    blocks = ScenarioBlocks(instance, scenarios, executors)
    try:
        yield blocks
    finally:
        blocks.close()


def _summed(cuts: Sequence[BlockCuts]) -> BlockCuts:
    gradient = cuts[0].gradient
    for other in cuts[1:]:
        gradient = csr_array(gradient + other.gradient)
    constant = np.sum([x.constant for x in cuts], axis=0)
    return BlockCuts(constant, gradient)
