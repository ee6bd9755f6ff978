"""Laws: what is written of a case has the optimum of the model it was taken from."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.reading import read_instance
from optimizer.deadline import NEVER
from optimizer.exchange.from_problem import two_stage, whole_model
from optimizer.exchange.mps_writing import write_mps
from optimizer.exchange.smps_reading import read_smps
from optimizer.exchange.smps_writing import write_smps
from optimizer.exchange.two_stage import extensive_form
from optimizer.highs import NamedProgram, Solver, read_model
from optimizer.problem import CompleteProblem, complete_problem
from optimizer.separation import SeparatedProgram
from tests import cases
from tests.cases import Case, changed
from tests.optimizer.exchange.small_cases import PROBLEMS, ProblemOf
from tests.optimizer.vault_case import bans, vault_case

LAW = settings(max_examples=4, deadline=None, derandomize=True)
FEW = settings(LAW, max_examples=2)
SEEDS = st.integers(0, 2**32 - 1)


def optimum(named: NamedProgram) -> float:
    """Return the optimum of a program, of a mixed-integer one to its last digit."""
    return Solver(named.program).run().objective + named.constant


def relaxation(problem: CompleteProblem) -> float:
    """Return the optimum of the relaxation with separated cash rows."""
    program = SeparatedProgram(problem, is_relaxed=True)
    return program.solve(NEVER).objective


@PROBLEMS
@LAW
@given(seed=SEEDS)
def test_smps_has_the_relaxed_optimum(problem_of: ProblemOf, seed: int) -> None:
    """Split by scenario, written, read, put together again and solved."""
    problem = problem_of(seed)
    with TemporaryDirectory() as folder:
        write_smps(two_stage(problem, is_relaxed=True), Path(folder))
        found = optimum(extensive_form(read_smps(Path(folder))))
    assert found == pytest.approx(relaxation(problem), rel=1e-6, abs=1e-6)


@PROBLEMS
@LAW
@given(seed=SEEDS)
def test_mps_has_the_relaxed_optimum(problem_of: ProblemOf, seed: int) -> None:
    """Written with all cash rows, read and solved."""
    problem = problem_of(seed)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "case.mps.gz"
        write_mps(whole_model(problem, is_relaxed=True), path)
        found = optimum(read_model(str(path)))
    assert found == pytest.approx(relaxation(problem), rel=1e-6, abs=1e-6)


@PROBLEMS
@FEW
@given(seed=SEEDS)
def test_integers_are_written_too(problem_of: ProblemOf, seed: int) -> None:
    """SMPS and MPS of the whole model have the same optimum."""
    problem = problem_of(seed)
    with TemporaryDirectory() as folder:
        write_smps(two_stage(problem, is_relaxed=False), Path(folder))
        read = read_smps(Path(folder))
    assert read.first.is_integer is not None
    found = optimum(extensive_form(read))
    expected = optimum(whole_model(problem, is_relaxed=False))
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


@PROBLEMS
@pytest.mark.parametrize("is_relaxed", [True, False])
@LAW
@given(seed=SEEDS)
def test_smps_is_written_as_it_was_read(
    problem_of: ProblemOf,
    is_relaxed: bool,  # noqa: FBT001
    seed: int,
) -> None:
    """Written, read and written again, the files are the same bytes."""
    with TemporaryDirectory() as folder:
        first = write_smps(
            two_stage(problem_of(seed), is_relaxed=is_relaxed), Path(folder) / "first"
        )
        again = write_smps(read_smps(Path(folder) / "first"), Path(folder) / "again")
        assert [x.read_bytes() for x in again] == [x.read_bytes() for x in first]


@pytest.mark.parametrize("is_by_rule", [False, True])
def test_a_sale_of_a_surplus_is_written_too(*, is_by_rule: bool) -> None:
    """It has a column, and no lots."""
    loan = cases.facility(
        limit_usd=2e4, drawn="when_needed" if is_by_rule else "by_schedule"
    )
    changes: Case = {
        "position": {
            "stock": [cases.stock_lot("pile", 30.0, material="alpha")],
            "sales": [{"material": "alpha", "within_periods": 2, "discount": 0.1}],
        },
        "sourcing_options+": cases.sourcing("held", is_held=True),
        "options.cost_of_holding_weight": 0.5,
        "financing.facilities": [loan],
    }
    instance = read_instance(changed(vault_case(), changes))
    problem = complete_problem(instance, bans(instance))
    expected = relaxation(problem)
    for is_relaxed in (True, False):
        with TemporaryDirectory() as folder:
            write_smps(two_stage(problem, is_relaxed=is_relaxed), Path(folder))
            found = optimum(extensive_form(read_smps(Path(folder))))
        if is_relaxed:
            assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)
        whole = optimum(whole_model(problem, is_relaxed=is_relaxed))
        assert found == pytest.approx(whole, rel=1e-6, abs=1e-6)
