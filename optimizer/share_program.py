"""The interface between the search for few tranches and the program of a method."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from models.finance import Facility
from optimizer.cost_of_holding import tie_weight
from optimizer.deadline import Deadline
from optimizer.highs import Solution
from optimizer.point import Point
from optimizer.problem import FirstStageProblem
from optimizer.scenarios.scenario_set import Floats

SMALLEST_PRICE = 1e-12  # less is rounding of the duals


@dataclass(frozen=True, slots=True)
class Wanted:
    """The costs that a solve is compared with; it may end once the answer is clear.

    A point of `enough_usd` or less need not be improved. If no point can cost
    `at_most_usd` or less, none need be found.
    """

    at_most_usd: float = np.inf
    enough_usd: float = -np.inf


ANYTHING = Wanted()


class ShareProgram(Protocol):
    """Shares, contracts and draws under changing bounds.

    tie_weight is what a dollar of the cost of holding counts beside the objective.
    """

    tie_weight: float

    @property
    def problem(self) -> FirstStageProblem:
        """The problem of the program."""
        ...

    def weigh_holding(self, tie_weight: float) -> None:
        """Minimise objective + tie_weight x cost of holding from here on."""
        ...

    def least_cost_of_holding(self, deadline: Deadline) -> float:
        """Return a bound below the cost of holding of all points, US dollars.

        The weight is as before. It is -inf if none is found in time.
        """
        ...

    def bound_shares(
        self, upper: list[Floats], lower: list[Floats] | None = None
    ) -> None:
        """Set bounds of all shares, by holding and candidate."""
        ...

    def bound_signed(self, lower: Floats, upper: Floats) -> None:
        """Set bounds of the parts of contracts that are signed."""
        ...

    def solve(self, deadline: Deadline, wanted: Wanted = ANYTHING) -> Solution:
        """Solve; the values are None if there is no point, or none yet.

        It may end early, with or without a point, once the answer to wanted is clear.
        """
        ...

    def guess(self, deadline: Deadline) -> Solution:
        """Solve quickly with the cuts so far; the cost is never above the exact one."""
        ...

    def point(self, values: Floats) -> Point:
        """Return the first stage of a solution."""
        ...

    def reduced_costs(self, solution: Solution) -> list[Floats]:
        """Return the reduced cost of each share, by holding and candidate."""
        ...

    def rule_worth(self, solution: Solution) -> float:
        """Return what it avoids to first order if all limits of the cash rule double.

        US dollars.
        """
        ...

    def row_dual(self, solution: Solution, name: str, index: str | int) -> float:
        """Return the dual of the row of a name on the page, 0 if there is none."""
        ...


def weight_among_ties(
    program: ShareProgram, relaxed: Solution, lower_usd: float, deadline: Deadline
) -> float:
    """Return the weight of the cost of holding among points that the gap ties.

    It is 0 if the case weighs the cost of holding in its objective, or time is up.
    """
    options = program.problem.instance.options
    is_weighed = options.cost_of_holding_weight is not None
    if is_weighed or relaxed.values is None or deadline.is_over:
        return 0.0
    return tie_weight(
        gap=options.gap,
        lower_usd=lower_usd,
        cost_usd=program.point(relaxed.values).cost_of_holding_usd,
        least_usd=program.least_cost_of_holding(deadline),
    )


def budget_shadow_price(program: ShareProgram, solution: Solution) -> float | None:
    """Return the objective avoided by a dollar more, all facilities in proportion."""
    facilities = program.problem.instance.financing.facilities
    total = sum(f.limit_usd for f in facilities)
    if total <= 0 or solution.row_duals is None:
        return None
    by_schedule = sum(
        _limit_dual(program, solution, f) * f.limit_usd
        for f in facilities
        if not f.is_drawn_by_rule
    )
    price = (program.rule_worth(solution) - by_schedule) / total
    return price if abs(price) > SMALLEST_PRICE else 0.0


def _limit_dual(program: ShareProgram, solution: Solution, facility: Facility) -> float:
    """Return the change of the objective by a dollar more of a facility.

    Its limit stands in row (16) and, as undrawn money that costs a fee, in rows (19).
    """
    years = program.problem.instance.horizon.period_lengths_years
    last = facility.last_draw_period
    committed = years if last is None else years[: last + 1]
    fee = facility.commitment_fee_per_year
    return program.row_dual(solution, "draw_limit", facility.id) - fee * sum(
        length * program.row_dual(solution, "financing_flow", t)
        for t, length in enumerate(committed)
    )
