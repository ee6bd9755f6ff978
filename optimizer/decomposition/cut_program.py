"""The ShareProgram of the search over the master, solved with fresh cuts.

`solve` returns a point with its exact cost, `guess` one with the cost of the cuts found
so far, which is never higher.
"""

import numpy as np
from numpy.typing import NDArray

from optimizer.deadline import Deadline
from optimizer.decomposition.first_stage_lp import FirstStageLp
from optimizer.decomposition.master import Master, MasterPoint
from optimizer.decomposition.recourse_oracle import RecourseOracle
from optimizer.formulation import MILLION
from optimizer.highs import FEASIBILITY_TOLERANCE_IN_UNITS, Solution, Status
from optimizer.point import Point
from optimizer.problem import FirstStageProblem
from optimizer.scenarios.scenario_set import Floats
from optimizer.share_program import ANYTHING, Wanted

MOST_ROUNDS = 30


class CutProgram:
    """The master of a case under changing bounds of shares and contracts.

    tolerance is relative. After the deadline each solve has one round only, whatever
    its own deadline: one is enough where shares are fixed.
    """

    def __init__(
        self,
        lp: FirstStageLp,
        master: Master,
        oracle: RecourseOracle,
        *,
        tolerance: float,
        deadline: Deadline,
    ) -> None:
        self.problem = lp.problem
        self._lp = lp
        self._master = master
        self._oracle = oracle
        self._tolerance = tolerance
        self._deadline = deadline
        self._protected = 0
        self._limits = _ShareLimits(lp)
        self._is_tranche = _in_tranches(lp.problem)
        self._breaks_a_limit = False
        self.tie_weight = 0.0

    def weigh_holding(self, tie_weight: float) -> None:
        """Minimise objective + tie_weight x cost of holding from here on."""
        self.tie_weight = tie_weight
        lp = self._lp
        self._master.change_costs(lp.data.cost + tie_weight * lp.cost_of_holding)

    def least_cost_of_holding(self, deadline: Deadline) -> float:
        """Return the least cost of holding under the rows so far, US dollars."""
        self._master.change_costs(self._lp.cost_of_holding)
        point = self._master.solve(deadline)
        self.weigh_holding(self.tie_weight)
        return -np.inf if point is None else MILLION * point.lower_bound

    def protect(self) -> None:
        """Protect all present cuts from being dropped: the relaxation needs them."""
        self._protected = self._master.number_of_cuts

    def bound_shares(
        self, upper: list[Floats], lower: list[Floats] | None = None
    ) -> None:
        """Set bounds of all shares, by holding and candidate.

        Where those of tranches are fixed and break a limit whatever is sold of a
        surplus, `solve` says so.
        """
        above = np.concatenate(upper)
        below = np.zeros(len(above)) if lower is None else np.concatenate(lower)
        is_fixed = bool((below == above)[self._is_tranche].all())
        self._breaks_a_limit = is_fixed and self._limits.are_broken_by(below)
        self._master.restrict(self._lp.columns.share, below, above)

    def bound_signed(self, lower: Floats, upper: Floats) -> None:
        """Set bounds of the parts of contracts that are signed."""
        self._master.restrict(self._lp.columns.signed, lower, upper)

    def release(self) -> None:
        """Restore the bounds of the first stage."""
        self._breaks_a_limit = False
        self._master.release(self._lp.columns.trial)

    def solve(self, deadline: Deadline, wanted: Wanted = ANYTHING) -> Solution:
        """Solve, adding cuts until exact cost and master agree or time is up."""
        if self._breaks_a_limit:
            return _nothing(Status.INFEASIBLE)
        return self._with_cuts(deadline, wanted)

    def _with_cuts(self, deadline: Deadline, wanted: Wanted) -> Solution:
        best = _nothing(Status.LIMIT)
        for _ in range(MOST_ROUNDS):
            point = self._master.solve(deadline)
            if point is None:
                status = self._master.status
                return _nothing(status) if best.values is None else best
            trial, known = point.values, self._cost(point.values)
            if known * MILLION > wanted.at_most_usd or self._is_met(best, known):
                break
            if best.values is not None:
                trial = (trial + best.values) / 2
            result = self._oracle.evaluate(trial)
            self._master.add(result.cuts, result.rows)
            if result.is_feasible and self._cost(result.values) < best.objective:
                best = self._solution(point, result.values)
            if best.objective * MILLION <= wanted.enough_usd:
                break
            if deadline.is_over or self._deadline.is_over:
                break
        self._master.drop_slack_cuts(self._protected)
        return best

    def guess(self, deadline: Deadline) -> Solution:
        """Solve with the cuts and rows found so far."""
        values = self._master.guess(deadline)
        if values is None:
            return _nothing(self._master.status)
        cost = self._cost(values)
        return Solution(Status.OPTIMAL, cost, -np.inf, values, None, None)

    def read(self, point: MasterPoint) -> Solution:
        """Return a point of the master as a solution."""
        return self._solution(point, point.values)

    def point(self, values: Floats) -> Point:
        """Return the first stage of a solution."""
        columns = self._lp.columns
        trial = self._lp.trial(values)
        return Point(
            shares=trial.shares,
            signed=trial.signed,
            draws=MILLION * np.maximum(values[columns.draw], 0.0),
            expected_cost_usd=MILLION * float(values[columns.cluster].sum()),
            objective_usd=MILLION * float(self._lp.data.cost @ values),
            cost_of_holding_usd=MILLION * float(self._lp.cost_of_holding @ values),
        )

    def reduced_costs(self, solution: Solution) -> list[Floats]:
        """Return the reduced cost of each share, by holding and candidate."""
        sizes = [len(menu.candidates) for menu in self.problem.menus]
        if solution.reduced_costs is None:
            return [np.zeros(size) for size in sizes]
        cost = solution.reduced_costs[self._lp.columns.share]
        return np.split(cost, np.cumsum(sizes)[:-1])

    def row_dual(self, solution: Solution, name: str, index: str | int) -> float:
        """Return the dual of the row of a name on the page, 0 without duals."""
        if solution.row_duals is None:
            return 0.0
        return float(solution.row_duals[self._lp.rows_of(name)[index,]])

    def rule_worth(self, solution: Solution) -> float:
        """Return what it avoids to first order if all limits of the cash rule double.

        US dollars. Their tangents grow with them: what the rule draws is homogeneous.
        """
        if solution.row_duals is None:
            return 0.0
        found = solution.row_duals[self._lp.data.rows.number :]
        # Tangents that were found after the solution have no dual in it.
        tangents = self._oracle.tangents[: len(found)]
        if not tangents:
            return 0.0
        pairs = zip(found, tangents, strict=True)
        return -sum(float(dual) * tangent.least_usd for dual, tangent in pairs)

    def _is_met(self, best: Solution, known: float) -> bool:
        """Return whether a solution is within the tolerance of the master's bound."""
        if best.values is None:
            return False
        return best.objective - known <= self._tolerance * abs(best.objective)

    def _cost(self, values: Floats) -> float:
        return float(self._master.data.cost @ values)

    def _solution(self, point: MasterPoint, values: Floats) -> Solution:
        return Solution(
            status=Status.OPTIMAL,
            objective=self._cost(values),
            lower_bound=point.lower_bound,
            values=values,
            row_duals=point.duals[: point.number_of_rows],
            reduced_costs=point.reduced_costs,
        )


class _ShareLimits:
    """The rows of shares alone, for shares that are fixed.

    In the master even fixed shares are kept to a tolerance only, of which a lot can be
    a small part.
    """

    def __init__(self, lp: FirstStageLp) -> None:
        rows, share = lp.data.rows, lp.columns.share
        others = np.ones(lp.data.number_of_columns)
        others[share] = 0.0
        alone = np.flatnonzero(abs(rows.matrix) @ others == 0)
        self._rows = rows.select(alone)
        self._matrix = self._rows.matrix[:, share]
        unit = 1.0 if lp.data.units is None else lp.data.units.rows[alone]
        self._slack = FEASIBILITY_TOLERANCE_IN_UNITS * unit

    def are_broken_by(self, shares: Floats) -> bool:
        """Whether shares break a row by more than the solver may leave it."""
        left = self._matrix @ shares
        is_low = left < self._rows.lower - self._slack
        return bool((is_low | (left > self._rows.upper + self._slack)).any())


def _in_tranches(problem: FirstStageProblem) -> NDArray[np.bool_]:
    """Return which shares are those of tranches, and not of a sale."""
    return np.concatenate(
        [
            np.full(len(menu.candidates), holding.sale is None)
            for holding, menu in zip(problem.holdings, problem.menus, strict=True)
        ]
    )


def _nothing(status: Status) -> Solution:
    return Solution(status, np.inf, -np.inf, None, None, None)
