"""The master: first stage and cuts over the active candidates, with a bound for all.

One warm simplex program: cuts, rows and candidates are added, slack cuts are dropped.
The bound for the whole menu follows from its duals: the reduced cost of each column is
minimised over its box, those of a group over their simplex, so errors of the solver
weaken the bound and never break it (Neumaier & Shcherbina 2004; Jansson 2004).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, vstack

from optimizer.deadline import Deadline
from optimizer.decomposition.master_data import MasterData, Rows, joined, no_rows
from optimizer.highs import LinearProgram, Solution, Solver, Status
from optimizer.scenarios.scenario_set import Floats

Positions = NDArray[np.int64]
MOST_SLACK_ROUNDS = 6
ADDED_PER_GROUP = 3
MOST_ROUNDS_UNUSED = 2
SMALLEST_DUAL = 1e-9


@dataclass(frozen=True, slots=True)
class MasterPoint:
    """A point of the master (all columns) with its duals and bound.

    duals are by row: those of the first stage and then rows found, number_of_rows in
    all, then cuts. lower_bound and reduced costs are for all columns, active or not.
    """

    values: Floats
    duals: Floats
    number_of_rows: int
    lower_bound: float
    reduced_costs: Floats


class Master:
    """The first stage, rows found on the way and cuts, over the active columns."""

    def __init__(self, data: MasterData) -> None:
        self.data = data
        self.rows = data.rows
        self.cuts = no_rows(data.number_of_columns)
        self.active: Positions = np.flatnonzero(data.is_started)
        self._is_cut = np.zeros(self.rows.number, dtype=np.bool_)
        self._slack_rounds = np.zeros(0, dtype=np.int64)
        self.status = Status.LIMIT
        units = None if data.units is None else data.units.among(self.active)
        self._solver = Solver(self._program(), units)

    @property
    def number_of_cuts(self) -> int:
        """Number of cuts that are kept."""
        return self.cuts.number

    def add(self, cuts: Rows, rows: Rows | None) -> None:
        """Add cuts, and rows if there are new ones."""
        self.cuts = joined(self.cuts, cuts)
        fresh = np.zeros(cuts.number, dtype=np.int64)
        self._slack_rounds = np.concatenate([self._slack_rounds, fresh])
        self._append(cuts, is_cut=True)
        if rows is not None:
            self.rows = joined(self.rows, rows)
            self._append(rows, is_cut=False)

    def change_costs(self, cost: Floats) -> None:
        """Change the cost of all columns, active or not."""
        self.data = replace(self.data, cost=cost)
        self._solver.set_costs(cost[self.active])

    def solve(self, deadline: Deadline) -> MasterPoint | None:
        """Return the master's optimum, None if it has none or time is up."""
        solution = self._run(deadline)
        if solution.values is None or solution.row_duals is None:
            return None
        sides = self._sides()
        duals = with_sides(self._in_order(solution.row_duals), sides)
        priced = self._priced(duals)
        bound = safe_bound(self.data, sides, duals, priced)
        self._count_slack(duals[self.rows.number :])
        values = self._wide(solution.values)
        return MasterPoint(values, duals, self.rows.number, bound, priced)

    def guess(self, deadline: Deadline) -> Floats | None:
        """Return the optimal point alone, None if there is none or time is up."""
        solution = self._run(deadline)
        return None if solution.values is None else self._wide(solution.values)

    def activate(self, columns: Positions) -> None:
        """Add some columns to the program, unless they are there."""
        self._add_columns(columns[~self._is_active()[columns]])

    def activate_rest(self) -> bool:
        """Add all columns that are not there, and return whether there were any."""
        rest = np.flatnonzero(~self._is_active())
        self._add_columns(rest)
        return len(rest) > 0

    def restrict(self, columns: Positions, lower: Floats, upper: Floats) -> None:
        """Bound some columns until `release`; those that may be above 0 are added."""
        self.activate(columns[upper > 0])
        self._bound(columns, lower, upper)

    def release(self, columns: Positions) -> None:
        """Restore the first-stage bounds of some columns."""
        data = self.data
        self._bound(columns, data.column_lower[columns], data.column_upper[columns])

    def _bound(self, columns: Positions, lower: Floats, upper: Floats) -> None:
        there = self._is_active()[columns]
        place = np.zeros(self.data.number_of_columns, dtype=np.int32)
        place[self.active] = np.arange(len(self.active))
        self._solver.set_column_bounds(
            place[columns[there]], lower[there], upper[there]
        )

    def drop_slack_cuts(self, first: int = 0) -> None:
        """Drop the cuts from a position on that had no dual in the last rounds."""
        is_kept = self._slack_rounds <= MOST_SLACK_ROUNDS
        is_kept[:first] = True
        if is_kept.all():
            return
        dropped = np.flatnonzero(self._is_cut)[~is_kept]
        self._solver.delete_rows(dropped.astype(np.int32))
        self._is_cut = np.delete(self._is_cut, dropped)
        self.cuts = self.cuts.select(np.flatnonzero(is_kept))
        self._slack_rounds = self._slack_rounds[is_kept]

    def tight_cuts(self) -> Rows:
        """Return the cuts that are new or had a dual in one of the last rounds."""
        return self.cuts.select(
            np.flatnonzero(self._slack_rounds <= MOST_ROUNDS_UNUSED)
        )

    def price(self, point: MasterPoint) -> int:
        """Add the best-priced candidates of each group, and return how many."""
        is_active = self._is_active()
        added: list[int] = []
        for group in self.data.groups:
            cost, inside = point.reduced_costs[group.columns], is_active[group.columns]
            least = cost[inside].min(initial=np.inf)
            outside = np.where(inside | (cost >= least), np.inf, cost)
            best = np.argsort(outside, kind="stable")[:ADDED_PER_GROUP]
            added += group.columns[best[np.isfinite(outside[best])]].tolist()
        self._add_columns(np.array(added, dtype=np.int64))
        return len(added)

    def _is_active(self) -> NDArray[np.bool_]:
        is_active = np.zeros(self.data.number_of_columns, dtype=np.bool_)
        is_active[self.active] = True
        return is_active

    def _add_columns(self, columns: Positions) -> None:
        """Add columns with their coefficients in all rows of the program."""
        if len(columns) == 0:
            return
        place = np.concatenate(
            [np.flatnonzero(~self._is_cut), np.flatnonzero(self._is_cut)]
        )
        above, below = self.rows.matrix[:, columns], self.cuts.matrix[:, columns]
        part = coo_array(vstack([above, below]))
        data = self.data
        self._solver.add_columns(
            csc_array((part.data, (place[part.row], part.col)), shape=part.shape),
            data.cost[columns],
            data.column_lower[columns],
            data.column_upper[columns],
            None if data.units is None else data.units.columns[columns],
        )
        self.active = np.concatenate([self.active, columns])

    def _append(self, rows: Rows, *, is_cut: bool) -> None:
        units, unit = self.data.units, 1.0
        if units is not None:
            unit = units.cost if is_cut else units.found_row
        self._solver.add_rows(
            rows.matrix[:, self.active].tocsr(), rows.lower, rows.upper, unit
        )
        fresh = np.full(rows.number, is_cut)
        self._is_cut = np.concatenate([self._is_cut, fresh])

    def _in_order(self, duals: Floats) -> Floats:
        return np.concatenate([duals[~self._is_cut], duals[self._is_cut]])

    def _count_slack(self, cut_duals: Floats) -> None:
        is_slack = cut_duals <= SMALLEST_DUAL
        self._slack_rounds = np.where(is_slack, self._slack_rounds + 1, 0)

    def _run(self, deadline: Deadline) -> Solution:
        solution = self._solver.run(
            time_limit_s=deadline.seconds_left(), solver="simplex"
        )
        self.status = solution.status
        return solution

    def _wide(self, values: Floats) -> Floats:
        """Return values of the active columns as values of all columns."""
        wide = np.zeros(self.data.number_of_columns)
        wide[self.active] = values
        return wide

    def _priced(self, duals: Floats) -> Floats:
        """Return the reduced costs of all columns, active or not."""
        above, below = np.split(duals, [self.rows.number])
        return self.data.cost - self.rows.matrix.T @ above - self.cuts.matrix.T @ below

    def _sides(self) -> tuple[Floats, Floats]:
        """Return the lower and upper sides of all rows, cuts last."""
        return (
            np.concatenate([self.rows.lower, self.cuts.lower]),
            np.concatenate([self.rows.upper, self.cuts.upper]),
        )

    def _program(self) -> LinearProgram:
        data, active = self.data, self.active
        return LinearProgram(
            cost=data.cost[active],
            rows=data.rows.matrix[:, active].tocsr(),
            row_lower=data.rows.lower,
            row_upper=data.rows.upper,
            column_lower=data.column_lower[active],
            column_upper=data.column_upper[active],
        )


def with_sides(duals: Floats, sides: tuple[Floats, Floats]) -> Floats:
    """Return duals, with 0 where the sign is that of an infinite side."""
    lower, upper = sides
    is_wrong = ((duals > 0) & np.isneginf(lower)) | ((duals < 0) & np.isposinf(upper))
    return np.where(is_wrong, 0.0, duals)


def safe_bound(
    data: MasterData, sides: tuple[Floats, Floats], duals: Floats, priced: Floats
) -> float:
    """Return a lower bound on the cost of all points of the rows.

    sides are the lower and upper sides of the rows, priced the columns' reduced costs
    under the duals. The bound holds for any duals: a sign whose side is infinite makes
    it infinitely bad, other errors only weaken it.
    """
    y, reduced = duals.copy(), priced.copy()
    for group in data.groups:
        # With the best dual of a group's row no column of it has a negative cost.
        without = reduced[group.columns] + y[group.row]
        y[group.row] = min(float(without.min(initial=0.0)), 0.0)
        reduced[group.columns] = without - y[group.row]
    lower, upper = sides
    side = np.where(y > 0, lower, upper)
    corner = np.where(reduced > 0, data.column_lower, data.column_upper)
    bound = float(y[y != 0] @ side[y != 0])
    return bound + float(reduced[reduced != 0] @ corner[reduced != 0])
