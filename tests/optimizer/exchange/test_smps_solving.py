from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.outcome import Termination
from optimizer.deadline import NEVER
from optimizer.exchange.from_problem import two_stage
from optimizer.exchange.smps_lines import InvalidSmpsError
from optimizer.exchange.smps_reading import read_smps
from optimizer.exchange.smps_solving import SmpsSolution, solve_two_stage
from optimizer.separation import SeparatedProgram
from tests.optimizer.exchange.small_cases import PROBLEMS, ProblemOf
from tests.optimizer.exchange.small_files import CORE, write, write_stoch
from tests.optimizer.exchange.test_public_problems import INSTANCES, PUBLISHED

GAP = 1e-6
DIGITS = 1e-7  # of a published optimum, relative


def solved(directory: Path, *, time_limit_s: float = 60.0) -> SmpsSolution:
    """Read and solve to a small gap."""
    return solve_two_stage(read_smps(directory), gap=GAP, time_limit_s=time_limit_s)


@pytest.mark.parametrize(("name", "optimum"), PUBLISHED.items())
def test_bounds_enclose_the_published_optimum(name: str, optimum: float) -> None:
    """The decomposition ends within its gap, and the optimum is between its bounds."""
    found = solved(INSTANCES / name)
    assert found.termination in {Termination.OPTIMAL, Termination.GAP_REACHED}
    assert found.gap <= GAP
    slack = DIGITS * abs(optimum)
    assert found.lower_bound - slack <= optimum <= found.objective + slack


@PROBLEMS
@settings(max_examples=3, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_case_has_its_relaxed_optimum(problem_of: ProblemOf, seed: int) -> None:
    """Cash rows rule first stages out; what is left has the model's optimum."""
    problem = problem_of(seed)
    program = SeparatedProgram(problem, is_relaxed=True)
    optimum = program.solve(NEVER).objective
    found = solve_two_stage(
        two_stage(problem, is_relaxed=True), gap=1e-5, time_limit_s=60.0
    )
    assert found.lower_bound <= optimum * (1 + DIGITS) + DIGITS
    assert found.objective >= optimum * (1 - DIGITS) - DIGITS
    assert found.objective - found.lower_bound <= 1e-5 * abs(optimum) + DIGITS


def test_the_first_stage_is_returned(tmp_path: Path) -> None:
    """Buying 8 serves both demands at the least cost, 14 with the constant of 3."""
    core = CORE.replace("RHS           RIGHT\n", "RHS\n    RIGHT  COST  -3.0\n")
    found = solved(write(tmp_path, core=core))
    assert found.first_stage is not None
    assert found.objective == pytest.approx(17.0, rel=2 * GAP)
    assert not found.has_integers
    assert found.wide_columns == ()


def test_integers_are_left_out_and_reported(tmp_path: Path) -> None:
    """The bound is that of the relaxation."""
    core = CORE.replace(
        "    X         COST", "    M  'MARKER'  'INTORG'\n    X         COST", 1
    ).replace("    Y         COST", "    M  'MARKER'  'INTEND'\n    Y         COST", 1)
    core = core.replace("BOUNDS", "BOUNDS\n UP LIMIT     X                 10.0")
    found = solved(write(tmp_path, core=core))
    assert found.has_integers
    assert found.lower_bound == pytest.approx(14.0, rel=2 * GAP)


def test_demand_that_nothing_can_meet_is_infeasible(tmp_path: Path) -> None:
    """At most 10 and 4 can be had, and every scenario counts."""
    directory = write_stoch(
        tmp_path,
        "INDEP         DISCRETE",
        "    RIGHT     DEMAND    4.0   LATER   0.5",
        "    RIGHT     DEMAND   14.5   LATER   0.5",
    )
    found = solved(directory)
    assert found.termination is Termination.INFEASIBLE
    assert found.first_stage is None


def test_scenarios_that_no_one_first_stage_suits(tmp_path: Path) -> None:
    """Each demand alone could be met, but what is left over has nowhere to go."""
    directory = write_stoch(
        tmp_path,
        "SCENARIOS     DISCRETE",
        " SC LOW   ROOT  0.5  LATER",
        "    RIGHT  DEMAND  1.0",
        " UP LIMIT  Z  0.0",
        " SC HIGH  ROOT  0.5  LATER",
        "    RIGHT  DEMAND  9.0",
        " UP LIMIT  Z  0.0",
    )
    assert solved(directory).termination is Termination.INFEASIBLE


def test_a_recourse_without_bound_is_refused(tmp_path: Path) -> None:
    """What is left over sells without end, and more of it can be bought."""
    core = CORE.replace(" UP LIMIT     Z                  8.0", " PL LIMIT     Z")
    core = core.replace(" L  SPACE", " G  SPACE")
    with pytest.raises(InvalidSmpsError, match="bound on the cost of its recourse"):
        solved(write(tmp_path, core=core))


def test_time_is_up(tmp_path: Path) -> None:
    """Without time nothing is found, and nothing is claimed."""
    found = solved(write(tmp_path), time_limit_s=0.0)
    assert found.termination is Termination.TIME_LIMIT
    assert found.lower_bound == -np.inf
    assert found.objective == np.inf
