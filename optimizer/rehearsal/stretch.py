"""A stretch of a path that one plan is followed through, and the costs of several."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.held_stock import PILES, has_expired, pile_tonnes
from models.instance import Instance
from models.opening_position import StockLot
from models.plan import Promise
from models.rehearsal import RehearsedCost
from optimizer.cost_of_holding import cost_by_scenario
from optimizer.debt_in_force import owed_of_before_at_the_end
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import PlanReplay
from optimizer.in_force.on_order import free_arrivals, on_order_after
from optimizer.in_force.stock import left_free
from optimizer.problem import discount_factors
from optimizer.scenarios.market import price_levels
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


@dataclass(frozen=True, slots=True)
class Stretch:
    """A plan in the case that it was made for, replayed to the end of the path.

    start is its first period on the path; it is followed up to the next stretch.
    promise is that of the plan.
    """

    start: int
    instance: Instance
    scenario: ScenarioSet
    decisions: Decisions
    happened: PlanReplay
    promise: Promise


def cost_of(instance: Instance, stretches: Sequence[Stretch]) -> RehearsedCost:
    """Return what a path costs, at the value of the start of its case."""
    shortage = discount_factors(instance) @ followed(
        stretches, [x.happened.allocation.cost[0] for x in stretches]
    )
    last = stretches[-1]
    books = last.happened.books
    owed = books.debt[:, -1] + books.capital[:, -1] + books.accrued[:, -1]
    holding = cost_by_scenario(
        instance,
        books.cash,
        # What no tranche holds any more is still there, as what is held is.
        books.stock_value + _idle_value_usd(last),
        owed - owed_of_before_at_the_end(instance),
        _free_value_usd(stretches[0]),
    )
    return RehearsedCost(
        shortage_cost_usd=max(float(shortage), 0.0),
        cost_of_holding_usd=float(holding[0]),
    )


def followed(stretches: Sequence[Stretch], series: Sequence[Floats]) -> Floats:
    """Return series (..., t) of stretches as one over the path, each while followed."""
    ends = [*(x.start for x in stretches[1:]), None]
    parts = [
        values[..., : None if end is None else end - x.start]
        for x, end, values in zip(stretches, ends, series, strict=True)
    ]
    return np.concatenate(parts, axis=-1)


def idle_stock(stretch: Stretch, periods: int = 0) -> Floats:
    """Return what is neither held nor for sale after some periods, tonnes (m).

    What is on the way for nobody counts as there, or comes once its right has ended.
    """
    case, last = stretch.instance, stretch.instance.horizon.number_of_periods
    path = case, stretch.scenario, stretch.decisions, stretch.happened
    idle = np.zeros(len(case.materials))
    for x in (*free_arrivals(*path, 0, last), *on_order_after(*path, 0, last)):
        m = case.index.material[x.material]
        is_good = not isinstance(x, StockLot) or not has_expired(
            case.horizon, case.materials[m], x, periods - 1
        )
        if x.right is None and x.tranche is None and is_good:
            idle[m] += x.tonnes
    for lot in left_free(case, stretch.decisions, stretch.happened, periods):
        idle[case.index.material[lot.material]] += lot.tonnes
    return idle


def _idle_value_usd(stretch: Stretch) -> float:
    """Return what is idle at the end is worth, without what expires in its period."""
    last = stretch.instance.horizon.number_of_periods - 1
    return float(stretch.scenario.price[:, 0, -1] @ idle_stock(stretch, last))


def _free_value_usd(stretch: Stretch) -> float:
    """Return what all free stock is worth at the start, at prices but for events.

    And all that is on the way.
    """
    case = stretch.instance
    free = np.array(
        [sum(pile_tonnes(case, m, pile) for pile in PILES) for m in case.materials]
    )
    today = stretch.scenario.base_price[:, 0] * price_levels(case)
    return float(today @ free)
