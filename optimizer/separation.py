"""A compiled model whose cash and collateral rows are added only where they bind.

Of W x T rows (19) and (20) only a few ever bind, and each of them has a coefficient for
every candidate: the worst scenario of each period is added until none is violated.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray

from models.instance import Instance
from optimizer.compiled import Compiled, compile_model
from optimizer.cost_of_holding import premia_of
from optimizer.deadline import Deadline
from optimizer.financing import debt, drawn_before_start, net_financing
from optimizer.formulation import MILLION, build, cash_nonnegative, collateral
from optimizer.highs import FEASIBILITY_TOLERANCE_IN_UNITS, Solution, Solver, Status
from optimizer.limit_margin import tightened
from optimizer.membership import cash_before_plan
from optimizer.point import Point
from optimizer.policies.offtake import OfftakeResponse
from optimizer.policies.response import Response
from optimizer.problem import (
    BEFORE_START,
    CompleteProblem,
    SimulatedProblem,
)
from optimizer.program_units import case_units, cost_of_stopping, program_units
from optimizer.share_program import ANYTHING, Wanted

Floats = NDArray[np.float64]
CASH_TOLERANCE = 4e-9  # of the unit of money
MOST_ROUNDS = 100


class SeparatedProgram:
    """A model of a problem in the solver, with its separated rows."""

    def __init__(
        self,
        problem: SimulatedProblem,
        *,
        is_relaxed: bool,
        cash_rows: set[tuple[int, int]] | None = None,
        tolerance: float = FEASIBILITY_TOLERANCE_IN_UNITS,
    ) -> None:
        self.problem = problem
        self.model = build(problem, is_relaxed=is_relaxed, cash_rows=cash_rows or set())
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
        self.cash_rows = set(cash_rows or ())
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

    def fix_signed(self, signed: Floats) -> None:
        """Fix which contracts are signed."""
        self._bound(self._columns.signed, signed, signed)

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

    def row_key(self, position: int) -> tuple[str, tuple[object, ...]]:
        """Return the name on the page and the index of a row, separated ones too."""
        row = self._rows[position]
        component, index = row.parent_component(), row.index()
        return str(component.local_name), index if component.dim() > 1 else (index,)

    def start_from(self, point: Point) -> None:
        """Offer the solver the integers of a point: lots, use and signed contracts."""
        columns: list[int] = []
        values: list[float] = []
        shares: list[float] = np.concatenate(point.shares).tolist()
        for k, share in zip(self.model.CANDIDATES, shares, strict=True):
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

    def _violated(self, point: Point) -> list[tuple[int, int]]:
        """Return the worst scenario of each period where cash or cover is short."""
        cash = self._cash(point)
        shortage = -cash
        covered = shortage[:, 1:]
        np.maximum(covered, self._cover_shortage(point, cash[:, 1:]), out=covered)
        return broken_rows(shortage, CASH_TOLERANCE * self._money_usd, self.cash_rows)

    def _cash(self, point: Point) -> Floats:
        """Return the cash balance, before the start and in each period (w, 1 + t)."""
        problem = self.problem
        cash = known_cash(problem.instance) + sum(
            np.tensordot(share, flow, axes=1)
            for share, flow in zip(point.shares, self._flows, strict=True)
        )
        for signed, contract in zip(point.signed, problem.contracts, strict=True):
            cash = cash + signed * cumulated_contract_flow(contract)
        premia = np.cumsum(premia_of(problem, point.shares).sum(axis=0))
        financed = net_financing(problem.instance, point.draws) - premia
        before = drawn_before_start(problem.instance, point.draws)
        return cash + np.concatenate([[before], financed])

    def _cover_shortage(self, point: Point, cash: Floats) -> Floats:
        """Return by how much stock and cash fall short of covering the debt (w, t)."""
        instance = self.problem.instance
        cover = instance.financing.collateral_cover
        if cover is None:
            return np.zeros_like(cash)
        stock = sum(
            np.tensordot(share, response.stock_value, axes=1)
            for share, response in zip(
                point.shares, self.problem.responses, strict=True
            )
        )
        return cover * debt(instance, point.draws) - stock - cash

    def _add(self, violated: list[tuple[int, int]]) -> None:
        model = self.model
        for t, w in violated:
            self.cash_rows.add((t, w))
            model.CASH_ROWS.add((t, w))
            for component, rule in (
                (model.cash_nonnegative, cash_nonnegative),
                (model.collateral, collateral),
            ):
                row = rule(model, t, w)
                if row is not pyo.Constraint.Skip:
                    component.add((t, w), row)
                    self._rows.append(component[t, w])
                    entries, lower, upper = self.compiled.row_of(component[t, w])
                    self.solver.add_rows(
                        entries,
                        np.array([lower]),
                        np.array([upper]),
                        self._money_usd / MILLION,
                    )


def known_cash(instance: Instance) -> Floats:
    """Return the cash whatever is planned, before the start and after it (1 + t)."""
    opening = instance.financing.opening_cash_usd
    return np.concatenate([[opening], cash_before_plan(instance)])


def cumulated_flow(response: Response) -> Floats:
    """Return cash flow before the start and up to each period (c, w, 1 + t)."""
    shape = (*response.cash_flow.shape[:2], 1)
    before = np.broadcast_to(response.opening_flow[:, None, None], shape)
    return np.concatenate([before, np.cumsum(response.cash_flow, axis=2)], axis=2)


def cumulated_contract_flow(contract: OfftakeResponse) -> Floats:
    """Return cash flow before the start and up to each period (w, 1 + t)."""
    before = np.full((len(contract.cash_flow), 1), contract.opening_flow)
    return np.concatenate([before, np.cumsum(contract.cash_flow, axis=1)], axis=1)


def broken_rows(
    shortage: Floats, tolerance: float, known: set[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return (t, w) of the worst scenario of each period, unless its rows are known.

    shortage is before the start and in each period (w, 1 + t).
    """
    return [
        (t, int(w))
        for t, w in enumerate(shortage.argmax(axis=0), start=BEFORE_START)
        if shortage[w, t - BEFORE_START] > tolerance and (t, int(w)) not in known
    ]


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
