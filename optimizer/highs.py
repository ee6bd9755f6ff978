"""The only module that calls HiGHS: linear and mixed-integer programs as arrays."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Literal

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from optimizer.deadline import Deadline, OutOfTimeError, enforced_deadline, look

Floats = NDArray[np.float64]
Positions = NDArray[np.int32]
INFINITY = float(highspy.kHighsInf)
FEASIBILITY_TOLERANCE = 1e-7
FEASIBILITY_TOLERANCE_IN_UNITS = 3e-9
FEWEST_COLUMNS_TO_POLL = 2_000
MOST_INTEGERS_WITHOUT_PRESOLVE = 200
IRREDUCIBLE = int(highspy.IisStrategy.kIisStrategyFromLp) | int(
    highspy.IisStrategy.kIisStrategyIrreducible
)
DEVEX = int(
    highspy.simplex_constants.SimplexEdgeWeightStrategy.kSimplexEdgeWeightStrategyDevex
)
Algorithm = Literal["choose", "simplex", "ipm"]
BASIS_STATUSES = np.array(
    [
        highspy.HighsBasisStatus.kLower,
        highspy.HighsBasisStatus.kBasic,
        highspy.HighsBasisStatus.kUpper,
        highspy.HighsBasisStatus.kZero,
        highspy.HighsBasisStatus.kNonbasic,
    ],
    dtype=object,
)


class Status(Enum):
    """How HiGHS ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    LIMIT = "limit"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LinearProgram:
    """Minimise cost @ x subject to row_lower <= rows @ x <= row_upper, and bounds."""

    cost: Floats
    rows: csr_array
    row_lower: Floats
    row_upper: Floats
    column_lower: Floats
    column_upper: Floats
    is_integer: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Units:
    """What 1 stands for in the solver: by column, by row, and in the cost.

    The solver's tolerances are absolute and it drops coefficients below 1e-9. In units
    of the problem both are relative. Whole columns have the unit 1. All are powers of
    two, so no number is rounded.
    """

    columns: Floats
    rows: Floats
    cost: float


def power_of_two(values: Floats) -> Floats:
    """Return the nearest power of two of positive values, 1 for 0."""
    is_positive = values > 0
    exponents = np.log2(values, where=is_positive, out=np.zeros_like(values))
    return np.exp2(np.round(exponents))


@dataclass(frozen=True, slots=True)
class NamedProgram:
    """A program with the names of its rows and columns, as an MPS file has it.

    The constant is added to the objective.
    """

    program: LinearProgram
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    constant: float = 0.0


@dataclass(frozen=True, slots=True)
class Solution:
    """The end of a run; values are None where HiGHS has no point.

    lower_bound is the proven bound of a mixed-integer program, the objective of an
    optimal linear one, and minus infinity otherwise. A run without crossover proves no
    bound, and its values may violate rows a little.
    """

    status: Status
    objective: float
    lower_bound: float
    values: Floats | None
    row_duals: Floats | None
    reduced_costs: Floats | None


@dataclass(frozen=True, slots=True)
class Basis:
    """Which columns and rows are basic, as positions in BASIS_STATUSES.

    0 is at the lower bound, 1 basic, 2 at the upper bound, 3 free at zero, 4 nonbasic.
    """

    columns: NDArray[np.int8]
    rows: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class SolverBasis:
    """A basis in the form of HiGHS, to be passed back to it."""

    basis: highspy.HighsBasis


class _QuietHighs(highspy.Highs):
    """Highs without output: it would print a banner when callbacks are enabled."""

    def enableCallbacks(self) -> None:  # noqa: N802 - highspy's name
        self.silent()
        highspy.Highs.enableCallbacks(self)


class Solver:
    """One program in HiGHS, warm from run to run.

    It has one thread: with more of them another of several optimal points may be found.
    A program that starts near its optimum is solved without what only pays on a long
    way: exact edge weights and perturbed costs. With units, HiGHS sees the program in
    them; all that goes in and comes out is in the program's own. Rows are then kept to
    tolerance_in_units. With few integers there is no presolve: where a limit is as far
    from whole numbers as the tolerance, it can discard the optimum. Only where HiGHS
    fails without presolve, it runs again with it.
    """

    def __init__(
        self,
        program: LinearProgram,
        units: Units | None = None,
        *,
        tolerance_in_units: float = FEASIBILITY_TOLERANCE_IN_UNITS,
        presolve: bool = True,
        starts_near_optimum: bool = False,
    ) -> None:
        self._highs = _QuietHighs()
        self._raised: Exception | None = None
        self._is_over: Callable[[], bool] | None = None
        self._enforced: Deadline | None = None
        self._is_polled = False
        self._option("threads", 1)
        if starts_near_optimum:
            self._option("simplex_dual_edge_weight_strategy", DEVEX)
            self._option("dual_simplex_cost_perturbation_multiplier", 0.0)
        tolerance = FEASIBILITY_TOLERANCE
        if units is not None:
            tolerance = tolerance_in_units
            self._option("mip_feasibility_tolerance", tolerance)
        self._option("primal_feasibility_tolerance", tolerance)
        self._option("dual_feasibility_tolerance", FEASIBILITY_TOLERANCE)
        is_integer = program.is_integer
        number_of_integers = 0 if is_integer is None else int(is_integer.sum())
        self._is_mip = number_of_integers > 0
        is_small = 0 < number_of_integers <= MOST_INTEGERS_WITHOUT_PRESOLVE
        self._may_presolve = presolve
        self.is_presolved = presolve and not is_small
        self._option("presolve", "choose" if self.is_presolved else "off")
        self._units = units
        _pass(self._highs, program if units is None else _scaled(program, units))

    def run(
        self,
        *,
        time_limit_s: float = INFINITY,
        relative_gap: float = 0.0,
        solver: Algorithm = "choose",
        crossover: bool = True,
        with_columns: bool = True,
        with_duals: bool = True,
    ) -> Solution:
        """Solve and return what was found; reading columns and duals takes a while.

        Without columns there are no values and no reduced costs. Raises MemoryError if
        HiGHS runs out of it, and OutOfTimeError if an enforced deadline ends the run.
        """
        look()
        enforced = enforced_deadline()
        is_enforced = enforced.seconds_left() < time_limit_s
        time_limit_s = min(time_limit_s, enforced.seconds_left())
        self._poll(enforced)
        self._option("solver", solver)
        self._option("run_crossover", "on" if crossover else "off")
        self._option("time_limit", self._highs.getRunTime() + max(time_limit_s, 0.0))
        self._option("mip_rel_gap", relative_gap)
        self._option("mip_abs_gap", 0.0)
        self._highs.run()
        if self._has_failed_without_presolve():
            self.is_presolved = True
            self._option("presolve", "choose")
            self._highs.clearSolver()
            self._highs.run()
        if self._raised is not None:
            raise self._raised
        if self._highs.getModelStatus() == highspy.HighsModelStatus.kMemoryLimit:
            msg = "HiGHS could not get the memory that it needs"
            raise MemoryError(msg)
        is_late = _status(self._highs.getModelStatus()) is Status.LIMIT
        if is_late and (is_enforced or enforced.is_over):
            raise OutOfTimeError
        return self._solution(
            is_vertex=crossover or solver != "ipm",
            with_columns=with_columns,
            with_duals=with_duals,
        )

    def _has_failed_without_presolve(self) -> bool:
        """Return whether HiGHS found no answer to integers that presolve may help."""
        is_tried = self.is_presolved or not self._may_presolve
        if is_tried or not self._is_mip or self._raised is not None:
            return False
        failed = highspy.HighsModelStatus.kSolveError
        return self._highs.getModelStatus() == failed

    def start(self) -> SolverBasis:
        """Return the basis of the last run, for `turn_to`."""
        return SolverBasis(self._highs.getBasis())

    def turn_to(self, program: LinearProgram, start: SolverBasis | None = None) -> None:
        """Load another program, with the basis of an earlier run of it if given."""
        _pass(self._highs, program)
        if start is not None:
            self._highs.setBasis(start.basis)

    def forget(self) -> None:
        """Drop the basis: after dense rows are added, only a cold start is safe."""
        self._highs.clearSolver()

    def set_column_bounds(
        self, columns: Positions, lower: Floats, upper: Floats
    ) -> None:
        """Change the bounds of some columns."""
        if self._units is not None:
            unit = self._units.columns[columns]
            lower, upper = lower / unit, upper / unit
        self._highs.changeColsBounds(len(columns), columns, lower, upper)

    def set_row_bounds(
        self, rows: Positions | None, lower: Floats, upper: Floats
    ) -> None:
        """Change the bounds of some rows, of all if rows is None."""
        if rows is None:
            rows = np.arange(len(lower), dtype=np.int32)
        if self._units is not None:
            unit = self._units.rows[rows]
            lower, upper = lower / unit, upper / unit
        self._highs.changeRowsBounds(len(rows), rows, lower, upper)

    def set_costs(self, cost: Floats) -> None:
        """Change the cost of all columns."""
        if self._units is not None:
            cost = cost * self._units.columns / self._units.cost
        columns = np.arange(len(cost), dtype=np.int32)
        self._highs.changeColsCost(len(cost), columns, cost)

    def add_rows(
        self, rows: csr_array, lower: Floats, upper: Floats, unit: float = 1.0
    ) -> None:
        """Add rows of one unit below those that are there."""
        if self._units is not None:
            rows = _in_units(rows, np.full(len(lower), unit), self._units.columns)
            lower, upper = lower / unit, upper / unit
            units = np.concatenate([self._units.rows, np.full(len(lower), unit)])
            self._units = replace(self._units, rows=units)
        self._highs.addRows(
            len(lower),
            lower,
            upper,
            rows.nnz,
            rows.indptr.astype(np.int32),
            rows.indices.astype(np.int32),
            rows.data.astype(np.float64),
        )

    def add_columns(
        self,
        columns: csc_array,
        cost: Floats,
        lower: Floats,
        upper: Floats,
        unit: Floats | None = None,
    ) -> None:
        """Add columns to the right of those that are there, each with its unit."""
        if self._units is not None:
            unit = np.ones(len(cost)) if unit is None else unit
            columns = csc_array(_in_units(csr_array(columns), self._units.rows, unit))
            cost = cost * unit / self._units.cost
            lower, upper = lower / unit, upper / unit
            units = np.concatenate([self._units.columns, unit])
            self._units = replace(self._units, columns=units)
        self._highs.addCols(
            len(cost),
            cost,
            lower,
            upper,
            columns.nnz,
            columns.indptr.astype(np.int32),
            columns.indices.astype(np.int32),
            columns.data.astype(np.float64),
        )

    def delete_rows(self, rows: Positions) -> None:
        """Take rows out; those below move up."""
        if self._units is not None:
            left = np.delete(self._units.rows, rows)
            self._units = replace(self._units, rows=left)
        self._highs.deleteRows(len(rows), rows)

    def basis(self) -> Basis:
        """Return the basis of the last run.

        Raises ValueError if there is none, as after a run without crossover.
        """
        found = self._highs.getBasis()
        if not found.valid:
            msg = "the last run left no basis, expected one that ended at a vertex"
            raise ValueError(msg)
        columns, rows = found.col_status, found.row_status
        return Basis(
            np.fromiter(map(int, columns), dtype=np.int8, count=len(columns)),
            np.fromiter(map(int, rows), dtype=np.int8, count=len(rows)),
        )

    def basic(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which columns and which rows are basic: a basis, but read faster."""
        _, found = self._highs.getBasicVariables()
        columns = np.zeros(self._highs.getNumCol(), dtype=np.bool_)
        rows = np.zeros(self._highs.getNumRow(), dtype=np.bool_)
        columns[found[found >= 0]] = True
        rows[-1 - found[found < 0]] = True  # HiGHS counts rows down from -1
        return columns, rows

    def set_basis(self, basis: Basis) -> None:
        """Start the next run from a basis, without presolve.

        Raises ValueError if HiGHS refuses it, as for a wrong number of statuses.
        """
        start = highspy.HighsBasis()
        start.col_status = BASIS_STATUSES[basis.columns]
        start.row_status = BASIS_STATUSES[basis.rows]
        start.valid = True
        if self._highs.setBasis(start) == highspy.HighsStatus.kError:
            msg = (
                f"a basis of {len(basis.columns)} columns and {len(basis.rows)} rows, "
                f"expected {self._highs.getNumCol()} and {self._highs.getNumRow()}"
            )
            raise ValueError(msg)

    def start_from(self, columns: Positions, values: Floats) -> None:
        """Offer values of some columns to start from; HiGHS finds the others."""
        if self._units is not None:
            values = values / self._units.columns[columns]
        self._highs.setSolution(len(columns), columns, values)

    def on_improvement(self, report: Callable[[float], None]) -> None:
        """Call report(objective) whenever a better point is found.

        HiGHS swallows what a callback raises; run() raises it afterwards.
        """

        def listen(event: Any) -> None:  # noqa: ANN401 - highspy has no types here
            try:
                unit = 1.0 if self._units is None else self._units.cost
                report(unit * float(event.data_out.objective_function_value))
            except Exception as error:
                self._raised = error

        self._highs.cbMipImprovingSolution.subscribe(listen)

    def stop_when(self, is_over: Callable[[], bool]) -> None:
        """Poll is_over during each following run, and end it once it is true.

        It ends as at a time limit. run() raises what is_over() raises. An earlier
        is_over is replaced.
        """
        self._subscribe()
        self._is_over = is_over

    def conflict(self) -> tuple[Positions, Positions]:
        """Return rows and columns of an irreducible infeasible subset."""
        look()
        self._option("iis_strategy", IRREDUCIBLE)
        _, subset = self._highs.getIis()
        return (
            np.array(subset.row_index_, dtype=np.int32),
            np.array(subset.col_index_, dtype=np.int32),
        )

    def _poll(self, enforced: Deadline) -> None:
        """Poll an enforced deadline that may be interrupted, if the program is large.

        A small one ends sooner than an interruption is noticed.
        """
        is_large = self._highs.getNumCol() > FEWEST_COLUMNS_TO_POLL
        self._enforced = None
        if enforced.is_interrupted is not None and is_large:
            self._enforced = enforced
            self._subscribe()

    def _subscribe(self) -> None:
        if self._is_polled:
            return
        for event in (
            self._highs.cbMipInterrupt,
            self._highs.cbSimplexInterrupt,
            self._highs.cbIpmInterrupt,
        ):
            event.subscribe(self._ask)
        self._is_polled = True

    def _must_end(self) -> bool:
        if self._enforced is not None and self._enforced.is_over:
            return True
        return self._is_over is not None and self._is_over()

    def _ask(self, event: Any) -> None:  # noqa: ANN401 - highspy has no types here
        try:
            # Also set to false: the value of an earlier run would still hold.
            event.interrupt(self._must_end())
        except Exception as error:
            self._raised = error
            event.interrupt(True)  # noqa: FBT003 - no keyword there

    def _option(self, name: str, value: object) -> None:
        self._highs.setOptionValue(name, value)

    def _solution(
        self, *, is_vertex: bool, with_columns: bool, with_duals: bool
    ) -> Solution:
        status = _status(self._highs.getModelStatus())
        info = self._highs.getInfo()
        found = self._highs.getSolution()
        is_feasible = (
            info.primal_solution_status
            == highspy.SolutionStatus.kSolutionStatusFeasible
        )
        has_point = is_feasible or (not is_vertex and bool(found.value_valid))
        has_duals = with_duals and not self._is_mip and bool(found.dual_valid)
        objective = float(info.objective_function_value)
        lower_bound = -INFINITY
        if self._is_mip:
            lower_bound = float(info.mip_dual_bound)
        elif status is Status.OPTIMAL and is_vertex:
            lower_bound = objective
        solution = Solution(
            status=status,
            objective=objective if has_point else INFINITY,
            lower_bound=lower_bound,
            values=np.array(found.col_value) if has_point and with_columns else None,
            row_duals=np.array(found.row_dual) if has_duals else None,
            reduced_costs=(
                np.array(found.col_dual) if has_duals and with_columns else None
            ),
        )
        return solution if self._units is None else _unscaled(solution, self._units)


def read_model(path: str) -> NamedProgram:
    """Read an MPS file, .mps or .mps.gz.

    Raises ValueError if HiGHS cannot, or if the objective is to be maximised.
    """
    highs = _QuietHighs()
    highs.silent()
    if highs.readModel(path) == highspy.HighsStatus.kError:
        msg = f"{path} cannot be read, expected an MPS file"
        raise ValueError(msg)
    lp = highs.getLp()
    if lp.sense_ == highspy.ObjSense.kMaximize:
        msg = f"{path} is to be maximised, expected a program to be minimised"
        raise ValueError(msg)
    matrix = lp.a_matrix_
    arrays = (matrix.value_, matrix.index_, matrix.start_)
    shape = (lp.num_row_, lp.num_col_)
    is_by_row = matrix.format_ == highspy.MatrixFormat.kRowwise
    kinds = [kind != highspy.HighsVarType.kContinuous for kind in lp.integrality_]
    program = LinearProgram(
        cost=np.array(lp.col_cost_),
        rows=csr_array((csr_array if is_by_row else csc_array)(arrays, shape=shape)),
        row_lower=np.array(lp.row_lower_),
        row_upper=np.array(lp.row_upper_),
        column_lower=np.array(lp.col_lower_),
        column_upper=np.array(lp.col_upper_),
        is_integer=np.array(kinds) if any(kinds) else None,
    )
    return NamedProgram(
        program, tuple(lp.row_names_), tuple(lp.col_names_), float(lp.offset_)
    )


def version() -> str:
    """Return the version of HiGHS."""
    return str(_QuietHighs().version())


def _status(status: highspy.HighsModelStatus) -> Status:
    known = {
        highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
        highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
        highspy.HighsModelStatus.kUnboundedOrInfeasible: Status.INFEASIBLE,
        highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
        highspy.HighsModelStatus.kTimeLimit: Status.LIMIT,
        highspy.HighsModelStatus.kIterationLimit: Status.LIMIT,
        highspy.HighsModelStatus.kSolutionLimit: Status.LIMIT,
        highspy.HighsModelStatus.kInterrupt: Status.LIMIT,
        highspy.HighsModelStatus.kModelEmpty: Status.OPTIMAL,
    }
    return known.get(status, Status.FAILED)


def _scaled(program: LinearProgram, units: Units) -> LinearProgram:
    """Return a program in its units."""
    columns, rows = units.columns, units.rows
    return replace(
        program,
        cost=program.cost * columns / units.cost,
        rows=_in_units(program.rows, rows, columns),
        row_lower=program.row_lower / rows,
        row_upper=program.row_upper / rows,
        column_lower=program.column_lower / columns,
        column_upper=program.column_upper / columns,
    )


def _in_units(matrix: csr_array, rows: Floats, columns: Floats) -> csr_array:
    """Return a matrix in the units of its rows and columns."""
    unit = np.repeat(rows, np.diff(matrix.indptr))
    data = matrix.data * columns[matrix.indices] / unit
    return csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def _unscaled(solution: Solution, units: Units) -> Solution:
    """Return a solution of a program in units in its own."""
    values, duals, reduced = (
        solution.values,
        solution.row_duals,
        solution.reduced_costs,
    )
    return replace(
        solution,
        objective=solution.objective * units.cost,
        lower_bound=solution.lower_bound * units.cost,
        values=None if values is None else values * units.columns,
        row_duals=None if duals is None else duals * units.cost / units.rows,
        reduced_costs=None if reduced is None else reduced * units.cost / units.columns,
    )


def _pass(highs: highspy.Highs, program: LinearProgram) -> None:
    # Whole arrays: through the fields of a HighsLp each number would go by itself.
    number_of_rows, number_of_columns = program.rows.shape
    is_integer = program.is_integer
    if is_integer is None:
        is_integer = np.zeros(number_of_columns, dtype=np.bool_)
    highs.passModel(
        number_of_columns,
        number_of_rows,
        program.rows.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        program.cost,
        program.column_lower,
        program.column_upper,
        program.row_lower,
        program.row_upper,
        program.rows.indptr.astype(np.int32),
        program.rows.indices.astype(np.int32),
        program.rows.data.astype(np.float64),
        is_integer.astype(np.int32),
    )
