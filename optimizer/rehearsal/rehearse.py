"""A plan rehearsed on many fresh paths, and the statistics of it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Self

import numpy as np

from models.benefit import Estimate
from models.instance import Instance
from models.plan import Plan
from models.rehearsal import (
    MaterialMoves,
    Rehearsal,
    RehearsedCost,
    RehearsedCosts,
    RehearsedPath,
)
from optimizer.evaluation.benefit import estimate
from optimizer.evaluation.decisions import decisions_of
from optimizer.executors import map_in_order, opened
from optimizer.rehearsal.path_run import PathRun
from optimizer.rehearsal.paths import FreshPath, fresh_paths
from optimizer.rehearsal.planning_again import SolveTerms
from optimizer.scenarios.scenario_set import Floats, Positions


def rehearse(  # noqa: PLR0913 - each is a choice of the caller
    instance: Instance,
    plan: Plan,
    *,
    replan_every: int,
    number_of_paths: int,
    number_of_scenarios: int,
    time_limit_s: float,
    seed: int,
    only: Collection[int] | None = None,
    finished: Iterable[RehearsedPath] = (),
    on_path: Callable[[RehearsedPath], None] = lambda _: None,
    is_interrupted: Callable[[], bool] = lambda: False,
    executors: Sequence[Executor] | None = None,
) -> Rehearsal:
    """Return what planning again is worth on fresh paths.

    Parameters
    ----------
    replan_every
        Periods from one plan to the next.
    number_of_scenarios
        Planning scenarios of each new solve.
    time_limit_s
        Time limit of each of them; that of the case if it is less.
    only
        Numbers of the paths to run; None: all.
    finished
        Paths of an earlier run with the same arguments; they are not run again.
    on_path
        Gets each path that is finished in this run, in order.
    is_interrupted
        Asked after each path; then those that are finished make the answer.
    executors
        Without any, processes of this machine work, each on a path at a time.

    Raises
    ------
    PlanMismatchError
        If the plan does not fit the case.
    """
    decisions_of(instance, plan)
    paths = fresh_paths(instance, number_of_paths=number_of_paths, seed=seed)
    known = {x.number: x for x in finished}
    wanted = range(number_of_paths) if only is None else only
    left = [x for x in paths if x.number in wanted and x.number not in known]
    terms = SolveTerms(number_of_scenarios, seed, time_limit_s)
    run = PathRun(instance, plan, replan_every, terms)
    with opened(executors or ("local" if len(left) > 1 else "here")) as workers:
        for path in map_in_order(workers, run, left):
            known[path.number] = path
            on_path(path)
            if is_interrupted():
                break
    return _rehearsal(run, [known[x.number] for x in paths if x.number in known], paths)


def _rehearsal(
    run: PathRun, done: Sequence[RehearsedPath], paths: Sequence[FreshPath]
) -> Rehearsal:
    """Return the statistics of the paths that are finished."""
    expected = _Weights.of(done)
    printed = _costs([x.printed for x in done])
    again = _costs([x.planned_again for x in done])
    return Rehearsal(
        instance_hash=run.instance.content_hash,
        plan_hash=run.plan.content_hash,
        replan_every=run.replan_every,
        number_of_paths=len(paths),
        number_of_scenarios=run.terms.number_of_scenarios,
        seed=run.terms.seed,
        printed=expected.costs(printed),
        planned_again=expected.costs(again),
        worth=expected.costs(printed - again),
        clairvoyant_usd=expected.of_values(np.array([x.clairvoyant_usd for x in done])),
        solves=sum(len(x.replannings) for x in done),
        failed_solves=sum(
            y.failed_because is not None for x in done for y in x.replannings
        ),
        seconds=sum(x.seconds for x in done),
        moves=tuple(_moves(done)),
        paths=tuple(done),
    )


@dataclass(frozen=True, slots=True)
class _Weights:
    """The weight of each path (w) and its batch, among those that are finished."""

    probability: Floats
    batch: Positions

    @classmethod
    def of(cls, paths: Sequence[RehearsedPath]) -> Self:
        probability = np.array([x.probability for x in paths])
        batch = np.unique([x.batch for x in paths], return_inverse=True)[1]
        return cls(probability / probability.sum(), batch)

    def of_values(self, values: Floats) -> Estimate:
        """Return the expectation of values (w)."""
        return estimate(values, self.probability, self.batch)

    def costs(self, costs: Floats) -> RehearsedCosts:
        """Return the expectations of shortage cost and cost of holding, (2, w)."""
        shortage, holding = costs
        return RehearsedCosts(
            shortage_cost_usd=self.of_values(shortage),
            cost_of_holding_usd=self.of_values(holding),
            total_usd=self.of_values(shortage + holding),
        )


def _costs(costs: Sequence[RehearsedCost]) -> Floats:
    """Return shortage cost and cost of holding by path, (2, w)."""
    return np.array(
        [
            [x.shortage_cost_usd for x in costs],
            [x.cost_of_holding_usd for x in costs],
        ]
    )


def _moves(paths: Sequence[RehearsedPath]) -> Iterator[MaterialMoves]:
    """Yield the mean changes of new plans, the largest in days first."""
    tonnes: dict[str, float] = {}
    days: dict[str, float] = {}
    number = 0.0
    for path in paths:
        for made in path.replannings:
            number += path.probability if made.failed_because is None else 0.0
            for x in made.changes:
                part = path.probability * abs(x.tonnes)
                tonnes[x.material] = tonnes.get(x.material, 0.0) + part
                part = path.probability * abs(x.days)
                days[x.material] = days.get(x.material, 0.0) + part
    for material in sorted(days, key=lambda m: (-days[m], m)):
        yield MaterialMoves(
            material=material,
            tonnes=tonnes[material] / number,
            days=days[material] / number,
        )
