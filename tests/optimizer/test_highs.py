"""HiGHS behind arrays: bounds that change, bases in and out, threads, interior runs."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from optimizer.highs import (
    INFINITY,
    Algorithm,
    Basis,
    LinearProgram,
    Solver,
    Status,
)
from tests.optimizer.covering import covering_program

ROOT = Path(__file__).parents[2]
AT_LOWER, BASIC = 0, 1


def cheapest_cover(need: float = 4.0) -> LinearProgram:
    """Return min x + 3 y with x + y >= need and x <= 3, which costs 6 for 4."""
    return LinearProgram(
        cost=np.array([1.0, 3.0]),
        rows=csr_array(np.array([[1.0, 1.0]])),
        row_lower=np.array([need]),
        row_upper=np.array([INFINITY]),
        column_lower=np.zeros(2),
        column_upper=np.array([3.0, INFINITY]),
    )


@pytest.mark.parametrize("rows", [None, np.array([0], dtype=np.int32)])
def test_changed_row_bounds_are_kept(rows: np.ndarray | None) -> None:
    """The same program with another right-hand side gets that program's answer."""
    solver = Solver(cheapest_cover(), presolve=False)
    assert solver.run().objective == pytest.approx(6)
    solver.set_row_bounds(rows, np.array([7.0]), np.array([INFINITY]))
    # 3 at 1 and 4 at 3
    assert solver.run().objective == pytest.approx(15)


def test_a_basis_can_be_handed_to_another_program() -> None:
    """The basis of one run is where another one of the same shape starts."""
    first = Solver(cheapest_cover(), presolve=False)
    first.run(solver="simplex")
    second = Solver(cheapest_cover(5.0), presolve=False)
    second.set_basis(first.basis())
    assert second.run().objective == pytest.approx(9)
    assert second.basis().columns.tolist() == first.basis().columns.tolist()


def test_a_basis_written_by_hand_is_a_start() -> None:
    """With y basic in the row nothing of x is needed to begin."""
    solver = Solver(cheapest_cover(), presolve=False)
    columns = np.array([AT_LOWER, BASIC], dtype=np.int8)
    solver.set_basis(Basis(columns, np.array([AT_LOWER], dtype=np.int8)))
    assert solver.run(solver="simplex").objective == pytest.approx(6)


def test_a_solver_comes_back_to_a_program_where_it_left_it() -> None:
    """Between two runs it solved another one, of another shape."""
    solver = Solver(cheapest_cover(), presolve=False)
    solver.run(solver="simplex")
    start, basis = solver.start(), solver.basis()
    other = replace(cheapest_cover(), column_upper=np.array([1.0, INFINITY]))
    solver.turn_to(other)
    assert solver.run().objective == pytest.approx(10)
    solver.turn_to(cheapest_cover(), start)
    assert solver.basis().columns.tolist() == basis.columns.tolist()
    assert solver.run().objective == pytest.approx(6)


def test_unused_columns_are_not_read() -> None:
    """Objective and duals of rows are available nevertheless."""
    solution = Solver(cheapest_cover()).run(with_columns=False)
    assert solution.objective == pytest.approx(6)
    assert solution.row_duals == pytest.approx(np.array([3.0]))
    assert solution.values is None
    assert solution.reduced_costs is None


def test_a_basis_of_another_shape_is_refused() -> None:
    """The message states what was expected."""
    solver = Solver(cheapest_cover())
    with pytest.raises(ValueError, match="3 columns and 1 rows, expected 2 and 1"):
        solver.set_basis(Basis(np.ones(3, np.int8), np.zeros(1, np.int8)))


def test_no_basis_before_the_first_run() -> None:
    """There is nothing to hand on yet."""
    with pytest.raises(ValueError, match="no basis"):
        Solver(cheapest_cover()).basis()


def test_an_interior_run_has_values_but_proves_nothing() -> None:
    """Without crossover the objective is near the optimum, and no bound."""
    solver = Solver(cheapest_cover(), presolve=False)
    found = solver.run(solver="ipm", crossover=False)
    assert found.values is not None
    assert found.objective == pytest.approx(6, rel=1e-4)
    assert found.lower_bound == -INFINITY


def test_a_mixed_integer_run_can_be_stopped() -> None:
    """A hard partition problem would take minutes; its bound stays below its cost."""
    draw = np.random.default_rng(7)
    rows, columns = 6, 60
    weights = draw.integers(1, 1000, size=(rows, columns)).astype(np.float64)
    slack = np.hstack([np.eye(rows), -np.eye(rows)])
    half = weights.sum(axis=1) // 2
    program = LinearProgram(
        cost=np.concatenate([np.zeros(columns), np.ones(2 * rows)]),
        rows=csr_array(np.hstack([weights, slack])),
        row_lower=half,
        row_upper=half,
        column_lower=np.zeros(columns + 2 * rows),
        column_upper=np.concatenate([np.ones(columns), np.full(2 * rows, INFINITY)]),
        is_integer=np.concatenate(
            [np.ones(columns, dtype=np.bool_), np.zeros(2 * rows, dtype=np.bool_)]
        ),
    )
    solver = Solver(program)
    asked: list[int] = []

    def has_had_enough() -> bool:
        asked.append(1)
        return len(asked) > 20

    solver.stop_when(has_had_enough)
    found = solver.run(time_limit_s=60)
    assert found.status is Status.LIMIT
    assert found.lower_bound <= found.objective


@pytest.mark.parametrize("algorithm", ["simplex", "ipm"])
def test_a_linear_run_can_be_stopped(algorithm: Algorithm) -> None:
    """It ends as at a time limit; asked again later, it may go on to the optimum."""
    solver = Solver(covering_program(200), presolve=False)
    solver.stop_when(lambda: True)
    assert solver.run(solver=algorithm).status is Status.LIMIT
    solver.stop_when(lambda: False)
    assert solver.run(solver=algorithm).status is Status.OPTIMAL


TOO_LITTLE_MEMORY = """
import resource
from pathlib import Path
from optimizer.highs import Solver
from tests.optimizer.covering import covering_program

solver = Solver(covering_program(20_000))
lines = Path("/proc/self/status").read_text().splitlines()
(held,) = (int(line.split()[1]) for line in lines if line.startswith("VmData"))
resource.setrlimit(resource.RLIMIT_DATA, ((held + 5_000) * 1024, -1))
try:
    solver.run()
except MemoryError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="no such limit elsewhere")
def test_a_run_without_enough_memory_says_so() -> None:
    """Five megabytes more than the program has are too little to solve it."""
    finished = subprocess.run(  # noqa: S603 - the same Python
        [sys.executable, "-c", TOO_LITTLE_MEMORY],
        env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    # HiGHS itself may have printed before.
    assert finished.stdout.endswith("HiGHS could not get the memory that it needs\n")
