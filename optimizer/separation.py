"""A compiled model whose cash and collateral rows are added only where they bind.

Of W x T rows (20) and (21) only a few ever bind, and each of them has a coefficient for
every candidate: the worst scenario of each period is added until none is violated.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import cast

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray

from optimizer.cash_rows import (
    CashLimits,
    Tangent,
    broken_places,
    cumulated_flow,
)
from optimizer.cash_rule import stack_of
from optimizer.compiled import Compiled, compile_model
from optimizer.cost_of_holding import available_cash
from optimizer.deadline import Deadline
from optimizer.financing import covered_debt
from optimizer.formulation import MILLION, build, cash_nonnegative, collateral
from optimizer.highs import FEASIBILITY_TOLERANCE_IN_UNITS, Solution, Solver, Status
from optimizer.limit_margin import tightened
from optimizer.point import Point
from optimizer.problem import (
    CompleteProblem,
    SimulatedProblem,
)
from optimizer.program_units import case_units, cost_of_stopping, program_units
from optimizer.share_program import ANYTHING, Wanted

Floats = NDArray[np.float64]
CASH_TOLERANCE = 4e-9  # of the unit of money
MOST_ROUNDS = 100
PLAIN_INDEX = 2  # (t, w); a tangent has a number as well


class SeparatedProgram:
    """A model of a problem in the solver, with its separated rows."""

    def __init__(
        self,
        problem: SimulatedProblem,
        *,
        is_relaxed: bool,
        cash_rows: set[tuple[int, int]] | None = None,
        tangents: Iterable[Tangent] = (),
        tolerance: float = FEASIBILITY_TOLERANCE_IN_UNITS,
    ) -> None:
        self.problem = problem
        by_rule = stack_of(problem.instance) is not None
        plain = () if by_rule or cash_rows is None else cash_rows
        self.cash_rows: set[tuple[int, int]] = set(plain)
        self.tangents = list(tangents)
        self.model = build(
            problem,
            is_relaxed=is_relaxed,
            cash_rows=self.cash_rows,
            tangents=self.tangents,
        )
        self.compiled: Compiled = tightened(compile_model(self.model), problem.margin)
        cost = 0.0
        if isinstance(problem, CompleteProblem):
            cost = cost_of_stopping(problem)
        units = case_units(problem, cost)
        self.solver = Solver(
            self.compiled.program,
            program_units(self.model, self.compiled, units),
            tolerance_in_units=tolerance,
        )
        self._money_usd = MILLION * units.money
        tolerance_usd = CASH_TOLERANCE * self._money_usd
        self._limits = CashLimits(problem.instance, tolerance_usd)
        self._flows = [cumulated_flow(r) for r in problem.responses]
        self._columns = _Columns(self.model, self.compiled)
        self._rows = list(self.compiled.rows)
        self.tie_weight = 0.0

    def solve(
        self,
        deadline: Deadline,
        wanted: Wanted = ANYTHING,  # noqa: ARG002 - it does not end early
        *,
        relative_gap: float = 0.0,
    ) -> Solution:
        """Solve, adding violated rows until there is none or time is up.

        A point that still violates a row when time is up is not returned.
        """
        self.solver.stop_when(lambda: deadline.is_over)
        solution = self._run(deadline, relative_gap)
        for _ in range(MOST_ROUNDS):
            if solution.values is None or solution.status is Status.INFEASIBLE:
                return solution
            violated = self._violated(self.point(solution.values))
            if not violated:
                return solution
            self._add(violated)
            self.solver.forget()
            if deadline.is_over:
                break
            solution = self._run(deadline, relative_gap)
        return replace(
            solution,
            status=Status.LIMIT,
            values=None,
            row_duals=None,
            reduced_costs=None,
        )

    def weigh_holding(self, tie_weight: float) -> None:
        """Minimise objective + tie_weight x cost of holding from here on."""
        self.tie_weight = tie_weight
        cost, holding = self.compiled.program.cost, self._columns.cost_of_holding
        self.solver.set_costs(cost + tie_weight * holding)

    def least_cost_of_holding(self, deadline: Deadline) -> float:
        """Return the least cost of holding under the rows so far, US dollars."""
        self.solver.set_costs(self._columns.cost_of_holding)
        found = self._run(deadline, 0.0)
        self.weigh_holding(self.tie_weight)
        if found.status is not Status.OPTIMAL or found.values is None:
            return -np.inf
        return self.point(found.values).cost_of_holding_usd

    def guess(self, deadline: Deadline) -> Solution:
        """Solve: this program has no cuts, so its costs are exact."""
        return self.solve(deadline)

    def point(self, values: Floats) -> Point:
        """Return the first stage of a solution."""
        return self._columns.point(values)

    def bound_shares(
        self, upper: list[Floats], lower: list[Floats] | None = None
    ) -> None:
        """Set bounds of all shares, by holding and candidate."""
        columns = self._columns.shares
        below = np.zeros(len(columns)) if lower is None else np.concatenate(lower)
        self._bound(columns, below, np.concatenate(upper))

    def bound_signed(self, lower: Floats, upper: Floats) -> None:
        """Set bounds of the parts of contracts that are signed."""
        self._bound(self._columns.signed, lower, upper)

    def reduced_costs(self, solution: Solution) -> list[Floats]:
        """Return the reduced cost of each share, by holding and candidate."""
        return self._columns.by_holding(solution.reduced_costs)

    def row_dual(self, solution: Solution, name: str, index: str | int) -> float:
        """Return the dual of the row of a name on the page, 0 if there is none."""
        rows = self._columns.row_position
        position = rows.get(id(getattr(self.model, name)[index]))
        if solution.row_duals is None or position is None:
            return 0.0
        return float(solution.row_duals[position])

    def rule_worth(self, solution: Solution) -> float:
        """Return what it avoids to first order if all limits of the cash rule double.

        US dollars. Their tangents grow with them: what the rule draws is homogeneous.
        """
        if solution.row_duals is None:
            return 0.0
        return -sum(
            abs(float(dual)) * self.model.tangent[row.index()].least_usd
            for dual, row in zip(solution.row_duals, self._rows, strict=True)
            if row.parent_component().local_name in {"cash_nonnegative", "collateral"}
            and len(row.index()) > PLAIN_INDEX
        )

    def row_key(self, position: int) -> tuple[str, tuple[object, ...]]:
        """Return the name on the page and the index of a row, separated ones too."""
        row = self._rows[position]
        name, index = str(row.parent_component().local_name), row.index()
        if isinstance(index, tuple):
            return name, cast("tuple[object, ...]", index)
        return name, (index,)

    def start_from(self, point: Point) -> None:
        """Offer the solver the integers of a point: lots, use and signed contracts."""
        columns: list[int] = []
        values: list[float] = []
        shares: list[float] = np.concatenate(point.shares).tolist()
        for k, share in zip(self.model.CANDIDATES, shares, strict=True):
            if k not in self.model.TRANCHES:
                continue
            target = self.model.policies[k[0]].target[k[1]]
            lots = round(share * target / self.model.lot[k[0]])
            for variable, value in (
                (self.model.lots, lots),
                (self.model.use, lots > 0),
            ):
                columns.append(self.compiled.column(variable[k]))
                values.append(float(value))
        columns += self._columns.signed.tolist()
        values += np.round(point.signed).tolist()
        self.solver.start_from(np.array(columns, dtype=np.int32), np.array(values))

    def _run(self, deadline: Deadline, relative_gap: float) -> Solution:
        return self.solver.run(
            time_limit_s=deadline.seconds_left(), relative_gap=relative_gap
        )

    def _bound(self, columns: NDArray[np.int64], lower: Floats, upper: Floats) -> None:
        self.solver.set_column_bounds(columns.astype(np.int32), lower, upper)

    def _violated(self, point: Point) -> list[tuple[int, ...]]:
        """Return the keys of rows of cash and cover that a point violates.

        They are of the worst scenario of each period, or tangents of their own.
        """
        instance, cash = self.problem.instance, self._cash(point)
        owed = covered_debt(instance, point.draws)
        stock = self._stock_value(point)
        found = self._limits.tangents(cash, stock, owed)
        keys: list[tuple[int, ...]] = []
        for tangent in found:
            self.tangents.append(tangent)
            keys.append((tangent.t, tangent.w, len(self.tangents)))
            self.model.tangent[keys[-1]] = tangent
        if self._limits.by_rule:
            return keys
        shortage = self._limits.shortage(cash, stock, owed)
        for place in broken_places(shortage, CASH_TOLERANCE * self._money_usd):
            if place not in self.cash_rows:
                self.cash_rows.add(place)
                keys.append(place)
        return keys

    def _cash(self, point: Point) -> Floats:
        """Return cash without the cash rule, before the start and after (w, 1 + t)."""
        return available_cash(
            self.problem, point.shares, point.signed, point.draws, self._flows
        )

    def _stock_value(self, point: Point) -> Floats:
        """Return the value of the stock (w, t); 0 where no row reads it."""
        problem = self.problem
        if problem.instance.financing.collateral_cover is None:
            return np.zeros(problem.scenarios.price.shape[1:])
        return np.asarray(
            sum(
                np.tensordot(share, response.stock_value, axes=1)
                for share, response in zip(point.shares, problem.responses, strict=True)
            )
        )

    def _add(self, keys: list[tuple[int, ...]]) -> None:
        model = self.model
        for key in keys:
            model.CASH_ROWS.add(key)
            for component, rule in (
                (model.cash_nonnegative, cash_nonnegative),
                (model.collateral, collateral),
            ):
                row = rule(model, *key)
                if row is not pyo.Constraint.Skip:
                    component.add(key, row)
                    self._rows.append(component[key])
                    entries, lower, upper = self.compiled.row_of(component[key])
                    self.solver.add_rows(
                        entries,
                        np.array([lower]),
                        np.array([upper]),
                        self._money_usd / MILLION,
                    )


class _Columns:
    """Where the first stage stands among the columns of a program."""

    def __init__(self, model: pyo.ConcreteModel, compiled: Compiled) -> None:
        position = compiled.column
        self.holdings = [len(model.policies[h].target) for h in model.HOLDINGS]
        self.shares = _positions(position(model.share[k]) for k in model.CANDIDATES)
        self.signed = _positions(position(model.signed[k]) for k in model.CONTRACTS)
        self.draws = _positions(
            position(model.draw[f, t]) for f in model.FACILITIES for t in model.PERIODS
        )
        self.row_position = {id(row): i for i, row in enumerate(compiled.rows)}
        self._shape = (len(model.FACILITIES), len(model.PERIODS))
        self._objective = compiled.program.cost
        self._expected_cost = compiled.coefficients(model.expected_shortage_cost)
        self.cost_of_holding = compiled.coefficients(model.cost_of_holding)

    def point(self, values: Floats) -> Point:
        """Read a first stage; costs are those of the model's own expressions."""
        return Point(
            shares=tuple(self.by_holding(values[self.shares])),
            signed=values[self.signed],
            draws=MILLION * np.maximum(values[self.draws], 0.0).reshape(self._shape),
            expected_cost_usd=MILLION * float(self._expected_cost @ values),
            objective_usd=MILLION * float(self._objective @ values),
            cost_of_holding_usd=MILLION * float(self.cost_of_holding @ values),
        )

    def by_holding(self, values: Floats | None) -> list[Floats]:
        """Split values by share into one array for each holding."""
        if values is None:
            return [np.zeros(number) for number in self.holdings]
        chosen = values if len(values) == len(self.shares) else values[self.shares]
        return np.split(chosen, np.cumsum(self.holdings)[:-1])


def _positions(columns: Iterable[int]) -> NDArray[np.int64]:
    return np.array(list(columns), dtype=np.int64)
