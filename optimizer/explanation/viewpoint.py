"""A plan as shares of the menu's candidates, and what any change of it costs.

The recourse is that of the decomposition, warm from one change to the next, so some
hundred changes take little longer than a solve. Draws stay as the plan has them.
"""

from collections.abc import Generator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.options import SolveOptions
from models.plan import Plan
from optimizer.cost_of_holding import cost_of_whole
from optimizer.decomposition.scenario_blocks import ScenarioBlocks, divided
from optimizer.evaluation.decisions import PlanMismatchError, decisions_of
from optimizer.evaluation.followed_scenarios import scenarios_of_plan
from optimizer.evaluation.objective import objective_of
from optimizer.explanation.held import Held, held_by
from optimizer.formulation import MILLION
from optimizer.point import TrialPoint
from optimizer.policies.holding import holding_name, sale_name
from optimizer.problem import FirstStageProblem, first_stage_problem
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """A plan on its planning scenarios, money in US dollars.

    places are holding and candidate of each tranche, in the plan's order; costs are by
    scenario (w). slopes, by holding and candidate, are a first guess of what a whole
    share more changes: the expected shortage cost, from the prices of gaps at the plan,
    which is convex and so never falls by more, and the weighted cost of holding.
    held is None where the cost of holding has no weight.
    """

    problem: FirstStageProblem
    trial: TrialPoint
    places: tuple[tuple[int, int], ...]
    costs: Floats
    slopes: tuple[Floats, ...]
    blocks: ScenarioBlocks
    held: Held | None

    @property
    def objective_usd(self) -> float:
        """The plan's objective (1)."""
        return self._objective(self.costs, self.trial)

    def worth(self, trial: TrialPoint) -> float:
        """Return the objective of a changed plan less that of the plan."""
        changed = self.blocks.costs(trial) * MILLION
        return self._objective(changed, trial) - self.objective_usd

    def with_share(self, h: int, changes: dict[int, float]) -> TrialPoint:
        """Return the trial with some shares of a holding moved by so much."""
        share = self.trial.shares[h].copy()
        for c, change in changes.items():
            share[c] = max(share[c] + change, 0.0)
        shares = (*self.trial.shares[:h], share, *self.trial.shares[h + 1 :])
        return TrialPoint(shares, self.trial.signed)

    def without_tranche(self, h: int, c: int) -> TrialPoint:
        """Return the trial without one candidate of a holding."""
        return self.with_share(h, {c: -float(self.trial.shares[h][c])})

    def without(self, materials: Sequence[int]) -> TrialPoint:
        """Return the trial in which nothing is held of some materials."""
        shares = tuple(
            np.zeros_like(share) if holding.m in materials else share
            for holding, share in zip(
                self.problem.holdings, self.trial.shares, strict=True
            )
        )
        return TrialPoint(shares, self.trial.signed)

    def _objective(self, costs: Floats, trial: TrialPoint) -> float:
        options = self.problem.instance.options
        holding = 0.0 if self.held is None else self.held.cost_usd(trial)
        return objective_of(options, costs, self.problem.scenarios.probability, holding)


@contextmanager
def viewpoint(
    instance: Instance,
    plan: Plan,
    executors: Sequence[Executor],
    given: ScenarioSet | None = None,
) -> Generator[Viewpoint]:
    """Open a plan on its planning scenarios until the end of a `with`.

    given are the scenarios of a file, for a plan that was made for such. Raises
    PlanMismatchError if a tranche is not of the case's menu, or the plan was made for
    other scenarios.
    """
    options = SolveOptions.model_validate(plan.provenance.options)
    as_solved = instance.model_copy(update={"options": options})
    problem = first_stage_problem(as_solved, scenarios_of_plan(as_solved, plan, given))
    places = places_of(problem, plan)
    trial = trial_of(problem, plan, places)
    with divided(as_solved, problem.scenarios, executors) as blocks:
        seen = blocks.evaluate(trial)
        slope = np.asarray(seen.cuts.gradient.sum(axis=0)).ravel() * MILLION
        sizes = np.cumsum([len(menu.candidates) for menu in problem.menus])
        slopes = tuple(np.split(slope, sizes)[:-1])
        held = None
        if weight := options.cost_of_holding_weight:
            held = held_by(problem, trial, decisions_of(as_solved, plan).draws)
            each, _ = cost_of_whole(as_solved, blocks.expected_money())
            slopes = tuple(
                slope + weight * cost for slope, cost in zip(slopes, each, strict=True)
            )
        costs = seen.cost * MILLION
        yield Viewpoint(problem, trial, places, costs, slopes, blocks, held)


def places_of(problem: FirstStageProblem, plan: Plan) -> tuple[tuple[int, int], ...]:
    """Return holding and candidate of each tranche of a plan, in its order.

    Raises PlanMismatchError for tranches of candidates that the menu does not have.
    """
    place = {
        (holding.name, x.level_days_of_cover, x.rule, x.sourcing): (h, c)
        for h, (holding, menu) in enumerate(
            zip(problem.holdings, problem.menus, strict=True)
        )
        for c, x in enumerate(menu.candidates)
    }
    keys = [
        (holding_name(x.material, x.offer), x.level_days_of_cover, x.rule, x.sourcing)
        for x in plan.tranches()
    ]
    if unknown := [key for key in keys if key not in place]:
        listed = "; ".join(
            f"{name} with {level:g} days, {rule}, {sourcing}"
            for name, level, rule, sourcing in unknown
        )
        raise PlanMismatchError(
            found=f"the plan has {listed}", expected="candidates of the case's menu"
        )
    return tuple(place[key] for key in keys)


def trial_of(
    problem: FirstStageProblem, plan: Plan, places: Sequence[tuple[int, int]]
) -> TrialPoint:
    """Return a plan as shares of candidates and sales, and contracts signed."""
    shares = tuple(np.zeros(len(menu.candidates)) for menu in problem.menus)
    for (h, c), tranche in zip(places, plan.tranches(), strict=True):
        shares[h][c] += tranche.share
    sold = {sale_name(sale.material): sale.tonnes for sale in plan.sales()}
    for h, (holding, menu) in enumerate(
        zip(problem.holdings, problem.menus, strict=True)
    ):
        if holding.name in sold:
            shares[h][0] = sold[holding.name] / menu.policies.target[0]
    signed = {k.contract for k in plan.contracts}
    return TrialPoint(
        shares, np.array([float(k.contract.id in signed) for k in problem.contracts])
    )
